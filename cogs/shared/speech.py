"""The one place in which a language is chosen: where the handling of an event begins.

- What one member alone sees speaks that member's language, as Discord states it.
- What everybody sees speaks the server's, where staff chose one, and otherwise the asker's own:
  ``with in_public():`` around what is shown to all.
- A message has no language: what answers it speaks the server's, chosen or as Discord has it.
- What changes a message that is there speaks as that message does: `in_tongue_of`, or the locale
  that was kept with it.

Commands, menus and suggestions come through `SpeakingTree`; buttons, selects and forms through the
bases in ``cogs/shared/safe.py``; listeners to messages call `speak_in`. A test walks through them.
"""

from __future__ import annotations

import contextlib
from typing import Any

import discord
from discord import app_commands

from cogs.shared import language
from cogs.shared.services import ServedBot, Services


async def speak_to(interaction: discord.Interaction[Any]) -> None:
    """From here on speaks to whoever caused the interaction. Raises nothing."""
    services: Services = interaction.client.services
    chosen = await services.languages.of(interaction.guild_id)
    language.speak(str(interaction.locale), chosen)


async def speak_in(services: Services, guild: discord.Guild | None) -> None:
    """From here on speaks to a server; to nobody in particular (None) in English."""
    language.speak(await language_of(services, guild))


async def language_of(services: Services, guild: discord.Guild | None) -> str:
    """The language of a server, for what nobody in particular asked for."""
    if guild is None:
        return language.ENGLISH
    chosen = await services.languages.of(guild.id)
    return language.supported(chosen or str(guild.preferred_locale))


def in_tongue_of(message: discord.Message | None) -> contextlib.AbstractContextManager[None]:
    """Speaks as a message of ours does: to one member, or to everybody."""
    mine = message is not None and message.flags.ephemeral
    return contextlib.nullcontext() if mine else language.in_public()


class SpeakingTree(app_commands.CommandTree[ServedBot]):
    """All commands, menus and suggestions: each begins by choosing the language."""

    async def interaction_check(self, interaction: discord.Interaction[ServedBot], /) -> bool:
        await speak_to(interaction)
        return True
