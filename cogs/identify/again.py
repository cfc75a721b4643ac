"""Looks at the pictures of an answer once more, in another way, and changes the answer."""

from __future__ import annotations

import discord

from cogs.identify.answer import render
from cogs.identify.asking import Asking
from cogs.identify.buttons import view_of_answer
from cogs.identify.kept import as_kept
from cogs.identify.refound import link_again
from cogs.identify.style import style_of
from cogs.identify.surfaces import files_of
from cogs.shared.language import speaking
from cogs.shared.services import ServedBot, Services
from recognition.types import Mode
from store.types import Answer


class Again:
    """The second look.

    Args:
        services: downloader, recogniser, store.
        asking: the road that requests take.
    """

    def __init__(self, services: Services, asking: Asking) -> None:
        self._services = services
        self._asking = asking

    async def look(
        self,
        interaction: discord.Interaction[ServedBot],
        answer: Answer,
        mode: Mode,
        *,
        staff: bool,
    ) -> None:
        """Puts what `mode` finds into the answer and its message.

        Raises:
            AnswerChanged, NotYours, UnknownAnswer: it is not the answer any more.
            Refusal, RecognitionError: the pictures cannot be looked at again; nothing has changed.
        """
        store = self._services.store
        assert store is not None
        with self._asking.turn_of(interaction.user.id):
            self._asking.refuse_when_full()
            await interaction.response.defer()
            links = [await link_again(interaction.client, one) for one in answer.pictures]
            detail = (await style_of(self._services, answer.guild_id)).detail
            with speaking(answer.locale):
                outcomes = await self._asking.look_at(links, mode, guild_id=answer.guild_id)
            changed = await store.answers.change(
                answer.guild_id,
                answer.id,
                as_kept(links, outcomes, mode, answer.channel_id),
                version=answer.version,
                actor_id=interaction.user.id,
                staff=staff,
            )
            with speaking(answer.locale):
                reply = render(
                    outcomes,
                    self._services.catalog,
                    upload_limit_bytes=interaction.filesize_limit,
                    corrections=changed.corrections,
                    detail=detail,
                )
                view = view_of_answer(changed, reply)
            await interaction.edit_original_response(
                content=reply.content,
                embeds=reply.embeds,
                attachments=files_of(reply.uploads),
                view=view,
                allowed_mentions=discord.AllowedMentions.none(),
            )
