"""Finds the same drawing in two sets of pictures, however it was cut and scaled.

Labelled crops and labelled whole pictures come from the same sources in part. A face that is
measured on must not have been trained on inside a whole picture, and the other way round.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.embedding.preprocess import square_crop
from recognition.types import Box, RgbImage

PATCH_PX = 32
SEARCH = 1.5
"""Side of the window searched, as a multiple of the patch's side: boxes of one face differ."""
SCALES = (0.8, 0.89, 1.0, 1.12, 1.25)
SAME = 0.86
"""Correlation from which two faces are taken for one drawing: below 0.85 looking at pairs shows
different drawings of one character, above it almost none."""
MAYBE = 0.55
"""Correlation of coarse copies below which nothing is compared: one same drawing in a hundred is
lost by it, and four comparisons in five are saved."""

Grey = NDArray[np.uint8]


def face_patches(image: RgbImage, box: Box) -> tuple[Grey, list[Grey]]:
    """What `same_drawing` compares of one face.

    Returns:
        The face as ``uint8 (32, 32)``, and its surroundings at a few scales, ``uint8 (48, 48)``.
    """
    windows = [
        cv2.cvtColor(
            square_crop(image, box, SEARCH * scale, round(PATCH_PX * SEARCH)), cv2.COLOR_RGB2GRAY
        )
        for scale in SCALES
    ]
    patch = cv2.cvtColor(square_crop(image, box, 1.0, PATCH_PX), cv2.COLOR_RGB2GRAY)
    return np.asarray(patch, np.uint8), [np.asarray(w, np.uint8) for w in windows]


def coarse_correlations(patches: Sequence[Grey]) -> NDArray[np.float64]:
    """Correlations ``(n, n)`` of the patches at 8 by 8 pixels, placed as their boxes are."""
    small = [cv2.resize(p, (8, 8), interpolation=cv2.INTER_AREA).ravel() for p in patches]
    centred = np.stack(small).astype(np.float64)
    centred -= centred.mean(axis=1, keepdims=True)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    return centred @ centred.T


def same_drawing(patch: Grey, windows: list[Grey]) -> float:
    """Greatest normalised correlation, -1 to 1, of a face's patch within another's surroundings."""
    return max(
        float(cv2.matchTemplate(window, patch, cv2.TM_CCOEFF_NORMED).max()) for window in windows
    )
