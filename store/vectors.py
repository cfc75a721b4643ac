"""Vectors as bytes: little-endian, without a header, tagged by the columns beside them.

Half precision is the default. It halves the space (1 KiB for 512 numbers) and moves a cosine by
less than 0.001, which ``tests/store/test_vectors.py`` checks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recognition.types import Embedding
from store.errors import ValueRefused

Dtype = Literal["<f2", "<f4"]
DTYPES: tuple[Dtype, ...] = ("<f2", "<f4")
MOST_DIMENSIONS = 4096
_NORM_SLACK = 0.01


@dataclass(frozen=True, slots=True)
class Packed:
    """A vector ready for a row. ``digest``: 128 bits of model and bytes, as 32 hex digits."""

    model_id: str
    dtype: str
    vector: bytes
    digest: str


def pack(embedding: Embedding, dtype: Dtype = "<f2") -> Packed:
    """Packs a unit vector.

    Raises:
        ValueRefused: it is no finite ``(d,)`` vector of length 1, or the model has no name.
    """
    check(np.asarray(embedding.vector, np.float32)[None])
    if not 1 <= len(embedding.model_id) <= 200:
        raise ValueRefused("model_id", embedding.model_id)
    data = np.ascontiguousarray(embedding.vector, dtype=np.dtype(dtype)).tobytes()
    digest = hashlib.blake2b(data, digest_size=16, key=embedding.model_id.encode()[:64])
    return Packed(embedding.model_id, dtype, data, digest.hexdigest())


def unpack(data: bytes, dtype: str, model_id: str) -> Embedding:
    """Reads what `pack` wrote; the vector has length 1 again, in float32."""
    return unpack_all([(data, dtype)], model_id)[0]


def unpack_all(packed: Sequence[tuple[bytes, str]], model_id: str) -> list[Embedding]:
    """`unpack` for many pairs of bytes and dtype at once; the vectors share few arrays."""
    found: dict[int, Embedding] = {}
    kinds = {(dtype, len(data)) for data, dtype in packed}
    for dtype, size in kinds:
        if dtype not in DTYPES:
            raise ValueRefused("dtype", dtype)
        rows = [i for i, (data, kind) in enumerate(packed) if (kind, len(data)) == (dtype, size)]
        joined = b"".join(packed[i][0] for i in rows)
        vectors = np.frombuffer(joined, np.dtype(dtype)).astype(np.float32).reshape(len(rows), -1)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        vectors.setflags(write=False)
        found.update(
            (i, Embedding(vector, model_id)) for i, vector in zip(rows, vectors, strict=True)
        )
    return [found[i] for i in range(len(packed))]


def check(vectors: NDArray[np.float32]) -> None:
    """Raises ValueRefused where `vectors` are not finite ``(n, d)`` unit vectors."""
    if vectors.ndim != 2 or not 1 <= vectors.shape[1] <= MOST_DIMENSIONS:
        raise ValueRefused("vector", vectors.shape)
    if not np.isfinite(vectors).all():
        raise ValueRefused("vector", "not finite")
    norms = np.linalg.norm(vectors, axis=1)
    if np.abs(norms - 1).max(initial=0) > _NORM_SLACK:
        raise ValueRefused("vector", f"length {float(norms.max())}")
