"""Looks out for copies of a few pictures in any number of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.likeness.fingerprint import Fingerprint, largest
from recognition.likeness.patches import (
    PATCH_PX,
    Bits,
    Grey,
    correlations,
    cut,
    is_flat,
    patch_bits,
    resized,
)
from recognition.likeness.points import POINTS_SEEN, Points, find_points, lies, working_copy
from recognition.likeness.regions import embedded, trimmed
from recognition.types import Box, RgbImage

SAME_FACE = 0.90
SAME_REGION = 0.93
SAME_TILES = 0.85
MOST_FACES = 6
"""Faces of a picture that are looked at, the largest."""
_NEAREST = 5
"""Pictures whose points are compared one by one."""
_COMMON = 100
"""A word found more often than that tells nothing."""
_MAYBE_FACE, _CLOSEST = 0.5, 2
_WORTH_MORE = 0.75
"""Correlation after the first small steps from which more are taken."""
_SURE_POINTS = 8
"""Points that have to agree before a single face may tell."""
_SCALES, _SHIFTS = (0.84, 1.0, 1.19), (-0.2, -0.1, 0.0, 0.1, 0.2)
_FINE_SCALES, _FINE_SHIFTS = (0.93, 1.0, 1.07), (-0.06, -0.03, 0.0, 0.03, 0.06)
_CLIMBS = 2
_FACE_PARTS = (0.55, 0.8)
"""Sides of a face that fills its picture, as parts of the picture's shorter side."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Picture `index` of those looked out for; ``by`` is ``face``, ``region`` or ``points``, and
    ``score`` the correlation that told."""

    index: int
    by: str
    score: float


class Lookout:
    """Immutable; safe to use from several threads.

    Args:
        prints: of the pictures to look out for.
    """

    def __init__(self, prints: Sequence[Fingerprint]) -> None:
        self.prints = tuple(prints)
        self._faces, self._face_owners = _joined([one.faces for one in prints])
        self._regions, self._region_owners = _joined([one.regions for one in prints])
        words, owners = _joined([_words(one.points.looks)[:, None] for one in prints])
        order = np.argsort(words.ravel(), kind="stable")
        self._keys, self._key_owners = words.ravel()[order], owners[order]

    def find(self, image: RgbImage, faces: Sequence[Box]) -> Sighting | None:
        """Whether a picture is a copy of one looked out for, or shows a part of one.

        Args:
            image: RGB ``uint8 (H, W, 3)``.
            faces: found in it, in its pixels.
        """
        if not self.prints:
            return None
        boxes = largest(faces, MOST_FACES)
        image, boxes = _without_bars(image, boxes)
        grey = working_copy(image)
        factor = grey.shape[1] / image.shape[1], grey.shape[0] / image.shape[0]
        boxes = [one.scaled(*factor) for one in boxes]
        if not boxes:
            boxes = _as_if_a_face(grey)
        return self._by_region(grey) or self._by_face(grey, boxes) or self._by_points(grey)

    def _by_region(self, grey: Grey) -> Sighting | None:
        h, w = grey.shape
        found = [(0.0, 0.0, float(w), float(h)), trimmed(grey), embedded(grey)]
        places = [Box(*one) for one in found if one is not None]
        places = [one for one in places if not is_flat(cut(grey, *corners(one)))]
        if not places or not len(self._regions):
            return None
        scores = _mirrored(grey, places, self._regions).max(axis=0)
        top = int(scores.argmax())
        sighting = Sighting(int(self._region_owners[top]), "region", float(scores[top]))
        return sighting if sighting.score >= SAME_REGION else None

    def _by_face(self, grey: Grey, boxes: Sequence[Box]) -> Sighting | None:
        """Each face in steps around its box, then, where that comes close, in small steps."""
        if not len(self._faces) or not boxes:
            return None
        places = [place for box in boxes for place in around(box, _SCALES, _SHIFTS)]
        scores = _mirrored(grey, places, self._faces)
        best = Sighting(0, "face", 0.0)
        for kept in np.argsort(-scores.max(axis=0))[:_CLOSEST]:
            near = int(scores[:, kept].argmax())
            if scores[near, kept] < _MAYBE_FACE:
                break
            score = _climbed(grey, places[near % len(places)], self._faces[[kept]])
            if score > best.score:
                best = Sighting(int(self._face_owners[kept]), "face", score)
        return best if best.score >= SAME_FACE else None

    def _by_points(self, grey: Grey) -> Sighting | None:
        for side in (grey, np.ascontiguousarray(grey[:, ::-1])):
            seen = find_points(side, POINTS_SEEN)
            for index in self._nearest(seen):
                if found := _same(side, seen, self.prints[index]):
                    return Sighting(index, "points", found)
        return None

    def _nearest(self, seen: Points) -> list[int]:
        """The pictures that share most words with what is seen; see `_words`."""
        if not len(seen.looks) or not len(self._keys):
            return []
        words = _words(seen.looks)
        first = np.searchsorted(self._keys, words, "left")
        last = np.searchsorted(self._keys, words, "right")
        found = last - first
        found[found > _COMMON] = 0
        # Entries first, first + 1, … of each word, one after the other, and the word's weight.
        starts = np.repeat(first - np.cumsum(found) + found, found)
        entries = starts + np.arange(len(starts))
        weights = 1 / np.repeat(found, found)
        votes = np.bincount(self._key_owners[entries], weights, minlength=len(self.prints))
        return [int(i) for i in np.argsort(-votes, kind="stable")[:_NEAREST] if votes[i]]


def _same(grey: Grey, seen: Points, kept: Fingerprint) -> float | None:
    """How well a kept picture correlates with what lies in its place; None: it is another.

    Most of the tiles that can be seen have to agree, or one of the faces: of a face that was cut
    out and put elsewhere nothing around it is the same.
    """
    found = lies(seen, kept.points)
    if found is None:
        return None
    matrix, agreeing = found
    laid = [_laid(grey, matrix, place) for place in kept.places]
    there = [i for i, patch in enumerate(laid) if patch is not None]
    if there:
        patches = np.stack([patch for patch in laid if patch is not None])
        scores = np.diagonal(correlations(patch_bits(patches), kept.tiles[there]))
        score = float(np.median(scores))
        if score >= SAME_TILES:
            return score
    if agreeing < _SURE_POINTS:
        return None
    best = 0.0
    for bits, place in zip(kept.faces, kept.boxes, strict=True):
        x0, y0, x1, y1 = (float(one) for one in place)
        (ax, ay), (bx, by) = np.array([[x0, y0, 1], [x1, y1, 1]]) @ matrix.T
        if bx - ax < 8 or by - ay < 8:  # turned so far that no face is found in it either
            continue
        steps = around(Box(ax, ay, bx, by), _FINE_SCALES, _FINE_SHIFTS)
        best = max(best, float(_straight(grey, steps, bits[None]).max()))
    return best if best >= SAME_FACE else None


def _laid(grey: Grey, matrix: NDArray[np.float64], place: NDArray[np.float32]) -> Grey | None:
    """What lies where a tile should, ``(PATCH_PX, PATCH_PX)``; None where that is outside."""
    x0, y0, x1, y1 = (float(one) for one in place)
    corners = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]]) @ matrix.T
    h, w = grey.shape
    slack = 0.04 * max(w, h)
    low, high = corners.min(axis=0), corners.max(axis=0)
    if low.min() < -slack or high[0] > w + slack or high[1] > h + slack:
        return None
    # A tile is averaged, not sampled: first in its own size, then made small.
    n = int(np.clip(np.hypot(*(corners[1] - corners[0])), PATCH_PX, 256))
    m = int(np.clip(np.hypot(*(corners[3] - corners[0])), PATCH_PX, 256))
    target = np.array([[0, 0], [n, 0], [0, m]], np.float32)
    source = corners[[0, 1, 3]].astype(np.float32)
    turned = cv2.warpAffine(
        grey, cv2.getAffineTransform(source, target), (n, m), borderMode=cv2.BORDER_REPLICATE
    )
    patch = resized(np.asarray(turned, np.uint8), PATCH_PX)
    return None if is_flat(patch) else patch


def corners(box: Box) -> tuple[float, float, float, float]:
    """x0, y0, x1, y1."""
    return box.x0, box.y0, box.x1, box.y1


def _without_bars(image: RgbImage, boxes: list[Box]) -> tuple[RgbImage, list[Box]]:
    """The picture without bars around it, which would only make it smaller in the working copy."""
    grey = working_copy(image)
    inner = trimmed(grey)
    if inner is None:
        return image, boxes
    factor = image.shape[1] / grey.shape[1], image.shape[0] / grey.shape[0]
    x0, y0, x1, y1 = Box(*inner).scaled(*factor).as_ints()
    inside = np.ascontiguousarray(image[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)])
    return inside, [one.shifted(-x0, -y0) for one in boxes]


def _as_if_a_face(grey: Grey) -> list[Box]:
    """A picture cut so close around a face that none is found in it any more."""
    h, w = grey.shape
    sides = (part * min(h, w) for part in _FACE_PARTS)
    return [Box((w - n) / 2, (h - n) / 2, (w + n) / 2, (h + n) / 2) for n in sides]


def around(box: Box, scales: Sequence[float], shifts: Sequence[float]) -> list[Box]:
    """Squares about a box: two detections of one face differ. `shifts` are parts of its side."""
    (x, y), side = box.center, max(box.width, box.height)
    found = []
    for scale in scales:
        half = scale * side / 2
        for dy in shifts:
            for dx in shifts:
                cx, cy = x + dx * side, y + dy * side
                found.append(Box(cx - half, cy - half, cx + half, cy + half))
    return found


def _climbed(grey: Grey, place: Box, kept: Bits) -> float:
    """The correlation with one kept face in the best place near this one."""
    score = 0.0
    for _ in range(_CLIMBS):
        steps = around(place, _FINE_SCALES, _FINE_SHIFTS)
        scores = _mirrored(grey, steps, kept)[:, 0]
        place, score = steps[int(scores.argmax())], float(scores.max())
        if not _WORTH_MORE <= score < SAME_FACE:
            break
    return score


def _straight(grey: Grey, places: Sequence[Box], kept: Bits) -> NDArray[np.float32]:
    """Correlations ``(n, m)`` of kept bits with each place of a picture."""
    return correlations(patch_bits(_cut_all(grey, places)), kept)


def _mirrored(grey: Grey, places: Sequence[Box], kept: Bits) -> NDArray[np.float32]:
    """Correlations ``(n, m)`` of kept bits with each place of a picture or its mirror image."""
    patches = _cut_all(grey, places)
    straight = correlations(patch_bits(patches), kept)
    return np.maximum(straight, correlations(patch_bits(patches[:, :, ::-1]), kept))


def _cut_all(grey: Grey, places: Sequence[Box]) -> Grey:
    return np.stack([cut(grey, *corners(one)) for one in places])


def _words(looks: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Each point's look cut into 16 words of 16 bits, marked with their place: ``(16 n,)``.

    Of two looks of one point an eighth of the bits differ, so that a few words are the same.
    """
    words = np.ascontiguousarray(looks).view(np.uint16).astype(np.uint32)
    return (words + (np.arange(words.shape[1], dtype=np.uint32) << 16)).ravel()


def _joined(parts: Sequence[NDArray[Any]]) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """All rows, and whose each is."""
    owners = np.repeat(np.arange(len(parts)), [len(one) for one in parts])
    return (np.concatenate(parts) if parts else np.zeros((0, 1), np.uint8)), owners
