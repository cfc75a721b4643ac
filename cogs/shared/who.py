"""Whom somebody means, where a name is close to several."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord

from cogs.shared import texts
from cogs.shared.safe import SafeView, ServedInteraction, run
from cogs.shared.wording import shortened
from store.types import Subject
from teaching.people import Person

_MOST_OPTIONS = 25


class WhoChoice(SafeView):
    """Several are close to what was typed; the last option is somebody new of that name."""

    def __init__(
        self,
        owner_id: int,
        people: Sequence[Person],
        new: Subject,
        then: Callable[[ServedInteraction, Subject], Awaitable[None]],
    ) -> None:
        super().__init__(owner_id)
        self._then = then
        self._subjects = [*(one.subject for one in people[: _MOST_OPTIONS - 1]), new]
        options = [
            discord.SelectOption(
                label=shortened(one.name, 100),
                description=shortened(one.series, 100) or None,
                value=str(index),
            )
            for index, one in enumerate(self._subjects[:-1])
        ]
        label = shortened(texts.new(new.name), 100)
        options.append(discord.SelectOption(label=label, value=str(len(options))))
        self._menu: discord.ui.Select[Any] = discord.ui.Select(
            placeholder=texts.who(), options=options
        )
        self._menu.callback = self._chosen  # type: ignore[assignment]
        self.add_item(self._menu)

    async def _chosen(self, interaction: ServedInteraction) -> None:
        self.stop()
        subject = self._subjects[int(self._menu.values[0])]
        await run(interaction, lambda one: self._then(one, subject))
