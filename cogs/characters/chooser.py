"""The menu that asks which character is meant. Its custom id names the asker, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Self

import discord

from catalog.lookup import MOST_OPTIONS, Lookup, Option, Ref
from cogs.characters import texts
from cogs.characters.answer import Answer, answer_of
from cogs.shared.language import _
from cogs.shared.private import tell_privately
from cogs.shared.safe import SafeItem, ServedInteraction, run
from cogs.shared.speech import in_tongue_of

_LONGEST_LABEL = 100


class CharacterSelect(
    SafeItem[discord.ui.Select[discord.ui.View]],
    template=r"characters:choose:(?P<asker>\d{1,20})",
):
    """Chooses one of up to 25 characters; only the asker may."""

    def __init__(self, asker_id: int, options: Sequence[discord.SelectOption] = ()) -> None:
        super().__init__(
            discord.ui.Select(
                custom_id=f"characters:choose:{asker_id}",
                placeholder=_(texts.CHOOSE),
                options=list(options),
            )
        )
        self.asker_id = asker_id

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[discord.Client],
        item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(int(match["asker"]))

    async def callback(self, interaction: ServedInteraction) -> None:  # type: ignore[override]
        await run(interaction, self._choose)

    async def _choose(self, interaction: ServedInteraction) -> None:
        if interaction.user.id != self.asker_id:
            await tell_privately(interaction, _(texts.NOT_YOURS))
            return
        await interaction.response.defer()
        services = interaction.client.services
        ref = Ref.parse(self.item.values[0]) if self.item.values else None
        lookup = Lookup(services.catalog, services.anilist)
        entry = None if ref is None else await lookup.entry(ref)
        with in_tongue_of(interaction.message):
            answer = await answer_of(entry, services, interaction.guild_id)
        if not isinstance(answer, Answer):  # the menu stays: somebody else can be chosen
            await tell_privately(interaction, answer())
            return
        await interaction.edit_original_response(content=None, embed=answer.embed, view=answer.view)


def chooser(asker_id: int, content: str, options: Sequence[Option]) -> Answer:
    """The question and its menu; the first 25 of `options`."""
    view = discord.ui.View(timeout=None)
    view.add_item(CharacterSelect(asker_id, [_shown(one) for one in options[:MOST_OPTIONS]]))
    return Answer(content=content, view=view)


def label_of(option: Option) -> str:
    """``"Ayanami Rei · Neon Genesis Evangelion"``, at most 100 characters."""
    label = f"{option.name} · {option.series}"
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1].rstrip() + "…"


def _shown(option: Option) -> discord.SelectOption:
    series = option.series if option.year is None else f"{option.series} ({option.year})"
    name, series = option.name[:_LONGEST_LABEL], series[:_LONGEST_LABEL]
    return discord.SelectOption(label=name, description=series or None, value=str(option.ref))
