"""Whole nights: ten rounds, twenty-five players, every mode; and twenty quizzes at once."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from catalog import Catalog
from cogs.quiz.deck import Option, Person, Picture, Question, Reveal, Step, Wanted
from recognition.recognizer import Recognizer
from sandbox import User
from tests.e2e.conftest import Club, open_club
from tests.e2e.quiz import Night, PushedClock, limits_of_pushed_time, people, text_of

PLAYERS, ROUNDS = 25, 10
POST = ("POST", "/channels/{channel_id}/messages")
PATCH = ("PATCH", "/channels/{channel_id}/messages/{message_id}")


@pytest.fixture(autouse=True)
def _limits(monkeypatch: pytest.MonkeyPatch) -> None:
    limits_of_pushed_time(monkeypatch)


async def play_round(night: Night, number: int, knows: list[bool]) -> None:
    """All press at once; whoever answers is told so within Discord's three seconds."""
    message = await night.question(number)
    right, wrong = night.right(), night.wrong()
    handles = [
        await night.club.sandbox.click(player, message, right if known else wrong)
        for player, known in zip(night.players, knows, strict=True)
    ]
    answers = await asyncio.gather(*(one.wait_answer() for one in handles))
    assert all(one.ephemeral for one in answers)
    assert max(one.ack_ms or 9999 for one in handles) < 3000


def known(number: int) -> list[bool]:
    """The first one always knows it, the last one never, the others in turn."""
    return [i == 0 or (i < PLAYERS - 1 and (i + number) % 3 == 0) for i in range(PLAYERS)]


async def scores(night: Night) -> dict[int, Any]:
    store = night.club.services.store
    assert store is not None
    guild_id = night.club.sandbox.guild.id
    board = await store.quiz_scores.board(guild_id, season=1, limit=100)
    assert await store.quizzes.everywhere() == ()
    return {one.member_id: one for one in board}


@pytest.mark.parametrize("mode", ["everyone", "first", "teams", "survival"])
async def test_a_night_of_ten_rounds_and_twenty_five_players(
    recognizer: Recognizer, catalog: Catalog, mode: str
) -> None:
    clock = PushedClock()
    async with open_club(recognizer, catalog, clock=clock, described=False) as club:
        players = people(club, PLAYERS)
        night = Night(club, clock, club.sandbox.channel, players, club.sandbox.member)
        await night.start(rounds=ROUNDS, mode=mode)
        for number in range(1, ROUNDS + 1):
            knows = known(number)
            if mode == "first":
                # Somebody else is faster every time; the others are wrong before.
                message = await night.question(number)
                fastest = players[0]
                for player in players[-3:]:
                    assert "Noted" in await night.press(player, message, night.wrong())
                assert "Noted" in await night.press(fastest, message, night.right())
                await night.revealed(number)
            else:
                await play_round(night, number, knows)
                await night.bell()
            await night.after_reveal()
            if not night.running or night.session.game.over:
                break
        text = text_of(await night.ended())
        kept = club.bot._connection._view_store
        assert not kept._views
        assert not kept._synced_message_views
        found = await scores(night)
        best, worst = found[players[0].id], found[players[-1].id]
        assert (best.wins, worst.points, worst.wins) == (1, 0, 0)
        assert str(players[0].id) in text
        if mode == "survival":
            assert "Nobody is left to play on." in text
            assert len(night.reveals()) < ROUNDS
            return
        assert "That was the last round." in text
        assert len(night.reveals()) == best.correct == ROUNDS
        if mode == "teams":
            assert "**Red**" in text
            assert "**Blue**" in text
        # Without those that Discord asked to send again a little later.
        transcript = club.sandbox.transcript
        posts = sum(one.status == 200 for one in transcript.requests(*POST))
        edits = sum(one.status == 200 for one in transcript.requests(*PATCH))
        assert posts == 2 * ROUNDS + 1
        assert edits <= 3 * ROUNDS, "the steps of a round are a few more where its time passes"


class Samples:
    """A deck of the pictures that were drawn for this project: whom the recogniser takes them for
    is who they are here.
    """

    name, pictures = "samples", True

    def __init__(self, picture: bytes, ids: list[str], catalog: Catalog) -> None:
        self._picture = Picture(picture, "png")
        self._ids = ids
        self._catalog = catalog

    async def count(self, wanted: Wanted) -> int:
        return ROUNDS

    async def next(self, wanted: Wanted) -> Question | None:
        return self._question(f"sample-{len(wanted.avoid)}")

    async def again(self, wanted: Wanted, question_id: str) -> Question | None:
        return self._question(question_id)

    def _question(self, question_id: str) -> Question:
        found = [self._catalog.get(one) for one in self._ids]
        names = [one.names for one in found if one is not None]
        person = Person(self._ids[0], names[0], "Samples", hair="brown")
        options = tuple(Option(one, two) for one, two in zip(self._ids, names, strict=True))
        steps = (Step(picture=self._picture), Step(picture=self._picture))
        return Question(
            question_id, person, steps, options, Reveal(self._picture, alt_text="Somebody, drawn")
        )


async def test_a_night_against_the_bot(
    recognizer: Recognizer, catalog: Catalog, portrait: bytes
) -> None:
    """The bot answers with the recogniser that it has, and is never ranked."""
    recognition = await recognizer.recognize(portrait)
    ids = [one.character for one in recognition.faces[0].candidates][:4]
    clock = PushedClock()
    async with open_club(recognizer, catalog, clock=clock, described=False) as club:
        players = people(club, PLAYERS)
        night = Night(club, clock, club.sandbox.channel, players, club.sandbox.member)
        night.cog.sessions.decks["samples"] = Samples(portrait, ids, catalog)  # type: ignore[index]
        await night.start(rounds=ROUNDS, mode="bot", deck="samples")
        for number in range(1, ROUNDS + 1):
            await play_round(night, number, known(number))
            if night.session.game.rival is None:  # not sure at the first step
                clock.push(13)
            await night.until(lambda: night.session.game.rival is not None)
            await night.bell()
            await night.after_reveal()
        text = text_of(await night.ended())
        assert "And I: " in text
        assert "of you have beaten me" in text or "of you has beaten me" in text
        found = await scores(night)
        assert set(found) == {one.id for one in players}
        assert found[players[0].id].correct == ROUNDS
        told = text_of(night.reveals()[0])
        assert "I knew it after" in told
        assert night.reveals()[0].files[0].description == "Somebody, drawn"


async def test_the_bot_has_nothing_to_look_at_in_clues(club: Club) -> None:
    night = Night(club, PushedClock(), club.sandbox.channel, [], club.sandbox.member)
    handle = await night.start(mode="bot")
    assert handle.answer is not None
    assert handle.answer.content.startswith("The bot can only play with pictures.")
    assert handle.ephemeral
    assert not night.running


async def test_twenty_quizzes_at_once(recognizer: Recognizer, catalog: Catalog) -> None:
    """In as many channels of two servers, a few players each; every answer counts where it was."""
    clock = PushedClock()
    dice = random.Random(3)
    async with open_club(recognizer, catalog, clock=clock, described=False) as club:
        sandbox = club.sandbox
        guilds = [sandbox.guild, sandbox.create_guild("Another Club", sandbox.owner)]
        sandbox.join(guilds[1], sandbox.member)
        nights: list[Night] = []
        for i in range(20):
            guild = guilds[i % 2]
            players: list[User] = [sandbox.create_user(f"p{i}n{n}") for n in range(4)]
            sandbox.join(guild, *players)
            channel = sandbox.create_channel(guild, f"quiz-{i}")
            nights.append(Night(club, clock, channel, players, sandbox.member))
        await asyncio.gather(*(night.start(rounds=2) for night in nights))
        assert sum(1 for _ in nights[0].cog.sessions) == 20
        for number in (1, 2):
            for night in nights:
                await night.question(number)
            pressing = [
                play_round(night, number, [True, False, dice.random() < 0.5, True])
                for night in nights
            ]
            await asyncio.gather(*pressing)
            clock.push(25)
            await asyncio.gather(*(night.revealed(number) for night in nights))
            clock.push(8)
        podiums = await asyncio.gather(*(night.ended() for night in nights))
        store = club.services.store
        assert store is not None
        for i, (night, podium) in enumerate(zip(nights, podiums, strict=True)):
            assert f"🥇 <@{night.players[0].id}>: 200 points" in text_of(podium)
            others = {one.id for other in nights if other is not night for one in other.players}
            assert not any(str(one) in text_of(podium) for one in others)
            score = await store.quiz_scores.of_member(
                guilds[i % 2].id, night.players[0].id, season=1
            )
            assert score is not None
            assert score.correct == 2
        assert await store.quizzes.everywhere() == ()
