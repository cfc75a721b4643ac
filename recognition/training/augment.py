"""Random changes of a training crop: what a face meets between the drawing and the chat.

One affine map does margin, shift, turn, aspect and mirror; then light and colour, then what
uploads do to pictures (small copies, JPEG, blur, black bars) and what hides parts of a face.
Hue is hardly touched: the colour of hair and eyes is what tells characters apart.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from recognition.types import RgbImage


def augment(image: RgbImage, size_px: int, rng: Generator, grey: float = 0.15) -> RgbImage:
    """A random variant of `image`, ``uint8 (h, w, 3)`` to ``uint8 (size_px, size_px, 3)``.

    Args:
        grey: share of pictures that lose their colour.
    """
    out = _random_affine(image, size_px, rng)
    out = _random_colour(out, rng, grey)
    out = _random_damage(out, rng)
    return _random_occlusion(out, rng)


def shift_and_mirror(image: RgbImage, rng: Generator, share: float = 1 / 16) -> RgbImage:
    """A square picture moved by up to `share` of its side, edges reflected, mirrored half the time.

    What the old web app's training did (random crop of a reflect-padded picture, random flip).
    """
    size = image.shape[0]
    pad = max(1, round(share * size))
    padded = np.pad(image, ((pad, pad), (pad, pad), (0, 0)), "reflect")
    y, x = rng.integers(0, 2 * pad + 1, 2)
    moved = padded[y : y + size, x : x + size]
    return np.ascontiguousarray(moved[:, ::-1] if rng.random() < 0.5 else moved)


def _random_affine(image: RgbImage, size_px: int, rng: Generator) -> RgbImage:
    h, w = image.shape[:2]
    window = max(h, w) * np.exp(rng.uniform(np.log(0.6), np.log(1.3)))  # side seen, px of `image`
    factor = size_px / window
    if factor < 0.8:  # shrink first with area averaging: warpAffine alone would alias
        image = cv2.resize(
            image,
            (max(1, round(w * factor)), max(1, round(h * factor))),
            None,
            0,
            0,
            cv2.INTER_AREA,
        )
        h, w = image.shape[:2]
        factor = 1.0
    room = abs(size_px / factor - max(h, w)) / 2 + 0.06 * max(h, w)
    cx, cy = w / 2 + rng.uniform(-room, room), h / 2 + rng.uniform(-room, room)
    angle = rng.normal(0, 8) if rng.random() < 0.85 else rng.uniform(-30, 30)
    aspect = np.exp(rng.uniform(-0.08, 0.08))
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    fx = factor * aspect * (-1 if rng.random() < 0.5 else 1)
    fy = factor / aspect
    linear = np.array([[fx * cos, -fy * sin], [fx * sin, fy * cos]])
    shift = np.array([size_px / 2, size_px / 2]) - linear @ np.array([cx, cy])
    border = cv2.BORDER_REPLICATE if rng.random() < 0.5 else cv2.BORDER_CONSTANT
    fill = [float(v) for v in (rng.integers(0, 256, 3) if rng.random() < 0.5 else [255] * 3)]
    out: RgbImage = cv2.warpAffine(
        image,
        np.hstack([linear, shift[:, None]]),
        (size_px, size_px),
        flags=cv2.INTER_LINEAR,
        borderMode=border,
        borderValue=fill,
    )
    return out


def _random_colour(image: RgbImage, rng: Generator, grey_share: float) -> RgbImage:
    out: NDArray[np.float32] = image.astype(np.float32)
    grey = out @ np.array([0.299, 0.587, 0.114], np.float32)
    if rng.random() < grey_share:
        out = np.repeat(grey[..., None], 3, axis=2)
    elif rng.random() < 0.7:
        saturation = rng.uniform(0.6, 1.4)
        out = grey[..., None] + saturation * (out - grey[..., None])
    if rng.random() < 0.8:
        contrast, brightness = rng.uniform(0.7, 1.3), rng.uniform(-30, 30)
        out = (out - 128) * contrast + 128 + brightness
    if rng.random() < 0.3:  # tinted light: sunsets, title cards, spirit forms
        tint: NDArray[np.float32] = rng.uniform(0.75, 1.15, 3).astype(np.float32)
        out = out * tint
    if rng.random() < 0.2:
        out = 255 * np.power(np.clip(out, 0, 255) / 255, float(rng.uniform(0.6, 1.7)))
    return np.clip(out, 0, 255).astype(np.uint8)


def _random_damage(image: RgbImage, rng: Generator) -> RgbImage:
    size = image.shape[0]
    if rng.random() < 0.3:
        small = max(12, round(size * rng.uniform(0.3, 0.8)))
        image = cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA)
        up = cv2.INTER_CUBIC if rng.random() < 0.5 else cv2.INTER_LINEAR
        image = cv2.resize(image, (size, size), interpolation=up)
    elif rng.random() < 0.12:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.4))
    if rng.random() < 0.3:
        quality = int(rng.integers(20, 91))
        _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        image = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    if rng.random() < 0.1:
        noise = rng.normal(0, rng.uniform(3, 12), image.shape)
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    return image


def _random_occlusion(image: RgbImage, rng: Generator) -> RgbImage:
    size = image.shape[0]
    if rng.random() < 0.3:
        h, w = (int(size * rng.uniform(0.1, 0.4)) for _ in range(2))
        y, x = int(rng.integers(0, size - h + 1)), int(rng.integers(0, size - w + 1))
        image = image.copy()
        image[y : y + h, x : x + w] = rng.integers(0, 256, 3)
    if rng.random() < 0.08:
        bar = int(size * rng.uniform(0.05, 0.2))
        image = image.copy()
        if rng.random() < 0.5:
            image[:bar] = image[size - bar :] = 0
        else:
            image[:, :bar] = image[:, size - bar :] = 0
    return image
