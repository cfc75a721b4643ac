"""``/quiz start``: from what was chosen, and what the server has set, to a quiz that runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import discord

from cogs.quiz import screen, texts, texts_stage
from cogs.quiz.deck import Deck, DeckUnavailable
from cogs.quiz.refusals import CannotStart
from cogs.quiz.rules import Answers, Ending, Mode, Rules, Tolerance
from cogs.quiz.session import Session
from cogs.quiz.sessions import Sessions
from cogs.shared.language import in_public
from cogs.shared.refusals import NotHere
from cogs.shared.safe import NOBODY, ServedInteraction
from store.errors import ChannelTaken
from store.types import QuizDefaults

if TYPE_CHECKING:
    from store.opening import Store

T = TypeVar("T", Answers, Mode, Tolerance)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a member has chosen; None: as the server has set it."""

    deck: str | None = None
    rounds: int | None = None
    seconds: int | None = None
    answers: str | None = None
    mode: str | None = None
    tolerance: str | None = None
    series: str = ""
    difficulty: str = "any"
    missed: bool = False


class Starting:
    """Begins quizzes."""

    def __init__(self, sessions: Sessions, store: Store, decks: Mapping[str, Deck]) -> None:
        self._sessions = sessions
        self._store = store
        self._decks = decks

    async def start(self, interaction: ServedInteraction, chosen: Chosen) -> None:
        """Checks everything, begins, and says so in the channel.

        Raises:
            NotHere, CannotStart, LimitReached, StoreUnavailable
        """
        guild_id = interaction.guild_id
        channel = interaction.channel
        if guild_id is None or channel is None or not interaction.is_guild_integration():
            raise NotHere
        await interaction.response.defer(thinking=True)
        settings = await self._store.settings.get(guild_id)
        rules = rules_of(chosen, settings.quiz)
        self._check(interaction, rules)
        locale = settings.language or str(interaction.locale)
        try:
            session = await self._sessions.start(
                guild_id, channel, interaction.user.id, locale, rules
            )
        except ChannelTaken:
            # One that a restart has interrupted may not have been taken up yet.
            await self._sessions.resume()
            raise CannotStart(texts.busy()) from None
        try:
            questions = await self._questions(session, rules)
            await self._say(interaction, session, questions)
        except BaseException:
            self._sessions.play(session)
            await self._sessions.end(session, Ending.STOPPED)
            raise
        self._sessions.play(session)

    def _check(self, interaction: ServedInteraction, rules: Rules) -> None:
        may = interaction.app_permissions
        speak = may.send_messages_in_threads if _is_thread(interaction) else may.send_messages
        if not (may.view_channel and speak and may.embed_links and may.attach_files):
            raise CannotStart(texts.cannot_post())
        deck = self._decks.get(rules.deck)
        if deck is None:
            raise CannotStart(texts.no_deck())
        if rules.mode is Mode.BOT and not deck.pictures:
            raise CannotStart(texts.needs_pictures())
        if rules.answers is Answers.TYPED and not interaction.client.intents.message_content:
            raise CannotStart(texts.needs_content())

    async def _questions(self, session: Session, rules: Rules) -> int | None:
        """How many there are. Raises CannotStart: none."""
        try:
            questions = await self._decks[rules.deck].count(await session.wanted())
        except DeckUnavailable:
            raise CannotStart(texts.deck_silent()) from None
        if questions == 0:
            raise CannotStart(texts.no_questions(missed=rules.missed))
        return questions

    async def _say(
        self, interaction: ServedInteraction, session: Session, questions: int | None
    ) -> None:
        rules = session.game.rules
        view = discord.utils.MISSING
        with in_public():
            lines = [texts_stage.started(interaction.user.id, rules)]
            if questions is not None and questions < rules.rounds:
                lines.append(texts.few(questions))
            if rules.mode is Mode.TEAMS:
                lines.append(texts_stage.join_a_team())
                view = screen.team_view(session.id)
        await interaction.edit_original_response(
            content="\n".join(lines), view=view, allowed_mentions=NOBODY
        )


def rules_of(chosen: Chosen, defaults: QuizDefaults) -> Rules:
    """What is played: what was chosen, then what the server has set. Words that a later version
    may have written and nobody here knows fall back to ours.
    """
    usual = Rules(deck=chosen.deck or defaults.deck)
    return replace(
        usual,
        rounds=chosen.rounds or defaults.rounds,
        seconds=chosen.seconds or defaults.seconds,
        answers=_word(Answers, chosen.answers or defaults.answers, usual.answers),
        mode=_word(Mode, chosen.mode or defaults.mode, usual.mode),
        tolerance=_word(Tolerance, chosen.tolerance or defaults.tolerance, usual.tolerance),
        series=chosen.series,
        difficulty=chosen.difficulty,
        missed=chosen.missed,
    )


def _word(kind: type[T], word: str, usual: T) -> T:
    try:
        return kind(word)
    except ValueError:
        return usual


def _is_thread(interaction: ServedInteraction) -> bool:
    return isinstance(interaction.channel, discord.Thread)
