"""Asking in plain messages: a reply that mentions the bot, a typed ``whois``, a listening channel.

Discord shows the bot what is in a message only where it is mentioned or in its direct messages,
unless the operator switched message content on. What it does not show cannot set anything off.
"""

from __future__ import annotations

import logging
import re

import discord
from discord.ext import commands

from cogs.errors import explain
from cogs.identify import texts
from cogs.identify.asking import MAX_PICTURES, Asking, Meant, Request
from cogs.identify.pace import Pace
from cogs.identify.surfaces import MessageSurface
from cogs.shared.language import _
from cogs.shared.picture_link import PictureLink
from cogs.shared.pictures import is_hidden, pictures_in
from cogs.shared.refusals import ContentHidden, NoPictures, Refusal
from cogs.shared.services import ServedBot
from cogs.shared.speech import speak_in
from recognition.errors import EncoderBusy, PictureError
from store.errors import StoreError, StoreUnavailable

_TYPED = re.compile(r"/?whois\??", re.IGNORECASE)
_SERVERS = 20_000
"""Servers whose settings are held in memory."""
_UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024

log = logging.getLogger(__name__)


class Talk(commands.Cog):
    """Answers messages.

    Args:
        bot: whose messages are heard.
        asking: the road that requests take.
    """

    def __init__(self, bot: ServedBot, asking: Asking) -> None:
        self._bot = bot
        self._asking = asking
        self._pace = Pace()
        store = bot.services.store
        self._settings = store.snapshots(store.settings.get, limit=_SERVERS) if store else None

    async def cog_unload(self) -> None:
        if self._settings is not None:
            self._settings.close()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot or message.webhook_id:
            return
        mentioned = self._mentions_us(message)
        with self._bot.services.work.part():
            if not mentioned and not _TYPED.fullmatch(message.content.strip()):
                await self._overheard(message)
            elif _may_speak(message):
                await self._asked(message, mentioned=mentioned)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, deleted: discord.RawMessageDeleteEvent) -> None:
        await self._forget(deleted.guild_id, deleted.channel_id, {deleted.message_id})

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, deleted: discord.RawBulkMessageDeleteEvent) -> None:
        await self._forget(deleted.guild_id, deleted.channel_id, deleted.message_ids)

    def _mentions_us(self, message: discord.Message) -> bool:
        """Whether the text names the bot. A reply to it mentions it as well, and asks nothing."""
        me = self._bot.user
        return me is not None and me.id in message.raw_mentions

    async def _asked(self, message: discord.Message, *, mentioned: bool) -> None:
        surface = MessageSurface(message)
        await speak_in(self._bot.services, message.guild)
        try:
            links = await _meant(message)
            if links:
                await self._asking.answer(_request(message, links), surface)
            elif mentioned:
                await surface.say(_(texts.HOW_TO_ASK))
        except discord.HTTPException:
            log.warning("could not answer message=%d", message.id, exc_info=True)
        except Exception as problem:  # noqa: BLE001 - told to the member, and logged, in one place
            await self._apologise(surface, problem)

    async def _apologise(self, surface: MessageSurface, problem: Exception) -> None:
        text = explain(problem, "a message")
        try:
            await surface.say(text)
        except discord.HTTPException:
            log.warning("could not tell of it", exc_info=True)

    async def _overheard(self, message: discord.Message) -> None:
        """Answers a picture in a listening channel, quietly; what goes wrong is not said there."""
        links = pictures_in(message)[:MAX_PICTURES]
        if not links or message.guild is None or self._settings is None:
            return
        try:
            settings = await self._settings.peek(message.guild.id)
            if message.channel.id not in settings.listening_channels or not _may_speak(message):
                return
            most = self._pace.take(message.channel.id, len(links), settings.listening_per_minute)
            if most:
                await speak_in(self._bot.services, message.guild)
                request = _request(message, links[:most], turn=False)
                await self._asking.answer(request, MessageSurface(message, quiet=True))
        except (Refusal, PictureError, EncoderBusy, StoreUnavailable) as problem:
            log.info("not answered in a listening channel reason=%s", type(problem).__name__)
        except discord.HTTPException:
            log.warning("could not answer message=%d", message.id, exc_info=True)

    async def _forget(self, guild_id: int | None, channel_id: int, messages: set[int]) -> None:
        """An answer is kept no longer than the message that shows it."""
        store = self._bot.services.store
        if store is None:
            return
        try:
            with self._bot.services.work.part():
                for one in messages:
                    await store.answers.message_deleted(guild_id, channel_id, one)
        except StoreError:
            log.exception("an answer outlives its message")


def _request(message: discord.Message, links: list[PictureLink], *, turn: bool = True) -> Request:
    async def find() -> Meant:
        return Meant(links)

    guild = message.guild
    return Request(
        asker_id=message.author.id,
        guild_id=guild.id if guild else None,
        channel_id=message.channel.id,
        find=find,
        upload_limit_bytes=guild.filesize_limit if guild else _UPLOAD_LIMIT_BYTES,
        turn=turn,
    )


async def _meant(message: discord.Message) -> list[PictureLink]:
    """The pictures of the message itself, or of the one it replies to; none where it does not.

    Raises:
        ContentHidden: Discord does not show what is in the message replied to.
        NoPictures: there is no picture in it.
    """
    if found := pictures_in(message):
        return found
    target = await _replied_to(message)
    if target is None:
        return []
    if found := pictures_in(target):
        return found
    raise ContentHidden if is_hidden(target) else NoPictures


async def _replied_to(message: discord.Message) -> discord.Message | None:
    reference = message.reference
    if reference is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    if isinstance(reference.resolved, discord.Message):
        return reference.resolved
    if isinstance(reference.resolved, discord.DeletedReferencedMessage) or not reference.message_id:
        raise NoPictures
    try:
        return await message.channel.fetch_message(reference.message_id)
    except discord.HTTPException as problem:
        raise NoPictures from problem


def _may_speak(message: discord.Message) -> bool:
    """Whether the bot may answer there at all; in direct messages it may."""
    guild = message.guild
    if guild is None or isinstance(message.channel, discord.DMChannel):
        return True
    if not isinstance(message.channel, discord.abc.GuildChannel | discord.Thread):
        return False
    may = message.channel.permissions_for(guild.me)
    thread = isinstance(message.channel, discord.Thread)
    speak = may.send_messages_in_threads if thread else may.send_messages
    return speak and may.read_message_history and may.attach_files
