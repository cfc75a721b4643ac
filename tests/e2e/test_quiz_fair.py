"""Fair: nothing that a client can read tells the answer before the reveal; one answer each; own
pictures give nothing; and the ways to answer.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from catalog import Catalog
from cogs.quiz.clues import ClueDeck
from cogs.quiz.deck import Wanted
from cogs.quiz.people import gives_away
from cogs.quiz.screen import asked_of
from recognition.recognizer import Recognizer
from sandbox import Exchange, User
from sandbox.permissions import MANAGE_MESSAGES
from teaching.confusions import Confusions
from tests.e2e.conftest import Club, open_club
from tests.e2e.quiz import Night, PushedClock, limits_of_pushed_time, people, text_of
from tests.e2e.test_quiz_nights import Samples


@pytest.fixture(autouse=True)
def _limits(monkeypatch: pytest.MonkeyPatch) -> None:
    limits_of_pushed_time(monkeypatch)


@pytest.fixture
def clock() -> PushedClock:
    return PushedClock()


@pytest.fixture
async def club(recognizer: Recognizer, catalog: Catalog, clock: PushedClock) -> AsyncIterator[Club]:
    async with open_club(recognizer, catalog, clock=clock, message_content=True) as opened:
        yield opened


@pytest.fixture
def night(club: Club, clock: PushedClock) -> Night:
    return Night(club, clock, club.sandbox.channel, people(club, 3), club.sandbox.member)


def said_by_the_bot(exchanges: list[Exchange]) -> list[Any]:
    """Everything that went out: bodies, file names, alt text."""
    return [[one.request, [(f["name"], f["filename"]) for f in one.files]] for one in exchanges]


def without_buttons(body: Any) -> Any:
    """The same without the labels of answers: they name all four alike."""
    if isinstance(body, dict):
        if str(body.get("custom_id", "")).startswith("quiz:a:"):
            return {}
        return {key: without_buttons(value) for key, value in body.items()}
    return [without_buttons(one) for one in body] if isinstance(body, list | tuple) else body


async def test_nothing_sent_before_the_reveal_tells_the_answer(
    night: Night, catalog: Catalog
) -> None:
    kai, yuki, mori = night.players
    transcript = night.club.sandbox.transcript
    await night.start(rounds=3)
    for number in (1, 2, 3):
        # Only what belongs to this round: the reveal of the last one did tell.
        since = len(transcript.exchanges)
        frames = len(transcript.frames)
        message = await night.question(number)
        asked, question = night.session.game.asked, night.session.question
        assert asked is not None
        assert question is not None
        names = catalog.get(question.person.id).names  # type: ignore[union-attr]
        await night.press(kai, message, "Hint")
        await night.press(yuki, message, night.right())
        await night.press(mori, message, night.wrong())
        for _ in range(len(question.steps) - 1):
            night.clock.push(25 / len(question.steps) - 0.01)
        await night.until(lambda: f"{len(question.steps) - 1}. " in text_of(message))  # noqa: B023
        sent = said_by_the_bot(transcript.exchanges[since:])
        received = [one.data for one in transcript.frames[frames:]]
        assert len(sent) >= 5
        told = json.dumps([sent, received], ensure_ascii=False)
        # "rem" stands in "removed": a short id counts where it stands alone.
        words = set(re.findall(r"[a-z0-9_]+", told))
        assert not any(one.id in words for one in question.options)
        assert not any(one.id in told for one in question.options if "_" in one.id)
        # Each of the four stands on its button, once a message, and in what was pressed.
        acknowledged = [one for one in sent if "Noted: " in json.dumps(one)]
        rest = [one for one in sent if one not in acknowledged]
        bare = json.dumps(without_buttons(rest), ensure_ascii=False)
        assert not gives_away(bare.replace("\\n", " "), names), bare
        components = [one for row in message.components for one in row["components"]]
        buttons = [one for one in components if one["custom_id"].startswith("quiz:a:")]
        assert [one["label"] for one in buttons] == [one.label for one in asked.choices]
        assert len({len(one["custom_id"]) for one in buttons}) == 1
        assert (
            len({json.dumps({**one, "label": 0, "custom_id": 0, "id": 0}) for one in buttons}) == 1
        )
        await night.bell()
        assert question.person.names.romaji in text_of(night.reveals()[-1])
        await night.after_reveal()


async def test_a_picture_is_called_the_same_whoever_is_in_it(
    night: Night, catalog: Catalog, portrait: bytes
) -> None:
    ids = ["ayanami_rei", "akiyama_mio", "saber", "rem"]
    night.cog.sessions.decks["samples"] = Samples(portrait, ids, catalog)  # type: ignore[index]
    await night.start(rounds=2, deck="samples")
    for number in (1, 2):
        message = await night.question(number)
        (file,) = message.files
        assert (file.filename, file.description) == (
            "picture.png",
            f"The picture of round {number}.",
        )
        assert file.data == portrait
        await night.bell()
        await night.after_reveal()


async def test_the_order_of_the_buttons_is_independent_of_the_answer(catalog: Catalog) -> None:
    deck = ClueDeck(catalog, _Nobody(), random.Random(5))  # type: ignore[arg-type]
    places: Counter[int] = Counter()
    tokens: set[str] = set()
    for _ in range(800):
        question = await deck.again(Wanted(1, 1), "ayanami_rei")
        assert question is not None
        asked = asked_of(question, random.SystemRandom(), given_first=False)
        places[[one.id for one in asked.choices].index("ayanami_rei")] += 1
        tokens |= {one.token for one in asked.choices}
    assert len(tokens) == 4 * 800
    # A place by chance: 200 each, with a standard deviation of 12.
    assert all(140 < places[i] < 260 for i in range(4)), places


class _Nobody(Confusions):
    """A model that knows nobody: the wrong names are any."""

    def __init__(self) -> None:
        pass

    def nearest(self, character_id: str, k: int) -> tuple[str, ...]:
        return ()

    def difficulty(self, character_id: str) -> float | None:
        return None


async def test_answers_after_the_bell_and_of_other_rounds_are_refused(night: Night) -> None:
    kai, yuki, _ = night.players
    await night.start(rounds=2)
    message = await night.question(1)
    right = night.right()
    club = night.club
    shown = json.loads(json.dumps(message.components))
    await night.bell()
    message.components = shown  # a client that still shows the buttons
    assert await night.press(kai, message, right) == "Too late: that round is over."
    await night.after_reveal()
    await night.question(2)
    assert await night.press(kai, message, right) == "Too late: that round is over."
    await night.command("stop")
    await night.until(lambda: not night.running)
    assert await night.press(yuki, message, right) == "There is no quiz in this channel."
    assert club.sandbox.violations == []


async def test_own_pictures_give_nothing(night: Night, catalog: Catalog, portrait: bytes) -> None:
    kai, yuki, _ = night.players

    class Own(Samples):
        def _question(self, question_id: str) -> Any:
            import dataclasses

            return dataclasses.replace(super()._question(question_id), uploader_id=kai.id)

    ids = ["ayanami_rei", "akiyama_mio", "saber", "rem"]
    night.cog.sessions.decks["own"] = Own(portrait, ids, catalog)  # type: ignore[index]
    await night.start(rounds=1, deck="own")
    message = await night.question(1)
    for player in (kai, yuki):
        assert "Noted" in await night.press(player, message, night.right())
    await night.bell()
    reveal = text_of(night.reveals()[0])
    assert f"<@{yuki.id}>: 0.0 s, +100" in reveal
    assert f"<@{kai.id}>: 0.0 s" not in reveal
    await night.after_reveal()
    assert f"<@{kai.id}>: 0 points" in text_of(await night.ended())


async def test_a_secret_answer_by_the_form(night: Night) -> None:
    kai, yuki, mori = night.players
    sandbox = night.club.sandbox
    await night.start(rounds=2, answers="secret", tolerance="normal")
    message = await night.question(1)
    assert "quiz:a:" not in json.dumps(message.components)
    question = night.session.question
    assert question is not None
    name = question.person.names.romaji_western

    async def answer(user: Any, text: str) -> str:
        opened = await sandbox.click(user, message, "Answer …")
        await opened.wait_modal()
        handle = await sandbox.submit_modal(user, opened, {"A name, in any spelling": text})
        told = await handle.wait_answer()
        assert told.ephemeral
        return told.content

    assert await answer(kai, name.upper()) == f"Noted: **{name.upper()}**."
    assert await answer(yuki, "xx" + name[: len(name) - len(name) // 4]) in (
        "Nearly! Look at the spelling and try again.",
        f"Noted: **xx{name[: len(name) - len(name) // 4]}**.",
    )
    assert (await answer(mori, "**@everyone** [x](http://x.y)")).startswith("Noted: ")
    late = await sandbox.click(mori, message, "Answer …")
    await late.wait_modal()
    await night.bell()
    await night.after_reveal()
    await night.question(2)
    handle = await sandbox.submit_modal(mori, late, {"A name, in any spelling": name})
    assert (await handle.wait_answer()).content == "Too late: that round is over."
    assert str(kai.id) in text_of(night.reveals()[0])


async def test_typed_in_the_channel(night: Night, catalog: Catalog) -> None:
    """Right ones count and are taken out of the channel, "nearly" is told to one alone, talking is
    no answer, and somebody else's name is a wrong one.
    """
    kai, yuki, mori = night.players
    sandbox = night.club.sandbox
    bot_role = next(one for one in sandbox.guild.roles.values() if one.managed)
    bot_role.permissions |= MANAGE_MESSAGES
    await night.start(rounds=1, answers="typed", tolerance="normal")
    await night.question(1)
    question = night.session.question
    assert question is not None

    def voted(user: User) -> bool:
        player = night.session.game.players.get(user.id)
        return player is not None and player.vote is not None

    person = question.person
    other = next(one for one in catalog if one.id not in {o.id for o in question.options})

    chat = await sandbox.post(kai, night.channel, "hm, I have seen her somewhere")
    right = await sandbox.post(kai, night.channel, person.names.romaji)
    await night.until(lambda: voted(kai))
    await night.until(lambda: right.deleted)
    assert not chat.deleted
    wrong = await sandbox.post(mori, night.channel, other.names.romaji)
    await night.until(lambda: voted(mori))
    await night.until(lambda: wrong.deleted)
    told = await sandbox.wait_message(sandbox.dm(kai))
    assert told.content.startswith("Noted: ")

    long = max(person.names.romaji.split(), key=len)
    slip = person.names.romaji.replace(long, long[:1] + "zz" + long[3:], 1)
    await sandbox.post(yuki, night.channel, slip)
    await sandbox.post(yuki, night.channel, person.names.romaji)
    await night.until(lambda: voted(yuki))
    public = " ".join(text_of(one) for one in night.messages())
    assert "Nearly" not in public
    await night.bell()
    reveal = text_of(night.reveals()[0])
    assert f"<@{kai.id}>: 0.0 s" in reveal
    assert f"<@{mori.id}>: 0.0 s" not in reveal


async def test_typing_needs_that_discord_shows_it(recognizer: Recognizer, catalog: Catalog) -> None:
    async with open_club(recognizer, catalog) as club:
        night = Night(club, PushedClock(), club.sandbox.channel, [], club.sandbox.member)
        handle = await night.start(answers="typed")
        assert handle.answer is not None
        assert "ANIWHOIS_MESSAGE_CONTENT" in handle.answer.content
        assert not night.running
