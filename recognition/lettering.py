"""Letters on pictures: the font, and how a name is written with the signs that it has.

The font (``recognition/fonts``, its licence beside it) has Latin, Greek and Cyrillic letters, kana,
kanji, hangul and simplified Chinese signs. An accent that it lacks is left out, and so is any other
sign that it lacks: an empty box says nothing.
"""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path

from PIL import ImageFont

FONT = Path(__file__).parent / "fonts" / "names.otf"
ELLIPSIS = "…"
_PROBE_PX = 24
_PLAIN = str.maketrans(
    {
        "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "Ŧ": "T", "ŧ": "t",
        "ı": "i", "Œ": "OE", "œ": "oe", "Ŋ": "N", "ŋ": "n", "ẞ": "SS", "Ə": "E", "ə": "e",
    }
)  # fmt: skip
"""Letters that Unicode takes for no accented ones."""


@functools.lru_cache(maxsize=16)
def font(px: int) -> ImageFont.FreeTypeFont:
    """The font, with letters of `px` pixels."""
    return ImageFont.truetype(str(FONT), px, layout_engine=ImageFont.Layout.BASIC)


def width_of(text: str, px: int) -> float:
    """Pixels that a line takes."""
    return float(font(px).getlength(text))


def fitting(text: str, px: int, room: float) -> str:
    """`text`, cut with an ellipsis where it is wider than `room` pixels; "" where nothing fits."""
    if width_of(text, px) <= room:
        return text
    while text and width_of(text + ELLIPSIS, px) > room:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS if text.strip() else ""


def readable(text: str) -> str:
    """`text` with the signs that the font has; "" where not one letter or digit is left.

    >>> readable("Zoë"), readable("綾波レイ"), readable("Łucja 🌸")
    ('Zoë', '綾波レイ', 'Lucja')
    """
    written = "".join(_written(sign) for sign in unicodedata.normalize("NFC", text))
    written = " ".join(written.split())
    return written if any(one.isalnum() for one in written) else ""


def _written(sign: str) -> str:
    if sign.isspace():
        return " "
    if _has(sign):
        return sign
    plain = unicodedata.normalize("NFKD", sign).translate(_PLAIN)
    return "".join(one for one in plain if _has(one))


@functools.lru_cache(maxsize=8192)
def _has(sign: str) -> bool:
    """Whether the font draws a sign; for one that it lacks it draws nothing at all.

    Accents that stand alone would land beside their letter.
    """
    if unicodedata.category(sign)[0] in "MC":
        return False
    return font(_PROBE_PX).getmask(sign).getbbox() is not None
