"""The desk: what is acknowledged is kept, together and in order; of two desks one goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from cogs.quiz import moves
from cogs.quiz.desk import Desk
from cogs.quiz.game import Game
from cogs.quiz.moves import Said
from cogs.quiz.rules import Ending, Phase
from cogs.quiz.saving import Saving, apart, game_of
from store.errors import UnknownQuiz
from store.opening import Store, open_store
from tests.cogs.quiz.made import KAI, MORI, RIGHT, WRONG, YUKI, asked, new_game
from tests.e2e.quiz import PushedClock

HERE, CHANNEL = 11, 22


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(f"sqlite:///{tmp_path}/quiz.db") as opened:
        yield opened


class Played:
    """A quiz with its first question open."""

    def __init__(self, store: Store, clock: PushedClock) -> None:
        self.store, self.clock = store, clock
        self.saves = 0

    async def begin(self) -> Desk:
        game = new_game()
        state, _, _ = apart(game)
        quiz = await self.store.quizzes.start(
            HERE, "quiz", channel_id=CHANNEL, host_id=KAI, locale="ja", state=state
        )
        desk = Desk(game, self._counted(Saving(self.store, quiz)), self.clock, lambda: None)
        self.task = asyncio.create_task(desk.run())
        await desk.tell(moves.Drawn(asked(), MORI))
        await desk.tell(moves.Posted(7))
        return desk

    def _counted(self, saving: Saving) -> Saving:
        real = saving.save

        async def save(game: Game) -> frozenset[int]:
            self.saves += 1
            return await real(game)

        saving.save = save  # type: ignore[method-assign]
        return saving

    async def kept(self) -> Game:
        return game_of(await self.store.quizzes.get(HERE, "quiz"))


@pytest.fixture
async def played(store: Store) -> AsyncIterator[Played]:
    made = Played(store, PushedClock())
    yield made
    made.task.cancel()
    await asyncio.gather(made.task, return_exceptions=True)


async def test_what_arrives_together_is_one_transaction(played: Played) -> None:
    desk = await played.begin()
    before = played.saves
    replies = await asyncio.gather(*(desk.tell(moves.Chose(n, RIGHT)) for n in range(1, 101)))
    assert {one.said for one in replies} == {Said.NOTED}
    assert played.saves <= before + 3
    kept = await played.kept()
    assert kept == desk.game
    assert len(kept.players) == 100
    assert kept.uploader_id == MORI


async def test_nothing_is_seen_that_is_not_kept(played: Played) -> None:
    desk = await played.begin()
    seen = desk.game
    await desk.tell(moves.Chose(KAI, RIGHT))
    assert seen.players == {}
    assert desk.game.players[KAI].vote is not None


async def test_of_two_desks_of_one_quiz_one_goes_on(played: Played, store: Store) -> None:
    desk = await played.begin()
    quiz = await store.quizzes.get(HERE, "quiz")
    other = Desk(game_of(quiz), Saving(store, quiz), played.clock, lambda: None)
    running = asyncio.create_task(other.run())
    assert (await other.tell(moves.Chose(KAI, WRONG))).said is Said.NOTED
    with pytest.raises(UnknownQuiz):
        await desk.tell(moves.Chose(KAI, RIGHT))
    await played.task
    assert desk.lost
    kept = (await played.kept()).players[KAI].vote
    assert kept is not None
    assert not kept.right, "the other one's answer was acknowledged"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_the_bell_rings_by_itself_and_the_end_is_scored(played: Played, store: Store) -> None:
    desk = await played.begin()
    await desk.tell(moves.Chose(YUKI, RIGHT))
    played.clock.push(25)
    for _ in range(200):
        if desk.game.phase is Phase.REVEALED:
            break
        await asyncio.sleep(0.005)
    assert (await played.kept()).phase is Phase.REVEALED
    await desk.tell(moves.Stop(Ending.STOPPED))
    await played.task
    assert await store.quizzes.everywhere() == ()
    (score,) = await store.quiz_scores.board(HERE, season=1)
    assert (score.member_id, score.points, score.wins) == (YUKI, 100, 1)
    with pytest.raises(UnknownQuiz):
        await desk.tell(moves.Tick())


async def test_a_desk_that_breaks_lets_nobody_wait(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await played.begin()

    def broken(game: Game, move: moves.Move, now_s: float) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(Game, "handle", broken)
    with pytest.raises(UnknownQuiz):
        await desk.tell(moves.Chose(KAI, RIGHT))
    await played.task
    assert desk.lost
    monkeypatch.undo()
    assert (await played.kept()).phase is Phase.OPEN


async def test_who_is_forgotten_and_goes_on_playing_begins_anew(
    played: Played, store: Store
) -> None:
    desk = await played.begin()
    await desk.tell(moves.TakeHint(KAI))
    await store.privacy.forget_member(HERE, KAI)
    assert (await desk.tell(moves.Chose(KAI, RIGHT))).said is Said.NOTED
    kept = (await played.kept()).players[KAI]
    assert kept.vote is not None
    assert (kept.vote.points, kept.hints) == (100, 0)


async def test_who_is_forgotten_leaves_the_game(played: Played, store: Store) -> None:
    desk = await played.begin()
    for member in (KAI, YUKI):
        await desk.tell(moves.Chose(member, RIGHT))
    await store.privacy.forget_member(HERE, KAI)
    await desk.tell(moves.TakeHint(MORI))
    played.clock.push(25)
    for _ in range(200):
        if desk.game.phase is Phase.REVEALED:
            break
        await asyncio.sleep(0.005)
    assert KAI not in desk.game.players
    held: Any = await store.privacy.held(HERE, KAI)
    assert held.total == 0
