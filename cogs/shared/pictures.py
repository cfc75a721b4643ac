"""Which pictures does this message mean? Every way to ask goes through here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import discord
from yarl import URL

from cogs.shared.links import links_in, typed_link
from cogs.shared.picture_link import PictureLink
from cogs.shared.refusals import ChannelUnreadable, ContentHidden, NothingHere

if TYPE_CHECKING:
    from discord.components import Component

HISTORY_MESSAGES = 50
"""How far back the newest picture of a channel is looked for."""
_PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif", ".avif", ".bmp")
# Lottie stickers are vector animations that no picture decoder reads.
_PICTURE_STICKERS = (
    discord.StickerFormatType.png,
    discord.StickerFormatType.apng,
    discord.StickerFormatType.gif,
)
_SPOILERED = re.compile(r"\|\|(.+?)\|\|", re.DOTALL)

Part = discord.Message | discord.MessageSnapshot


def attachment_link(
    attachment: discord.Attachment, message: discord.Message | None = None
) -> PictureLink:
    """The link of an attachment, whatever it is: the bytes decide later."""
    return PictureLink(
        attachment.url,
        attachment.size,
        attachment.is_spoiler(),
        channel_id=message.channel.id if message else None,
        message_id=message.id if message else None,
        attachment_id=attachment.id if message else None,
    )


def link_option(text: str) -> PictureLink:
    """The link that a member typed into a command. Raises LinkRefused."""
    url, hidden = typed_link(text)
    return PictureLink(url, spoiler=hidden, outside=True)


def pictures_in(message: discord.Message) -> list[PictureLink]:
    """Every picture of a message in reading order, each once: attachments, embeds, links to picture
    files, stickers, other bots' galleries, and the same of the messages it forwards. Files that
    cannot be pictures are left out.
    """
    links: dict[str, PictureLink] = {}
    parts: list[Part] = [message, *message.message_snapshots]
    for part in parts:
        for link in _of_part(part, message):
            links.setdefault(link.url, link)
    return list(links.values())


async def newest_pictures(
    channel: discord.abc.Messageable, bot_id: int
) -> tuple[discord.Message, list[PictureLink]]:
    """The newest message with pictures that the bot may read and has not posted itself.

    Raises:
        ChannelUnreadable: the bot may not look there.
        ContentHidden: Discord hides what people post from the bot.
        NothingHere: no message has a picture.
    """
    hidden = 0
    try:
        async for message in channel.history(limit=HISTORY_MESSAGES):
            if message.author.id == bot_id:
                continue
            if found := pictures_in(message):
                return message, found
            hidden += is_hidden(message)
    except (discord.Forbidden, discord.NotFound) as problem:
        raise ChannelUnreadable from problem
    if hidden:
        raise ContentHidden
    raise NothingHere(HISTORY_MESSAGES)


def is_hidden(message: discord.Message) -> bool:
    """Whether a message came without what makes it one: Discord does not show it to the bot."""
    usual = message.type in (discord.MessageType.default, discord.MessageType.reply)
    content = message.content or message.attachments or message.embeds or message.stickers
    return usual and not (content or _components(message) or message.message_snapshots)


def _of_part(part: Part, message: discord.Message) -> Iterator[PictureLink]:
    # A forwarded file lies where it was first posted, and its new message does not lead there.
    holder = message if part is message else None
    yield from (attachment_link(one, holder) for one in part.attachments if _may_be_picture(one))
    hidden = " ".join(_SPOILERED.findall(part.content))
    yield from _of_embeds(part.embeds, hidden)
    yield from _of_text(part, hidden)
    for sticker in part.stickers:
        if sticker.format in _PICTURE_STICKERS:
            yield PictureLink(sticker.url)
    yield from _of_components(_components(part))


def _may_be_picture(attachment: discord.Attachment) -> bool:
    # Discord guesses the type from the name: a picture without a suffix has none, or a vague one.
    kind = attachment.content_type or ""
    if kind.startswith("image/"):
        return True
    vague = not kind or kind.startswith("application/octet-stream")
    name = attachment.filename.lower()
    return vague and (name.endswith(_PICTURE_SUFFIXES) or "." not in name)


def _of_embeds(embeds: Iterable[discord.Embed], hidden: str) -> Iterator[PictureLink]:
    for embed in embeds:
        if embed.type in ("video", "gifv"):
            continue
        # Only the copy that Discord itself keeps: the original address is anybody's server.
        url = embed.image.proxy_url or embed.thumbnail.proxy_url
        if url:
            yield PictureLink(url, spoiler=bool(embed.url) and str(embed.url) in hidden)


def _of_text(part: Part, hidden: str) -> Iterator[PictureLink]:
    """Links to picture files that have no embed: it was suppressed, or has not come yet."""
    shown = {address for embed in part.embeds for address in (embed.url, embed.thumbnail.url)}
    for link in links_in(part.content):
        if link in shown:
            continue
        try:
            path = URL(link).path
        except ValueError:
            continue
        if path.lower().endswith(_PICTURE_SUFFIXES):
            yield PictureLink(link, spoiler=link in hidden, outside=True)


def _components(part: Part) -> Iterable[Component]:
    # discord.py leaves the attribute out where Discord leaves the field out.
    return getattr(part, "components", ())


def _of_components(components: Iterable[Component]) -> Iterator[PictureLink]:
    for one in components:
        if isinstance(one, discord.MediaGalleryComponent):
            for item in one.items:
                yield from _of_media(item.media, item.spoiler)
        elif isinstance(one, discord.ThumbnailComponent):
            yield from _of_media(one.media, one.spoiler)
        elif isinstance(one, discord.SectionComponent):
            yield from _of_components([one.accessory])
        elif isinstance(one, discord.Container):
            yield from _of_components(one.children)


def _of_media(media: discord.UnfurledMediaItem, spoiler: bool) -> Iterator[PictureLink]:
    if media.proxy_url:
        yield PictureLink(media.proxy_url, spoiler=spoiler)
