"""``/settings``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.settings import texts
from cogs.settings.panel import embed_of, panel, require_manager
from cogs.shared.safe import NOBODY

if TYPE_CHECKING:
    from store.opening import Store


class SettingsCog(commands.Cog, name="Settings"):
    """Opens the panel; what is gone in Discord is taken out of the settings."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @app_commands.command(description=texts.COMMAND)
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.default_permissions(manage_guild=True)
    async def settings(self, interaction: discord.Interaction[Any]) -> None:
        settings = await self._store.settings.get(require_manager(interaction))
        await interaction.response.send_message(
            embed=embed_of(settings, content=interaction.client.intents.message_content),
            view=panel(settings, "places"),
            ephemeral=True,
            allowed_mentions=NOBODY,
        )

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self._store.settings.gone(channel.guild.id, channel_id=channel.id)

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        await self._store.settings.gone(role.guild.id, role_id=role.id)
