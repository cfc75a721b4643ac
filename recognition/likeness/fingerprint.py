"""What is kept of a picture, so that copies of it are known again: some 12 KB, and no picture."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.likeness.patches import BITS, Bits, Grey, cut, is_flat, patch_bits
from recognition.likeness.points import POINTS_KEPT, Points, find_points, working_copy
from recognition.likeness.regions import trimmed
from recognition.types import Box, RgbImage

MOST_FACES = 16
_MAGIC = b"AWL1"
_HEAD = struct.Struct("<4sHHHHHH")  # magic, width, height, points, regions, faces, tiles
_GRID = 3
_HALF = "<f2"


class FingerprintBroken(ValueError):
    """The bytes are no fingerprint of this version."""


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """``size`` of the working copy; ``regions``: bits of the whole picture, and without its bars;
    ``faces``: bits of each face, which lies at ``boxes``; ``tiles``: bits of parts of the picture,
    which lie at ``places``. Both are ``float32 (n, 4)``: x0, y0, x1, y1 in pixels of the working
    copy.
    """

    size: tuple[int, int]
    points: Points
    regions: Bits
    faces: Bits
    boxes: NDArray[np.float32]
    tiles: Bits
    places: NDArray[np.float32]

    def to_bytes(self) -> bytes:
        """For the store; `from_bytes` reads it."""
        counts = (len(self.points.places), len(self.regions), len(self.faces), len(self.tiles))
        return b"".join(
            [
                _HEAD.pack(_MAGIC, *self.size, *counts),
                self.points.places.astype(_HALF).tobytes(),
                self.points.looks.tobytes(),
                self.regions.tobytes(),
                self.faces.tobytes(),
                self.boxes.astype(_HALF).tobytes(),
                self.tiles.tobytes(),
                self.places.astype(_HALF).tobytes(),
            ]
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Fingerprint:
        """Raises FingerprintBroken: they were not written by `to_bytes` of this version."""
        try:
            magic, width, height, *counts = _HEAD.unpack_from(data)
        except struct.error as cause:
            raise FingerprintBroken(len(data)) from cause
        n, regions, faces, tiles = counts
        row = BITS // 8
        sizes = (4 * n, 32 * n, row * regions, row * faces, 8 * faces, row * tiles, 8 * tiles)
        if magic != _MAGIC or len(data) != _HEAD.size + sum(sizes):
            raise FingerprintBroken(len(data))
        parts, at = [], _HEAD.size
        for size in sizes:
            parts.append(data[at : at + size])
            at += size
        places, looks, region_bits, face_bits, boxes, tile_bits, tile_places = parts
        return cls(
            (width, height),
            Points(_halves(places, 2), _bytes(looks, 32)),
            _bytes(region_bits, row),
            _bytes(face_bits, row),
            _halves(boxes, 4),
            _bytes(tile_bits, row),
            _halves(tile_places, 4),
        )


def take_fingerprint(image: RgbImage, faces: Sequence[Box]) -> Fingerprint:
    """The fingerprint of a picture and the faces found in it.

    Args:
        image: RGB ``uint8 (H, W, 3)``.
        faces: in pixels of `image`; the largest `MOST_FACES` count.
    """
    grey = working_copy(image)
    h, w = grey.shape
    factor = w / image.shape[1], h / image.shape[0]
    boxes = [square(one.scaled(*factor)) for one in largest(faces, MOST_FACES)]
    places = boxes + _grid(w, h)
    patches = [cut(grey, *one) for one in places]
    worth = [not is_flat(one) for one in patches]
    seen = [
        (patch, place)
        for patch, place, is_worth in zip(patches, places, worth, strict=True)
        if is_worth
    ]
    regions = [cut(grey, 0, 0, w, h)]
    if (inner := trimmed(grey)) is not None:
        regions.append(cut(grey, *inner))
    return Fingerprint(
        (w, h),
        find_points(grey, POINTS_KEPT),
        _bits([one for one in regions if not is_flat(one)]),
        _bits([cut(grey, *one) for one in boxes]),
        _rectangles(boxes),
        _bits([patch for patch, _ in seen]),
        _rectangles([place for _, place in seen]),
    )


def largest(faces: Sequence[Box], most: int) -> list[Box]:
    """The `most` largest boxes."""
    return sorted(faces, key=lambda one: -one.area)[:most]


def square(box: Box) -> tuple[float, float, float, float]:
    """The square of the longer side around the middle of a box."""
    (x, y), half = box.center, max(box.width, box.height) / 2
    return x - half, y - half, x + half, y + half


def _grid(w: int, h: int) -> list[tuple[float, float, float, float]]:
    """Overlapping rectangles of half the picture's sides, three a row and three a column."""
    steps = [(i / (_GRID + 1)) for i in range(_GRID)]
    return [(x * w, y * h, (x + 0.5) * w, (y + 0.5) * h) for y in steps for x in steps]


def _bits(patches: Sequence[Grey]) -> Bits:
    if not patches:
        return np.zeros((0, BITS // 8), np.uint8)
    return patch_bits(np.stack(patches))


def _rectangles(rows: Sequence[tuple[float, float, float, float]]) -> NDArray[np.float32]:
    return np.array(rows, np.float32).reshape(-1, 4)


def _halves(data: bytes, columns: int) -> NDArray[np.float32]:
    return np.frombuffer(data, _HALF).astype(np.float32).reshape(-1, columns)


def _bytes(data: bytes, columns: int) -> NDArray[np.uint8]:
    return np.frombuffer(data, np.uint8).reshape(-1, columns)
