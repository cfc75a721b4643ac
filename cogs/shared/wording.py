"""Small pieces of text that every feature needs: names made safe, lists, percentages, lengths."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence

import discord
from babel.dates import format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

from cogs.shared.language import _, babel_locale, pgettext


def percent(probability: float) -> str:
    """Whole percent, 1 to 99: nothing here is ever certain.

    >>> percent(0.834), percent(1.0)
    ('83 %', '99 %')
    """
    return share(min(99, max(1, round(100 * probability))))


def share(percents: float, digits: int = 0) -> str:
    """A percentage as it is written in the spoken language."""
    return _("{number} %").format(number=decimal(percents, digits))


def decimal(number: float, digits: int = 0) -> str:
    """A number as it is written in the spoken language: ``"12,345"``, ``"0.50"``."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(number, pattern, locale=babel_locale()))


def day_of_year(month: int, day: int) -> str:
    """``"30 March"`` in the spoken language. 29 February is one, too."""
    # Some leap year: of the year nothing is shown.
    shown = format_skeleton("MMMMd", datetime.date(2000, month, day), locale=babel_locale())
    return str(shown)


def colour(words: str) -> str:
    """The colour of hair or eyes, as ``data/characters.json`` has it, in the spoken language."""
    return pgettext("colour", words)


def capitalised(text: str) -> str:
    """With a large first letter, and the others as they are."""
    return text[:1].upper() + text[1:]


def escaped(text: str, longest: int = 100) -> str:
    """Text that others wrote, safe in Discord's markdown: it cannot format, link or mention.

    Shortened to `longest` characters before escaping.
    """
    text = shortened(" ".join(text.split()), longest)
    text = discord.utils.escape_markdown(discord.utils.escape_mentions(text), ignore_links=False)
    # Left over by the two: masked links, <#channels>, </commands>, <t:times>, headings, addresses.
    for sign in "[]<>#":
        text = text.replace(sign, "\\" + sign)
    return text.replace("://", ":\u200b//")


def shortened(text: str, longest: int) -> str:
    """`text`, cut with an ellipsis where it has more than `longest` characters."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def listed(items: Sequence[str]) -> str:
    """``"a"``, ``"a and b"``, ``"a, b and c"``, as the spoken language lists things."""
    return str(format_list(list(items), locale=babel_locale()))


def numbers_text(numbers: Sequence[int], most: int = 25) -> str:
    """Ascending numbers, runs of three and more as ranges; at most `most` of these pieces.

    >>> numbers_text([1, 2, 4, 5, 6])
    '1, 2, 4–6'
    """
    pieces: list[str] = []
    for _step, run in itertools.groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        members = [number for _index, number in run]
        few = len(members) < 3
        pieces += map(str, members) if few else [f"{members[0]}–{members[-1]}"]
    return ", ".join(pieces if len(pieces) <= most else [*pieces[:most], "…"])


def length(text: str) -> int:
    """Characters as the strictest client counts them: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
