"""Leaderboards, one's own figures, and the end of a season."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

import discord

from cogs.quiz import texts
from cogs.shared.language import _
from cogs.shared.refusals import NotHere, StaffOnly
from cogs.shared.safe import NOBODY, SafeItem, ServedInteraction, run
from store.types import Season

if TYPE_CHECKING:
    from store.opening import Store

MOST_LISTED = 20


async def board(store: Store, guild_id: int, *, all_time: bool) -> discord.Embed:
    """The best of a server. Raises StoreUnavailable."""
    season = None if all_time else await store.quiz_scores.season(guild_id)
    number = None if season is None else season.number
    scores = await store.quiz_scores.board(guild_id, season=number, limit=MOST_LISTED)
    lines = [texts.board_line(one) for one in scores]
    return discord.Embed(
        title=texts.board_title(season), description="\n".join(lines) or texts.nobody_scored()
    )


async def stats(store: Store, guild_id: int, member_id: int) -> discord.Embed:
    """What a member scored in this season and ever. Raises StoreUnavailable."""
    season = await store.quiz_scores.season(guild_id)
    embed = discord.Embed(title=texts.stats_title())
    for one in (season, None):
        score = await store.quiz_scores.of_member(
            guild_id, member_id, season=None if one is None else one.number
        )
        embed.add_field(name=texts.stats_season(one), value=texts.stats(score))
    return embed


def require_manager(interaction: ServedInteraction) -> int:
    """The server, where the member may manage it. Raises NotHere, StaffOnly."""
    if interaction.guild_id is None:
        raise NotHere
    may = interaction.permissions
    if not (may.manage_guild or may.administrator):
        raise StaffOnly("manage")
    return interaction.guild_id


def question(season: Season) -> tuple[str, discord.ui.View]:
    """Asks before a season ends."""
    view = discord.ui.View(timeout=None)
    view.add_item(SeasonButton("end", season.number, _(texts.SURE)))
    view.add_item(SeasonButton("keep", season.number, _(texts.KEEP)))
    return texts.season_question(season), view


class SeasonButton(
    SafeItem[discord.ui.Button[discord.ui.View]],
    template=r"quiz:season:(?P<what>end|keep):(?P<number>\d{1,6})",
):
    """Ends the season that was shown, or leaves it."""

    def __init__(self, what: str, number: int, label: str = "…") -> None:
        style = discord.ButtonStyle.danger if what == "end" else discord.ButtonStyle.secondary
        button: discord.ui.Button[discord.ui.View] = discord.ui.Button(
            label=label, custom_id=f"quiz:season:{what}:{number}", style=style
        )
        super().__init__(button)
        self.what = what
        self.number = number

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[discord.Client],
        item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(match["what"], int(match["number"]))

    async def callback(self, interaction: ServedInteraction) -> None:  # type: ignore[override]
        await run(interaction, self._act)

    async def _act(self, interaction: ServedInteraction) -> None:
        guild_id = require_manager(interaction)
        store = interaction.client.services.store
        if store is None:
            raise NotHere
        text = texts.season_kept()
        if self.what == "end":
            season = await store.quiz_scores.reset(
                guild_id, interaction.user.id, season=self.number
            )
            text = texts.season_begun(season)
        await interaction.response.edit_message(content=text, view=None, allowed_mentions=NOBODY)
