"""Which pictures does this message mean?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import discord

_PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif", ".avif", ".bmp")
# Lottie stickers are vector animations that no picture decoder reads.
_PICTURE_STICKERS = (
    discord.StickerFormatType.png,
    discord.StickerFormatType.apng,
    discord.StickerFormatType.gif,
)
_SPOILERED = re.compile(r"\|\|(.+?)\|\|", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PictureLink:
    """A picture on Discord's file host, or anywhere else, not yet downloaded.

    ``declared_bytes`` is the size Discord states, None where it states none. ``spoiler``: people
    see it only after a click, so nothing about it may be shown openly either. ``outside``: a member
    named the address, so nothing about it is to be trusted. The ids say where Discord has it.
    """

    url: str
    declared_bytes: int | None = None
    spoiler: bool = False
    outside: bool = False
    channel_id: int | None = None
    message_id: int | None = None
    attachment_id: int | None = None


def attachment_link(attachment: discord.Attachment) -> PictureLink:
    """The link of an attachment, whatever it is: the bytes decide later."""
    return PictureLink(attachment.url, attachment.size, attachment.is_spoiler())


def pictures_in(message: discord.Message) -> list[PictureLink]:
    """Every picture of a message in reading order, each once: attachments, embeds, stickers, and
    the same of the messages it forwards. Files that cannot be pictures are left out.
    """
    links: dict[str, PictureLink] = {}
    parts: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    for part in parts:
        for link in _of_part(part):
            links.setdefault(link.url, link)
    return list(links.values())


def _of_part(part: discord.Message | discord.MessageSnapshot) -> Iterator[PictureLink]:
    yield from (attachment_link(one) for one in part.attachments if _may_be_picture(one))
    yield from _of_embeds(part.embeds, part.content)
    for sticker in part.stickers:
        if sticker.format in _PICTURE_STICKERS:
            yield PictureLink(sticker.url)


def _may_be_picture(attachment: discord.Attachment) -> bool:
    # Discord guesses the type from the name: a picture without a suffix has none, or a vague one.
    kind = attachment.content_type or ""
    if kind.startswith("image/"):
        return True
    vague = not kind or kind.startswith("application/octet-stream")
    name = attachment.filename.lower()
    return vague and (name.endswith(_PICTURE_SUFFIXES) or "." not in name)


def _of_embeds(embeds: Iterable[discord.Embed], content: str) -> Iterator[PictureLink]:
    hidden = " ".join(_SPOILERED.findall(content))
    for embed in embeds:
        if embed.type in ("video", "gifv"):
            continue
        # Only the copy that Discord itself keeps: the original address is anybody's server.
        url = embed.image.proxy_url or embed.thumbnail.proxy_url
        if url:
            spoiler = bool(embed.url) and str(embed.url) in hidden
            yield PictureLink(url, spoiler=spoiler)
