"""Galleries as files: what comes back, and what is refused."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import numpy as np
import pytest

from store import bundle as bundles
from store.bundle import Bundle, read_bundle, write_bundle
from store.errors import BundleBroken, BundleOfOtherModel
from tests.store.made import ALICE, MODEL, REI, embedding

WHOLE = Bundle(MODEL, ((ALICE, (embedding(1), embedding(2))), (REI, (embedding(3),))))


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def zipped(content: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in content.items():
            file.writestr(name, data)
    return out.getvalue()


def altered(**changes: Any) -> bytes:
    content = members(write_bundle(WHOLE))
    names = json.loads(content["gallery.json"])
    names.update(changes)
    return zipped({**content, "gallery.json": json.dumps(names).encode()})


def test_what_was_written_comes_back() -> None:
    data = write_bundle(WHOLE)
    assert data == write_bundle(WHOLE)
    found = read_bundle(data, model_id=MODEL)
    assert found.model_id == MODEL
    assert [subject for subject, _ in found.characters] == [ALICE, REI]
    for (_, wanted), (_, got) in zip(WHOLE.characters, found.characters, strict=True):
        for a, b in zip(wanted, got, strict=True):
            assert b.model_id == MODEL
            assert abs(float(np.linalg.norm(b.vector)) - 1) < 1e-6
            assert float(a.vector @ b.vector) > 0.9999


def test_an_empty_gallery_is_a_file_too() -> None:
    empty = read_bundle(write_bundle(Bundle(MODEL, ())), model_id=MODEL)
    assert empty.characters == ()


def test_a_file_holds_names_and_vectors_and_nothing_of_members() -> None:
    assert set(members(write_bundle(WHOLE))) == {"gallery.json", "vectors.bin"}


def test_vectors_of_another_model_are_refused() -> None:
    with pytest.raises(BundleOfOtherModel) as caught:
        read_bundle(write_bundle(WHOLE), model_id="another")
    assert (caught.value.expected, caught.value.actual) == ("another", MODEL)


GOOD = members(write_bundle(WHOLE))
ONE = {"name": "A", "series": "", "catalog_id": None, "vectors": 3}
BROKEN: list[bytes] = [
    b"",
    b"PK\x03\x04 no zip",
    write_bundle(WHOLE)[:-30],
    zipped({}),
    zipped({"gallery.json": GOOD["gallery.json"]}),
    zipped({**GOOD, "../../evil": b""}),
    zipped({**GOOD, "gallery.json": b"[]"}),
    zipped({**GOOD, "gallery.json": b"[" * 100_000}),
    zipped({**GOOD, "gallery.json": b"\xff"}),
    zipped({**GOOD, "vectors.bin": GOOD["vectors.bin"][:-2]}),
    altered(format="other"),
    altered(version=2),
    altered(dimension=63),
    altered(dimension=0),
    altered(dimension="64"),
    altered(characters="abc"),
    altered(characters=[{**ONE, "vectors": 2}]),
    altered(characters=[{**ONE, "vectors": -1}, {**ONE, "vectors": 4}]),
    altered(characters=[{**ONE, "name": 5}]),
    altered(characters=[{**ONE, "catalog_id": ["x"]}]),
    altered(characters=[{"vectors": 3}]),
]


@pytest.mark.parametrize("data", BROKEN)
def test_broken_files_are_refused(data: bytes) -> None:
    with pytest.raises(BundleBroken):
        read_bundle(data, model_id=MODEL)


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.5, 0])
def test_numbers_that_are_no_unit_vectors_are_refused(value: float) -> None:
    import hashlib

    raw = np.full((3, 64), value, "<f2").tobytes()
    data = members(altered(sha256=hashlib.sha256(raw).hexdigest()))
    with pytest.raises(BundleBroken):
        read_bundle(zipped({**data, "vectors.bin": raw}), model_id=MODEL)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "MOST_BYTES", 1000)
    bomb = zipped({**GOOD, "gallery.json": b" " * 1_000_000})
    assert len(bomb) < 3000
    with pytest.raises(BundleBroken) as caught:
        read_bundle(bomb, model_id=MODEL)
    assert caught.value.problem == "size"
