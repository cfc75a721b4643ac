"""Quiz nights, by real discord.py against the sandbox; the clock is pushed, all else is real."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from catalog import Catalog
from cogs.quiz.rules import Mode
from recognition.recognizer import Recognizer
from tests.e2e.conftest import Club, open_club
from tests.e2e.quiz import Night, PushedClock, people, text_of

PLAYERS, ROUNDS = 25, 10


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


async def test_one_round(night: Night) -> None:
    kai, yuki, mori = night.players
    handle = await night.start(rounds=1)
    assert handle.answer is not None
    assert "starts a quiz of 1 round! Everyone who is right · 25 s a round" in handle.answer.content
    message = await night.question(1)
    right, wrong = night.right(), night.wrong()
    assert (await night.press(kai, message, right)).startswith("Noted: ")
    night.clock.push(5)
    assert (await night.press(yuki, message, right)).startswith("Noted: ")
    assert (await night.press(mori, message, wrong)).startswith("Noted: ")
    assert "One answer a round" in await night.press(mori, message, right)
    await night.bell()
    reveal = night.reveals()[0]
    assert text_of(reveal).index(str(kai.id)) < text_of(reveal).index(str(yuki.id))
    assert f"<@{kai.id}>: 0.0 s, +100" in text_of(reveal)
    assert message.components == []
    await night.after_reveal()
    podium = await night.ended()
    assert f"🥇 <@{kai.id}>: 100 points" in text_of(podium)
    store = night.club.services.store
    assert store is not None
    scores = await store.quiz_scores.board(night.club.sandbox.guild.id, season=1)
    assert [(one.member_id, one.points > 0, one.wins) for one in scores] == [
        (kai.id, True, 1), (yuki.id, True, 0), (mori.id, False, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("mode", [Mode.EVERYONE, Mode.FIRST, Mode.TEAMS, Mode.SURVIVAL])
async def test_a_night_of_ten_rounds_and_twenty_five_players(
    club: Club, clock: PushedClock, mode: Mode
) -> None:
    players = people(club, PLAYERS)
    night = Night(club, clock, club.sandbox.channel, players, club.sandbox.member)
    await night.start(rounds=ROUNDS, mode=mode.value)
    for number in range(1, ROUNDS + 1):
        message = await night.question(number)
        right, wrong = night.right(), night.wrong()
        # The first of them always knows it, the last one never, the others in turn.
        knows = [i == 0 or (i < PLAYERS - 1 and (i + number) % 3 == 0) for i in range(PLAYERS)]
        if mode is Mode.FIRST:
            order = [i for i in range(PLAYERS) if not knows[i]] + [0]
        else:
            order = list(range(PLAYERS))
        for i in order[:-1] if mode is Mode.FIRST else []:
            await club.sandbox.click(players[i], message, wrong)
        handles = [
            await club.sandbox.click(players[i], message, right if knows[i] else wrong)
            for i in (order[-1:] if mode is Mode.FIRST else order)
        ]
        answers = await asyncio.gather(*(one.wait_answer() for one in handles))
        assert all(one.ephemeral for one in answers)
        assert max(one.ack_ms or 9999 for one in handles) < 3000
        if mode is Mode.FIRST:
            await night.revealed(number)
        else:
            await night.bell()
        await night.after_reveal()
        if not night.running or night.session.game.over:
            break
    podium = await night.ended()
    text = text_of(podium)
    store = club.services.store
    assert store is not None
    scores = {
        one.member_id: one
        for one in await store.quiz_scores.board(club.sandbox.guild.id, season=1, limit=100)
    }
    best, worst = scores[players[0].id], scores[players[-1].id]
    if mode is Mode.SURVIVAL:
        assert "Nobody is left" in text
        assert len(night.reveals()) < ROUNDS
    else:
        assert len(night.reveals()) == ROUNDS
        assert "That was the last round." in text
        assert best.correct == ROUNDS
    assert (worst.points, worst.wins) == (0, 0)
    assert best.wins == 1
    assert str(players[0].id) in text
    if mode is Mode.TEAMS:
        assert "**Red**" in text
