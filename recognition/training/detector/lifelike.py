"""Things that look like photographs of people and are no anime faces: what must not be found.

There are no photographs to train with but three that come with libraries of ours (a portrait of
Grace Hopper in matplotlib, public domain; a flower and a temple in scikit-learn). The portrait is
bent and tinted into other people; heads modelled with soft light and shaded balls stand beside it.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from recognition.types import RgbImage

PORTRAIT_FACE = (75, 60, 187, 172)
"""Where the face is in the portrait at half its size, x0, y0, x1, y1 in pixels."""


def load_photographs() -> list[RgbImage]:
    """The portrait, then the other photographs, all at half size."""
    import matplotlib
    from sklearn.datasets import load_sample_images

    path = matplotlib.get_data_path() + "/sample_data/grace_hopper.jpg"
    portrait = cv2.imread(path, cv2.IMREAD_COLOR)
    if portrait is None:
        raise FileNotFoundError(path)
    others = [np.ascontiguousarray(image) for image in load_sample_images().images]
    return [
        cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        for image in (np.ascontiguousarray(portrait[..., ::-1]), *others)
    ]


def bend(image: RgbImage, rng: Generator, strength: float = 0.02) -> RgbImage:
    """`image` moved by a smooth random field: other proportions, the same realism."""
    h, w = image.shape[:2]
    coarse = rng.normal(0, strength * max(h, w), (5, 5, 2)).astype(np.float32)
    field = cv2.resize(coarse, (w, h), interpolation=cv2.INTER_CUBIC)
    y, x = np.mgrid[:h, :w].astype(np.float32)
    at_x, at_y = x + field[..., 0], y + field[..., 1]
    out: RgbImage = cv2.remap(image, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return out


def somebody(
    portrait: RgbImage, rng: Generator, face: tuple[int, int, int, int] = PORTRAIT_FACE
) -> RgbImage:
    """The portrait or its `face` (px) as another person: proportions, skin, hair, light."""
    x0, y0, x1, y1 = face
    part = portrait
    if rng.random() < 0.75:
        room = rng.uniform(0.0, 0.7, 4) * (x1 - x0)
        top, bottom = max(0, y0 - int(room[0])), min(portrait.shape[0], y1 + int(room[1]))
        left, right = max(0, x0 - int(room[2])), min(portrait.shape[1], x1 + int(room[3]))
        part = portrait[top:bottom, left:right]
    out: NDArray[np.floating[Any]] = bend(part, rng).astype(np.float32)
    if rng.random() < 0.5:  # smoother skin
        out = cv2.bilateralFilter(out.astype(np.uint8), 9, 60, 7).astype(np.float32)
    tone = rng.uniform(0.45, 1.15) * rng.uniform(0.8, 1.2, 3)
    out = 255 * np.clip(out * tone / 255, 0, 1) ** rng.uniform(0.7, 1.4)
    h, w = out.shape[:2]
    if rng.random() < 0.4:  # hair or a cap in another colour above, perhaps a beard below
        row = np.linspace(0, 1, h, dtype=np.float32)[:, None, None]
        dye = rng.integers(0, 200, 3).astype(np.float32)
        amount = 1 / (1 + np.exp((row - rng.uniform(0.1, 0.3)) * 40))
        out = out * (1 - 0.8 * amount) + dye * 0.8 * amount
    light = np.linspace(rng.uniform(0.5, 1), rng.uniform(0.7, 1.2), w, dtype=np.float32)
    lit: RgbImage = np.clip(out * light[None, :, None], 0, 255).astype(np.uint8)
    return lit


def modelled_head(size_px: int, rng: Generator) -> tuple[RgbImage, NDArray[np.float32]]:
    """A head with soft light, small eyes, a nose and lips, ``uint8 (S, S, 3)``, and its opacity.

    Without eyes it is a shaded ball: coins, fruit, the moon.
    """
    y, x = np.mgrid[:size_px, :size_px].astype(np.float32) / size_px * 2 - 1
    rx, ry = rng.uniform(0.55, 0.75), rng.uniform(0.75, 0.95)
    r2 = (x / rx) ** 2 + (y / ry) ** 2
    height = np.sqrt(np.clip(1 - r2, 0, 1))
    turn = rng.uniform(-0.2, 0.2)

    def blob(cx: float, cy: float, sx: float, sy: float) -> NDArray[np.float32]:
        out: NDArray[np.float32] = np.exp(-(((x - cx) / sx) ** 2) - ((y - cy) / sy) ** 2)
        return out.astype(np.float32)

    light = rng.normal(0, 1, 2)
    shade = np.clip(0.55 + 0.45 * height + 0.25 * (light[0] * x + light[1] * y), 0.1, 1.3)
    human = rng.random() < 0.75
    skin = np.array([230, 180, 150]) * rng.uniform(0.35, 1.1) * rng.uniform(0.9, 1.1, 3)
    if not human:
        skin = rng.uniform(40, 240, 3)
    out = skin[None, None] * shade[..., None]
    if human:
        eye_y, gap = rng.uniform(-0.2, 0.0), rng.uniform(0.22, 0.3)
        dark = np.zeros_like(x)
        for side in (-1, 1):
            cx = turn + side * gap
            white = blob(cx, eye_y, 0.1, 0.045)[..., None]
            out = out * (1 - 0.6 * white) + 225 * shade[..., None] * 0.6 * white
            dark += blob(cx, eye_y, 0.045, 0.05) * 0.9 + blob(cx, eye_y - 0.05, 0.12, 0.02) * 0.6
            dark += blob(cx, eye_y - rng.uniform(0.13, 0.2), 0.15, 0.03) * rng.uniform(0.3, 0.8)
            dark += blob(cx, eye_y + 0.1, 0.12, 0.04) * 0.12
            dark += blob(turn * 1.3 + side * 0.06, 0.25, 0.04, 0.025) * 0.5
        dark += blob(turn * 1.3 + 0.08 * np.sign(light[0]), 0.1, 0.05, 0.2) * 0.2
        dark += blob(turn, 0.78, 0.3, 0.1) * 0.3
        mouth = blob(turn, rng.uniform(0.42, 0.5), rng.uniform(0.15, 0.28), 0.06)[..., None]
        lips = np.array([170, 70, 75]) * rng.uniform(0.5, 1.2)
        out = out * (1 - 0.7 * mouth) + lips * 0.7 * mouth
        if rng.random() < 0.4:
            beard = np.clip(blob(turn, 0.75, 0.5, 0.35) - mouth[..., 0] * 0.5, 0, 1)
            dark += beard * rng.uniform(0.3, 0.8)
        out = out * (1 - np.clip(dark, 0, 0.95))[..., None]
        hair = np.clip((-y - rng.uniform(0.35, 0.55) + 0.3 * x**2) * 12, 0, 1)[..., None]
        out = out * (1 - hair) + rng.uniform(10, 150, 3) * shade[..., None] * hair
    out += rng.normal(0, 3, out.shape)
    opacity = np.clip((1 - r2) * 12, 0, 1).astype(np.float32)
    return np.clip(out, 0, 255).astype(np.uint8), opacity
