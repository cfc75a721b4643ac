"""Who may do what in a quiz, what can be chosen, and what staff see of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from catalog import Catalog
from recognition.recognizer import Recognizer
from store.types import NameOrder, QuizDefaults
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
NO_QUIZ = "There is no quiz in this channel."


async def test_host_and_staff_steer_and_nobody_else(night: Night) -> None:
    staff, stranger = night.club.sandbox.staff, night.players[0]
    for name in ("stop", "pause", "resume", "skip", "hint"):
        assert (await night.command(name, stranger)).content == NO_QUIZ
    await night.start(rounds=5)
    message = await night.question(1)
    for name in ("stop", "pause", "resume"):
        answer = await night.command(name, stranger)
        assert answer.ephemeral
        assert answer.content == NOT_YOURS
    assert (await night.command("pause")).content.startswith("Paused.")
    await night.until(lambda: "Paused: the clock stands still." in text_of(message))
    night.clock.push(600)
    assert await night.press(stranger, message, night.right()) == "The quiz is paused."
    assert (await night.command("resume", staff)).content == "On we go."
    await night.until(lambda: "Paused" not in text_of(message))
    assert "Noted" in await night.press(stranger, message, night.right())
    assert (await night.command("skip", staff)).content == "Skipped."
    await night.revealed(1)
    assert str(stranger.id) in text_of(night.reveals()[0])
    await night.after_reveal()
    await night.question(2)
    assert (await night.command("stop", staff)).content == "That was it."
    assert "The quiz was stopped." in text_of(await night.ended())


async def test_a_majority_skips_by_the_button(night: Night) -> None:
    await night.start(rounds=2)
    message = await night.question(1)
    for player in night.players:
        await night.press(player, message, night.wrong())
    await night.bell()
    await night.after_reveal()
    message = await night.question(2)
    kai, yuki, _ = night.players
    counted = "Your vote is counted. 1 more is needed."
    assert await night.press(kai, message, "Skip") == counted
    assert await night.press(kai, message, "Skip") == counted
    assert (await night.command("skip", kai)).content == counted
    assert await night.press(yuki, message, "Skip") == "Skipped."
    await night.revealed(2)


async def test_hints_for_one_and_for_all(night: Night) -> None:
    kai, yuki, mori = night.players
    await night.start(rounds=2)
    message = await night.question(1)
    hint = await night.press(kai, message, "Hint")
    assert hint.startswith("A hint, for you alone: ")
    for player in (kai, yuki, mori):
        await night.press(player, message, night.right())
    await night.bell()
    reveal = text_of(night.reveals()[0])
    assert f"<@{kai.id}>: 0.0 s, +85" in reveal
    assert f"<@{yuki.id}>: 0.0 s, +100" in reveal
    await night.after_reveal()
    message = await night.question(2)
    answer = await night.command("hint", kai, everyone=True)
    assert answer.content == "Your vote is counted. 1 more is needed."
    assert "Hint: " not in text_of(message)
    answer = await night.command("hint", yuki, everyone=True)
    assert answer.content == "Everybody gets a hint."
    await night.until(lambda: "Hint: " in text_of(message))
    await night.press(mori, message, night.right())
    await night.bell()
    assert f"<@{mori.id}>: 0.0 s, +85" in text_of(night.reveals()[1])


async def test_teams_are_chosen_with_buttons(night: Night) -> None:
    kai, yuki, _ = night.players
    handle = await night.start(rounds=1, mode="teams")
    started = handle.answer
    assert started is not None
    message = await night.question(1)
    assert await night.press(kai, started, "Blue") == "You play for Blue."
    assert await night.press(kai, started, "Red") == "You play for Blue already."
    assert (await night.press(yuki, started, "Blue")).startswith("That team has more members")
    await night.press(yuki, message, night.right())
    await night.press(kai, message, night.wrong())
    await night.bell()
    await night.after_reveal()
    text = text_of(await night.ended())
    assert "**Red**: 100 points" in text
    assert "**Blue**: 0 points" in text


async def test_one_quiz_a_channel_and_bad_input(night: Night) -> None:
    sandbox = night.club.sandbox
    await night.start(rounds=1)
    handle = await night.start(sandbox.other)
    assert handle.answer is not None
    assert handle.answer.content.startswith("A quiz is running in this channel already.")
    assert handle.ephemeral
    await night.command("stop")
    await night.until(lambda: not night.running)
    for options, wanted in (
        ({"deck": "no such deck"}, "There is no such deck here."),
        ({"series": "No such series"}, "I have no question of that kind"),
        ({"missed": True}, "There is nothing of that kind that you have missed."),
    ):
        handle = await night.start(**options)
        assert handle.answer is not None
        assert handle.answer.content.startswith(wanted)
        assert handle.ephemeral
        await night.until(lambda: not night.running)
    choices = await sandbox.autocomplete(
        sandbox.member, night.channel, "quiz start", "series", "evangel"
    )
    assert [one["name"] for one in choices] == ["Neon Genesis Evangelion"]
    choices = await sandbox.autocomplete(sandbox.member, night.channel, "quiz start", "deck", "")
    assert {"name": "Clues: who am I?", "value": "clues"} in choices


async def test_series_that_run_dry_and_what_was_missed(night: Night) -> None:
    kai, *_ = night.players
    handle = await night.start(rounds=10, series="Nisekoi")
    assert handle.answer is not None
    assert "There are only 2 questions of that kind" in handle.answer.content
    for number in (1, 2):
        message = await night.question(number)
        await night.press(kai, message, night.right() if number == 1 else night.wrong())
        await night.bell()
        missed = night.session.question.person.id if night.session.question else ""
        await night.after_reveal()
    assert "There are no more questions of that kind." in text_of(await night.ended())
    handle = await night.start(rounds=10, series="Nisekoi")
    assert handle.answer is not None
    assert "not asked here within a month" in handle.answer.content
    await night.until(lambda: not night.running)
    await night.start(rounds=10, missed=True)
    await night.question(1)
    question = night.session.question
    assert question is not None
    assert question.person.id == missed
    await night.command("stop")
    await night.until(lambda: not night.running)


async def test_leaderboards_stats_and_a_new_season(night: Night) -> None:
    kai, yuki, _ = night.players
    sandbox = night.club.sandbox

    async def embed(name: str, user: Any = None, **options: Any) -> str:
        return text_of(await night.command(name, user, **options))

    assert "Nobody has scored yet." in await embed("leaderboard")
    assert "nothing yet" in await embed("stats", kai)
    await night.start(rounds=1)
    message = await night.question(1)
    await night.press(kai, message, night.right())
    await night.press(yuki, message, night.wrong())
    await night.bell()
    await night.after_reveal()
    await night.ended()
    board = await embed("leaderboard")
    assert f"1. <@{kai.id}>: 100 points\\n2. <@{yuki.id}>: 0 points" in board
    stats = await night.command("stats", kai)
    assert stats.ephemeral
    assert "100 points, place 1" in text_of(stats)
    assert "1 of 1 answers right" in text_of(stats)

    refused = await night.command("season reset", kai)
    assert refused.content == "Only members who may manage the server can do that."
    asked = await night.command("season reset", sandbox.staff)
    assert "Season 1 ends" in asked.content
    kept = await sandbox.click(sandbox.staff, asked, "Leave it as it is")
    await kept.wait_acked()
    await night.until(lambda: asked.content == "Nothing has changed.")
    asked = await night.command("season reset", sandbox.staff)
    await (await sandbox.click(sandbox.staff, asked, "Begin the next season")).wait_acked()
    await night.until(lambda: asked.content == "Season 2 has begun.")
    assert "Nobody has scored yet." in await embed("leaderboard")
    assert str(kai.id) in await embed("leaderboard", all_time=True)


async def test_what_the_server_has_set_is_played_where_nothing_is_chosen(night: Night) -> None:
    store = night.club.services.store
    assert store is not None
    usual = QuizDefaults(rounds=3, seconds=40, answers="secret", mode="teams", tolerance="exact")
    await store.settings.change(night.club.sandbox.guild.id, None, quiz=usual)
    handle = await night.start(rounds=4)
    assert handle.answer is not None
    assert "a quiz of 4 rounds! Two teams · 40 s a round" in handle.answer.content
    message = await night.question(1)
    assert "Answer …" in str(message.components)
    assert night.session.game.rules.tolerance.value == "exact"
    # What a later version has written, and this one does not know, does no harm.
    await night.command("stop")
    await night.until(lambda: not night.running)
    later = QuizDefaults(deck="clues", answers="telepathy", mode="royal", tolerance="x")
    await store.settings.change(night.club.sandbox.guild.id, None, quiz=later)
    handle = await night.start(rounds=1)
    assert handle.answer is not None
    assert "Everyone who is right" in handle.answer.content


async def test_names_are_written_in_the_order_of_the_server(night: Night) -> None:
    store = night.club.services.store
    assert store is not None
    await store.settings.change(night.club.sandbox.guild.id, None, name_order=NameOrder.GIVEN_FIRST)
    await night.start(rounds=1, series="Nisekoi")
    message = await night.question(1)
    labels = str(message.components)
    assert "Chitoge Kirisaki" in labels or "Kosaki Onodera" in labels


async def test_it_is_not_there_in_direct_messages(club: Club) -> None:
    (quiz,) = [one for one in club.sandbox.commands() if one.name == "quiz"]
    assert quiz.data["contexts"] == [0]
    assert quiz.data["integration_types"] == [0]
