"""Where an answer goes: into an interaction's response, or under a message as a reply."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Protocol

import discord

from cogs.identify.answer import Reply, Upload

_NOBODY = discord.AllowedMentions.none()


class Surface(Protocol):
    """One message, which first may tell of the progress and then becomes the answer."""

    async def acknowledge(self) -> None:
        """Shows that the request has arrived."""
        ...

    async def progress(self, text: str) -> None:
        """Shows how far it is."""
        ...

    async def send(self, reply: Reply, view: discord.ui.View | None) -> int:
        """Shows the answer; returns the id of its message."""
        ...


class InteractionSurface:
    """The response to a command. ``private``: only the asker sees it."""

    def __init__(self, interaction: discord.Interaction, *, private: bool) -> None:
        self._interaction = interaction
        self._private = private

    async def acknowledge(self) -> None:
        await self._interaction.response.defer(thinking=True, ephemeral=self._private)

    async def progress(self, text: str) -> None:
        await self._interaction.edit_original_response(content=text, allowed_mentions=_NOBODY)

    async def send(self, reply: Reply, view: discord.ui.View | None) -> int:
        message = await self._interaction.edit_original_response(
            content=reply.content,
            embeds=reply.embeds,
            attachments=files_of(reply.uploads),
            view=view,
            allowed_mentions=_NOBODY,
        )
        return message.id


class MessageSurface:
    """A reply to a message. ``quiet``: no notification, no typing, no progress."""

    def __init__(self, message: discord.Message, *, quiet: bool = False) -> None:
        self._asked = message
        self._quiet = quiet
        self._said: discord.Message | None = None

    async def acknowledge(self) -> None:
        if not self._quiet:
            await self._asked.channel.typing()

    async def progress(self, text: str) -> None:
        if not self._quiet:
            await self.say(text)

    async def say(self, text: str) -> None:
        """Shows a text instead of an answer."""
        if self._said is None:
            self._said = await self._asked.reply(
                text, mention_author=False, allowed_mentions=_NOBODY, silent=self._quiet
            )
        else:
            await self._said.edit(content=text, allowed_mentions=_NOBODY)

    async def send(self, reply: Reply, view: discord.ui.View | None) -> int:
        files = files_of(reply.uploads)
        if self._said is not None:
            await self._said.edit(
                content=reply.content,
                embeds=reply.embeds,
                attachments=files,
                view=view,
                allowed_mentions=_NOBODY,
            )
            return self._said.id
        said: discord.Message = await self._asked.reply(
            reply.content,
            embeds=reply.embeds,
            files=files,
            view=view or discord.utils.MISSING,
            mention_author=False,
            allowed_mentions=_NOBODY,
            silent=self._quiet,
        )
        return said.id


def files_of(uploads: Sequence[Upload]) -> list[discord.File]:
    """The files as discord.py sends them."""
    return [
        discord.File(
            io.BytesIO(upload.data),
            filename=upload.filename,
            description=upload.alt_text,
            spoiler=upload.spoiler,
        )
        for upload in uploads
    ]
