"""Quiz nights, by real discord.py against the sandbox; the clock is pushed, all else is real."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from catalog import Catalog
from recognition.recognizer import Recognizer
from tests.e2e.conftest import Club, open_club
from tests.e2e.quiz import Night, PushedClock, limits_of_pushed_time, people, text_of


@pytest.fixture
def clock() -> PushedClock:
    return PushedClock()


@pytest.fixture(autouse=True)
def _limits(monkeypatch: pytest.MonkeyPatch) -> None:
    limits_of_pushed_time(monkeypatch)


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
