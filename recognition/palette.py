"""Colours of numbered faces, the same on the picture and on the cards."""

from __future__ import annotations

#: Okabe & Ito 2008, a palette that colour-blind people can tell apart, without black and yellow.
_COLOURS = (0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9)
UNKNOWN_COLOUR = 0x6B7280


def face_colour(number: int, *, known: bool = True) -> int:
    """``0xRRGGBB`` for face `number` (from 1); unknown faces are grey."""
    return _COLOURS[(number - 1) % len(_COLOURS)] if known else UNKNOWN_COLOUR
