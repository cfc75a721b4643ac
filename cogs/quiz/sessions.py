"""All quizzes of this process, by channel; those that a restart has interrupted are taken up."""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import discord

from cogs.quiz.deck import Deck
from cogs.quiz.game import Game
from cogs.quiz.moves import Stop
from cogs.quiz.rival import Rival
from cogs.quiz.rules import Ending, Rules
from cogs.quiz.saving import Saving, apart, game_of
from cogs.quiz.session import Session, Surroundings
from cogs.shared.services import ServedBot
from store.errors import StoreError, UnknownQuiz
from store.types import NameOrder, RunningQuiz

if TYPE_CHECKING:
    from store.opening import Store

log = logging.getLogger(__name__)


class Sessions:
    """What runs, one quiz a channel.

    Args:
        bot: whose channels they are in.
        store: where they are kept.
        decks: by name.
    """

    def __init__(self, bot: ServedBot, store: Store, decks: Mapping[str, Deck]) -> None:
        self._bot = bot
        self._store = store
        self.decks = decks
        self._around = Surroundings(
            bot,
            store,
            bot.services.clock,
            random.SystemRandom(),
            Rival(bot.services),
            bot.services.watch,
        )
        self._running: dict[int, Session] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._taking = asyncio.Lock()

    def __iter__(self) -> Iterator[Session]:
        return iter(tuple(self._running.values()))

    def get(self, channel_id: int | None) -> Session | None:
        """What runs in a channel."""
        return self._running.get(channel_id or 0)

    async def start(
        self, guild_id: int, channel: discord.abc.Snowflake, host_id: int, locale: str, rules: Rules
    ) -> Session:
        """Begins a quiz; it plays by itself from then on. Call `play` when its start is told.

        Raises:
            ChannelTaken, LimitReached, StoreUnavailable
        """
        game = Game.new(rules, self._around.clock.now_s())
        state, _, _ = apart(game)
        # Whoever looks for interrupted quizzes meanwhile must not take this one for one.
        async with self._taking:
            quiz = await self._store.quizzes.start(
                guild_id,
                secrets.token_urlsafe(9),
                channel_id=channel.id,
                host_id=host_id,
                locale=locale,
                state=state,
            )
            session = await self._session(quiz, game)
            self._running[channel.id] = session
        return session

    def play(self, session: Session, *, resumed: bool = False) -> None:
        """Lets a session run."""
        self._tasks[session.channel_id] = asyncio.create_task(self._run(session, resumed=resumed))

    async def resume(self) -> None:
        """Takes up every quiz of our servers that nobody in this process plays."""
        async with self._taking:
            try:
                for guild_id, quiz_id in await self._store.quizzes.everywhere():
                    if self._bot.get_guild(guild_id) is not None:
                        await self._take_up(guild_id, quiz_id)
            except StoreError:
                log.exception("could not look for interrupted quizzes")

    async def _take_up(self, guild_id: int, quiz_id: str) -> None:
        if any(one.id == quiz_id for one in self):
            return
        try:
            quiz = await self._store.quizzes.get(guild_id, quiz_id)
        except UnknownQuiz:
            return
        try:
            game = game_of(quiz)
        except (KeyError, TypeError, ValueError):
            log.exception("nobody can read quiz=%s; it is ended", quiz_id)
            await self._store.quizzes.finish(guild_id, quiz_id, version=quiz.version, results=[])
            return
        if game.rules.deck not in self.decks:
            log.warning("no deck for quiz=%s; it is ended with its points", quiz_id)
            game.handle(Stop(Ending.DRY), self._around.clock.now_s())
            await Saving(self._store, quiz).finish(game)
            return
        session = await self._session(quiz, game)
        log.info("resuming quiz=%s round=%d", quiz_id, game.number)
        self._running[quiz.channel_id] = session
        self.play(session, resumed=True)

    async def _session(self, quiz: RunningQuiz, game: Game) -> Session:
        settings = await self._store.settings.get(quiz.guild_id)
        channel = self._bot.get_channel(quiz.channel_id)
        return Session(
            self._around,
            quiz,
            game,
            self.decks[game.rules.deck],
            adult=_is_adult(channel),
            given_first=settings.name_order is NameOrder.GIVEN_FIRST,
        )

    async def _run(self, session: Session, *, resumed: bool) -> None:
        try:
            await session.run(resumed=resumed)
        finally:
            if self._running.get(session.channel_id) is session:
                del self._running[session.channel_id]
                self._tasks.pop(session.channel_id, None)

    async def end(self, session: Session, why: Ending) -> None:
        """Ends a quiz, if it has not ended."""
        try:
            await session.tell(Stop(why))
        except StoreError:
            log.info("quiz=%s could not be ended", session.id, exc_info=True)

    async def close(self) -> None:
        """Lets go of everything; the store has it, and `resume` takes it up."""
        async with self._taking:  # whoever is being taken up is let go of, too
            tasks = list(self._tasks.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _is_adult(channel: object) -> bool:
    if isinstance(channel, discord.Thread):
        return channel.is_nsfw()
    return bool(getattr(channel, "nsfw", False))
