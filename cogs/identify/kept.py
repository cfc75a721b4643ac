"""Answers as the store keeps them, and back."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from cogs.identify import texts
from cogs.identify.answer import REFERENCE, Failed, Seen
from cogs.shared.language import _
from cogs.shared.picture_link import PictureLink
from recognition.types import Mode, Recognition
from store.types import Answer, AnsweredPicture, PictureSource

_NOTHING = (0, 0)
"""The size of a picture that could not be looked at: it keeps its number in the answer."""


def as_kept(
    links: Sequence[PictureLink], outcomes: Sequence[Seen | Failed], mode: Mode, channel_id: int
) -> list[AnsweredPicture]:
    """What the store keeps of a request: where each picture is, and what was said of it.

    What a member's link led to has no channel, and is followed as such a link again; all else came
    to the bot in `channel_id`, if not in one of its own.
    """
    return [
        AnsweredPicture(
            PictureSource(
                None if link.outside else link.channel_id or channel_id,
                link.message_id,
                link.attachment_id,
                link.url,
            ),
            outcome.recognition if isinstance(outcome, Seen) else _failed(mode),
            link.spoiler,
        )
        for link, outcome in zip(links, outcomes, strict=True)
    ]


def was_seen(picture: AnsweredPicture) -> bool:
    """Whether the picture could be looked at."""
    return picture.recognition.size != _NOTHING


def outcomes_of(answer: Answer) -> list[Seen | Failed]:
    """What an answer said, without its pictures."""
    return [
        Seen(one.recognition, None, one.spoiler) if was_seen(one) else Failed(_(texts.NOT_SEEN))
        for one in answer.pictures
    ]


def references_in(message: discord.Message | None) -> dict[str, str]:
    """The kept pictures on the cards of an answer's message: file name → address.

    A file that a card shows is no longer among the message's attachments.
    """
    urls = [embed.thumbnail.url or "" for embed in message.embeds] if message else []
    named = {url.partition("?")[0].rpartition("/")[2]: url for url in urls}
    return {name: url for name, url in named.items() if name.startswith(REFERENCE)}


def mode_of(answer: Answer) -> Mode:
    """How its pictures were looked at."""
    return answer.pictures[0].recognition.mode


def _failed(mode: Mode) -> Recognition:
    return Recognition(_NOTHING, (), None, mode)
