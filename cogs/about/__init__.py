"""``/about``: who the bot is, whom it knows, how well, and how busy it is."""

from __future__ import annotations

import math
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.about import texts
from cogs.shared.language import _
from cogs.shared.services import ServedBot, Services


class About(commands.Cog):
    """Shows what was measured, not what would be nice."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(description=texts.COMMAND)
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def about(self, interaction: discord.Interaction[Any]) -> None:
        services, facts = self._services, self._services.facts
        taught = None
        if services.store is not None and interaction.guild_id is not None:
            taught = len(await services.store.gallery.characters(interaction.guild_id))
        gallery, encoder = services.recognizer.gallery, services.recognizer.encoder
        series = len({one.series for one in gallery})
        latency_s = interaction.client.latency
        latency_ms = 1000 * latency_s if math.isfinite(latency_s) else None
        embed = discord.Embed(
            title=texts.TITLE, description=texts.version(facts.version, facts.model_id)
        )
        embed.add_field(
            name=_(texts.WHOM), value=texts.knows(len(gallery), series, taught), inline=False
        )
        embed.add_field(name=_(texts.HOW_WELL), value=texts.measured(facts.measured), inline=False)
        busy = texts.busy(encoder.waiting, encoder.limit, latency_ms)
        timings = services.timings
        half_s, most_s = timings.share_within(0.5), timings.share_within(0.95)
        if half_s is not None and most_s is not None:
            busy += f"\n{texts.latency(len(timings), half_s, most_s)}"
        embed.add_field(name=_(texts.HOW_BUSY), value=busy, inline=False)
        await interaction.response.send_message(embed=embed, ephemeral=True)


async def setup(bot: ServedBot) -> None:
    await bot.add_cog(About(bot.services))
