"""Everything that can happen to a quiz from outside: it goes on, or ends with its points."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from catalog import Catalog
from recognition.recognizer import Recognizer
from sandbox.models import Overwrite
from sandbox.permissions import EMBED_LINKS, SEND_MESSAGES, VIEW_CHANNEL
from tests.e2e.conftest import Club, open_club
from tests.e2e.quiz import Night, PushedClock, limits_of_pushed_time, people, text_of


@pytest.fixture(autouse=True)
def _limits(monkeypatch: pytest.MonkeyPatch) -> None:
    limits_of_pushed_time(monkeypatch)


@pytest.fixture
def clock() -> PushedClock:
    return PushedClock()


@pytest.fixture
async def club(recognizer: Recognizer, catalog: Catalog, clock: PushedClock) -> AsyncIterator[Club]:
    async with open_club(recognizer, catalog, clock=clock) as opened:
        yield opened


@pytest.fixture
def night(club: Club, clock: PushedClock) -> Night:
    return Night(club, clock, club.sandbox.channel, people(club, 3), club.sandbox.member)


NOT_YOURS = "Only whoever started the quiz, and staff, can do that."


async def test_three_rounds_without_an_answer(night: Night) -> None:
    await night.start(rounds=9)
    for number in (1, 2, 3):
        await night.question(number)
        await night.bell()
        await night.after_reveal()
    assert "Nobody has answered for three rounds" in text_of(await night.ended())


async def test_the_host_leaves(night: Night) -> None:
    """The quiz goes on without him to its end; staff can end it before."""
    sandbox = night.club.sandbox
    await night.start(rounds=2)
    message = await night.question(1)
    del sandbox.guild.members[night.host.id]
    await night.press(night.players[0], message, night.right())
    await night.bell()
    await night.after_reveal()
    await night.question(2)
    assert (await night.command("stop", night.players[0])).content == NOT_YOURS
    assert (await night.command("stop", sandbox.staff)).content == "That was it."
    assert f"🥇 <@{night.players[0].id}>" in text_of(await night.ended())


async def test_a_deleted_question_is_posted_anew(night: Night) -> None:
    kai, yuki, _ = night.players
    await night.start(rounds=1)
    first = await night.question(1)
    await night.press(kai, first, night.right())
    await night.club.sandbox.delete(night.club.sandbox.staff, first)
    await night.until(lambda: night.session.game.message_id != first.id)
    second = await night.question(1)
    assert second.id != first.id
    assert "One answer a round" in await night.press(kai, second, night.right())
    assert "Noted" in await night.press(yuki, second, night.right())
    await night.bell()
    assert str(kai.id) in text_of(night.reveals()[0])


@pytest.mark.parametrize("lost", [SEND_MESSAGES, EMBED_LINKS, VIEW_CHANNEL])
async def test_it_does_not_begin_where_it_may_not_post(night: Night, lost: int) -> None:
    bot = night.club.sandbox.application.bot.id
    night.channel.overwrites[bot] = Overwrite(bot, 0, deny=lost)
    handle = await night.start()
    assert handle.answer is not None
    assert handle.answer.content.startswith("I need to be allowed to view this channel")
    assert not night.running


async def test_a_bot_that_may_not_post_any_more_ends_it_with_its_points(night: Night) -> None:
    kai, *_ = night.players
    await night.start(rounds=3)
    message = await night.question(1)
    await night.press(kai, message, night.right())
    bot = night.club.sandbox.application.bot.id
    night.channel.overwrites[bot] = Overwrite(bot, 0, deny=VIEW_CHANNEL | SEND_MESSAGES)
    night.clock.push(25)
    await night.until(lambda: not night.running)
    await assert_scored(night, kai.id)
    night.club.sandbox.violations.clear()  # it tried, once: nobody tells it beforehand


async def test_a_deleted_channel_ends_it_with_its_points(night: Night) -> None:
    kai, *_ = night.players
    await night.start(rounds=3)
    message = await night.question(1)
    await night.press(kai, message, night.right())
    channel = night.club.bot.get_channel(night.channel.id)
    assert channel is not None
    night.club.bot.dispatch("guild_channel_delete", channel)
    await night.until(lambda: not night.running)
    await assert_scored(night, kai.id)


async def test_a_server_that_throws_the_bot_out_keeps_its_points(night: Night) -> None:
    kai, *_ = night.players
    await night.start(rounds=3)
    message = await night.question(1)
    await night.press(kai, message, night.right())
    night.club.sandbox.uninstall(night.club.sandbox.guild)
    await night.until(lambda: not night.running)
    await assert_scored(night, kai.id)
    night.club.sandbox.violations.clear()


async def assert_scored(night: Night, member_id: int) -> None:
    store = night.club.services.store
    assert store is not None
    score = await store.quiz_scores.of_member(night.club.sandbox.guild.id, member_id, season=1)
    assert score is not None
    assert (score.points, score.correct) == (100, 1)
    assert await store.quizzes.everywhere() == ()


async def test_the_gateway_drops_in_mid_round(night: Night) -> None:
    kai, yuki, _ = night.players
    sandbox = night.club.sandbox
    await night.start(rounds=2)
    message = await night.question(1)
    await night.press(kai, message, night.right())
    assert sandbox.faults.gateway_drop() == 1
    await night.until(lambda: not sandbox.gateway.ready_sessions)
    await night.until(lambda: sandbox.gateway.ready_sessions, 20)
    assert "Noted" in await night.press(yuki, message, night.right())
    await night.bell()
    reveal = text_of(night.reveals()[0])
    assert str(kai.id) in reveal
    assert str(yuki.id) in reveal
    await night.after_reveal()
    sandbox.faults.gateway_invalidate()
    await night.until(lambda: not sandbox.gateway.ready_sessions)
    await night.until(lambda: sandbox.gateway.ready_sessions, 20)
    message = await night.question(2)
    assert "Noted" in await night.press(kai, message, night.right())
    await night.bell()
    await night.after_reveal()
    assert f"🥇 <@{kai.id}>: 200 points" in text_of(await night.ended())


async def test_discord_has_hiccups(night: Night) -> None:
    kai, *_ = night.players
    await night.start(rounds=1)
    message = await night.question(1)
    await night.press(kai, message, night.right())
    night.club.sandbox.faults.server_error("/channels/*", count=1, status=502)
    await night.bell()
    assert str(kai.id) in text_of(night.reveals()[0])
    await night.after_reveal()
    await night.ended()


async def resumed(night: Night, away_s: float) -> None:
    """What a crash and a start leave: nothing in memory, everything in the store."""
    await night.cog.sessions.close()
    assert not night.running
    told = [one for one in night.messages() if "No answer is lost" in one.content]
    night.clock.push(away_s)
    await night.cog.sessions.resume()
    if away_s < 900:
        await night.until(
            lambda: sum("No answer is lost" in one.content for one in night.messages()) > len(told)
        )


@pytest.mark.parametrize("away_s", [2.0, 300.0])
async def test_taken_up_in_mid_round(night: Night, away_s: float) -> None:
    kai, yuki, _ = night.players
    await night.start(rounds=2)
    message = await night.question(1)
    right = night.right()
    await night.press(kai, message, right)
    await resumed(night, away_s)
    message = await night.question(1)
    assert "One answer a round" in await night.press(kai, message, right)
    assert "Noted" in await night.press(yuki, message, right)
    await night.bell()
    await night.after_reveal()
    await night.question(2)
    await resumed(night, 1)
    message = await night.question(2)
    await night.bell()
    await resumed(night, 1)  # between two rounds
    await night.after_reveal()
    podium = text_of(await night.ended())
    assert f"🥇 <@{kai.id}>: 100 points" in podium
    assert str(yuki.id) in podium


async def test_after_a_long_absence_it_is_closed_with_its_points_and_says_so(night: Night) -> None:
    kai, *_ = night.players
    await night.start(rounds=5)
    message = await night.question(1)
    await night.press(kai, message, night.right())
    await resumed(night, 3600)
    podium = text_of(await night.ended())
    assert "I was away for too long, so I ended the quiz." in podium
    assert f"🥇 <@{kai.id}>: 100 points" in podium
    await assert_scored(night, kai.id)


async def test_who_asks_to_be_forgotten_in_mid_quiz_is_forgotten(night: Night) -> None:
    kai, yuki, _ = night.players
    await night.start(rounds=2)
    message = await night.question(1)
    for player in (kai, yuki):
        await night.press(player, message, night.right())
    store = night.club.services.store
    assert store is not None
    await store.privacy.forget_member(night.club.sandbox.guild.id, kai.id)
    await night.bell()
    await night.after_reveal()
    await night.question(2)
    await night.bell()
    await night.after_reveal()
    await night.ended()
    board = await store.quiz_scores.board(night.club.sandbox.guild.id, season=None)
    assert [one.member_id for one in board] == [yuki.id]
    assert (await store.privacy.held_everywhere(kai.id)).total == 0


async def test_a_quiz_that_cannot_be_taken_up_is_ended(night: Night) -> None:
    """Its deck is gone: it is closed with its points. Nobody can read it: it is closed."""
    kai, *_ = night.players
    store = night.club.services.store
    assert store is not None
    await night.start(rounds=2)
    message = await night.question(1)
    await night.press(kai, message, night.right())
    await night.cog.sessions.close()
    decks = night.cog.sessions.decks
    night.cog.sessions.decks = {}
    await night.cog.sessions.resume()
    await assert_scored(night, kai.id)
    night.cog.sessions.decks = decks
    await store.quizzes.start(
        night.club.sandbox.guild.id, "unreadable12", channel_id=night.channel.id,
        host_id=kai.id, locale="ja", state={"phase": "?"},
    )  # fmt: skip
    await night.cog.sessions.resume()
    assert await store.quizzes.everywhere() == ()
    await night.start(rounds=1)


async def test_a_slow_store_does_not_let_discord_give_up(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    kai, *_ = night.players
    await night.start(rounds=1)
    message = await night.question(1)
    store = night.club.services.store
    assert store is not None
    real = type(store.quizzes).save

    async def slow(*arguments: Any, **more: Any) -> Any:
        await asyncio.sleep(2)
        return await real(*arguments, **more)

    monkeypatch.setattr(type(store.quizzes), "save", slow)
    handle = await night.club.sandbox.click(kai, message, night.right())
    assert (await handle.wait_answer()).content.startswith("Noted: ")
    assert (handle.ack_ms or 9999) < 1900 < (handle.answer_ms or 0)
    assert handle.ephemeral


async def test_a_slow_store_leaves_the_processor_to_others(
    night: Night, clock: PushedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the end of a round is being kept, nothing looks at the clock again and again."""
    kai, *_ = night.players
    await night.start(rounds=1)
    await night.press(kai, await night.question(1), night.right())
    store = night.club.services.store
    assert store is not None
    real, begun, goes_on = type(store.quizzes).save, asyncio.Event(), asyncio.Event()

    async def held(*arguments: Any, **more: Any) -> Any:
        begun.set()
        await goes_on.wait()
        return await real(*arguments, **more)

    monkeypatch.setattr(type(store.quizzes), "save", held)
    clock.push(night.session.game.rules.seconds)
    await begun.wait()
    asked = 0
    now_s = PushedClock.now_s

    def counted(self: PushedClock) -> float:
        nonlocal asked
        asked += 1
        return now_s(self)

    monkeypatch.setattr(PushedClock, "now_s", counted)
    await asyncio.sleep(0.2)
    assert asked < 20
    goes_on.set()
    await night.revealed(1)


async def test_a_store_that_is_not_there_loses_no_answer(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be kept is not acknowledged, and did not happen."""
    from store.errors import StoreUnavailable

    kai, *_ = night.players
    await night.start(rounds=1)
    message = await night.question(1)
    store = night.club.services.store
    assert store is not None
    real = type(store.quizzes).save

    async def unavailable(*arguments: Any, **more: Any) -> Any:
        raise StoreUnavailable("on purpose")

    monkeypatch.setattr(type(store.quizzes), "save", unavailable)
    answer = await night.press(kai, message, night.right())
    assert answer.startswith("I can't remember anything right now.")
    assert kai.id not in night.session.game.players
    monkeypatch.setattr(type(store.quizzes), "save", real)
    await asyncio.sleep(1.1)
    assert "Noted" in await night.press(kai, message, night.right())
