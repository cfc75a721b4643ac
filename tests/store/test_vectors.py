"""Vectors as bytes."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.types import Embedding
from store.errors import ValueRefused
from store.vectors import Dtype, pack, unpack
from tests.store.made import MODEL, embedding


@pytest.mark.parametrize(("dtype", "size", "close"), [("<f2", 1024, 1e-3), ("<f4", 2048, 1e-6)])
def test_cosines_stay_what_they_are(dtype: Dtype, size: int, close: float) -> None:
    given = [embedding(seed, d=512) for seed in range(50)]
    packed = [pack(one, dtype) for one in given]
    assert {len(one.vector) for one in packed} == {size}
    found = [unpack(one.vector, one.dtype, one.model_id) for one in packed]
    a = np.stack([one.vector for one in given])
    b = np.stack([one.vector for one in found])
    assert b.dtype == np.float32
    assert np.abs(np.linalg.norm(b, axis=1) - 1).max() < 1e-6
    assert np.abs(a @ a.T - b @ b.T).max() < close


def test_packing_what_was_unpacked_changes_nothing() -> None:
    for seed in range(50):
        first = pack(embedding(seed, d=512))
        assert pack(unpack(first.vector, first.dtype, first.model_id)) == first


def test_digests_tell_vectors_and_models_apart() -> None:
    digests = {
        pack(embedding(seed, model_id)).digest for seed in range(3) for model_id in (MODEL, "b")
    }
    assert len(digests) == 6
    assert {len(one) for one in digests} == {32}


@pytest.mark.parametrize(
    "vector",
    [
        np.zeros(8, np.float32),
        np.full(8, np.nan, np.float32),
        np.ones(8, np.float32),
        np.zeros((0,), np.float32),
        np.eye(2, dtype=np.float32),
    ],
)
def test_what_is_no_unit_vector_is_refused(vector: np.ndarray) -> None:
    with pytest.raises(ValueRefused):
        pack(Embedding(vector, MODEL))


def test_unknown_numbers_are_refused() -> None:
    with pytest.raises(ValueRefused):
        unpack(b"12345678", "<f8", MODEL)
