"""The steps in which a picture is shown: so little of it that one has to guess, then the face, then
all. The same picture and seed give the same steps, in every process and after a restart.

What is written in a picture may be the answer. The first step shows none of it: everything smaller
than a few hundredths of the picture is gone in the blur, and a detail is cut from the hair around a
face, not from the edges where titles stand.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import cv2
import numpy as np

from recognition.embedding.preprocess import square_crop
from recognition.types import Box, RgbImage

SHOWN_PX = 768
"""Longest side of what is shown; see `fitted`."""
BLUR_PART = 1 / 18
"""Spread of the blur as a part of the picture's shorter side: no eye or letter is left."""
LESS_BLUR_PART = 1 / 45
FACE_MARGIN = 1.35
_DETAIL_PX = 320
_DETAIL_PART = 0.55
"""Side of a detail as a part of the face's: it lies beside the face, in the hair or the clothes."""
_DETAILS = ((-0.5, -0.45), (0.5, -0.45), (-0.55, 0.2), (0.55, 0.2), (0.0, -0.65))
"""Middles of details as parts of the face's side, from its middle; eyes and mouth are spared."""
_LEAST_FACE_PX = 72
_FLAT = 18.0


def reveal_steps(
    image: RgbImage, faces: Sequence[Box], *, seed: int, face: int | None = None
) -> tuple[RgbImage, ...]:
    """Three pictures, each showing more; the last one is the whole picture.

    Args:
        image: RGB ``uint8 (H, W, 3)``.
        faces: found in it, in its pixels.
        seed: chooses between a blur and a detail, and which detail.
        face: index of the one that is asked for; None: the largest.

    Returns:
        Blur or detail; the face (a weaker blur where there is none); all, `fitted`.
    """
    whole = fitted(image)
    if not faces:
        return blurred(whole, BLUR_PART), blurred(whole, LESS_BLUR_PART), whole
    asked = faces[face] if face is not None else max(faces, key=lambda one: one.area)
    generator = random.Random(seed)
    first = _detail(image, asked, faces, generator) if generator.random() < 0.35 else None
    side = round(min(SHOWN_PX / 2, max(160.0, FACE_MARGIN * max(asked.width, asked.height))))
    shown = square_crop(image, asked, FACE_MARGIN, side)
    return blurred(whole, BLUR_PART) if first is None else first, shown, whole


def fitted(image: RgbImage, longest_px: int = SHOWN_PX) -> RgbImage:
    """The picture made smaller, if need be, until its longest side is `longest_px`."""
    h, w = image.shape[:2]
    factor = longest_px / max(h, w)
    if factor >= 1:
        return image
    size = (max(1, round(w * factor)), max(1, round(h * factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def blurred(image: RgbImage, part: float) -> RgbImage:
    """The picture under a Gaussian blur of `part` of its shorter side."""
    spread = max(1.0, part * min(image.shape[:2]))
    return np.asarray(cv2.GaussianBlur(image, (0, 0), spread), np.uint8)


def _detail(
    image: RgbImage, face: Box, faces: Sequence[Box], generator: random.Random
) -> RgbImage | None:
    """A part beside the face that shows something; None where there is none."""
    side = max(face.width, face.height)
    if side < _LEAST_FACE_PX:
        return None
    h, w = image.shape[:2]
    (x, y), half = face.center, _DETAIL_PART * side / 2
    places = list(_DETAILS)
    generator.shuffle(places)
    for dx, dy in places:
        cx, cy = x + dx * side, y + dy * side
        box = Box(cx - half, cy - half, cx + half, cy + half)
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= w and box.y1 <= h
        strange = any(one is not face and box.iou(one) > 0.05 for one in faces)
        if not inside or strange:
            continue
        shown = square_crop(image, box, 1.0, _DETAIL_PX)
        if float(shown.std(axis=(0, 1)).mean()) >= _FLAT:
            return shown
    return None
