"""Everybody the bot knows, by series, on pages of one embed each."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator, Sequence

import discord

from catalog.anilist import plain_text
from cogs.characters import texts
from cogs.characters.known import Known
from cogs.shared.language import _

_COLOUR = discord.Colour(0x5B6EE1)
_MOST_SERIES, _MOST_NAMES, _LONGEST_PAGE = 12, 20, 1800


def pages_of(people: Sequence[Known]) -> list[discord.Embed]:
    """The list, at least one page. `people` are sorted by series."""
    if not people:
        return [discord.Embed(description=_(texts.NOBODY_KNOWN), colour=_COLOUR)]
    first = texts.known(len(people), len({one.series for one in people}))
    legend = [_(texts.LEGEND)]
    if any(one.taught for one in people):
        legend.append(_(texts.LEGEND_TAUGHT))
    packed = list(_packed(list(_blocks(people))))
    return [
        discord.Embed(
            title=_(texts.WHO_I_KNOW),
            description="\n".join([first, *legend, "", *blocks]),
            colour=_COLOUR,
        ).set_footer(text=texts.page(number, len(packed)))
        for number, blocks in enumerate(packed, 1)
    ]


def series_key(series: str) -> str:
    """Eight signs for a series' title, short enough for a button."""
    return f"{zlib.crc32(series.encode()):08x}"


def _blocks(people: Sequence[Known]) -> Iterator[str]:
    """One text a series; a cast of more than twenty goes on in another one."""
    for series, cast in itertools.groupby(people, key=lambda one: one.series):
        members = list(cast)
        year = f" ({members[0].year})" if members[0].year is not None else ""
        title = f"**{plain_text(series, 100) or '?'}**{year}"
        for start in range(0, len(members), _MOST_NAMES):
            names = (_name(one) for one in members[start : start + _MOST_NAMES])
            yield f"{title}\n{' · '.join(names)}"


def _name(one: Known) -> str:
    taught = f" {texts.TAUGHT}" if one.taught else ""
    # Blanks that do not break keep the mark beside its name.
    shown = f"{texts.MARKS[one.level]} {plain_text(one.name, 60)}{taught}"
    return shown.replace(" ", "\u00a0")


def _packed(blocks: Sequence[str]) -> Iterator[list[str]]:
    page: list[str] = []
    for block in blocks:
        length = sum(len(one) + 1 for one in page) + len(block)
        if page and (len(page) == _MOST_SERIES or length > _LONGEST_PAGE):
            yield page
            page = []
        page.append(block)
    yield page
