"""``/quiz add``, ``/quiz host``, ``/quiz pictures …`` and the message command **Add to quiz**."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.quiz import texts_pictures
from cogs.quiz.deck import Deck
from cogs.quiz.host_deck import HostDeck
from cogs.quiz.offering import Offering
from cogs.quiz.purposes import Hosting, Keeping
from cogs.quiz.sessions import Sessions
from cogs.shared.pictures import attachment_link, pictures_in
from cogs.shared.refusals import FileTooLarge, NoPictures, NotHere, StaffOnly
from cogs.shared.safe import NOBODY
from cogs.shared.services import ServedBot, Services
from cogs.shared.staff import is_staff
from cogs.shared.wording import shortened
from teaching.people import suggest

if TYPE_CHECKING:
    from quizzing.pool import Pool
    from store.opening import Store

Interaction = discord.Interaction[ServedBot]
Name = app_commands.Range[str, 1, 100]
Number = app_commands.Range[int, 1, 2**53 - 1]


class PictureCommands(commands.Cog):
    """Part of `cogs.quiz.cog.QuizCog`: what it does with pictures."""

    pictures = app_commands.Group(name="pictures", description=texts_pictures.PICTURES)

    def open_pictures(
        self, bot: ServedBot, store: Store, sessions: Sessions, decks: Mapping[str, Deck]
    ) -> None:
        """Call it once, before the cog is loaded."""
        services: Services = bot.services
        self._pictured = services
        self._taught = store
        self._menu = app_commands.ContextMenu(
            name=texts_pictures.MENU_NAME,
            callback=self.add_to_quiz,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=False, private_channel=False
            ),
        )
        self._adding: Offering | None = None
        self._hosting: Offering | None = None
        studio, pool, host = services.studio, services.pool, decks.get(HostDeck.name)
        if studio is not None and pool is not None:
            self._adding = Offering(services, store, studio, Keeping(services, pool))
        if studio is not None and isinstance(host, HostDeck):
            purpose = Hosting(services, studio, services.catalog, sessions, host)
            self._hosting = Offering(services, store, studio, purpose)

    @app_commands.command(description=texts_pictures.ADD)
    @app_commands.describe(
        picture=texts_pictures.OPTION_PICTURE,
        character=texts_pictures.OPTION_CHARACTER,
        spoiler=texts_pictures.OPTION_SPOILER,
    )
    async def add(
        self,
        interaction: Interaction,
        picture: discord.Attachment,
        character: Name | None = None,
        spoiler: bool = False,
    ) -> None:
        await self._offer(self._adding, interaction, picture, character, spoiler)

    @app_commands.command(description=texts_pictures.HOST)
    @app_commands.describe(
        picture=texts_pictures.OPTION_PICTURE,
        character=texts_pictures.OPTION_CHARACTER,
        spoiler=texts_pictures.OPTION_SPOILER,
    )
    async def host(
        self,
        interaction: Interaction,
        picture: discord.Attachment,
        character: Name | None = None,
        spoiler: bool = False,
    ) -> None:
        await self._offer(self._hosting, interaction, picture, character, spoiler)

    @add.autocomplete("character")
    @host.autocomplete("character")
    async def _characters(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        taught = await self._taught.gallery.characters(interaction.guild_id or 0)
        return [
            app_commands.Choice(name=shortened(one.subject.name, 100), value=one.key)
            for one in suggest(self._pictured.catalog, taught, typed)
        ]

    async def add_to_quiz(self, interaction: Interaction, message: discord.Message) -> None:
        """Takes the first picture of the message."""
        links = pictures_in(message)
        if not links:
            raise NoPictures
        if self._adding is None:
            raise NotHere
        with self._pictured.work.request():
            await self._adding.begin(interaction, links[0], adult=_is_adult(interaction.channel))

    @pictures.command(name="list", description=texts_pictures.LIST)
    async def list_pictures(self, interaction: Interaction) -> None:
        guild_id, pool = await self._pool(interaction)
        text = texts_pictures.listing(await pool.listed(guild_id))
        await interaction.response.send_message(
            shortened(text, 2000), ephemeral=True, allowed_mentions=NOBODY
        )

    @pictures.command(name="remove", description=texts_pictures.REMOVE)
    @app_commands.describe(number=texts_pictures.OPTION_NUMBER)
    async def remove_picture(self, interaction: Interaction, number: Number) -> None:
        guild_id, pool = await self._pool(interaction)
        gone = await pool.remove(guild_id, number)
        await interaction.response.send_message(
            texts_pictures.removed(gone), ephemeral=True, allowed_mentions=NOBODY
        )

    @pictures.command(name="export", description=texts_pictures.EXPORT)
    async def export_pictures(self, interaction: Interaction) -> None:
        guild_id, pool = await self._pool(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        with self._pictured.work.request():
            data, n = await pool.export(guild_id)
            if len(data) > interaction.filesize_limit:
                raise FileTooLarge(limit=interaction.filesize_limit, actual=len(data))
            file = discord.File(io.BytesIO(data), "quiz-pictures.zip")
            await interaction.edit_original_response(
                content=texts_pictures.exported(n), attachments=[file], allowed_mentions=NOBODY
            )

    async def _offer(
        self,
        offering: Offering | None,
        interaction: Interaction,
        picture: discord.Attachment,
        character: str | None,
        spoiler: bool,
    ) -> None:
        if offering is None:
            raise NotHere
        with self._pictured.work.request():
            await offering.begin(
                interaction,
                attachment_link(picture),
                typed=character or "",
                adult=_is_adult(interaction.channel),
                spoiler=spoiler,
            )

    async def _pool(self, interaction: Interaction) -> tuple[int, Pool]:
        """The server and its pictures, for staff. Raises NotHere, StaffOnly."""
        pool = self._pictured.pool
        if interaction.guild_id is None or pool is None:
            raise NotHere
        if not await is_staff(interaction, self._pictured):
            raise StaffOnly
        return interaction.guild_id, pool


def _is_adult(channel: Any) -> bool:
    """Whether a channel is for adults; a thread is what its channel is."""
    is_nsfw = getattr(channel, "is_nsfw", None)
    return bool(is_nsfw()) if is_nsfw is not None else False
