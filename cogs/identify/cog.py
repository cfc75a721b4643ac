"""The two ways to ask: ``/whois`` and the message command **Who is this?**."""

from __future__ import annotations

import asyncio
import io
import logging
import time
from collections.abc import Sequence

import discord
from discord import app_commands
from discord.ext import commands

from cogs.errors import sentence_for
from cogs.identify.answer import Failed, Reply, Seen, render
from cogs.identify.turns import Turns
from cogs.shared.picture_link import PictureLink
from cogs.shared.pictures import attachment_link, pictures_in
from cogs.shared.refusals import NoPictures, Refusal
from cogs.shared.services import ServedBot, Services
from recognition.errors import EncoderBusy, PictureError
from recognition.types import Mode

MAX_PICTURES = 4
MENU_NAME = "Who is this?"
_NO_REASON = "I can't look at this one."

log = logging.getLogger(__name__)


class Identify(commands.Cog):
    """Answers who is in a picture, one message a request.

    Args:
        services: recogniser, catalog, downloader.
        tree: where the message command is put; a cog registers only slash commands by itself.
    """

    def __init__(self, services: Services, tree: app_commands.CommandTree[ServedBot]) -> None:
        self._services = services
        self._tree = tree
        self._turns = Turns(services.cooldown_s)
        self._menu = app_commands.ContextMenu(
            name=MENU_NAME,
            callback=self.who_is_this,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
        )

    async def cog_load(self) -> None:
        self._tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        self._tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(description="Find out who is in an anime picture.")
    @app_commands.describe(picture="The picture to look at")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def whois(self, interaction: discord.Interaction, picture: discord.Attachment) -> None:
        await self._answer(interaction, [attachment_link(picture)])

    async def who_is_this(self, interaction: discord.Interaction, message: discord.Message) -> None:
        links = pictures_in(message)
        if not links:
            raise NoPictures
        await self._answer(interaction, links)

    async def _answer(
        self,
        interaction: discord.Interaction,
        links: Sequence[PictureLink],
        mode: Mode = Mode.AUTO,
    ) -> None:
        """Acknowledges, looks at the first pictures and sends one reply.

        Raises:
            Refusal, RecognitionError: nothing could be answered; nothing has been sent.
        """
        began = time.monotonic()
        with self._services.work.request(), self._turns.take(interaction.user.id):
            # Nobody downloads only to hear that the queue is full; `admit` still has the last word.
            self._refuse_when_full()
            await interaction.response.defer(thinking=True)
            outcomes = await self._look_at(links[:MAX_PICTURES], mode)
            reply = render(
                outcomes,
                self._services.catalog,
                upload_limit_bytes=interaction.filesize_limit,
                left_out=max(0, len(links) - MAX_PICTURES),
            )
            await _send(interaction, reply)
        seen = [one for one in outcomes if isinstance(one, Seen)]
        log.info(
            "answered pictures=%d failed=%d faces=%d ms=%.0f",
            len(outcomes),
            len(outcomes) - len(seen),
            sum(len(one.recognition.faces) for one in seen),
            1000 * (time.monotonic() - began),
        )

    def _refuse_when_full(self) -> None:
        encoder = self._services.recognizer.encoder
        if encoder.waiting >= encoder.limit:
            raise EncoderBusy(waiting=encoder.waiting, limit=encoder.limit)

    async def _look_at(self, links: Sequence[PictureLink], mode: Mode) -> list[Seen | Failed]:
        """One outcome a picture. Where not one could be used, the first one's reason is raised."""
        fetched = await asyncio.gather(*(self._fetch(link) for link in links))
        if problem := _nothing_but_problems(fetched):
            raise problem
        with self._services.recognizer.admit():
            # One after the other: a message of four pictures is not four people in the queue.
            seen = [
                one if isinstance(one, Exception) else await self._see(one, link.spoiler, mode)
                for link, one in zip(links, fetched, strict=True)
            ]
        if problem := _nothing_but_problems(seen):
            raise problem
        return [
            one if isinstance(one, Seen) else Failed(sentence_for(one) or _NO_REASON)
            for one in seen
        ]

    async def _fetch(self, link: PictureLink) -> bytes | Exception:
        try:
            return await self._services.downloader.fetch(link)
        except (Refusal, PictureError) as problem:
            return problem

    async def _see(self, picture: bytes, spoiler: bool, mode: Mode) -> Seen | Exception:
        try:
            answer = await self._services.recognizer.whois(picture, mode)
        except PictureError as problem:
            return problem
        return Seen(answer.recognition, answer.annotated, spoiler)


def _nothing_but_problems(results: Sequence[object]) -> Exception | None:
    """The first problem where there are only problems."""
    problems = [one for one in results if isinstance(one, Exception)]
    return problems[0] if len(problems) == len(results) else None


async def _send(interaction: discord.Interaction, reply: Reply) -> None:
    files = [
        discord.File(
            io.BytesIO(upload.data),
            filename=upload.filename,
            description=upload.alt_text,
            spoiler=upload.spoiler,
        )
        for upload in reply.uploads
    ]
    await interaction.edit_original_response(
        content=reply.content,
        embeds=reply.embeds,
        attachments=files,
        allowed_mentions=discord.AllowedMentions.none(),
    )
