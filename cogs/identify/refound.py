"""Pictures of answers, found once more."""

from __future__ import annotations

import discord

from cogs.shared.picture_link import PictureLink
from store.types import AnsweredPicture


async def link_again(client: discord.Client, picture: AnsweredPicture) -> PictureLink:
    """Where the picture is now: Discord's links run out after a day, its messages do not."""
    source = picture.source
    url = source.url or ""
    if source.channel_id and source.message_id and source.attachment_id:
        channel = client.get_partial_messageable(source.channel_id)
        try:
            message = await channel.fetch_message(source.message_id)
        except discord.HTTPException:  # not in that channel, or the message is gone
            pass
        else:
            for attachment in message.attachments:
                if attachment.id == source.attachment_id:
                    url = attachment.url
    return PictureLink(
        url,
        spoiler=picture.spoiler,
        outside=source.channel_id is None,
        channel_id=source.channel_id,
        message_id=source.message_id,
        attachment_id=source.attachment_id,
    )
