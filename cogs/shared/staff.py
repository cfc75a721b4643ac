"""Who may change what others asked for. Checked here, on our side, at every use."""

from __future__ import annotations

import discord

from cogs.shared.services import Services


async def is_staff(interaction: discord.Interaction, services: Services) -> bool:
    """Whether whoever caused the interaction may manage the server or has a teaching role in it.

    Discord computes the permissions and sends them along; no member can. There is no staff outside
    servers.
    """
    if interaction.guild_id is None or not isinstance(interaction.user, discord.Member):
        return False
    if interaction.permissions.manage_guild or interaction.permissions.administrator:
        return True
    if services.store is None:
        return False
    settings = await services.store.settings.get(interaction.guild_id)
    return any(interaction.user.get_role(role) for role in settings.teaching_roles)
