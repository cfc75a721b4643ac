"""Training windows with a face: all cut to one definition, then changed a little."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from recognition.detection.geometry import Boxes
from recognition.training.cascade.config import CascadeConfig
from recognition.training.cascade.labels import Scene
from recognition.training.cascade.lbp import Patches
from recognition.types import RgbImage

MOST_OUTSIDE = 0.15
"""A window may reach so far (in parts of its side) out of its picture; the edge is repeated."""
SMALLEST_FACE_PX = 14.0
HELD_OUT = 8
"""One in so many whole pictures is kept for choosing settings."""

Grey = NDArray[np.uint8]
"""``uint8 (H, W)``."""


def to_grey(image: RgbImage, equalize: bool) -> Grey:
    """The picture as the cascade looks at it."""
    grey: Grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.equalizeHist(grey)) if equalize else grey


def is_held_out(scene: Scene) -> bool:
    """Whether this whole picture is kept for choosing settings; by its name alone."""
    return not scene.crop and zlib.crc32(scene.name.encode()) % HELD_OUT == 0


def windows_of(boxes: Boxes, config: CascadeConfig) -> NDArray[np.float32]:
    """Centre x, centre y and side of the windows around face boxes: ``float32 (n, 3)``, px."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    side = (boxes[:, 2:] - boxes[:, :2]).mean(1) * np.float32(config.context)
    return np.column_stack([middle[:, 0], middle[:, 1] - config.shift_up * side, side])


def box_in_window(scenes: Iterable[Scene], config: CascadeConfig) -> list[float]:
    """Where the face box lies in the window: the median x0, y0, x1, y1, in parts of its side."""
    rows = []
    for scene in scenes:
        around = windows_of(scene.faces, config)
        corner = around[:, :2] - around[:, 2:] / 2
        rows.append((scene.faces - np.tile(corner, 2)) / around[:, 2:])
    return [round(float(v), 4) for v in np.median(np.concatenate(rows), axis=0)]


def cut_positives(scenes: Iterable[Scene], config: CascadeConfig, rng: Generator) -> Patches:
    """Changed copies of every face that is large enough and inside its picture.

    Returns:
        ``uint8 (n, window_px, window_px)``.
    """
    patches = []
    for scene in scenes:
        if not len(scene.faces):
            continue
        grey = to_grey(scene.image, config.equalize)
        h, w = grey.shape
        copies = config.crop_copies if scene.crop else config.picture_copies
        sides = (scene.faces[:, 2:] - scene.faces[:, :2]).min(1)
        for (x, y, side), face_px in zip(windows_of(scene.faces, config), sides, strict=True):
            outside = max(side / 2 - x, side / 2 - y, x + side / 2 - w, y + side / 2 - h)
            if face_px < SMALLEST_FACE_PX or outside > MOST_OUTSIDE * side:
                continue
            patches += [
                _changed(grey, (float(x), float(y), float(side)), config, rng)
                for _ in range(copies)
            ]
    return np.stack(patches)


def _changed(
    grey: Grey, window: tuple[float, float, float], config: CascadeConfig, rng: Generator
) -> Grey:
    """One window, turned, scaled, moved, mirrored and lit at random."""
    x, y, side = window
    side *= float(np.exp(np.clip(rng.normal(0, config.scale_jitter), -0.15, 0.15)))
    x, y = (v + side * float(rng.normal(0, config.shift_jitter)) for v in (x, y))
    size = config.window_px
    # As the detector does: shrunk with smoothing by octaves, without by what is left.
    factor = size / side * 2 ** float(rng.random())
    if factor < 1:
        grey = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        x, y, side = x * factor, y * factor, side * factor
    matrix = cv2.getRotationMatrix2D((x, y), float(rng.normal(0, config.turn_deg)), size / side)
    matrix[:, 2] += size / 2 - np.array([x, y])
    if rng.random() < 0.5:
        matrix[0] *= -1
        matrix[0, 2] += size
    matrix[:, 2] += matrix[:, :2].sum(1) / 2 - 0.5  # from pixel edges to pixel centres
    out = cv2.warpAffine(
        grey, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return light(out, rng)


def light(patch: Grey, rng: Generator) -> Grey:
    """The window in another light: gamma, contrast, sometimes blur and noise."""
    values: NDArray[np.floating[Any]] = patch.astype(np.float32)
    if rng.random() < 0.2:
        values = cv2.GaussianBlur(values, (0, 0), rng.uniform(0.3, 0.8))
    values = 255 * (values / 255) ** rng.uniform(0.7, 1.4)
    values = (values - 128) * rng.uniform(0.6, 1.1) + 128 + rng.uniform(-15, 15)
    if rng.random() < 0.3:
        values = values + rng.normal(0, rng.uniform(0.5, 3), values.shape)
    return np.clip(np.round(values), 0, 255).astype(np.uint8)
