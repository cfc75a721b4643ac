"""What the one who teaches is asked: which face, and whether to learn it anyway."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from cogs.shared.language import _
from cogs.shared.safe import SafeView, ServedInteraction, run
from cogs.teach import texts

_MOST_OPTIONS = 25
_NONE = "none"


class FaceChoice(SafeView):
    """Faces 1 to `count` of a picture, or none of them."""

    def __init__(
        self,
        owner_id: int,
        count: int,
        then: Callable[[ServedInteraction, int | None], Awaitable[None]],
    ) -> None:
        super().__init__(owner_id)
        self._then = then
        # One place of the menu is for "none of these".
        options = [
            discord.SelectOption(label=texts.face(number), value=str(number))
            for number in range(1, min(count, _MOST_OPTIONS - 1) + 1)
        ]
        options.append(discord.SelectOption(label=_(texts.NONE_OF_THEM), value=_NONE))
        self._menu: discord.ui.Select[Any] = discord.ui.Select(
            placeholder=_(texts.WHICH), options=options
        )
        self._menu.callback = self._chosen  # type: ignore[assignment]
        self.add_item(self._menu)

    async def _chosen(self, interaction: ServedInteraction) -> None:
        self.stop()
        value = self._menu.values[0]
        number = None if value == _NONE else int(value)
        await run(interaction, lambda one: self._then(one, number))


class KeepChoice(SafeView):
    """Some pictures were left out, because they look like somebody else."""

    def __init__(self, owner_id: int, then: Callable[[ServedInteraction], Awaitable[None]]) -> None:
        super().__init__(owner_id)
        self._then = then
        button: discord.ui.Button[Any] = discord.ui.Button(label=_(texts.KEEP))
        button.callback = self._pressed  # type: ignore[assignment]
        self.add_item(button)

    async def _pressed(self, interaction: ServedInteraction) -> None:
        self.stop()
        await run(interaction, self._then)
