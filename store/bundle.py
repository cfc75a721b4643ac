"""A gallery as a file: a zip of ``gallery.json`` (names) and ``vectors.bin`` (numbers).

``vectors.bin`` is little-endian float16, row after row, without a header. A file that somebody
hands us is untrusted: sizes are checked before anything is unpacked, names before they are used,
and nothing in it is ever executed.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recognition.types import Embedding
from store.errors import BundleBroken, BundleOfOtherModel, ValueRefused
from store.types import Subject, TaughtGallery
from store.vectors import MOST_DIMENSIONS, check

FORMAT = "aniwhois-gallery"
VERSION = 1
MOST_BYTES = 32 * 1024 * 1024
"""Of each of the two members, unpacked."""
_NAMES = "gallery.json"
_VECTORS = "vectors.bin"


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """What an export holds: characters and their vectors, all of one model."""

    model_id: str
    characters: tuple[tuple[Subject, tuple[Embedding, ...]], ...]


def bundle_of(gallery: TaughtGallery) -> Bundle:
    """The learned vectors of a gallery; who taught them, and when, stays behind."""
    return Bundle(
        gallery.model_id,
        tuple(
            (
                Subject(one.name, one.series, one.catalog_id),
                tuple(exemplar.embedding for exemplar in one.exemplars),
            )
            for one in gallery.characters
        ),
    )


def write_bundle(bundle: Bundle) -> bytes:
    """The file. Equal bundles give equal bytes."""
    vectors = [one.vector for _, embeddings in bundle.characters for one in embeddings]
    data = np.stack(vectors).astype("<f2").tobytes() if vectors else b""
    names = {
        "format": FORMAT,
        "version": VERSION,
        "model_id": bundle.model_id,
        "dimension": len(vectors[0]) if vectors else 0,
        "sha256": hashlib.sha256(data).hexdigest(),
        "characters": [
            {
                "name": subject.name,
                "series": subject.series,
                "catalog_id": subject.catalog_id,
                "vectors": len(embeddings),
            }
            for subject, embeddings in bundle.characters
        ],
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in (
            (_NAMES, json.dumps(names, ensure_ascii=False, indent=1).encode()),
            (_VECTORS, data),
        ):
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def read_bundle(data: bytes, *, model_id: str) -> Bundle:
    """Reads and checks a file.

    Args:
        model_id: the model that the bot runs.

    Raises:
        BundleBroken: it is no such file, damaged, or larger than we take.
        BundleOfOtherModel: its vectors are of no use here.
    """
    raw_names, raw_vectors = _unzip(data)
    try:
        names = json.loads(raw_names)
        if names["format"] != FORMAT or names["version"] != VERSION:
            raise BundleBroken("format")
        if names["model_id"] != model_id:
            raise BundleOfOtherModel(expected=model_id, actual=str(names["model_id"])[:200])
        if names["sha256"] != hashlib.sha256(raw_vectors).hexdigest():
            raise BundleBroken("checksum")
        return Bundle(
            model_id, _characters(names["characters"], names["dimension"], raw_vectors, model_id)
        )
    except (KeyError, TypeError, ValueError, ValueRefused, RecursionError) as problem:
        raise BundleBroken(type(problem).__name__) from problem


def _unzip(data: bytes) -> tuple[bytes, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            if sorted(file.namelist()) != [_NAMES, _VECTORS]:
                raise BundleBroken("members")
            read = []
            for name in (_NAMES, _VECTORS):
                # The header's size can lie, so the reading itself ends at the limit.
                with file.open(name) as member:
                    content = member.read(MOST_BYTES + 1)
                if len(content) > MOST_BYTES:
                    raise BundleBroken("size")
                read.append(content)
            return read[0], read[1]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as problem:
        raise BundleBroken("zip") from problem


def _characters(
    listed: Sequence[dict[str, Any]], dimension: int, raw: bytes, model_id: str
) -> tuple[tuple[Subject, tuple[Embedding, ...]], ...]:
    if not listed:
        return ()
    counts = [one["vectors"] for one in listed]
    if not (isinstance(dimension, int) and 1 <= dimension <= MOST_DIMENSIONS):
        raise BundleBroken("dimension")
    if not all(isinstance(n, int) and n >= 1 for n in counts):
        raise BundleBroken("counts")
    if len(raw) != 2 * dimension * sum(counts):
        raise BundleBroken("length")
    vectors = np.frombuffer(raw, "<f2").astype(np.float32).reshape(-1, dimension)
    check(vectors)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ends = np.cumsum(counts)
    return tuple(
        (_subject(one), tuple(Embedding(row, model_id) for row in vectors[end - n : end]))
        for one, n, end in zip(listed, counts, ends.tolist(), strict=True)
    )


def _subject(one: dict[str, Any]) -> Subject:
    name, series, catalog_id = one["name"], one["series"], one["catalog_id"]
    if not (isinstance(name, str) and isinstance(series, str)):
        raise BundleBroken("names")
    if not (catalog_id is None or isinstance(catalog_id, str)):
        raise BundleBroken("names")
    return Subject(name, series, catalog_id)
