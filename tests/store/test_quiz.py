"""Running quizzes, scores, seasons, and what was asked."""

from __future__ import annotations

import asyncio

import pytest

from store.errors import ChannelTaken, LimitReached, QuizChanged, UnknownQuiz, ValueRefused
from store.opening import Store
from store.types import ActionKind, Limits, QuizResult, RunningQuiz, Season
from tests.store.conftest import Clock, Open
from tests.store.made import CHANNEL, HERE, MEMBER, OTHER, STAFF, THERE


async def start(store: Store, quiz_id: str = "one", channel_id: int = CHANNEL) -> RunningQuiz:
    return await store.quizzes.start(
        HERE, quiz_id, channel_id=channel_id, host_id=STAFF, locale="de", state={"round": 0}
    )


def result(member_id: int, points: int = 100, fastest_ms: int | None = 900) -> QuizResult:
    return QuizResult(member_id, points, points > 50, 10, 5, 20_000, fastest_ms)


async def finished(store: Store, *results: QuizResult) -> None:
    quiz = await start(store)
    players = {one.member_id: {} for one in results}
    await store.quizzes.save(HERE, quiz.id, version=1, state={}, players=players, joined=players)
    await store.quizzes.finish(HERE, quiz.id, version=2, results=results)


async def test_a_channel_has_one_quiz(store: Store) -> None:
    quiz = await start(store)
    assert await store.quizzes.get(HERE, "one") == quiz
    assert await store.quizzes.everywhere() == ((HERE, "one"),)
    with pytest.raises(ChannelTaken) as caught:
        await start(store, "two")
    assert caught.value.quiz_id == "one"
    begun = await asyncio.gather(
        *(start(store, f"at once {n}", CHANNEL + 1) for n in range(4)), return_exceptions=True
    )
    assert sum(isinstance(one, RunningQuiz) for one in begun) == 1
    assert sum(isinstance(one, ChannelTaken) for one in begun) == 3


async def test_a_server_has_so_many_quizzes(open_again: Open) -> None:
    async with open_again(limits=Limits(quizzes_per_server=2)) as store:
        for n in range(2):
            await start(store, str(n), CHANNEL + n)
        with pytest.raises(LimitReached):
            await start(store, "2", CHANNEL + 2)


async def test_what_was_saved_is_there_in_every_process(store: Store, open_again: Open) -> None:
    await start(store)
    players = {MEMBER: {"points": 0}, OTHER: {"points": 7}}
    await store.quizzes.save(
        HERE, "one", version=1, state={"round": 1}, uploader_id=OTHER, players=players,
        joined=players,
    )  # fmt: skip
    await store.quizzes.save(
        HERE, "one", version=2, state={"round": 2}, players={MEMBER: {"points": 9}}
    )
    async with open_again() as other:
        quiz = await other.quizzes.get(HERE, "one")
    assert (quiz.version, quiz.state, quiz.uploader_id) == (3, {"round": 2}, OTHER)
    assert quiz.players == {MEMBER: {"points": 9}, OTHER: {"points": 7}}


async def test_of_two_processes_that_play_one_quiz_one_goes_on(store: Store) -> None:
    await start(store)
    await store.quizzes.save(HERE, "one", version=1, state={"by": "first"}, players={})
    with pytest.raises(QuizChanged):
        await store.quizzes.save(HERE, "one", version=1, state={"by": "second"}, players={})
    with pytest.raises(QuizChanged):
        await store.quizzes.finish(HERE, "one", version=1, results=[])
    assert (await store.quizzes.get(HERE, "one")).state == {"by": "first"}


async def test_ending_scores_once(store: Store) -> None:
    quiz = await start(store)
    players = {MEMBER: {}, OTHER: {}}
    await store.quizzes.save(HERE, quiz.id, version=1, state={}, players=players, joined=players)
    endings = await asyncio.gather(
        *(
            store.quizzes.finish(HERE, quiz.id, version=2, results=[result(MEMBER)])
            for _ in range(3)
        ),
        return_exceptions=True,
    )
    assert sum(one is None for one in endings) == 1
    assert sum(isinstance(one, UnknownQuiz) for one in endings) == 2
    score = await store.quiz_scores.of_member(HERE, MEMBER, season=1)
    assert score is not None
    assert (score.points, score.quizzes, score.wins, score.rank) == (100, 1, 1, 1)
    assert await store.quizzes.everywhere() == ()


async def test_a_member_who_is_forgotten_in_mid_quiz_stays_forgotten(store: Store) -> None:
    quiz = await start(store)
    players = {MEMBER: {"points": 1}, OTHER: {"points": 2}}
    await store.quizzes.save(
        HERE, quiz.id, version=1, state={}, uploader_id=MEMBER, players=players, joined=players
    )
    await store.privacy.forget_member(HERE, MEMBER)
    gone = await store.quizzes.save(HERE, quiz.id, version=2, state={"x": 1}, players=players)
    assert gone == {MEMBER}
    kept = await store.quizzes.get(HERE, quiz.id)
    assert (set(kept.players), kept.uploader_id, kept.host_id) == ({OTHER}, None, STAFF)
    await store.quizzes.finish(
        HERE, quiz.id, version=3, results=[result(MEMBER), result(OTHER, 40)]
    )
    assert [one.member_id for one in await store.quiz_scores.board(HERE, season=None)] == [OTHER]


async def test_points_add_up_and_the_fastest_answer_stays(store: Store) -> None:
    await finished(store, result(MEMBER, 100, 900), result(OTHER, 40, None))
    await finished(store, result(MEMBER, 10, 1500), result(OTHER, 70, 300))
    first, second = await store.quiz_scores.board(HERE, season=1)
    assert (first.member_id, first.points, first.rank, first.fastest_ms) == (OTHER, 110, 1, 300)
    assert (second.member_id, second.points, second.rank, second.fastest_ms) == (
        MEMBER, 110, 1, 900,
    )  # fmt: skip
    assert (first.wins, second.wins, first.quizzes, first.total_ms) == (1, 1, 2, 40_000)


async def test_a_board_has_pages(store: Store) -> None:
    await finished(store, *(result(n, 100 - n) for n in range(1, 31)))
    page = await store.quiz_scores.board(HERE, season=1, limit=10, offset=20)
    assert [one.rank for one in page] == list(range(21, 31))
    with pytest.raises(ValueRefused):
        await store.quiz_scores.board(HERE, season=1, limit=101)


async def test_a_season_ends_once_and_all_time_goes_on(store: Store, clock: Clock) -> None:
    assert await store.quiz_scores.season(HERE) == Season(1)
    await finished(store, result(MEMBER))
    begun = clock.now
    assert await store.quiz_scores.season(HERE) == Season(1, begun)
    clock.forward(days=30)
    seasons = await asyncio.gather(
        *(store.quiz_scores.reset(HERE, STAFF, season=1) for _ in range(3))
    )
    assert {one.number for one in seasons} == {2}
    assert await store.quiz_scores.board(HERE, season=2) == ()
    await finished(store, result(MEMBER, 5))
    ((now,), (ever,)) = (
        await store.quiz_scores.board(HERE, season=2),
        await store.quiz_scores.board(HERE, season=None),
    )
    assert (now.points, ever.points) == (5, 105)
    log = await store.audit.page(HERE, kinds=[ActionKind.SEASON])
    assert [(one.actor_id, one.detail) for one in log] == [(STAFF, {"season": 2})]


async def test_a_season_can_end_before_anybody_scored(store: Store) -> None:
    assert (await store.quiz_scores.reset(HERE, STAFF, season=1)).number == 2
    assert (await store.quiz_scores.season(THERE)).number == 1


async def test_what_was_asked_does_not_come_again_within_a_month(
    store: Store, clock: Clock
) -> None:
    await store.quiz_asked.asked(HERE, "clues", "rei")
    await store.quiz_asked.asked(HERE, "pictures", "asuka")
    clock.forward(days=29, hours=23)
    assert await store.quiz_asked.recent(HERE, "clues") == {"rei"}
    await store.quiz_asked.asked(HERE, "clues", "rei")
    clock.forward(days=2)
    assert await store.quiz_asked.recent(HERE, "clues") == {"rei"}
    clock.forward(days=29)
    assert await store.quiz_asked.recent(HERE, "clues") == frozenset()


async def test_what_was_missed_is_missed_until_somebody_knows_it(store: Store) -> None:
    for name in ("rei", "asuka"):
        await store.quiz_asked.asked(HERE, "clues", name)
        await store.quiz_asked.answered(HERE, "clues", name, missed=True)
    await store.quiz_asked.asked(HERE, "clues", "rei")  # skipped: still nobody has known it
    assert await store.quiz_asked.missed(HERE, "clues") == {"rei", "asuka"}
    await store.quiz_asked.answered(HERE, "clues", "rei", missed=False)
    assert await store.quiz_asked.missed(HERE, "clues") == {"asuka"}
    await store.quiz_asked.answered(HERE, "clues", "never asked", missed=True)
    assert await store.quiz_asked.missed(HERE, "clues") == {"asuka"}
