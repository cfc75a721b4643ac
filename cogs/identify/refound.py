"""Pictures of answers, found once more: to look at again, or to see whether a quiz asks them."""

from __future__ import annotations

import discord

from cogs.shared.picture_link import PictureLink
from cogs.shared.refusals import Refusal
from cogs.shared.services import ServedBot, Services
from recognition.errors import PictureError, PictureInQuiz
from store.types import Answer, AnsweredPicture


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


async def decline_if_asked(
    interaction: discord.Interaction[ServedBot], services: Services, answer: Answer
) -> None:
    """Lets nobody read more about a picture of an old answer while a quiz asks who it shows.

    Only while some quiz asks a picture is anything fetched, and the press acknowledged before. What
    cannot be fetched any more shows to nobody who that was, and counts as not asked.

    Raises:
        PictureInQuiz: one of the answer's pictures is asked just now.
    """
    watch = services.watch
    if watch is None or not await watch.anything():
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    for one in answer.pictures:
        link = await link_again(interaction.client, one)
        try:
            picture = await services.downloader.fetch(link)
        except (Refusal, PictureError):
            continue
        if await watch.asks(picture):
            raise PictureInQuiz
