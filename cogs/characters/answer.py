"""What is sent for a character."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import discord

from catalog.lookup import Entry
from cogs.characters import texts
from cogs.characters.card import embed_of, view_of
from cogs.characters.known import level_of
from cogs.shared.language import _
from cogs.shared.services import Services


@dataclass(frozen=True, slots=True)
class Answer:
    """The parts of a message."""

    content: str | None = None
    embed: discord.Embed | None = None
    view: discord.ui.View | None = None


Sentence = Callable[[], str]
"""Why there is no answer, for one member alone and in their language: it is said when it is told.
"""


async def answer_of(
    entry: Entry | None, services: Services, guild_id: int | None
) -> Answer | Sentence:
    """The card, as it is in a server; or why there is none.

    Args:
        guild_id: None outside of servers.
    """
    if entry is None:
        return lambda: _(texts.GONE)
    character = entry.character
    if character is None and entry.profile is None:
        return texts.silent
    level = None if character is None else await level_of(services, guild_id, character.id)
    return Answer(embed=embed_of(entry, level), view=view_of(entry))
