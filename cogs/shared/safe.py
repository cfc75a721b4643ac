"""Buttons, menus and forms: all that cogs have are made of these.

They speak the member's language from the first word on, and their errors are told and logged like
those of commands.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import discord

from cogs.shared.services import ServedBot
from cogs.shared.speech import speak_to

ServedInteraction = discord.Interaction[ServedBot]
NOBODY = discord.AllowedMentions.none()
FORM_S = 1800.0
"""How long a form is waited for: Discord does not tell that somebody closed it."""
_HEARD = "heard"
ItemT = TypeVar("ItemT", bound="discord.ui.Item[Any]")


async def run(
    interaction: ServedInteraction, act: Callable[[ServedInteraction], Awaitable[None]]
) -> None:
    """Does what a button or a form asks for, as a request that a stopping bot waits for."""
    try:
        with interaction.client.services.work.request():
            await act(interaction)
    except Exception as problem:  # noqa: BLE001 - told to the member, and logged, in one place
        await interaction.client.tree.on_error(interaction, problem)  # type: ignore[arg-type]


def was_heard(interaction: discord.Interaction[Any]) -> bool:
    """Whether a view or a form took it; each notes that before it waits for anything."""
    return _HEARD in interaction.extras


class SafeView(discord.ui.View):
    """A question to one person, answered once, as long as the bot and the interaction live.

    Args:
        owner_id: whose it is; nobody else's clicks count.
    """

    def __init__(self, owner_id: int, *, timeout_s: float = 600) -> None:
        super().__init__(timeout=timeout_s)
        self._owner_id = owner_id
        self._answered = False

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        if self._answered:  # pressed twice: the first one is still being worked on
            return False
        interaction.extras[_HEARD] = True
        self._answered = mine = interaction.user.id == self._owner_id
        await speak_to(interaction)
        return mine

    async def on_error(
        self, interaction: discord.Interaction[Any], error: Exception, item: Any, /
    ) -> None:
        await interaction.client.tree.on_error(interaction, error)


class SafeItem(discord.ui.DynamicItem[ItemT], template=r"(?!)"):
    """A button or menu that survives a restart. Its class states the template of its custom ids."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        await speak_to(interaction)
        return True


class SafeModal(discord.ui.Modal):
    """A form, which is forgotten after `timeout_s` seconds: not everybody sends what he opened."""

    def __init__(self, *, title: str, timeout_s: float = FORM_S) -> None:
        super().__init__(title=title, timeout=timeout_s)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        interaction.extras[_HEARD] = True
        await speak_to(interaction)
        return True

    async def on_error(  # type: ignore[override]
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        await interaction.client.tree.on_error(interaction, error)
