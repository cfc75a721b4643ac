"""Draws the answer on the picture: every face boxed, numbered and named.

Sizes follow the picture, so that names can be read on a thumbnail and on a scan: small pictures
are enlarged, huge ones reduced, and the type is a fixed share of the result. A label never leaves
the picture and never covers another label: it looks for room above its box, below it, beside it
and inside it, and falls back to the bare number where a crowd leaves no room for the name.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import cv2
from PIL import Image, ImageDraw

from recognition.images import decode_picture
from recognition.lettering import ELLIPSIS, fitting, font, readable, width_of
from recognition.palette import face_colour
from recognition.recognizer import CAPTION, AnnotatedPicture
from recognition.types import Box, Match, Recognition, RgbImage

_MIN_SIDE_PX, _MAX_SIDE_PX = 720, 2560
_JPEG_QUALITY = 90
_TYPE_SHARE, _MIN_TYPE_PX = 0.031, 20
_MIDDLE = 0.37
"""Of the type, from the baseline up to the middle of a capital letter or a kanji."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label as it was drawn: its text and its place in pixels of the annotated picture."""

    number: int
    text: str
    place: Box
    face: Box


def annotate(
    picture: bytes,
    recognition: Recognition,
    image: RgbImage | None = None,
    caption: str = CAPTION,
) -> AnnotatedPicture:
    """The picture with the answer drawn on it, as a JPEG of at most 2,560 px a side.

    Args:
        image: `picture` decoded, where somebody has done so already.
        caption: see `draw`.

    Raises:
        PictureError: `picture` is not the decodable picture that `recognition` speaks of.
    """
    canvas, _ = draw(decode_picture(picture) if image is None else image, recognition, caption)
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=_JPEG_QUALITY, subsampling="4:2:0")
    return AnnotatedPicture(out.getvalue(), "jpg", canvas.size)


def draw(
    image: RgbImage, recognition: Recognition, caption: str = CAPTION
) -> tuple[Image.Image, list[Label]]:
    """Draws on a copy; returns it with the labels' places, one a face, in the faces' order.

    Args:
        image: RGB ``uint8 (H, W, 3)``.
        recognition: boxes in pixels of `image`. Where it holds no face but an answer for the whole
            picture, that is written along the bottom, and the list of labels holds it as number 0.
        caption: how it is written, ``{name}`` in it.

    What the font has no sign for is left out (`recognition.lettering`); of a name of which nothing
    is left the number stands alone.
    """
    factor = _resize_factor((image.shape[1], image.shape[0]))
    if factor != 1:
        size = max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor))
        how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        image = cv2.resize(image, size, interpolation=how)
    canvas = Image.fromarray(image)
    pen = ImageDraw.Draw(canvas)
    type_px = max(_MIN_TYPE_PX, round(_TYPE_SHARE * max(canvas.size)))
    line_px = max(2, round(type_px / 7))
    boxes = [face.box.scaled(factor).clipped(canvas.size) for face in recognition.faces]
    for i, (face, box) in enumerate(zip(recognition.faces, boxes, strict=True)):
        colour = face_colour(i + 1, known=isinstance(face.decision, Match))
        _draw_box(pen, box, _rgb(colour), line_px)
    labels: list[Label] = []
    for i, (face, box) in enumerate(zip(recognition.faces, boxes, strict=True)):
        name = readable(face.decision.name) if isinstance(face.decision, Match) else "?"
        text = f"{i + 1}  {name}" if name else str(i + 1)
        label = _place(i + 1, text, box, boxes, labels, canvas.size, type_px)
        labels.append(label)
        known = isinstance(face.decision, Match)
        _draw_label(pen, label, _rgb(face_colour(i + 1, known=known)), type_px)
    if not recognition.faces and recognition.whole is not None:
        labels.append(_draw_caption(pen, recognition, caption, canvas.size, type_px))
    return canvas, labels


def _resize_factor(size: tuple[int, int]) -> float:
    longest = max(size)
    if longest > _MAX_SIDE_PX:
        return _MAX_SIDE_PX / longest
    # Enlarging a dot would only make a big dot: a few times is what helps reading.
    return min(4.0, _MIN_SIDE_PX / longest) if longest < _MIN_SIDE_PX else 1.0


def _rgb(colour: int) -> tuple[int, int, int]:
    return colour >> 16, colour >> 8 & 255, colour & 255


def _place(
    number: int,
    text: str,
    box: Box,
    faces: list[Box],
    taken: list[Label],
    size: tuple[int, int],
    type_px: int,
) -> Label:
    """The least disturbing place for a label: inside the picture, off labels, off other faces."""
    pad = max(2, round(type_px * 0.3))
    height = type_px + 2 * pad
    best: tuple[float, str, Box] | None = None
    for words, shortness in ((text, 0.0), (str(number), 0.35)):
        words = fitting(words, type_px, size[0] - 2 * pad) or str(number)
        width = width_of(words, type_px) + 2 * pad
        for rank, (x, y) in enumerate(_spots(box, width, height)):
            x = min(max(0.0, x), max(0.0, size[0] - width))
            y = min(max(0.0, y), max(0.0, size[1] - height))
            spot = Box(x, y, min(x + width, size[0]), min(y + height, size[1]))
            area = max(1.0, spot.area)
            over_labels = sum(_overlap(spot, other.place) for other in taken) / area
            over_faces = sum(_overlap(spot, other) for other in faces if other is not box) / area
            over_own = _overlap(spot, box) / area
            # The least overlap is worse than a number without its name.
            covers = 0.5 * (over_labels > 0) + 8 * over_labels
            cost = covers + 1.5 * over_faces + 0.6 * over_own + 0.02 * rank + shortness
            if best is None or cost < best[0]:
                best = cost, words, spot
    assert best is not None
    return Label(number, best[1], best[2], box)


def _spots(box: Box, width: float, height: float) -> list[tuple[float, float]]:
    """Upper left corners to try, best first."""
    middle = box.center[0] - width / 2
    return [
        (box.x0, box.y0 - height),
        (middle, box.y0 - height),
        (box.x1 - width, box.y0 - height),
        (box.x0, box.y1),
        (middle, box.y1),
        (box.x1 - width, box.y1),
        (box.x1, box.y0),
        (box.x0 - width, box.y0),
        (box.x1, box.y1 - height),
        (box.x0 - width, box.y1 - height),
        (box.x0, box.y0),
        (box.x0, box.y1 - height),
        (box.x0, box.y0 - 2 * height),
        (box.x0, box.y1 + height),
    ]


def _overlap(a: Box, b: Box) -> float:
    return Box(max(a.x0, b.x0), max(a.y0, b.y0), min(a.x1, b.x1), min(a.y1, b.y1)).area


def _draw_box(pen: ImageDraw.ImageDraw, box: Box, rgb: tuple[int, int, int], line_px: int) -> None:
    """A coloured frame with a thin white one around it, visible on light and dark pictures."""
    x0, y0, x1, y1 = box.as_ints()
    x1, y1 = max(x0, x1 - 1), max(y0, y1 - 1)
    halo = max(1, line_px // 2)
    pen.rectangle(
        (x0 - halo, y0 - halo, x1 + halo, y1 + halo),
        outline=(255, 255, 255),
        width=line_px + 2 * halo,
    )
    pen.rectangle((x0, y0, x1, y1), outline=rgb, width=line_px)


def _draw_label(
    pen: ImageDraw.ImageDraw, label: Label, rgb: tuple[int, int, int], type_px: int
) -> None:
    spot = label.place
    pen.rounded_rectangle(
        (spot.x0, spot.y0, spot.x1 - 1, spot.y1 - 1),
        radius=max(2, type_px // 4),
        fill=rgb,
        outline=(255, 255, 255),
        width=max(1, type_px // 14),
    )
    x, y = spot.center
    baseline = x, y + _MIDDLE * type_px
    pen.text(baseline, label.text, font=font(type_px), fill=(255, 255, 255), anchor="ms")


def _draw_caption(
    pen: ImageDraw.ImageDraw,
    recognition: Recognition,
    caption: str,
    size: tuple[int, int],
    type_px: int,
) -> Label:
    whole = recognition.whole
    assert whole is not None
    known = isinstance(whole.decision, Match)
    name = readable(whole.decision.name) if isinstance(whole.decision, Match) else "?"
    pad = max(2, round(type_px * 0.3))
    words = readable(caption.format(name=name or ELLIPSIS)) or name or ELLIPSIS
    text = fitting(words, type_px, size[0] - 4 * pad) or words[:1]
    width = min(size[0], width_of(text, type_px) + 2 * pad)
    height = min(size[1], type_px + 2 * pad)
    x, y = min(pad, size[0] - width), max(0, size[1] - height - pad)
    label = Label(0, text, Box(x, y, x + width, y + height), Box(0, 0, *size))
    _draw_label(pen, label, _rgb(face_colour(1, known=known)), type_px)
    return label
