"""Are copies of quiz pictures known again, and is everything else let through?"""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from recognition.detection.base import FaceDetector
from recognition.evaluation.copying import KINDS, make_copy
from recognition.evaluation.crops import Progress
from recognition.evaluation.errors import InputEmpty
from recognition.evaluation.measures import share
from recognition.evaluation.source import PictureSource, Skipped, decode_all
from recognition.likeness import Fingerprint, Lookout, take_fingerprint
from recognition.types import Box, RgbImage

SAME_DRAWINGS = Path(__file__).parent / "same_drawings.csv"
"""Pairs of the data beside this project, each looked at: one drawing in two layouts, or two frames
of one shot. They are no mistakes when they are declined, and no copies either."""
_SIDE_PX = 48
_TWICE = 0.985
"""Correlation of two whole pictures from which the folder holds one picture twice."""


@dataclass(frozen=True, slots=True)
class CopiesTask:
    """``half``: ``first`` is what thresholds were set on, ``second`` what is reported, ``all``.

    ``running``: pictures looked out for at a time; ``most``: pictures that copies are made of;
    ``same``: a table of pairs of files that show one drawing, columns ``file`` and ``other``.
    """

    pictures: Path
    half: str = "second"
    running: int = 20
    most: int = 400
    same: Path | None = SAME_DRAWINGS


@dataclass(frozen=True, slots=True)
class Declined:
    """A picture that has nothing to do with those looked out for, and was taken for one."""

    file: str
    taken_for: str
    by: str
    score: float


@dataclass(frozen=True, eq=False)
class CopiesResult:
    """``figures`` is what ``--json`` prints; the rest is for the report."""

    figures: dict[str, Any]
    source: PictureSource
    declined: list[Declined]
    missed: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    file: str
    image: RgbImage
    faces: tuple[Box, ...]
    prints: tuple[Fingerprint, ...]


def evaluate_copies(detector: FaceDetector, task: CopiesTask, progress: Progress) -> CopiesResult:
    """Looks out for every picture among others, at copies of it and at all pictures that are none.

    Raises:
        EvaluationError: the material is not there, or nothing in it can be used.
    """
    source = PictureSource(task.pictures)
    skipped: list[Skipped] = []
    pictures = _read(source, task, detector, skipped, progress)
    if len(pictures) <= task.running:
        raise InputEmpty(task.pictures, skipped=len(skipped))
    chance = random.Random(1)
    found: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    missed: dict[str, list[str]] = {kind: [] for kind in KINDS}
    spent: list[float] = []
    for done, picture in enumerate(pictures[: task.most], start=1):
        others = [one for one in chance.sample(pictures, task.running) if one is not picture]
        lookout = _lookout([picture, *others[: task.running - 1]])
        face = max(picture.faces, key=lambda box: box.area, default=None)
        for kind in KINDS:
            copy = make_copy(kind, picture.image, face, picture.file)
            if copy is None:
                continue
            is_found = _find(lookout, copy, detector, spent) is not None
            found[kind].append(is_found)
            if not is_found:
                missed[kind].append(picture.file)
        progress("copies", done, min(task.most, len(pictures)))
    same = _read_same(task.same)
    unrelated, twice, alike, declined = _unrelated(pictures, task, detector, spent, progress, same)
    every = [one for results in found.values() for one in results]
    figures = {
        "declined": share(every),
        "unrelated_declined": share([True] * len(declined) + [False] * (unrelated - len(declined))),
        "by_kind": {
            kind: {"copies": len(results), "declined": share(results)}
            for kind, results in found.items()
            if results
        },
        "pictures": min(task.most, len(pictures)),
        "unrelated": unrelated,
        "same_picture_twice": twice,
        "same_drawing": alike,
        "running": task.running,
        "half": task.half,
        "bytes": round(float(np.mean([len(p.to_bytes()) for one in pictures for p in one.prints]))),
        "find_ms": round(1000 * float(np.median(spent)), 1),
        "find_ms_95": round(1000 * float(np.quantile(spent, 0.95)), 1),
        "skipped": [{"file": one.file, "reason": one.reason} for one in skipped],
    }
    return CopiesResult(figures, source, declined, missed)


def half_of(names: Sequence[str], half: str) -> list[str]:
    """Every other name of a shuffled list; the same ones each time."""
    shuffled = sorted(names)
    random.Random(7).shuffle(shuffled)
    start = {"first": 0, "second": 1, "all": 0}[half]
    return shuffled[start :: 1 if half == "all" else 2]


def _read(
    source: PictureSource,
    task: CopiesTask,
    detector: FaceDetector,
    skipped: list[Skipped],
    progress: Progress,
) -> list[_Picture]:
    from recognition.reveal import BLUR_PART, blurred

    names = half_of(source.names, task.half)
    pictures = []
    for i, image in decode_all(source, names, skipped):
        faces = tuple(one.box for one in detector.detect(image))
        # As a round does: the picture, and what is shown of it at first.
        prints = take_fingerprint(image, faces), take_fingerprint(blurred(image, BLUR_PART), ())
        pictures.append(_Picture(names[i], image, faces, prints))
        progress("prints", i + 1, len(names))
    return pictures


def _lookout(pictures: Sequence[_Picture]) -> Lookout:
    return Lookout([one for picture in pictures for one in picture.prints])


def _find(
    lookout: Lookout, image: RgbImage, detector: FaceDetector, spent: list[float]
) -> tuple[int, str, float] | None:
    faces = [one.box for one in detector.detect(image)]
    began = time.perf_counter()
    sighting = lookout.find(image, faces)
    spent.append(time.perf_counter() - began)
    return None if sighting is None else (sighting.index // 2, sighting.by, sighting.score)


def _unrelated(
    pictures: Sequence[_Picture],
    task: CopiesTask,
    detector: FaceDetector,
    spent: list[float],
    progress: Progress,
    same: frozenset[frozenset[str]],
) -> tuple[int, int, int, list[Declined]]:
    """How many pictures had nothing to do with those looked out for; how often one was there
    twice, or the same drawing; and the wrongly declined.
    """
    chance = random.Random(2)
    declined, twice, alike = [], 0, 0
    for done, picture in enumerate(pictures, start=1):
        others = [one for one in pictures if one is not picture]
        others = chance.sample(others, task.running)
        found = _find(_lookout(others), picture.image, detector, spent)
        if found is not None:
            other = others[found[0]]
            if _is_twice(picture.image, other.image):
                twice += 1
            elif frozenset((picture.file, other.file)) in same:
                alike += 1
            else:
                declined.append(Declined(picture.file, other.file, found[1], round(found[2], 3)))
        progress("unrelated", done, len(pictures))
    return len(pictures) - twice - alike, twice, alike, declined


def _read_same(table: Path | None) -> frozenset[frozenset[str]]:
    if table is None:
        return frozenset()
    with table.open(encoding="utf-8", newline="") as lines:
        return frozenset(frozenset((row["file"], row["other"])) for row in csv.DictReader(lines))


def _is_twice(one: RgbImage, other: RgbImage) -> bool:
    """Whether two files of a folder are one picture: nothing but size and compression differ."""
    small = [
        cv2.resize(image, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA).ravel()
        for image in (one, other)
    ]
    return float(np.corrcoef(small[0], small[1])[0, 1]) >= _TWICE
