"""Moving pictures and their boxes together."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from recognition.detection.geometry import box_areas
from recognition.training.detector.material import Boxes, Labelled
from recognition.types import RgbImage

Matrix = NDArray[np.float64]
"""Affine map ``(2, 3)``, pixels to pixels."""


def turn_and_scale(factor: float, angle_deg: float, mirror: bool, aspect: float = 1.0) -> Matrix:
    """The linear part of a map: mirror, stretch, turn."""
    cos, sin = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    fx = factor * aspect * (-1 if mirror else 1)
    fy = factor / aspect
    return np.array([[fx * cos, -fy * sin, 0.0], [fx * sin, fy * cos, 0.0]])


def map_boxes(boxes: Boxes, matrix: Matrix) -> Boxes:
    """Boxes around the ellipses that fill the given boxes, after the map.

    A face is rounder than its box: turning the corners instead would give boxes far too large.
    """
    if len(boxes) == 0:
        return np.zeros((0, 4), np.float32)
    center = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]) / 2
    moved = center @ matrix[:, :2].T + matrix[:, 2]
    reach = np.sqrt((half**2) @ (matrix[:, :2] ** 2).T)
    return np.hstack([moved - reach, moved + reach]).astype(np.float32)


def warp(
    image: RgbImage, matrix: Matrix, size: tuple[int, int], fill: NDArray[np.int64]
) -> RgbImage:
    """`image` through `matrix` onto a canvas of ``(width, height)``; shrinks without aliasing."""
    factor = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    h, w = image.shape[:2]
    matrix = matrix.copy()
    if factor < 0.7:
        small = (max(1, round(w * factor)), max(1, round(h * factor)))
        image = cv2.resize(image, small, interpolation=cv2.INTER_AREA)
        matrix[:, 0] *= w / small[0]
        matrix[:, 1] *= h / small[1]
    flags = cv2.INTER_CUBIC if factor > 1.5 else cv2.INTER_LINEAR
    out: RgbImage = cv2.warpAffine(
        image,
        matrix,
        size,
        flags=flags,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=[float(v) for v in fill],
    )
    return out


def keep_visible(boxes: Boxes, size: tuple[int, int], smallest_px: float) -> tuple[Boxes, Boxes]:
    """Clips boxes to a canvas of ``(width, height)``.

    Returns:
        Boxes of which 40 % or more is visible, and boxes to ignore: less than that, or smaller than
        `smallest_px`.
    """
    limit = np.array([size[0], size[1], size[0], size[1]], np.float32)
    clipped = np.clip(boxes, 0, limit).astype(np.float32)
    visible = box_areas(clipped) / np.maximum(box_areas(boxes), 1e-6)
    large = np.sqrt(box_areas(clipped)) >= smallest_px
    good = (visible >= 0.4) & large
    some = (visible > 0.1) & ~good & (box_areas(clipped) > 4)
    return clipped[good], clipped[some]


def random_angle(rng: Generator) -> float:
    """Degrees: mostly nearly upright, sometimes tilted, now and then lying."""
    kind = rng.random()
    if kind < 0.7:
        return float(rng.normal(0, 7))
    if kind < 0.95:
        return float(rng.uniform(-35, 35))
    return float(rng.choice([-90, 90, 180]) + rng.normal(0, 10))


def look(
    item: Labelled,
    size: tuple[int, int],
    rng: Generator,
    face_px: tuple[float, float],
    share_whole: float = 0.25,
) -> Labelled:
    """A random view of a picture on a canvas of ``(width, height)`` pixels.

    One of its faces, if it has any, gets a side drawn from `face_px` (log scale) and lies anywhere
    on the canvas, also across its edge; in `share_whole` of the views all of the picture is seen.
    """
    h, w = item.image.shape[:2]
    angle = random_angle(rng)
    width, height = size
    if len(item.boxes):
        box = item.boxes[int(rng.integers(len(item.boxes)))].astype(np.float64)
        side = max(4.0, float(np.sqrt((box[2] - box[0]) * (box[3] - box[1]))))
        target = float(np.exp(rng.uniform(np.log(face_px[0]), np.log(face_px[1]))))
        whole = min(width / w, height / h)
        if rng.random() < share_whole:  # the picture as it would be served: all of it
            factor = whole * rng.uniform(0.8, 1.1)
        else:
            factor = float(np.clip(target / side, whole * 0.25, 3.5))
        point = np.array([box[0] + box[2], box[1] + box[3]]) / 2
    else:
        factor = min(width / w, height / h) * float(np.exp(rng.uniform(np.log(0.6), np.log(2.5))))
        point = np.array([rng.uniform(0.2, 0.8) * w, rng.uniform(0.1, 0.7) * h])
    matrix = turn_and_scale(
        factor, angle, bool(rng.random() < 0.5), float(np.exp(rng.uniform(-0.1, 0.1)))
    )
    shown = np.array([w, h]) * factor
    place = np.empty(2)
    for axis, (length, canvas) in enumerate(zip(shown, size, strict=True)):
        at = point[axis] * factor
        if length <= canvas and rng.random() < 0.85:  # all of the picture inside
            place[axis] = rng.uniform(at, max(at, canvas - (length - at)))
        elif length > canvas and rng.random() < 0.6:  # no margin beside the picture
            place[axis] = np.clip(rng.uniform(0, canvas), canvas - (length - at), at)
        else:
            place[axis] = rng.uniform(-0.03, 1.03) * canvas
    matrix[:, 2] = place - matrix[:, :2] @ point
    image = warp(item.image, matrix, size, _fill(item.image, rng))
    boxes, cut = keep_visible(map_boxes(item.boxes, matrix), size, 7.0)
    other, small = keep_visible(map_boxes(item.ignore, matrix), size, 3.0)
    return Labelled(image, boxes, np.vstack([cut, other, small]), item.complete)


def _fill(image: RgbImage, rng: Generator) -> NDArray[np.int64]:
    kind = rng.random()
    if kind < 0.5:
        return np.full(3, 114, np.int64)
    if kind < 0.8:
        return np.full(3, int(rng.choice([0, 255])), np.int64)
    colour: NDArray[np.int64] = rng.integers(0, 256, 3)
    if kind < 0.9:
        colour = image[0, 0].astype(np.int64)
    return colour
