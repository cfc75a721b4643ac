"""Asking staff: a message with the evidence and two buttons that survive a restart."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

import discord

from cogs.shared import texts
from cogs.shared.language import speaking
from cogs.shared.refusals import NoApprovalChannel, NotHere, StaffOnly
from cogs.shared.safe import NOBODY, SafeItem, ServedInteraction, run
from cogs.shared.speech import language_of
from cogs.shared.staff import is_staff
from teaching.lessons import Report

if TYPE_CHECKING:
    from store.opening import Store

_STYLES = {
    "approve": (texts.approve, discord.ButtonStyle.success),
    "reject": (texts.reject, discord.ButtonStyle.danger),
}


async def approval_channel(interaction: ServedInteraction, store: Store) -> discord.TextChannel:
    """The channel in which staff are asked. Raises NoApprovalChannel: there is none to write in."""
    guild = interaction.guild
    if guild is None:
        raise NotHere
    channel_id = (await store.settings.get(guild.id)).approval_channel
    channel = None if channel_id is None else guild.get_channel(channel_id)
    if not isinstance(channel, discord.TextChannel):
        raise NoApprovalChannel
    return channel


async def ask_staff(
    interaction: ServedInteraction,
    channel: discord.TextChannel,
    store: Store,
    report: Report,
    *,
    question: Callable[[], str] | None = None,
    hidden: bool = False,
) -> None:
    """Shows a proposal to staff, in the server's language.

    Args:
        interaction: of whoever suggested it.
        report: has a lesson, which waits.
        question: makes what is said instead of what pictures of ``/teach`` are introduced by.
        hidden: the pictures were behind a spoiler.

    Raises:
        NoApprovalChannel: the bot cannot write there; the proposal waits no longer.
    """
    lesson = report.lesson
    assert lesson is not None
    try:
        with speaking(await language_of(interaction.client.services, channel.guild)):
            message = await _post(channel, report, question, hidden)
    except discord.HTTPException as problem:
        # Nobody would ever see it: it does not stay in the queue either.
        bot_id = interaction.client.application_id or 0
        await store.proposals.reject(lesson.guild_id, lesson.id, actor_id=bot_id, reason="channel")
        raise NoApprovalChannel from problem
    await store.proposals.asked(
        lesson.guild_id, lesson.id, channel_id=channel.id, message_id=message.id
    )


async def _post(
    channel: discord.TextChannel,
    report: Report,
    question: Callable[[], str] | None,
    hidden: bool,
) -> discord.Message:
    lesson = report.lesson
    assert lesson is not None
    files, lines = [], []
    for index, sample in zip(report.used, report.samples, strict=True):
        number, evidence = index + 1, sample.evidence
        if sample.crop is not None:
            data = io.BytesIO(sample.crop.data)
            files.append(
                discord.File(
                    data,
                    filename=f"face-{number}.jpg",
                    description=texts.crop_alt(number),
                    spoiler=hidden,
                )
            )
        if evidence is not None:
            lines.append(
                texts.evidence(number, evidence.nearest, evidence.cosine, outlier=evidence.outlier)
            )
    view = discord.ui.View(timeout=None)
    for action in _STYLES:
        view.add_item(ApprovalButton(action, lesson.id))
    series = report.subject.series
    asked = question() if question else texts.asks(lesson.taught_by, lesson.name, series)
    return await channel.send(
        asked,
        embeds=[discord.Embed(description="\n".join(lines)[:4096])] if lines else [],
        files=files,
        view=view,
        allowed_mentions=NOBODY,
    )


class ApprovalButton(
    SafeItem[discord.ui.Button[Any]],
    template=r"teach:(?P<action>approve|reject):(?P<lesson>\d{1,18})",
):
    """Approves or rejects one proposal. Who is staff is checked at every press."""

    def __init__(self, action: str, lesson_id: int) -> None:
        label, style = _STYLES[action]
        custom_id = f"teach:{action}:{lesson_id}"
        super().__init__(discord.ui.Button(label=label(), style=style, custom_id=custom_id))
        self.action = action
        self.lesson_id = lesson_id

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(match["action"], int(match["lesson"]))

    async def callback(self, interaction: ServedInteraction) -> None:  # type: ignore[override]
        await run(interaction, self._decide)

    async def _decide(self, interaction: ServedInteraction) -> None:
        services = interaction.client.services
        if services.store is None or interaction.guild_id is None:
            raise NotHere
        if not await is_staff(interaction, services):
            raise StaffOnly
        proposals = services.store.proposals
        approved = self.action == "approve"
        decide = proposals.approve if approved else proposals.reject
        # The server is the interaction's: a button of another server's message finds nothing here.
        lesson = await decide(interaction.guild_id, self.lesson_id, actor_id=interaction.user.id)
        asked = interaction.message.content if interaction.message else ""
        files = interaction.message.attachments if approved and interaction.message else []
        with speaking(await language_of(services, interaction.guild)):
            by = lesson.decided_by or interaction.user.id
            content = texts.decided(asked, by, approved=approved)
        await interaction.response.edit_message(
            content=content,
            attachments=files,  # what was rejected is not kept, its pictures neither
            view=None,
            allowed_mentions=NOBODY,
        )
