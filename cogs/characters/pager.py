"""The buttons under ``/characters``. A custom id holds the asker, the page and the series."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from typing import Self

import discord

from cogs.characters import texts
from cogs.characters.known import Known, known_here
from cogs.characters.listing import pages_of, series_key
from cogs.shared.language import _
from cogs.shared.safe import SafeItem, ServedInteraction, run
from cogs.shared.speech import in_tongue_of

ALL = "all"
_LAST_PAGE = 999


class PageButton(
    SafeItem[discord.ui.Button[discord.ui.View]],
    template=r"characters:page:(?P<asker>\d{1,20}):(?P<series>all|[0-9a-f]{8}):(?P<page>\d{1,3})"
    r":(?P<side>[<>])",
):
    """Shows another page: the asker's list turns, everybody else gets one of their own.

    ``page`` counts from 0; one that is no more (the bot forgot somebody) is the last one.
    """

    def __init__(
        self, asker_id: int, series: str, page: int, side: str, *, disabled: bool = False
    ) -> None:
        label = texts.PREVIOUS if side == "<" else texts.NEXT
        super().__init__(
            discord.ui.Button(
                label=_(label),
                # The side keeps two buttons apart that lead to the same page.
                custom_id=f"characters:page:{asker_id}:{series}:{page}:{side}",
                disabled=disabled,
            )
        )
        self.asker_id, self.series, self.page = asker_id, series, page

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[discord.Client],
        item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(int(match["asker"]), match["series"], int(match["page"]), match["side"])

    async def callback(self, interaction: ServedInteraction) -> None:  # type: ignore[override]
        await run(interaction, self._turn)

    async def _turn(self, interaction: ServedInteraction) -> None:
        people = await known_here(interaction.client.services, interaction.guild_id)
        mine = interaction.user.id == self.asker_id
        with in_tongue_of(interaction.message) if mine else contextlib.nullcontext():
            embed, view = page_of(people, interaction.user.id, self.series, self.page)
        if mine:
            await interaction.response.edit_message(embed=embed, view=view)
        elif view is None:
            await interaction.response.send_message(embed=embed, ephemeral=True)
        else:
            await interaction.response.send_message(embed=embed, view=view, ephemeral=True)


def page_of(
    people: Sequence[Known], asker_id: int, series: str, page: int
) -> tuple[discord.Embed, discord.ui.View | None]:
    """One page of the list and its buttons; None where there is but one page.

    Args:
        people: sorted by series.
        series: `ALL`, or the key of one (see ``listing.series_key``).
        page: from 0; the last one where there are fewer.
    """
    if series != ALL:
        people = [one for one in people if series_key(one.series) == series]
    pages = pages_of(people)
    page = min(page, len(pages) - 1)
    if len(pages) == 1:
        return pages[0], None
    view = discord.ui.View(timeout=None)
    before, after = max(page - 1, 0), min(page + 1, _LAST_PAGE)
    view.add_item(PageButton(asker_id, series, before, "<", disabled=page == 0))
    view.add_item(PageButton(asker_id, series, after, ">", disabled=page == len(pages) - 1))
    return pages[page], view
