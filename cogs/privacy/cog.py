"""``/privacy`` and ``/forget``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.privacy import texts
from cogs.shared.language import _
from cogs.shared.refusals import NotHere, OwnerOnly
from cogs.shared.safe import SafeView, ServedInteraction, run

if TYPE_CHECKING:
    from store.opening import Store

Act = Callable[[ServedInteraction], Awaitable[str]]


class Ask(SafeView):
    """Asks first: `choices` are labels of what would be done, returning what to say of it."""

    def __init__(self, owner_id: int, choices: dict[str, Act]) -> None:
        super().__init__(owner_id)
        for label, act in choices.items():
            self._add(label, discord.ButtonStyle.danger, act)
        self._add(_(texts.CANCEL), discord.ButtonStyle.secondary, _nothing)

    def _add(self, label: str, style: discord.ButtonStyle, act: Act) -> None:
        button: discord.ui.Button[Any] = discord.ui.Button(label=label, style=style)

        async def pressed(interaction: ServedInteraction) -> None:
            self.stop()

            async def do(one: ServedInteraction) -> None:
                await one.response.defer()
                text = await act(one)
                await one.edit_original_response(content=text, view=None)

            await run(interaction, do)

        button.callback = pressed  # type: ignore[assignment]
        self.add_item(button)


class Privacy(commands.Cog):
    """Tells what is kept."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @app_commands.command(description=texts.PRIVACY)
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def privacy(self, interaction: discord.Interaction[Any]) -> None:
        crops = None
        if interaction.guild_id is not None and interaction.is_guild_integration():
            crops = (await self._store.settings.get(interaction.guild_id)).keep_crops
        held = await self._store.privacy.held_everywhere(interaction.user.id)
        text = texts.kept(self._store.keeper.retention, crops=crops, kind=self._store.kind)
        embed = discord.Embed(title=_(texts.TITLE), description=f"{text}\n\n{texts.held(held)}")
        await interaction.response.send_message(embed=embed, ephemeral=True)


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Forget(commands.GroupCog, group_name="forget", group_description=texts.FORGET):
    """Forgets, after asking. A member can have himself forgotten, an owner the server."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @app_commands.command(description=texts.FORGET_ME)
    async def me(self, interaction: discord.Interaction[Any]) -> None:
        privacy, member_id, guild_id = (
            self._store.privacy,
            interaction.user.id,
            interaction.guild_id,
        )

        async def here(_pressed: ServedInteraction) -> str:
            assert guild_id is not None
            return texts.forgotten(await privacy.forget_member(guild_id, member_id))

        async def everywhere(_pressed: ServedInteraction) -> str:
            return texts.forgotten(await privacy.forget_member_everywhere(member_id))

        everything = await privacy.held_everywhere(member_id)
        choices: dict[str, Act] = {_(texts.EVERYWHERE): everywhere}
        held = None
        if guild_id is not None:
            held = await privacy.held(guild_id, member_id)
            choices = {_(texts.HERE): here, **choices}
        await interaction.response.send_message(
            texts.sure(held, everything), view=Ask(member_id, choices), ephemeral=True
        )

    @app_commands.command(description=texts.FORGET_SERVER)
    async def server(self, interaction: discord.Interaction[Any]) -> None:
        require_owner(interaction)

        async def forget(one: ServedInteraction) -> str:
            # Asked again: the server may have changed hands since.
            await self._store.privacy.forget_server(require_owner(one))
            return _(texts.SERVER_FORGOTTEN)

        view = Ask(interaction.user.id, {_(texts.YES): forget})
        await interaction.response.send_message(_(texts.SURE_SERVER), view=view, ephemeral=True)


def require_owner(interaction: ServedInteraction) -> int:
    """The server, where whoever asks owns it. Raises NotHere, OwnerOnly."""
    guild = interaction.guild
    if guild is None or not interaction.is_guild_integration():
        raise NotHere
    if guild.owner_id != interaction.user.id:
        raise OwnerOnly
    return guild.id


async def _nothing(_pressed: ServedInteraction) -> str:
    return _(texts.CANCELLED)
