"""The commands: ``/whois`` and the message command **Who is this?**."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from cogs.identify import texts
from cogs.identify.again import Again
from cogs.identify.asking import Asking, Meant, Request
from cogs.identify.surfaces import InteractionSurface
from cogs.shared.pictures import attachment_link, link_option, newest_pictures, pictures_in
from cogs.shared.refusals import ChannelUnreadable, NoPictures
from cogs.shared.services import ServedBot
from recognition.types import Mode

MENU_NAME = texts.MENU_NAME
_EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_EVERYBODY = app_commands.AppInstallationType(guild=True, user=True)
_MODES = [
    app_commands.Choice(name=texts.MODE_FACES, value=Mode.FACES.value),
    app_commands.Choice(name=texts.MODE_WHOLE, value=Mode.WHOLE.value),
]


class Identify(commands.Cog):
    """Answers who is in a picture, one message a request.

    Args:
        asking: the road that requests take.
        again: the second look, which buttons ask for.
        tree: where the message command is put; a cog registers only slash commands by itself.
    """

    def __init__(
        self, asking: Asking, again: Again, tree: app_commands.CommandTree[ServedBot]
    ) -> None:
        self.again = again
        self._asking = asking
        self._tree = tree
        self._menu = app_commands.ContextMenu(
            name=texts.MENU_NAME,
            callback=self.who_is_this,
            allowed_installs=_EVERYBODY,
            allowed_contexts=_EVERYWHERE,
        )

    async def cog_load(self) -> None:
        self._tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        self._tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(description=texts.WHOIS)
    @app_commands.describe(
        picture=texts.OPTION_PICTURE,
        link=texts.OPTION_LINK,
        mode=texts.OPTION_MODE,
        private=texts.OPTION_PRIVATE,
    )
    @app_commands.choices(mode=_MODES)
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def whois(
        self,
        interaction: discord.Interaction,
        picture: discord.Attachment | None = None,
        link: app_commands.Range[str, 1, 2000] | None = None,
        mode: app_commands.Choice[str] | None = None,
        private: bool = False,
    ) -> None:
        links = [] if picture is None else [attachment_link(picture)]
        if link is not None:
            links.append(link_option(link))
        looks = Mode(mode.value) if mode else Mode.AUTO
        if links:
            await self._answer(interaction, Meant(links), looks, private=private)
            return
        _require_readable(interaction)
        await self._answer(interaction, None, looks, private=private)

    async def who_is_this(self, interaction: discord.Interaction, message: discord.Message) -> None:
        links = pictures_in(message)
        if not links:
            raise NoPictures
        await self._answer(interaction, Meant(links))

    async def _answer(
        self,
        interaction: discord.Interaction,
        meant: Meant | None,
        mode: Mode = Mode.AUTO,
        *,
        private: bool = False,
    ) -> None:
        """Answers about what is meant; None: the newest picture in the channel."""

        async def find() -> Meant:
            return meant or await _newest(interaction)

        request = Request(
            asker_id=interaction.user.id,
            guild_id=interaction.guild_id,
            channel_id=interaction.channel_id or 0,
            find=find,
            upload_limit_bytes=interaction.filesize_limit,
            mode=mode,
            private=private,
        )
        await self._asking.answer(request, InteractionSurface(interaction, private=private))


def _require_readable(interaction: discord.Interaction) -> None:
    """Raises ChannelUnreadable where the bot itself is not, or may not look back."""
    here = interaction.context
    if here.private_channel or (interaction.guild_id and not interaction.is_guild_integration()):
        raise ChannelUnreadable
    may = interaction.app_permissions
    if interaction.guild_id and not (may.view_channel and may.read_message_history):
        raise ChannelUnreadable


async def _newest(interaction: discord.Interaction) -> Meant:
    channel = interaction.channel
    if not isinstance(channel, discord.abc.Messageable):
        raise ChannelUnreadable
    message, links = await newest_pictures(channel, interaction.application_id)
    return Meant(links, texts.newest(message.jump_url))
