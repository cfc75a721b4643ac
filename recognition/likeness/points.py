"""Points of a picture that are found again in a copy of it, and how the copy lies in it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.likeness.patches import Grey
from recognition.types import RgbImage

SIDE_PX = 384
"""Longest side at which pictures are looked at."""
MOST_ENLARGED = 3.0
POINTS_KEPT = 320
POINTS_SEEN = 500
_LEVELS = 12
"""Each a sixth smaller than the one before: a face found in a crop may fill the working copy, and a
seventh of it in the picture it comes from."""
_NEAR = 0.8
"""A point's best partner has to differ in this share of the bits of its second best, at most
(Lowe 2004)."""
_WITHIN_PX = 6.0
_LEAST = 5
_SCALES = (0.1, 8.0)


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """``places`` ``float32 (n, 2)``, pixels of the working picture; ``looks`` ``uint8 (n, 32)``."""

    places: NDArray[np.float32]
    looks: NDArray[np.uint8]


def working_copy(image: RgbImage) -> Grey:
    """The picture in grey, its longest side `SIDE_PX`; small ones are enlarged up to a limit."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    h, w = grey.shape
    factor = min(SIDE_PX / max(h, w), MOST_ENLARGED)
    size = (max(8, round(w * factor)), max(8, round(h * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, size, interpolation=how), np.uint8)


def find_points(grey: Grey, most: int) -> Points:
    """The `most` strongest points of a working copy."""
    finder = cv2.ORB_create(  # type: ignore[attr-defined]
        nfeatures=most,
        scaleFactor=1.2,
        nlevels=_LEVELS,
        edgeThreshold=12,
        patchSize=24,
        fastThreshold=7,
    )
    found, looks = finder.detectAndCompute(grey, None)
    if looks is None:
        return Points(np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8))
    return Points(np.array([one.pt for one in found], np.float32), looks)


def lies(seen: Points, kept: Points) -> tuple[NDArray[np.float64], int] | None:
    """How a kept picture lies in a seen one: turned, scaled, moved.

    Returns:
        The matrix ``(2, 3)`` from kept to seen pixels, and how many different points agree with it;
        None where hardly any do.
    """
    if len(seen.places) < _LEAST or len(kept.places) < _LEAST:
        return None
    # Arrays, not a thousand objects of `BFMatcher`, which take longer than the comparing does.
    apart, partners = cv2.batchDistance(
        seen.looks, kept.looks, cv2.CV_32S, normType=cv2.NORM_HAMMING, K=2
    )
    good = apart[:, 0] < _NEAR * apart[:, 1]
    if good.sum() < _LEAST:
        return None
    there, here = seen.places[good], kept.places[partners[good, 0]]
    cv2.setRNGSeed(1)  # the same pictures, the same answer
    matrix, mask = cv2.estimateAffinePartial2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=_WITHIN_PX, maxIters=300
    )
    if matrix is None or not _SCALES[0] < np.hypot(matrix[0, 0], matrix[1, 0]) < _SCALES[1]:
        return None
    agreeing = here[mask.ravel() > 0]
    different = len(np.unique(np.round(agreeing / 3), axis=0))
    return (np.asarray(matrix, np.float64), different) if different >= _LEAST else None
