"""Which detections are faces: boxes against hand-drawn boxes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from recognition.detection.geometry import Boxes, box_areas, iou_matrix

IGNORED_PART = 0.5
"""A detection of which this part lies on an ignored box counts neither way."""


@dataclass(frozen=True)
class Counts:
    """Faces found and missed, and detections that are none."""

    found: int = 0
    false: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.found / max(1, self.found + self.false)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.found + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.found / max(1, 2 * self.found + self.false + self.missed)

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.found + other.found, self.false + other.false, self.missed + other.missed
        )


@dataclass(frozen=True, eq=False)
class Matched:
    """One picture's boxes after matching.

    ``hits``: (detection, face) index pairs; ``false``: detections that are no face; ``ignored``:
    detections that count neither way; ``missed``: faces that no detection took.
    """

    hits: tuple[tuple[int, int], ...]
    false: tuple[int, ...]
    ignored: tuple[int, ...]
    missed: tuple[int, ...]

    @property
    def counts(self) -> Counts:
        return Counts(len(self.hits), len(self.false), len(self.missed))


def match_boxes(found: Boxes, faces: Boxes, ignore: Boxes, iou: float) -> Matched:
    """Matches detections with faces.

    Each detection, in the given order, takes the free face that it overlaps most, if by `iou` or
    more (the rule of PASCAL VOC, Everingham et al. 2010, with the next best face where the best is
    taken). One that takes none is ignored where `IGNORED_PART` of it lies on an ignored box, or
    overlaps one by `iou`.

    Args:
        found: detections ``(n, 4)``, best first.
        faces: hand-drawn boxes ``(m, 4)``.
        ignore: boxes ``(k, 4)`` on which detections count neither way.
        iou: intersection over union from which a detection is the face.
    """
    overlaps, on_ignored = iou_matrix(found, faces), _lie_on(found, ignore, iou)
    free = np.ones(len(faces), bool)
    hits: list[tuple[int, int]] = []
    false: list[int] = []
    ignored: list[int] = []
    for i in range(len(found)):
        overlap = overlaps[i] * free
        if len(overlap) and overlap.max() >= iou:
            face = int(overlap.argmax())
            free[face] = False
            hits.append((i, face))
        else:
            (ignored if on_ignored[i] else false).append(i)
    missed = tuple(int(i) for i in np.flatnonzero(free))
    return Matched(tuple(hits), tuple(false), tuple(ignored), missed)


def _lie_on(found: Boxes, ignore: Boxes, iou: float) -> list[bool]:
    if not len(ignore):
        return [False] * len(found)
    lo = np.maximum(found[:, None, :2], ignore[None, :, :2])
    hi = np.minimum(found[:, None, 2:], ignore[None, :, 2:])
    covered = np.maximum(hi - lo, 0).prod(axis=2) / np.maximum(box_areas(found), 1e-6)[:, None]
    overlap = iou_matrix(found, ignore)
    lies = (covered >= IGNORED_PART) | (overlap >= iou)
    return [bool(row.any()) for row in lies]


def total(counts: Iterable[Counts]) -> Counts:
    """The sum over pictures."""
    return sum(counts, Counts())
