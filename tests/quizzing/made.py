"""Drawings that look different enough, with faces that the small encoder finds."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, PngImagePlugin

REI, ASUKA = (40, 40, 90, 140), (160, 60, 260, 120)
"""A tall red rectangle is Rei, a wide one Asuka: see ``tests/cogs/made.py``."""


def drawing(
    seed: int, *boxes: tuple[int, int, int, int], size: tuple[int, int] = (320, 240), name: str = ""
) -> bytes:
    """A PNG: lines and discs without any red, and red rectangles over them; `name` in its text."""
    dice = np.random.default_rng(seed)
    image = Image.new("RGB", size, tuple(int(one) for one in dice.integers(150, 250, 3)))
    pen = ImageDraw.Draw(image)
    for _ in range(60):
        x, y, r = (int(one) for one in dice.integers(0, size[0], 3))
        shade = (
            int(dice.integers(0, 140)),
            int(dice.integers(100, 250)),
            int(dice.integers(0, 250)),
        )
        pen.ellipse((x, y % size[1], x + 6 + r // 8, y % size[1] + 6 + r // 8), fill=shade)
    for box in boxes:
        pen.rectangle(box, fill=(200, 30, 30))
        x0, y0, x1, y1 = box
        pen.line((x0 + 8, y0 + 10, x1 - 8, y0 + 14), fill=(160, 60, 60), width=5)
        pen.ellipse((x0 + 10, y1 - 30, x0 + 24, y1 - 16), fill=(250, 90, 90))
    words = PngImagePlugin.PngInfo()
    if name:
        words.add_text("Title", name)
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=words)
    return out.getvalue()
