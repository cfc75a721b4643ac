"""Random changes that move nothing: light, colour, print, uploads, things in front of a face."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from recognition.training.detector.material import Boxes
from recognition.types import RgbImage


def change(image: RgbImage, boxes: Boxes, rng: Generator) -> RgbImage:
    """A random variant of `image`, same size, same boxes."""
    if rng.random() < 0.12 and len(boxes):
        image = _hide_part(image, boxes[int(rng.integers(len(boxes)))], rng)
    image = _colour(image, rng)
    if rng.random() < 0.06:
        image = _halftone(image, rng)
    return _damage(image, rng)


def _hide_part(image: RgbImage, box: Boxes, rng: Generator) -> RgbImage:
    """A mask, an eye patch, a visor or a hand: one band of the face in one colour."""
    x0, y0, x1, y1 = (float(v) for v in box)
    w, h = x1 - x0, y1 - y0
    kind = rng.random()
    if kind < 0.4:  # mask: mouth and chin
        top, bottom, left, right = 0.6, 1.0, 0.1, 0.9
    elif kind < 0.7:  # blindfold, sunglasses: the eyes
        top, bottom, left, right = 0.28, 0.55, 0.0, 1.0
    else:
        left, top = rng.uniform(0, 0.6, 2)
        right, bottom = left + rng.uniform(0.2, 0.4), top + rng.uniform(0.2, 0.4)
    out = image.copy()
    a = (round(x0 + left * w), round(y0 + top * h))
    b = (round(x0 + right * w), round(y0 + bottom * h))
    colour = [int(v) for v in rng.integers(0, 256, 3)]
    if rng.random() < 0.5:
        colour = [int(rng.integers(0, 60))] * 3
    if rng.random() < 0.5:
        cv2.rectangle(out, a, b, colour, -1)
    else:
        middle = ((a[0] + b[0]) // 2, (a[1] + b[1]) // 2)
        axes = (max(1, (b[0] - a[0]) // 2), max(1, (b[1] - a[1]) // 2))
        cv2.ellipse(out, middle, axes, 0, 0, 360, colour, -1)
    return out


def _colour(image: RgbImage, rng: Generator) -> RgbImage:
    out = image.astype(np.float32)
    if rng.random() < 0.15:
        out = np.repeat((out @ np.array([0.299, 0.587, 0.114], np.float32))[..., None], 3, axis=2)
    elif rng.random() < 0.15:  # other hair, other skin
        out = out[..., rng.permutation(3)]
    if rng.random() < 0.7:
        out = (out - 128) * rng.uniform(0.6, 1.4) + 128 + rng.uniform(-35, 35)
    if rng.random() < 0.4:
        out = out * rng.uniform(0.6, 1.2, 3).astype(np.float32)
    if rng.random() < 0.15:  # night
        out = out * rng.uniform(0.2, 0.6)
    if rng.random() < 0.03:
        out = 255 - out
    return np.clip(out, 0, 255).astype(np.uint8)


def _halftone(image: RgbImage, rng: Generator) -> RgbImage:
    """Printed dots: a tilted cosine screen against the grey value."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    h, w = grey.shape
    pitch, angle = rng.uniform(2.2, 4), rng.uniform(0, np.pi / 2)
    y, x = np.mgrid[:h, :w].astype(np.float32) * np.float32(2 * np.pi / pitch)
    u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    screen = (np.cos(u) * np.cos(v) + 1) / 2
    dots = np.clip((grey - screen) * 2 + 0.5, 0, 1)
    dots = np.where(grey < 0.2, 0, np.where(grey > 0.75, 1, dots))
    return np.repeat((dots * 255).astype(np.uint8)[..., None], 3, axis=2)


def _damage(image: RgbImage, rng: Generator) -> RgbImage:
    h, w = image.shape[:2]
    kind = rng.random()
    if kind < 0.25:
        factor = rng.uniform(0.35, 0.85)
        small = (max(1, round(w * factor)), max(1, round(h * factor)))
        image = cv2.resize(image, small, interpolation=cv2.INTER_AREA)
        image = cv2.resize(image, (w, h), interpolation=cv2.INTER_LINEAR)
    elif kind < 0.32:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.6))
    elif kind < 0.38:
        noise = rng.normal(0, rng.uniform(4, 14), image.shape)
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    elif kind < 0.43:  # bold ink
        image = cv2.erode(image, np.ones((2, 2), np.uint8))
    if rng.random() < 0.35:
        quality = int(rng.integers(15, 90))
        _, data = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
        decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
        assert decoded is not None
        image = np.ascontiguousarray(decoded[..., ::-1])
    return image
