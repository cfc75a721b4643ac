"""Small pieces of text that cards, alt text and the answer's first line share."""

from __future__ import annotations

from cogs.identify.texts import CERTAINTIES
from cogs.shared.language import _
from cogs.shared.wording import escaped, length, listed, numbers_text, percent, shortened

__all__ = ["escaped", "how_sure", "length", "listed", "numbers_text", "percent", "shortened"]


def how_sure(probability: float) -> str:
    """A probability in words and numbers: ``"quite sure, 83 %"``."""
    words = next(words for least, words in CERTAINTIES if probability >= least)
    return _(words).format(percent=percent(probability))
