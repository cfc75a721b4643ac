"""Negatives for the next stage: what the cascade built so far takes for faces (bootstrapping)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from recognition.detection.cascade import octaves, read_classifier
from recognition.detection.geometry import Boxes, iou_matrix
from recognition.training.cascade.lbp import Patches
from recognition.training.cascade.model import Cascade
from recognition.training.cascade.opencv_xml import to_xml
from recognition.training.cascade.positives import Grey
from recognition.types import RgbImage

STEP = 2
"""OpenCV looks at every second place of a picture that it has not shrunk."""
LEVEL = 1.13
"""Each look at a picture is so much smaller than the one before."""
LARGEST = 1.4
"""Pictures are enlarged by so much at most."""
NEAR_FACE = 0.2
"""A window whose face box overlaps a face by less (IoU) is no face ..."""
NEAR_DOUBT = 0.03
"""... if it overlaps what may be a face by less than this."""
MOSAIC = 8
PATCH_PX = 64


@dataclass(frozen=True, eq=False)
class Hunting:
    """A grey picture to look for negatives in; see `labels.Scene`."""

    grey: Grey
    faces: Boxes
    doubtful: Boxes


@dataclass(frozen=True, eq=False)
class Mined:
    """Windows ``uint8 (n, S, S)`` taken, how many were looked at, and how many of those passed
    (more than were taken: a picture gives only its share)."""

    patches: Patches
    scanned: int
    passed: int


def mosaics(patches: list[RgbImage]) -> Iterator[RgbImage]:
    """Patches side by side in square pictures, so that few calls look at many of them."""
    cells = [cv2.resize(p, (PATCH_PX, PATCH_PX), interpolation=cv2.INTER_AREA) for p in patches]
    per = MOSAIC * MOSAIC
    for start in range(0, len(cells) - per + 1, per):
        rows = [
            np.hstack(cells[start + i * MOSAIC : start + (i + 1) * MOSAIC]) for i in range(MOSAIC)
        ]
        yield np.vstack(rows)


def mine(
    pictures: list[Hunting],
    cascade: Cascade,
    box: list[float],
    wanted: int,
    passes: int,
    rng: Generator,
    progress: Callable[[int], None] = lambda found: None,
) -> Mined:
    """Looks through pictures in random order until enough windows pass that are no faces.

    Args:
        pictures: see `Hunting`.
        cascade: what the windows must pass; without stages every window does.
        box: where the face box lies in a window, see `positives.box_in_window`.
        wanted: so many windows.
        passes: how often all pictures are looked through, at other sizes each time.
        rng: order, sizes, mirroring, choice.
        progress: called with the number found so far.
    """
    size = cascade.window_px
    classifier = None
    if cascade.stages:
        classifier = read_classifier(to_xml(cascade), Path("cascade being trained"))
    most = max(8, 3 * wanted // max(1, len(pictures)))
    found: list[Patches] = [np.zeros((0, size, size), np.uint8)]
    count = scanned = passed = 0
    for _ in range(passes):
        for place in rng.permutation(len(pictures)):
            picture = mirrored(pictures[place]) if rng.random() < 0.5 else pictures[place]
            looks = list(levels(picture.grey, size, rng))
            left = most
            for look in rng.permutation(len(looks)):
                level, factor = looks[look]
                corners, looked = passing(level, size, classifier, rng)
                scanned += looked
                boxes = (np.tile(corners, 2) + np.array(box, np.float32) * size) / factor
                corners = corners[is_negative(boxes.astype(np.float32), picture)]
                passed += len(corners)
                if len(corners) > left:
                    corners = corners[rng.choice(len(corners), left, replace=False)]
                found.append(cut(level, corners, size))
                left -= len(corners)
                if left == 0:
                    break
            count += most - left
            progress(count)
            if count >= wanted:
                return Mined(np.concatenate(found)[:wanted], scanned, passed)
    return Mined(np.concatenate(found), scanned, passed)


def mirrored(picture: Hunting) -> Hunting:
    """The mirror image, with its boxes."""
    w = picture.grey.shape[1]

    def flip(boxes: Boxes) -> Boxes:
        out: Boxes = boxes.copy()
        out[:, [0, 2]] = w - boxes[:, [2, 0]]
        return out

    grey = np.ascontiguousarray(picture.grey[:, ::-1])
    return Hunting(grey, flip(picture.faces), flip(picture.doubtful))


def levels(grey: Grey, size: int, rng: Generator) -> Iterator[tuple[Grey, float]]:
    """The picture at all sizes, from `LARGEST` down to the window, and the factor of each.

    As in `CascadeDetector`: shrunk with smoothing by octaves, without by what is left.
    """
    factor = LARGEST * 2 ** -float(rng.random())
    for octave in octaves(_scaled(grey, factor, cv2.INTER_LINEAR_EXACT), size):
        part = LEVEL ** -float(rng.random())
        while part > 0.5 and min(octave.shape) * part >= size:
            level = _scaled(octave, part, cv2.INTER_LINEAR_EXACT)
            yield level, level.shape[1] / grey.shape[1]
            part /= LEVEL


def _scaled(grey: Grey, factor: float, how: int) -> Grey:
    w, h = (max(1, round(side * factor)) for side in grey.shape[::-1])
    return np.asarray(cv2.resize(grey, (w, h), interpolation=how))


def passing(
    level: Grey, size: int, classifier: cv2.CascadeClassifier | None, rng: Generator
) -> tuple[NDArray[np.int32], int]:
    """Corners ``int32 (n, 2)`` of the windows that pass, and how many were looked at.

    Without a classifier 20 places are drawn.
    """
    h, w = level.shape
    if classifier is None:
        corners = rng.integers(0, [w - size + 1, h - size + 1], (20, 2)).astype(np.int32)
        return corners, len(corners)
    found = classifier.detectMultiScale(
        level, scaleFactor=2.0, minNeighbors=0, minSize=(size, size), maxSize=(size, size)
    )
    corners = np.asarray(found, np.int32).reshape(-1, 4)[:, :2]
    return corners, ((w - size) // STEP + 1) * ((h - size) // STEP + 1)


def cut(level: Grey, corners: NDArray[np.int32], size: int) -> Patches:
    """Windows at the corners: ``uint8 (n, size, size)``."""
    every = np.lib.stride_tricks.sliding_window_view(level, (size, size))
    out: Patches = every[corners[:, 1], corners[:, 0]]
    return out


def is_negative(boxes: Boxes, picture: Hunting) -> NDArray[np.bool_]:
    """Which face boxes (pixels of the picture) lie on no face, sure or possible."""
    near = iou_matrix(boxes, picture.faces).max(1, initial=0) < NEAR_FACE
    clear = iou_matrix(boxes, picture.doubtful).max(1, initial=0) < NEAR_DOUBT
    out: NDArray[np.bool_] = near & clear
    return out
