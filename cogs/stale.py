"""Questions that nobody waits for any more: menus and forms of before a restart, or old ones.

Buttons of answers, lists and suggestions survive a restart. What the bot asks one member in between
(whom they mean, which face) hangs on pictures that lie in memory alone, so it ends with the process
or after some minutes. Whoever chooses then is told so, instead of seeing Discord fail.
"""

from __future__ import annotations

import logging
import re
from typing import Any

import discord
from discord.ext import commands

from cogs.shared import texts
from cogs.shared.private import tell_privately
from cogs.shared.safe import was_heard
from cogs.shared.services import ServedBot
from cogs.shared.speech import speak_to

_ASKING = (discord.InteractionType.component, discord.InteractionType.modal_submit)
_MADE_UP = re.compile(r"[0-9a-f]{32}")
"""The ids that discord.py makes up for what lives in memory; what survives has ids of ours."""
log = logging.getLogger(__name__)


class Stale(commands.Cog):
    """Answers what nobody else answers."""

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        # Views and forms have been called before this listener, and noted it in their first step.
        data: dict[str, Any] = dict(interaction.data or {})
        custom_id = str(data.get("custom_id", ""))
        if interaction.type not in _ASKING or not _MADE_UP.fullmatch(custom_id):
            return
        if was_heard(interaction):
            return
        with interaction.client.services.work.part():
            await speak_to(interaction)
            try:
                await tell_privately(interaction, texts.question_over())
            except discord.HTTPException:
                log.info("could not tell that a question is over", exc_info=True)


async def setup(bot: ServedBot) -> None:
    await bot.add_cog(Stale())
