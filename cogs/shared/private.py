"""Tells one person something, whatever has been answered to them before."""

from __future__ import annotations

import logging

import discord

log = logging.getLogger(__name__)


async def tell_privately(interaction: discord.Interaction, text: str) -> None:
    """Sends an ephemeral message to whoever caused the interaction.

    After a public acknowledgement ("… is thinking") Discord makes the first follow-up take its
    place *and its visibility*, so a refusal would be public. The acknowledgement is therefore
    taken back first; what follows is a message of its own. A button's acknowledgement has none: its
    original response is the message with the button, which stays.

    Raises:
        discord.HTTPException: Discord does not take it (the interaction may be too old).
    """
    mentions = discord.AllowedMentions.none()
    if not interaction.response.is_done():
        await interaction.response.send_message(text, ephemeral=True, allowed_mentions=mentions)
        return
    thinking = discord.InteractionResponseType.deferred_channel_message
    if interaction.response.type is thinking:
        try:
            await interaction.delete_original_response()
        except discord.HTTPException:
            # Better told in the open than left with "thinking" for ever.
            log.warning("could not take the acknowledgement back", exc_info=True)
    await interaction.followup.send(text, ephemeral=True, allowed_mentions=mentions)
