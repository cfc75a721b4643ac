"""Copies of pictures as members make them to ask about a quiz picture after all."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFont

from recognition.reveal import BLUR_PART, blurred
from recognition.types import Box, RgbImage

Colour = tuple[int, int, int]
_WORDS = (
    *("lol", "who is that", "the new season was great", "I think it is her", "right?", "no way"),
    *("guess faster", "hint please", "20:15", "today at", "quiz night", "round five", "points"),
    *("she had blue hair", "last year", "that was", "easy", "not fair", "again", "one more"),
)
_MIRROR = Image.Transpose.FLIP_LEFT_RIGHT
Maker = Callable[[Image.Image, Box | None, random.Random], Image.Image | None]


def make_copy(kind: str, image: RgbImage, face: Box | None, seed: str) -> RgbImage | None:
    """A copy of one of the `KINDS`; None where it needs a face and there is none, or is tiny."""
    made = KINDS[kind](Image.fromarray(image), face, random.Random(f"{kind} {seed}"))
    return None if made is None or min(made.size) < 24 else np.asarray(made.convert("RGB"))


def _jpeg(image: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(out).convert("RGB")


def _scaled(image: Image.Image, factor: float) -> Image.Image:
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(size, Image.Resampling.BICUBIC)


def _recompressed(image: Image.Image, _face: Box | None, chance: random.Random) -> Image.Image:
    return _jpeg(image, chance.randint(25, 60))


def _smaller(image: Image.Image, _face: Box | None, chance: random.Random) -> Image.Image:
    return _scaled(image, chance.uniform(0.4, 0.7))


def _larger(image: Image.Image, _face: Box | None, chance: random.Random) -> Image.Image:
    return _jpeg(_scaled(image, chance.uniform(1.4, 2.2)), 70)


def _mirrored(image: Image.Image, _face: Box | None, _chance: random.Random) -> Image.Image:
    return _jpeg(image.transpose(_MIRROR), 80)


def _grey(image: Image.Image, _face: Box | None, _chance: random.Random) -> Image.Image:
    return _jpeg(image.convert("L").convert("RGB"), 70)


def _face(image: Image.Image, face: Box | None, chance: random.Random) -> Image.Image | None:
    if face is None:
        return None
    half = chance.uniform(1.1, 2.0) * max(face.width, face.height) / 2
    x, y = (one + chance.uniform(-0.1, 0.1) * half for one in face.center)
    around = Box(x - half, y - half, x + half, y + half).clipped(image.size)
    return _jpeg(image.crop(around.as_ints()), 80)


def _face_mirrored(
    image: Image.Image, face: Box | None, chance: random.Random
) -> Image.Image | None:
    cut = _face(image, face, chance)
    return cut and _jpeg(cut.transpose(_MIRROR), 60)


def _cut(image: Image.Image, _face: Box | None, chance: random.Random) -> Image.Image:
    w, h = image.size
    part_w, part_h = chance.uniform(0.65, 0.9), chance.uniform(0.65, 0.9)
    x, y = chance.uniform(0, 1 - part_w) * w, chance.uniform(0, 1 - part_h) * h
    return _jpeg(image.crop((int(x), int(y), int(x + part_w * w), int(y + part_h * h))), 75)


def _bordered(image: Image.Image, _face: Box | None, chance: random.Random) -> Image.Image:
    w, h = image.size
    random_shade = (chance.randint(0, 255), chance.randint(0, 255), chance.randint(0, 255))
    shade: Colour = chance.choice([(0, 0, 0), (255, 255, 255), random_shade])
    bars = chance.choice(("sides", "above", "around"))
    dx = int(w * chance.uniform(0.05, 0.3)) if bars != "above" else 0
    dy = int(h * chance.uniform(0.05, 0.3)) if bars != "sides" else 0
    framed = Image.new("RGB", (w + 2 * dx, h + 2 * dy), shade)
    framed.paste(image, (dx, dy))
    return _jpeg(framed, 75)


def _screenshot(image: Image.Image, _face: Box | None, chance: random.Random) -> Image.Image:
    """A photograph of a chat: text and bars around it, in slight perspective."""
    shown = _scaled(image, chance.uniform(0.7, 1.1) * 384 / max(image.size))
    ground: Colour = chance.choice([(49, 51, 56), (255, 255, 255), (30, 31, 34)])
    ink: Colour = (220, 221, 222) if ground[0] < 99 else (30, 30, 30)
    left, top = chance.randint(40, 90), chance.randint(60, 140)
    w = shown.width + left + chance.randint(20, 200)
    h = shown.height + top + chance.randint(60, 160)
    page = Image.new("RGB", (w, h), ground)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(14)
    lines = [*range(6, top - 16, 20), *range(top + shown.height + 8, h - 42, 20)]
    for y in lines:
        words = " ".join(chance.choice(_WORDS) for _ in range(chance.randint(3, 9)))
        draw.text((left, y), words, fill=ink, font=font)
        if chance.random() < 0.3:
            shade = (chance.randint(0, 255), chance.randint(0, 255), chance.randint(0, 255))
            draw.ellipse((8, y - 4, 34, y + 22), fill=shade)
    page.paste(shown, (left, top))
    draw.rectangle((0, h - 26, w, h), fill=(64, 66, 73))
    draw.text((10, h - 22), "Message #quiz", fill=ink, font=font)
    page = ImageEnhance.Brightness(page).enhance(chance.uniform(0.75, 1.2))
    page = ImageEnhance.Contrast(page).enhance(chance.uniform(0.8, 1.2))
    return _jpeg(Image.fromarray(_tilted(np.asarray(page), chance)), chance.randint(50, 80))


def _tilted(page: RgbImage, chance: random.Random) -> RgbImage:
    h, w = page.shape[:2]
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    moved = [(chance.uniform(-0.025, 0.025) * w, chance.uniform(-0.025, 0.025) * h) for _ in "1234"]
    there = corners + np.array(moved, np.float32)
    matrix = cv2.getPerspectiveTransform(corners, there)
    return np.asarray(cv2.warpPerspective(page, matrix, (w, h), borderValue=(10, 10, 10)), np.uint8)


def _screenshot_mirrored(
    image: Image.Image, face: Box | None, chance: random.Random
) -> Image.Image:
    return _screenshot(image.transpose(_MIRROR), face, chance)


def _blurred(image: Image.Image, _face: Box | None, chance: random.Random) -> Image.Image:
    """The first step of a round as it was posted, saved and sent again."""
    posted = Image.fromarray(blurred(np.asarray(image), BLUR_PART))
    return _jpeg(_scaled(posted, chance.uniform(0.6, 1.2)), chance.randint(40, 80))


def _blurred_mirrored(image: Image.Image, face: Box | None, chance: random.Random) -> Image.Image:
    return _blurred(image.transpose(_MIRROR), face, chance)


KINDS: Mapping[str, Maker] = {
    "recompressed": _recompressed,
    "smaller": _smaller,
    "larger": _larger,
    "grey": _grey,
    "mirrored": _mirrored,
    "bordered": _bordered,
    "cut": _cut,
    "face": _face,
    "face_mirrored": _face_mirrored,
    "screenshot": _screenshot,
    "screenshot_mirrored": _screenshot_mirrored,
    "blurred": _blurred,
    "blurred_mirrored": _blurred_mirrored,
}
"""Each kind of copy by the name it has in the figures."""
