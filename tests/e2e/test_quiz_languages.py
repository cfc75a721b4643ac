"""Who reads which language in a quiz: all of them one, each member their own, by the clock, too."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from catalog import Catalog
from cogs.quiz.clues import LEAST_CLUES, clues_of
from cogs.shared import language
from recognition.recognizer import Recognizer
from sandbox import StoredMessage
from tests.e2e.conftest import open_club
from tests.e2e.quiz import Night, PushedClock, limits_of_pushed_time, people
from tests.e2e.test_languages import TAG, Tagged, set_language, spoken
from tests.e2e.test_quiz_troubles import resumed


@pytest.fixture(autouse=True)
def _limits(monkeypatch: pytest.MonkeyPatch) -> None:
    limits_of_pushed_time(monkeypatch)


@pytest.fixture
async def night(
    recognizer: Recognizer, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Night]:
    """Two members who read German and French, and a host who reads Spanish."""
    clock = PushedClock()
    async with open_club(recognizer, catalog, clock=clock) as club:
        sandbox = club.sandbox
        german, french = people(club, 2)
        german.locale, french.locale, sandbox.staff.locale = "de", "fr", "es-ES"
        monkeypatch.setattr(language, "translations", Tagged)
        yield Night(club, clock, sandbox.channel, (german, french), sandbox.staff)


def public(message: StoredMessage) -> set[str]:
    """The languages of a message of the quiz, with its pictures' descriptions."""
    found = spoken(message) - {""}
    return found | set(TAG.findall(json.dumps([one.description for one in message.files])))


async def revealed(night: Night, number: int) -> StoredMessage:
    """The reveal, when it is posted."""
    await night.revealed(number)
    return night.reveals()[number - 1]


@pytest.mark.parametrize(("chosen", "heard"), [("ja", "ja"), (None, "es-ES")])
async def test_all_read_one_language_and_each_their_own(
    night: Night, chosen: str | None, heard: str
) -> None:
    """That of the server, or else that of whoever starts it, on and on by the clock."""
    german, french = night.players
    await set_language(night.club, chosen)
    started = await night.start(rounds=2, mode="teams")
    assert started.answer is not None
    assert public(started.answer) == {heard}
    message = await night.question(1)
    assert public(message) == {heard}
    for user, own in ((german, "de"), (french, "fr")):
        told = await night.press(user, message, night.right())
        assert TAG.findall(told) == [own]
    told = await night.press(french, message, f"quiz:hint:{night.session.id}")
    assert set(TAG.findall(told)) == {"fr"}
    night.clock.push(25)
    reveal = await revealed(night, 1)
    assert public(reveal) == {heard}
    await night.after_reveal()
    # A restart does not change it, whatever staff choose meanwhile for what comes after it.
    await set_language(night.club, "pt-BR")
    await night.question(2)
    await resumed(night, 1)
    back = night.messages()[-1]
    assert public(back) == {heard}
    message = await night.question(2)
    assert public(message) == {heard}
    assert TAG.findall(await night.press(french, message, night.wrong())) == ["fr"]
    night.clock.push(25)
    await revealed(night, 2)
    night.clock.push(8)
    assert public(await night.ended()) == {heard}


@pytest.mark.parametrize("locale", list(language.LANGUAGES))
def test_no_language_has_fewer_clues(catalog: Catalog, locale: str) -> None:
    """A word that gives a name away may stand in a translation alone."""
    with language.speaking(locale):
        assert all(len(clues_of(one)) >= LEAST_CLUES for one in catalog)


async def test_what_a_host_shows_is_in_the_language_of_all(night: Night, portrait: bytes) -> None:
    sandbox = night.club.sandbox
    await set_language(night.club, "ja")
    await night.start(deck="host", rounds=1)
    picture = {"picture": ("a.png", portrait), "character": "catalog:ayanami_rei"}
    handle = await sandbox.slash(night.host, sandbox.channel, "quiz host", picture)
    asked = await handle.wait_answer()
    assert spoken(asked) == {"es-ES"}
    await sandbox.click(night.host, asked, "Ask it⟨es-ES⟩")
    await sandbox.wait_for(lambda: not list(asked.walk_components()), timeout=30)
    assert spoken(asked) == {"es-ES"}
    message = await night.question(1)
    assert public(message) == {"ja"}
    await night.press(night.players[0], message, night.right())
    night.clock.push(25)
    reveal = await revealed(night, 1)
    assert "It shows Ayanami Rei.⟨ja⟩" in [one.description for one in reveal.files]
    assert public(reveal) == {"ja"}


async def test_typed_answers_are_told_of_in_the_language_of_the_server(
    recognizer: Recognizer, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = PushedClock()
    async with open_club(recognizer, catalog, clock=clock, message_content=True) as club:
        sandbox = club.sandbox
        await set_language(club, "fr")
        monkeypatch.setattr(language, "translations", Tagged)
        night = Night(club, clock, sandbox.channel, people(club, 1), sandbox.staff)
        await night.start(rounds=1, answers="typed")
        await night.question(1)
        player = night.players[0]
        question = night.session.question
        assert question is not None
        await sandbox.post(player, sandbox.channel, question.person.names.romaji)
        told = await sandbox.wait_message(sandbox.dm(player))
        assert told.content.startswith("Noted: ")
        assert TAG.findall(told.content) == ["fr"]
