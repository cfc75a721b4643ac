"""What a deck may do: pictures that grow clearer, hosts that take their time, sources that fail."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable

import pytest

from catalog import Catalog
from cogs.quiz.deck import Picture, Question, Reveal, Step, Wanted
from recognition.recognizer import Recognizer
from tests.e2e.conftest import Club, open_club
from tests.e2e.quiz import Night, PushedClock, limits_of_pushed_time, people, text_of
from tests.e2e.test_quiz_nights import Samples

IDS = ["ayanami_rei", "akiyama_mio", "saber", "rem"]


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


def put(night: Night, deck: object, name: str) -> None:
    night.cog.sessions.decks[name] = deck  # type: ignore[index]


@pytest.mark.parametrize("spoiler", [False, True])
async def test_a_picture_grows_clearer_step_by_step(
    night: Night, catalog: Catalog, picture: Callable[..., bytes], spoiler: bool
) -> None:
    blurred, face, whole = (picture(size=(40 + i, 30)) for i in range(3))

    class Growing(Samples):
        def _question(self, question_id: str) -> Question:
            steps = tuple(
                Step(picture=Picture(one, "png", spoiler)) for one in (blurred, face, whole)
            )
            shown = Picture(whole, "png", spoiler)
            reveal = Reveal(shown, Picture(face, "png", spoiler), "Added by Kai", "Rei, alone")
            return dataclasses.replace(super()._question(question_id), steps=steps, reveal=reveal)

    put(night, Growing(whole, IDS, catalog), "growing")
    await night.start(rounds=1, deck="growing", seconds=30)
    message = await night.question(1)
    for i, shown in enumerate((blurred, face, whole)):
        await night.until(lambda: [one.data for one in message.files] == [shown])  # noqa: B023
        (file,) = message.files
        assert file.filename == ("SPOILER_picture.png" if spoiler else "picture.png")
        assert file.description == "The picture of round 1."
        assert bool(message.embeds[0].get("image")) is not spoiler
        if i < 2:
            night.clock.push(10)
    await night.bell()
    reveal = night.reveals()[0]
    assert [one.data for one in reveal.files] == [whole, face]
    assert {one.description for one in reveal.files} == {"Rei, alone"}
    assert all(one.filename.startswith("SPOILER_") for one in reveal.files) is spoiler
    assert "-# Added by Kai" in text_of(reveal)


class Hosted(Samples):
    """Its questions come when somebody brings them."""

    def __init__(self, data: bytes, catalog: Catalog) -> None:
        super().__init__(data, IDS, catalog)
        self.brought = asyncio.Event()
        self.cancelled = False

    async def count(self, wanted: Wanted) -> None:  # type: ignore[override]
        return None

    async def next(self, wanted: Wanted) -> Question | None:
        try:
            await self.brought.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        self.brought.clear()
        return await super().next(wanted)


async def test_a_host_takes_his_time(night: Night, catalog: Catalog, portrait: bytes) -> None:
    deck = Hosted(portrait, catalog)
    put(night, deck, "host")
    await night.start(rounds=5, deck="host")
    await night.command("pause")
    night.clock.push(100)
    await night.command("resume")
    deck.brought.set()
    message = await night.question(1)
    await night.press(night.players[0], message, night.right())
    await night.bell()
    await night.after_reveal()
    await night.command("pause")
    deck.brought.set()  # brought while the clock stands still: posted when it goes on
    await night.until(lambda: night.session.game.phase.value == "posting")
    await night.command("resume")
    await night.question(2)
    await night.bell()
    await night.after_reveal()
    assert (await night.command("stop")).content == "That was it."
    assert f"🥇 <@{night.players[0].id}>" in text_of(await night.ended())
    assert deck.cancelled


async def test_a_host_who_never_comes_back(night: Night, catalog: Catalog, portrait: bytes) -> None:
    deck = Hosted(portrait, catalog)
    put(night, deck, "host")
    await night.start(rounds=5, deck="host")
    night.clock.push(901)
    assert "stood still for too long" in text_of(await night.ended())
    assert deck.cancelled


async def test_a_deck_that_cannot_be_asked(night: Night, catalog: Catalog, portrait: bytes) -> None:
    # discord.py loads extensions anew for every bot: this is the class that this one knows.
    from cogs.quiz.deck import DeckUnavailable

    class Silent(Samples):
        async def next(self, wanted: Wanted) -> Question | None:
            raise DeckUnavailable

        async def count(self, wanted: Wanted) -> int:
            if self.refuses:
                raise DeckUnavailable
            return 5

        refuses = True

    deck = Silent(portrait, IDS, catalog)
    put(night, deck, "silent")
    handle = await night.start(deck="silent")
    assert handle.answer is not None
    assert (
        handle.answer.content == "I can't get a question right now. Please try again in a moment."
    )
    assert handle.ephemeral
    await night.until(lambda: not night.running)
    deck.refuses = False
    await night.start(deck="silent")
    assert "There are no more questions of that kind." in text_of(await night.ended())


async def test_a_question_that_is_gone_after_a_restart(
    night: Night, catalog: Catalog, portrait: bytes
) -> None:
    class Forgetful(Samples):
        async def again(self, wanted: Wanted, question_id: str) -> Question | None:
            return None

    put(night, Forgetful(portrait, IDS, catalog), "forgetful")
    await night.start(rounds=2, deck="forgetful")
    message = await night.question(1)
    await night.press(night.players[0], message, night.right())
    await night.cog.sessions.close()
    await night.cog.sessions.resume()
    await night.until(lambda: any("nobody scores in it" in one.content for one in night.messages()))
    await night.until(lambda: night.session.game.phase.value == "revealed")
    await night.after_reveal()
    message = await night.question(2)
    await night.press(night.players[0], message, night.right())
    night.clock.push(25)
    await night.until(lambda: len(night.reveals()) == 1)
    await night.after_reveal()
    assert f"🥇 <@{night.players[0].id}>: 100 points" in text_of(await night.ended())


async def test_in_a_thread(night: Night) -> None:
    sandbox = night.club.sandbox
    night.channel = sandbox.create_thread(sandbox.channel, "quiz night", sandbox.member)
    await night.start(rounds=1)
    message = await night.question(1)
    await night.press(night.players[0], message, night.right())
    await night.bell()
    await night.after_reveal()
    assert str(night.players[0].id) in text_of(await night.ended())
