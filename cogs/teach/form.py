"""The form of **Teach this…**: a name, or somebody who was taught here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

from cogs.shared.language import _
from cogs.shared.picture_link import PictureLink
from cogs.shared.safe import SafeModal, ServedInteraction, run
from cogs.shared.wording import shortened
from cogs.teach import texts
from cogs.teach.flow import Lessons
from store.errors import ValueRefused
from store.types import CharacterSummary
from teaching.people import MOST


class TeachForm(SafeModal):
    """Asks who the pictures of a message show; what comes close to a name is asked afterwards."""

    def __init__(
        self, lessons: Lessons, taught: Sequence[CharacterSummary], links: Sequence[PictureLink]
    ) -> None:
        super().__init__(title=_(texts.MENU_NAME))
        self._lessons = lessons
        self._links = links
        latest = sorted(taught, key=lambda one: one.last_taught_at, reverse=True)[:MOST]
        self._name: discord.ui.TextInput[Any] = discord.ui.TextInput(
            max_length=100, required=not latest
        )
        self.add_item(
            discord.ui.Label(text=_(texts.WHO), description=_(texts.WHO_HELP), component=self._name)
        )
        self._series: discord.ui.TextInput[Any] = discord.ui.TextInput(
            max_length=200, required=False
        )
        self.add_item(
            discord.ui.Label(
                text=_(texts.SERIES), description=_(texts.SERIES_HELP), component=self._series
            )
        )
        self._known: discord.ui.Select[Any] | None = None
        if latest:
            options = [
                discord.SelectOption(
                    label=shortened(one.name, 100),
                    description=shortened(one.series, 100) or None,
                    value=f"catalog:{one.catalog_id}" if one.catalog_id else f"own:{one.id}",
                )
                for one in latest
            ]
            self._known = discord.ui.Select(options=options, required=False)
            self.add_item(discord.ui.Label(text=_(texts.KNOWN), component=self._known))

    async def on_submit(self, interaction: ServedInteraction) -> None:  # type: ignore[override]
        await run(interaction, self._begin)

    async def _begin(self, interaction: ServedInteraction) -> None:
        chosen = self._known.values if self._known else []
        typed = self._name.value.strip() or (chosen[0] if chosen else "")
        if not typed:
            raise ValueRefused("name", typed)
        await self._lessons.begin(interaction, typed, self._series.value, self._links)
