"""Small pieces of text that cards, alt text and the answer's first line share."""

from __future__ import annotations

from cogs.shared.wording import escaped, length, listed, numbers_text, percent, shortened

__all__ = ["escaped", "how_sure", "length", "listed", "numbers_text", "percent", "shortened"]

_WORDS = ((0.95, "very sure"), (0.8, "quite sure"), (0.6, "fairly sure"), (0.4, "not very sure"))


def how_sure(probability: float) -> str:
    """A probability in words and numbers: ``"quite sure, 83 %"``."""
    words = next((word for least, word in _WORDS if probability >= least), "only a guess")
    return f"{words}, {percent(probability)}"
