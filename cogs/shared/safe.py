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


class SafeView(discord.ui.View):
    """A view for one person, as long as the bot and the interaction live.

    Args:
        owner_id: whose it is; nobody else's clicks count.
    """

    def __init__(self, owner_id: int, *, timeout_s: float = 600) -> None:
        super().__init__(timeout=timeout_s)
        self._owner_id = owner_id

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        await speak_to(interaction)
        return interaction.user.id == self._owner_id

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
    """A form."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        await speak_to(interaction)
        return True

    async def on_error(  # type: ignore[override]
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        await interaction.client.tree.on_error(interaction, error)
