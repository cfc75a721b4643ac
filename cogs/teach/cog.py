"""``/teach …`` and the message command **Teach this…**."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.shared.language import _
from cogs.shared.pictures import attachment_link, pictures_in
from cogs.shared.refusals import FileTooLarge, NobodyTaught, NoPictures, NotHere, StaffOnly
from cogs.shared.safe import NOBODY, ServedInteraction
from cogs.shared.services import ServedBot, Services
from cogs.shared.staff import is_staff
from cogs.shared.wording import shortened
from cogs.teach import texts
from cogs.teach.flow import Lessons
from cogs.teach.form import TeachForm
from cogs.teach.log import page_of
from recognition.errors import CharacterNotAdded
from store.types import CharacterSummary
from teaching.people import of_taught, suggest

if TYPE_CHECKING:
    from store.opening import Store
    from teaching.teacher import Teacher

MOST_FILE_BYTES = 24 * 1024 * 1024
Name = app_commands.Range[str, 1, 100]
Series = app_commands.Range[str, 1, 200]
_PICTURES = {f"picture{number}": texts.OPTION_PICTURE for number in range(1, 11)}


@app_commands.guild_only()
@app_commands.allowed_installs(guilds=True, users=False)
class Teach(commands.GroupCog, group_name="teach", group_description=texts.GROUP):
    """Members suggest, staff teach. Who is staff is checked here, at each use."""

    def __init__(self, bot: ServedBot, store: Store, teacher: Teacher) -> None:
        self._services: Services = bot.services
        self._store = store
        self._teacher = teacher
        self._lessons = Lessons(bot.services, store, teacher)
        self._tree = bot.tree
        self._menu = app_commands.ContextMenu(
            name=texts.MENU_NAME,
            callback=self.teach_this,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=False, private_channel=False
            ),
        )

    async def cog_load(self) -> None:
        self._tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        self._tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(description=texts.ADD)
    @app_commands.describe(
        character=texts.OPTION_CHARACTER, series=texts.OPTION_SERIES, **_PICTURES
    )
    async def add(
        self,
        interaction: discord.Interaction[Any],
        character: Name,
        picture1: discord.Attachment,
        picture2: discord.Attachment | None = None,
        picture3: discord.Attachment | None = None,
        picture4: discord.Attachment | None = None,
        picture5: discord.Attachment | None = None,
        picture6: discord.Attachment | None = None,
        picture7: discord.Attachment | None = None,
        picture8: discord.Attachment | None = None,
        picture9: discord.Attachment | None = None,
        picture10: discord.Attachment | None = None,
        series: Series | None = None,
    ) -> None:
        given = (
            picture1, picture2, picture3, picture4, picture5,
            picture6, picture7, picture8, picture9, picture10,
        )  # fmt: skip
        links = [attachment_link(one) for one in given if one is not None]
        with self._services.work.request():
            await self._lessons.begin(interaction, character, series or "", links)

    async def teach_this(
        self, interaction: discord.Interaction[Any], message: discord.Message
    ) -> None:
        links = pictures_in(message)
        if not links:
            raise NoPictures
        await self._lessons.require(interaction)  # before anybody fills in a form for nothing
        taught = await self._store.gallery.characters(_server(interaction))
        await interaction.response.send_modal(TeachForm(self._lessons, taught, links))

    @app_commands.command(description=texts.UNDO)
    @app_commands.describe(entry=texts.OPTION_ENTRY)
    async def undo(
        self,
        interaction: discord.Interaction[Any],
        entry: app_commands.Range[int, 1, 2**53 - 1] | None = None,
    ) -> None:
        guild_id = await self._staff(interaction)
        action = await self._store.undo.undo(guild_id, entry, actor_id=interaction.user.id)
        await _tell(interaction, texts.undone(action))

    @app_commands.command(description=texts.LOG)
    async def log(self, interaction: discord.Interaction[Any]) -> None:
        guild_id = await self._staff(interaction)
        page = await page_of(self._store, guild_id, None)
        await interaction.response.send_message(
            page.text, view=page.view, ephemeral=True, allowed_mentions=NOBODY
        )

    @app_commands.command(description=texts.REMOVE)
    @app_commands.describe(character=texts.OPTION_TAUGHT)
    async def remove(self, interaction: discord.Interaction[Any], character: Name) -> None:
        guild_id = await self._staff(interaction)
        one = await self._taught(guild_id, character)
        await self._store.edits.remove(guild_id, one.id, actor_id=interaction.user.id)
        await _tell(interaction, texts.removed(one.name))

    @app_commands.command(description=texts.RENAME)
    @app_commands.describe(
        character=texts.OPTION_TAUGHT, name=texts.OPTION_NAME, series=texts.OPTION_NEW_SERIES
    )
    async def rename(
        self,
        interaction: discord.Interaction[Any],
        character: Name,
        name: Name,
        series: Series | None = None,
    ) -> None:
        guild_id = await self._staff(interaction)
        one = await self._taught(guild_id, character)
        if one.catalog_id is not None:
            raise CharacterNotAdded(one.catalog_id)
        await self._store.edits.rename(
            guild_id, one.id, name, series=series, actor_id=interaction.user.id
        )
        await _tell(interaction, texts.renamed(one.name, name))

    @app_commands.command(description=texts.MERGE)
    @app_commands.describe(source=texts.OPTION_SOURCE, target=texts.OPTION_TARGET)
    async def merge(
        self, interaction: discord.Interaction[Any], source: Name, target: Name
    ) -> None:
        guild_id = await self._staff(interaction)
        gone, stays = await self._taught(guild_id, source), await self._taught(guild_id, target)
        await self._store.edits.merge(guild_id, gone.id, stays.id, actor_id=interaction.user.id)
        await _tell(interaction, texts.merged(gone.name, stays.name))

    @app_commands.command(name="export", description=texts.EXPORT)
    async def export_file(self, interaction: discord.Interaction[Any]) -> None:
        guild_id = await self._staff(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        data, characters = await self._teacher.export(guild_id)
        if not characters:
            await interaction.edit_original_response(content=_(texts.NOTHING_TO_EXPORT))
            return
        if len(data) > interaction.filesize_limit:
            raise FileTooLarge(limit=interaction.filesize_limit, actual=len(data))
        file = discord.File(io.BytesIO(data), filename="aniwhois-gallery.zip")
        await interaction.edit_original_response(content=_(texts.EXPORTED), attachments=[file])

    @app_commands.command(name="import", description=texts.IMPORT)
    @app_commands.describe(file=texts.OPTION_FILE)
    async def import_file(
        self, interaction: discord.Interaction[Any], file: discord.Attachment
    ) -> None:
        guild_id = await self._staff(interaction)
        if file.size > MOST_FILE_BYTES:
            raise FileTooLarge(limit=MOST_FILE_BYTES, actual=file.size)
        with self._services.work.request():
            await interaction.response.defer(ephemeral=True, thinking=True)
            data = await self._services.downloader.fetch(attachment_link(file))
            lesson, characters = await self._teacher.take_in(
                guild_id, data, actor_id=interaction.user.id, request_id=interaction.id
            )
            text = texts.imported(characters, lesson.exemplars, lesson.duplicates)
            await interaction.edit_original_response(content=text)

    @add.autocomplete("character")
    async def _anybody(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        taught = await self._store.gallery.characters(_server(interaction))
        return [
            _choice(one.subject.name, one.subject.series, one.key)
            for one in suggest(self._services.catalog, taught, typed)
        ]

    @remove.autocomplete("character")
    @rename.autocomplete("character")
    @merge.autocomplete("source")
    @merge.autocomplete("target")
    async def _taught_here(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        taught = await self._store.gallery.characters(_server(interaction))
        keys = {f"own:{one.id}" for one in taught}
        keys |= {f"catalog:{one.catalog_id}" for one in taught if one.catalog_id}
        people = suggest(self._services.catalog, taught, typed)
        return [
            _choice(one.subject.name, one.subject.series, one.key)
            for one in people
            if one.key in keys
        ]

    async def _staff(self, interaction: ServedInteraction) -> int:
        """The server, where whoever asks is staff of it. Raises NotHere, StaffOnly."""
        guild_id = _server(interaction)
        if not await is_staff(interaction, self._services):
            raise StaffOnly
        return guild_id

    async def _taught(self, guild_id: int, typed: str) -> CharacterSummary:
        found = of_taught(await self._store.gallery.characters(guild_id), typed)
        if found is None:
            raise NobodyTaught(typed)
        return found


def _server(interaction: ServedInteraction) -> int:
    if interaction.guild_id is None:
        raise NotHere
    return interaction.guild_id


def _choice(name: str, series: str, key: str) -> app_commands.Choice[str]:
    label = f"{name} · {series}" if series else name
    return app_commands.Choice(name=shortened(label, 100), value=key[:100])


async def _tell(interaction: ServedInteraction, text: str) -> None:
    await interaction.response.send_message(text, ephemeral=True, allowed_mentions=NOBODY)
