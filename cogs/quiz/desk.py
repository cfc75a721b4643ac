"""The desk of one quiz: takes every move in the order of arrival, keeps it, and only then answers.

Moves that arrive together are written together, so that a crowd of answers is one transaction. What
Discord has to be shown is not done here (`cogs.quiz.stage` does it): an answer never waits for a
message to be edited.
"""

from __future__ import annotations

import asyncio
import copy
import logging
from collections.abc import Callable

from cogs.quiz import moves
from cogs.quiz.game import Game
from cogs.quiz.moves import Move, Reply
from cogs.quiz.saving import Saving
from cogs.shared.clock import Clock
from store.errors import QuizChanged, StoreUnavailable, UnknownQuiz

AGAIN_S = 1.0
"""Seconds until the store is asked again that was not there."""
log = logging.getLogger(__name__)
_Waiting = tuple[Move, float, "asyncio.Future[Reply]"]


class Desk:
    """One game and what comes in.

    Args:
        game: as it was begun or read.
        saving: where it is kept.
        clock: tells the time.
        on_change: called after every move that was kept.
    """

    def __init__(
        self, game: Game, saving: Saving, clock: Clock, on_change: Callable[[], None]
    ) -> None:
        self.game = game
        """As it was kept last. It is replaced by every move, and not changed."""
        self.lost = False
        """Another process plays it, or its server was forgotten: nothing more is to be shown."""
        self._saving = saving
        self._clock = clock
        self._on_change = on_change
        self._waiting: list[_Waiting] = []
        self._serving: list[_Waiting] = []
        self._arrived = asyncio.Event()
        self._closed = False

    async def tell(self, move: Move) -> Reply:
        """Makes a move; the reply comes when it is kept.

        Raises:
            UnknownQuiz: it has ended.
            StoreUnavailable: it could not be kept; it did not happen.
        """
        if self._closed:
            raise UnknownQuiz(self._saving.guild_id, self._saving.quiz_id)
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting.append((move, self._clock.now_s(), answer))
        self._arrived.set()
        return await answer

    async def run(self) -> None:
        """Serves until the game is over and its points are kept, or it is lost."""
        try:
            while not self.game.over:
                self._serving = await self._next()
                await self._serve(self._serving)
            await self._finish()
        except (UnknownQuiz, QuizChanged):
            log.warning("lost quiz=%s", self._saving.quiz_id)
            self.lost = True
        except Exception:
            # Nothing more can be promised here; what was acknowledged is in the store.
            log.exception("the desk of quiz=%s broke", self._saving.quiz_id)
            self.lost = True
        finally:
            self._closed = True
            self._on_change()
            self._refuse_all()

    async def _next(self) -> list[_Waiting]:
        """What has arrived; a tick where nothing did until something is due."""
        self._arrived.clear()
        if not self._waiting:
            due_s = self.game.due_s(self._clock.now_s())
            bell = asyncio.ensure_future(self._clock.sleep_until(due_s))
            coming = asyncio.ensure_future(self._arrived.wait())
            try:
                await asyncio.wait({coming, bell}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                bell.cancel()
                coming.cancel()
        batch, self._waiting = self._waiting, []
        return batch

    async def _serve(self, batch: list[_Waiting]) -> None:
        # A copy: nobody sees what is not kept yet, and what could not be kept did not happen.
        game = copy.deepcopy(self.game)
        replies = [game.handle(move, at_s) for move, at_s, _ in batch]
        if not batch:
            game.handle(moves.Tick(), self._clock.now_s())
        try:
            gone = await self._saving.save(game)
            if gone:
                self._forget(game, gone, batch, replies)
                await self._saving.save(game)
        except StoreUnavailable as problem:
            _fail(batch, problem)
            log.exception("could not keep quiz=%s", self._saving.quiz_id)
            await asyncio.sleep(AGAIN_S)
            return
        self.game = game
        for (_, _, answer), reply in zip(batch, replies, strict=True):
            if not answer.done():
                answer.set_result(reply)
        self._on_change()

    def _forget(
        self, game: Game, gone: frozenset[int], batch: list[_Waiting], replies: list[Reply]
    ) -> None:
        """Takes members out who asked to be forgotten; what they did since begins anew."""
        for member_id in gone:
            game.handle(moves.Forget(member_id), self._clock.now_s())
        for i, (move, at_s, _) in enumerate(batch):
            if getattr(move, "member_id", None) in gone:
                replies[i] = game.handle(move, at_s)

    async def _finish(self) -> None:
        while True:
            try:
                await self._saving.finish(self.game)
                return
            except StoreUnavailable:
                log.exception("could not end quiz=%s; trying again", self._saving.quiz_id)
                await asyncio.sleep(AGAIN_S)

    def _refuse_all(self) -> None:
        problem = UnknownQuiz(self._saving.guild_id, self._saving.quiz_id)
        _fail([*self._serving, *self._waiting], problem)


def _fail(batch: list[_Waiting], problem: Exception) -> None:
    for _, _, answer in batch:
        if not answer.done():
            answer.set_exception(problem)
