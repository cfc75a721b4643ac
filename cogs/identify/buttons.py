"""The buttons under an answer. They survive a restart: a custom id names the answer, no more, and
what they need lies in the store.

Everybody may look (other guesses, details, pages of their own); only the asker and staff may change
what all others see. Both are decided here and in the store, never by what a client shows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Self, cast

import discord

from cogs.identify import texts
from cogs.identify.answer import Failed, Reply, Seen, render
from cogs.identify.kept import outcomes_of
from cogs.identify.looks import details, guesses
from cogs.identify.refound import decline_if_asked
from cogs.identify.righting import Righting
from cogs.identify.style import style_of
from cogs.shared.language import _, speaking, spoken
from cogs.shared.safe import SafeItem
from cogs.shared.services import ServedBot, Services
from cogs.shared.staff import is_staff
from recognition.types import Mode
from store.errors import NotYours, UnknownAnswer
from store.types import Answer

if TYPE_CHECKING:
    from cogs.identify.cog import Identify

_NOBODY = discord.AllowedMentions.none()


class Action(StrEnum):
    """What a button does."""

    GUESSES = "guesses"
    WHOLE = "whole"
    FACES = "faces"
    DETAILS = "details"
    WRONG = "wrong"
    PAGE = "page"


_LABELS = {
    Action.GUESSES: texts.GUESSES,
    Action.WHOLE: texts.WHOLE,
    Action.FACES: texts.FACES,
    Action.DETAILS: texts.DETAILS,
    Action.WRONG: texts.WRONG,
}


class AnswerButton(
    SafeItem[discord.ui.Button[discord.ui.View]],
    template=r"whois:(?P<action>guesses|whole|faces|details|wrong|page)"
    r":(?P<answer>[\w-]{12})(?::(?P<page>\d{1,3}))?",
):
    """One button of one answer. ``page`` counts from 0."""

    def __init__(
        self,
        action: Action,
        answer_id: str,
        page: int | None = None,
        *,
        label: str | None = None,
        disabled: bool = False,
    ) -> None:
        custom_id = f"whois:{action}:{answer_id}" + ("" if page is None else f":{page}")
        shown = label or _(_LABELS.get(action, texts.NEXT))
        super().__init__(
            discord.ui.Button(label=shown, custom_id=custom_id, disabled=disabled),
            row=1 if action is Action.PAGE else 0,
        )
        self.action = action
        self.answer_id = answer_id
        self.page = page or 0

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[discord.Client],
        item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        page = match["page"]
        return cls(Action(match["action"]), match["answer"], None if page is None else int(page))

    async def callback(self, interaction: discord.Interaction[ServedBot]) -> None:  # type: ignore[override]
        services = interaction.client.services
        try:
            with services.work.request():
                await self._act(interaction, services)
        except Exception as problem:  # noqa: BLE001 - told to the member, and logged, in one place
            await interaction.client.tree.on_error(interaction, problem)  # type: ignore[arg-type]

    async def _act(self, interaction: discord.Interaction[ServedBot], services: Services) -> None:
        answer = await _kept(services, interaction, self.answer_id)
        match self.action:
            case Action.GUESSES:
                await decline_if_asked(interaction, services, answer)
                await _show(interaction, guesses(answer))
            case Action.DETAILS:
                await decline_if_asked(interaction, services, answer)
                await _show(interaction, details(answer, services.catalog))
            case Action.PAGE:
                await _turn_page(interaction, services, answer, self.page)
            case Action.WRONG:
                await require_change(interaction, services, answer)
                righting = Righting(services, answer, view_of_answer)
                await interaction.response.send_modal(await righting.form(interaction))
            case Action.WHOLE | Action.FACES:
                staff = await require_change(interaction, services, answer)
                mode = Mode.WHOLE if self.action is Action.WHOLE else Mode.AUTO
                cog = cast("Identify", interaction.client.get_cog("Identify"))
                await cog.again.look(interaction, answer, mode, staff=staff)


def view_of(
    answer_id: str, outcomes: Sequence[Seen | Failed], reply: Reply, page: int = 0
) -> discord.ui.View:
    """All buttons of an answer that shows `page`."""
    view = discord.ui.View(timeout=None)
    seen = [one.recognition for one in outcomes if isinstance(one, Seen)]
    whole = bool(seen) and seen[0].mode is Mode.WHOLE
    look = Action.FACES if whole else Action.WHOLE
    for action in (Action.GUESSES, look, Action.DETAILS, Action.WRONG):
        view.add_item(AnswerButton(action, answer_id))
    _add_pager(view, answer_id, reply.pages, page)
    return view


def view_of_answer(answer: Answer, reply: Reply, page: int = 0) -> discord.ui.View:
    """`view_of` for an answer out of the store."""
    return view_of(answer.id, outcomes_of(answer), reply, page)


def _add_pager(view: discord.ui.View, answer_id: str, pages: int, page: int) -> None:
    if pages < 2:
        return
    first, last = page == 0, page == pages - 1
    # Each custom id is used once in a message: what cannot be pressed has one that leads nowhere.
    for label, target, disabled in (
        (texts.PREVIOUS, 901 if first else page - 1, first),
        (texts.page(page + 1, pages), 900, True),
        (texts.NEXT, 902 if last else page + 1, last),
    ):
        view.add_item(AnswerButton(Action.PAGE, answer_id, target, label=label, disabled=disabled))


async def _kept(
    services: Services, interaction: discord.Interaction[ServedBot], answer_id: str
) -> Answer:
    """The answer, of this place and of no other. Raises UnknownAnswer."""
    if services.store is None:
        raise UnknownAnswer(interaction.guild_id, answer_id)
    answer = await services.store.answers.get(interaction.guild_id, answer_id)
    elsewhere = answer.channel_id != interaction.channel_id
    if elsewhere or (answer.private and answer.asker_id != interaction.user.id):
        raise UnknownAnswer(interaction.guild_id, answer_id)
    return answer


async def require_change(
    interaction: discord.Interaction[ServedBot], services: Services, answer: Answer
) -> bool:
    """Whether staff is changing the answer. Raises NotYours for all but them and the asker."""
    if answer.asker_id == interaction.user.id:
        return False
    if await is_staff(interaction, services):
        return True
    raise NotYours(answer.id, interaction.user.id)


async def _may_change(
    interaction: discord.Interaction[ServedBot], services: Services, answer: Answer
) -> bool:
    try:
        await require_change(interaction, services, answer)
    except NotYours:
        return False
    return True


async def _show(interaction: discord.Interaction[ServedBot], embeds: list[discord.Embed]) -> None:
    if interaction.response.is_done():  # acknowledged, in private, while pictures were compared
        await interaction.followup.send(embeds=embeds, ephemeral=True, allowed_mentions=_NOBODY)
        return
    await interaction.response.send_message(embeds=embeds, ephemeral=True, allowed_mentions=_NOBODY)


async def _turn_page(
    interaction: discord.Interaction[ServedBot], services: Services, answer: Answer, page: int
) -> None:
    """Turns the page for all where the asker or staff does, and for oneself otherwise."""
    shown = interaction.message
    copy = shown is not None and shown.flags.ephemeral and shown.id != answer.message_id
    mine = copy or await _may_change(interaction, services, answer)
    detail = (await style_of(services, answer.guild_id)).detail
    # The answer goes on in its own language; a copy is for one member, and in theirs.
    with speaking(spoken() if copy or not mine else answer.locale):
        reply = render(
            outcomes_of(answer),
            services.catalog,
            upload_limit_bytes=0,
            corrections=answer.corrections,
            page=page,
            detail=detail,
        )
        page = min(page, reply.pages - 1)
        if copy or not mine:
            view = discord.ui.View(timeout=None)
            _add_pager(view, answer.id, reply.pages, page)
        else:
            view = view_of_answer(answer, reply, page)
    if mine:
        await interaction.response.edit_message(
            content=reply.content, embeds=reply.embeds, view=view, allowed_mentions=_NOBODY
        )
        return
    await interaction.response.send_message(
        reply.content, embeds=reply.embeds, view=view, ephemeral=True, allowed_mentions=_NOBODY
    )
