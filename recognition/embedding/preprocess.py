"""From a picture to what the network sees. Deterministic: one picture, one tensor."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.types import Box, RgbImage


@dataclass(frozen=True)
class InputSpec:
    """What a network was trained on; stands in the manifest beside its weights.

    ``size_px``: side of the square input. ``mean`` and ``std``: per RGB channel, of values scaled
    to 0..1. ``face_margin``: side of the square crop as a multiple of the longer side of the box.
    """

    size_px: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    face_margin: float


def square_crop(image: RgbImage, box: Box, margin: float, size_px: int) -> RgbImage:
    """The square of side ``margin * max(width, height)`` around the middle of `box`.

    Args:
        image: RGB ``uint8 (H, W, 3)``.
        box: in pixels of `image`; may reach beyond it.
        margin: 1 takes the box alone.
        size_px: side of the result.

    Returns:
        ``uint8 (size_px, size_px, 3)``; what lies outside the picture repeats its edge.
    """
    side = max(1.0, margin * max(box.width, box.height))
    cx, cy = box.center
    x0, y0 = round(cx - side / 2), round(cy - side / 2)
    n = max(1, round(side))
    h, w = image.shape[:2]
    pad = (max(0, -y0), max(0, y0 + n - h), max(0, -x0), max(0, x0 + n - w))
    # A box wholly outside the picture still sees its nearest edge pixel.
    ya, yb = min(max(y0, 0), h - 1), max(min(y0 + n, h), min(max(y0, 0), h - 1) + 1)
    xa, xb = min(max(x0, 0), w - 1), max(min(x0 + n, w), min(max(x0, 0), w - 1) + 1)
    crop = image[ya:yb, xa:xb]
    if any(pad):
        crop = cv2.copyMakeBorder(crop, *pad, cv2.BORDER_REPLICATE)
    how = cv2.INTER_AREA if crop.shape[0] > size_px else cv2.INTER_CUBIC
    out: RgbImage = cv2.resize(crop, (size_px, size_px), interpolation=how)
    return out


def whole_square(image: RgbImage, size_px: int) -> RgbImage:
    """The whole picture in a square, never cut; the shorter side repeats its edge."""
    h, w = image.shape[:2]
    return square_crop(image, Box(0, 0, w, h), 1.0, size_px)


VIEWS = ((0.0, 1.0), (0.125, 0.75), (0.02, 0.6), (0.05, 0.4))
"""Squares looked at besides the whole picture: top edge and side, as shares of the shorter side;
all of them in the middle from left to right. Portraits have the face in the upper middle."""


def picture_views(image: RgbImage, size_px: int) -> list[RgbImage]:
    """The whole picture, then the squares of `VIEWS`, each ``uint8 (size_px, size_px, 3)``."""
    h, w = image.shape[:2]
    short = min(h, w)
    crops = [whole_square(image, size_px)]
    for top, part in VIEWS:
        side, y = part * short, top * short
        box = Box((w - side) / 2, y, (w + side) / 2, y + side)
        crops.append(square_crop(image, box, 1.0, size_px))
    return crops


def to_batch(crops: list[RgbImage], spec: InputSpec) -> NDArray[np.float32]:
    """Normalises crops of ``spec.size_px``: list of ``uint8 (S, S, 3)`` to ``(n, 3, S, S)``."""
    if not crops:
        return np.zeros((0, 3, spec.size_px, spec.size_px), np.float32)
    batch = np.stack(crops).astype(np.float32) / 255
    batch = (batch - np.array(spec.mean, np.float32)) / np.array(spec.std, np.float32)
    return np.ascontiguousarray(batch.transpose(0, 3, 1, 2))
