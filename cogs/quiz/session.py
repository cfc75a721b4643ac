"""One running quiz: its desk and its stage, from the start or from what the store kept."""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from cogs.quiz import moves, texts_stage
from cogs.quiz.deck import Deck, DeckUnavailable, Question, Wanted
from cogs.quiz.desk import Desk
from cogs.quiz.game import Game
from cogs.quiz.guarding import Guarding
from cogs.quiz.moves import Move, Reply
from cogs.quiz.poster import Poster
from cogs.quiz.rival import Rival
from cogs.quiz.rules import Ending, Phase
from cogs.quiz.saving import Saving
from cogs.quiz.stage import Notes, Stage
from cogs.shared.clock import Clock
from cogs.shared.language import speak
from store.errors import StoreError
from store.types import RunningQuiz

if TYPE_CHECKING:
    from quizzing.watch import Watch
    from store.opening import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every session of a bot needs."""

    client: discord.Client
    store: Store
    clock: Clock
    dice: random.Random
    rival: Rival
    watch: Watch | None = None


class Session:
    """A quiz in a channel.

    Args:
        quiz: as the store has it.
        game: the same, as a game.
        adult: whether the channel is for adults.
        given_first: how names are written in the server.
    """

    def __init__(
        self,
        around: Surroundings,
        quiz: RunningQuiz,
        game: Game,
        deck: Deck,
        *,
        adult: bool,
        given_first: bool,
    ) -> None:
        self.id = quiz.id
        self.guild_id = quiz.guild_id
        self.channel_id = quiz.channel_id
        self.host_id = quiz.host_id
        self._around = around
        self.locale = quiz.locale
        """The language of all that everybody sees of it."""
        self._deck = deck
        self._adult = adult
        self._guarding = Guarding(around.watch, quiz.guild_id, quiz.id)
        changed = asyncio.Event()
        self._desk = Desk(game, Saving(around.store, quiz), around.clock, changed.set)
        self.stage = Stage(
            Poster(
                around.client.get_partial_messageable(self.channel_id, guild_id=self.guild_id),
                quiz.id,
            ),
            quiz.id,
            self._desk,
            deck,
            Notes(
                self.wanted,
                self._guarding.up,
                self._asked,
                self._guarding.down,
                self._answered,
            ),
            clock=around.clock,
            dice=around.dice,
            rival=around.rival,
            guild_id=quiz.guild_id,
            given_first=given_first,
            changed=changed,
        )

    @property
    def game(self) -> Game:
        return self._desk.game

    @property
    def question(self) -> Question | None:
        """The question of the round, with everything that the game does not know of it."""
        return self.stage.question

    async def tell(self, move: Move) -> Reply:
        """Makes a move. Raises UnknownQuiz, StoreUnavailable: see `Desk.tell`."""
        return await self._desk.tell(move)

    async def run(self, *, resumed: bool) -> None:
        """Plays to the end. Cancelled, it can be resumed by whoever reads the store."""
        speak(self.locale)
        if resumed:
            await self._remember()
            # Before the desk sits down, which would otherwise find the bell rung long ago.
            self.game.handle(moves.Wake(), self._around.clock.now_s())
        desk = asyncio.create_task(self._desk.run())
        try:
            if resumed and not self.game.over:
                await self._say_back()
            await self.stage.run()
            await desk
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("quiz=%s broke", self.id)
            if not desk.done():
                await self.tell(moves.Stop(Ending.STOPPED))
                await desk
                await self.stage.close()
        finally:
            desk.cancel()
            await asyncio.gather(desk, return_exceptions=True)
        await self._guarding.down()
        log.info("quiz ended why=%s rounds=%d", self.game.ending, self.game.number)

    async def _remember(self) -> None:
        """Finds out what was shown when the game was left."""
        game, stage = self.game, self.stage
        if game.phase not in (Phase.POSTING, Phase.OPEN):
            stage.revealed = game.number
        elif game.asked is not None:
            stage.revealed = game.number - 1
            stage.question = await self._again(game.asked.id)
            if stage.question is not None:
                await self._guarding.up(stage.question)
            if stage.question is not None and len(stage.question.steps) != game.asked.n_steps:
                stage.question = None

    async def _say_back(self) -> None:
        await self.stage.say(texts_stage.back())
        if self.stage.question is None and self.game.phase in (Phase.POSTING, Phase.OPEN):
            await self.stage.say(texts_stage.gone())

    async def _again(self, question_id: str) -> Question | None:
        try:
            return await self._deck.again(await self.wanted(), question_id)
        except (DeckUnavailable, StoreError):
            log.exception("a question is gone quiz=%s", self.id)
            return None

    async def wanted(self) -> Wanted:
        """What the next question has to be. Raises StoreUnavailable."""
        rules, store = self.game.rules, self._around.store
        avoid = frozenset(self.game.used)
        review: frozenset[str] = frozenset()
        if rules.missed:
            review = await store.quiz_asked.missed(self.guild_id, rules.deck)
        else:
            avoid |= await store.quiz_asked.recent(self.guild_id, rules.deck)
        return Wanted(
            self.guild_id,
            self.channel_id,
            adult=self._adult,
            host_id=self.host_id,
            series=rules.series,
            difficulty=rules.difficulty,
            missed=rules.missed,
            avoid=avoid,
            review=review,
        )

    async def _asked(self, question: Question) -> None:
        try:
            await self._around.store.quiz_asked.asked(
                self.guild_id, self.game.rules.deck, question.id
            )
        except StoreError:
            log.exception("a question may come again soon")

    async def _answered(self, question_id: str, missed: bool) -> None:
        try:
            await self._around.store.quiz_asked.answered(
                self.guild_id, self.game.rules.deck, question_id, missed=missed
            )
        except StoreError:
            log.exception("a question will be missing in reviews")
