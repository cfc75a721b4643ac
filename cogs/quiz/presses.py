"""What members do in a running quiz, by buttons, forms, commands and messages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

import discord

from catalog import Catalog
from cogs.quiz import moves, texts, texts_stage
from cogs.quiz.judging import is_name, judge
from cogs.quiz.moves import Move, Reply, Said
from cogs.quiz.refusals import NoQuiz, NotHost, RoundOver
from cogs.quiz.rules import Answers, Mode, Phase, Verdict
from cogs.quiz.session import Session
from cogs.quiz.sessions import Sessions
from cogs.shared.safe import NOBODY, ServedInteraction
from cogs.shared.staff import is_staff
from store.errors import StoreUnavailable, UnknownQuiz

PATIENCE_S = 1.5
"""Seconds after which a press is acknowledged before its answer is there; Discord waits three."""
log = logging.getLogger(__name__)


class Presses:
    """Checks who asks, tells the game, and tells the member alone what came of it."""

    def __init__(self, sessions: Sessions, catalog: Catalog) -> None:
        self._sessions = sessions
        self._everybody = tuple(one.names for one in catalog)

    # -- answers -------------------------------------------------------------------------------

    async def choose(self, interaction: ServedInteraction, token: str) -> None:
        """A name was pressed. Raises NoQuiz."""
        session = self.session(interaction)
        asked = session.game.asked
        choices = asked.choices if asked else ()
        label = next((one.label for one in choices if one.token == token), "")
        await _answer(interaction, session, moves.Chose(interaction.user.id, token), label)

    def open_round(self, interaction: ServedInteraction, quiz_id: str) -> int:
        """The round for which a form can be opened. Raises NoQuiz, RoundOver."""
        session = self.session(interaction, quiz_id)
        if session.game.phase is not Phase.OPEN:
            raise RoundOver
        return session.game.number

    async def type(
        self, interaction: ServedInteraction, quiz_id: str, number: int, typed: str
    ) -> None:
        """A form was sent. Raises NoQuiz, RoundOver: its round is not the open one any more."""
        session = self.session(interaction, quiz_id)
        if session.game.number != number:
            raise RoundOver
        verdict = self._verdict(session, typed)
        if verdict is None:
            raise RoundOver
        move = moves.Typed(interaction.user.id, verdict, number)
        await _answer(interaction, session, move, typed)

    async def overheard(self, message: discord.Message) -> None:
        """Somebody wrote in a channel in which answers are typed.

        Only what is somebody's name is an answer; all else is talking. An answer is taken out of
        the channel where the bot may do that, so that it stays a secret until the bell.
        """
        session = self._sessions.get(message.channel.id)
        if session is None or session.game.rules.answers is not Answers.TYPED:
            return
        if session.game.phase is not Phase.OPEN or session.game.paused_s is not None:
            return
        verdict = self._verdict(session, message.content)
        if verdict is None or (verdict is Verdict.WRONG and not self._is_somebody(message.content)):
            return
        number = session.game.number
        try:
            reply = await session.tell(moves.Typed(message.author.id, verdict, number))
        except (UnknownQuiz, StoreUnavailable):
            log.warning("a typed answer was not kept", exc_info=True)
            return
        secret = session.game.rules.mode is not Mode.FIRST
        if reply.said is Said.NEARLY or (secret and reply.said is Said.NOTED):
            await _whisper(message, reply, secret=secret)

    def _verdict(self, session: Session, typed: str) -> Verdict | None:
        question = session.question
        if question is None:
            return None
        names = question.person.names
        others = [one for one in self._everybody if one != names]
        others += [one.names for one in question.options if one.id != question.person.id]
        return judge(typed, names, session.game.rules.tolerance, others)

    def _is_somebody(self, typed: str) -> bool:
        return any(is_name(typed, one) for one in self._everybody)

    # -- the rest ------------------------------------------------------------------------------

    async def hint(
        self, interaction: ServedInteraction, *, quiz_id: str | None = None, everyone: bool = False
    ) -> None:
        """A hint for oneself, or a vote for one for all. Raises NoQuiz."""
        session = self.session(interaction, quiz_id)
        member_id = interaction.user.id
        move: Move = moves.WantHint(member_id) if everyone else moves.TakeHint(member_id)

        def said(reply: Reply) -> str:
            asked, question = session.game.asked, session.question
            if reply.said is not Said.HINT or asked is None or question is None:
                return texts.reply(reply)
            if everyone:
                return texts.hint_for_all()
            return texts.hint(texts_stage.hint(asked.hints[reply.n], question.person))

        await _tell(interaction, session.tell(move), said)

    async def skip(
        self, interaction: ServedInteraction, *, quiz_id: str | None = None, alone: bool = False
    ) -> None:
        """A vote for the next question; by command, host and staff need no votes. Raises NoQuiz."""
        session = self.session(interaction, quiz_id)
        may = alone and await self._may(interaction, session)
        move: Move = moves.Skip() if may else moves.WantSkip(interaction.user.id)
        await _tell(interaction, session.tell(move), texts.reply)

    async def join(self, interaction: ServedInteraction, quiz_id: str, team: int) -> None:
        """A team was chosen. Raises NoQuiz."""
        session = self.session(interaction, quiz_id)

        def said(reply: Reply) -> str:
            if reply.said is Said.ALREADY:
                return texts.already_in(reply.n)
            return texts.reply(reply)

        await _tell(interaction, session.tell(moves.Join(interaction.user.id, team)), said)

    async def steer(self, interaction: ServedInteraction, move: Move, done: str) -> None:
        """What host and staff alone may do. Raises NoQuiz, NotHost."""
        session = self.session(interaction)
        if not await self._may(interaction, session):
            raise NotHost

        def said(reply: Reply) -> str:
            return done if reply.said is Said.DONE else texts.reply(reply)

        await _tell(interaction, session.tell(move), said)

    def session(self, interaction: ServedInteraction, quiz_id: str | None = None) -> Session:
        """The quiz of the channel; a button of an older one finds none. Raises NoQuiz."""
        session = self._sessions.get(interaction.channel_id)
        if session is None or (quiz_id is not None and session.id != quiz_id):
            raise NoQuiz
        return session

    async def _may(self, interaction: ServedInteraction, session: Session) -> bool:
        if session.host_id is not None and interaction.user.id == session.host_id:
            return True
        return await is_staff(interaction, interaction.client.services)


async def _answer(
    interaction: ServedInteraction, session: Session, move: Move, choice: str
) -> None:
    await _tell(interaction, session.tell(move), lambda reply: texts.reply(reply, choice))


async def _tell(
    interaction: ServedInteraction, moving: Coroutine[Any, Any, Reply], said: Any
) -> None:
    """Tells the member what came of a move, once it is kept. A slow store does not make Discord
    give up: then the press is acknowledged first.
    """
    task = asyncio.ensure_future(moving)
    try:
        await asyncio.wait({task}, timeout=PATIENCE_S)
        if not task.done():
            await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            text = said(await task)
        except UnknownQuiz:
            raise NoQuiz from None
    finally:
        task.cancel()
    if interaction.response.is_done():
        await interaction.followup.send(text, ephemeral=True, allowed_mentions=NOBODY)
    else:
        await interaction.response.send_message(text, ephemeral=True, allowed_mentions=NOBODY)


async def _whisper(message: discord.Message, reply: Reply, *, secret: bool) -> None:
    """Takes an answer out of the channel, and tells its author alone what it was worth."""
    if secret:
        try:
            await message.delete()
        except discord.HTTPException:
            log.info("an answer stays in the channel: the bot may not delete messages there")
    try:
        await message.author.send(texts.reply(reply, message.content), allowed_mentions=NOBODY)
    except discord.HTTPException:
        log.info("a member takes no direct messages")
