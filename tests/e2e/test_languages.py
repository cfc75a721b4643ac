"""Who reads which language: with the real catalogs, and with words that carry their language."""

from __future__ import annotations

import asyncio
import gettext
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest

from catalog import Catalog
from cogs.shared import language
from recognition.recognizer import Recognizer
from sandbox import InteractionHandle, StoredMessage, User
from sandbox.models import walk
from store.errors import StoreUnavailable
from store.snapshots import Snapshots
from tests.e2e.conftest import Club, open_club
from tests.e2e.test_messages import mention
from tests.e2e.test_teaching import NAME, alone, taught

__all__ = ["alone"]

TAG = re.compile(r"⟨([\w-]+)⟩")


async def set_language(club: Club, locale: str | None) -> None:
    """Staff choose a language for the server."""
    store, guild = club.services.store, club.sandbox.guild
    assert store is not None
    await store.settings.change(guild.id, club.sandbox.staff.id, language=locale)


def labels(message: StoredMessage) -> list[str]:
    return [one["label"] for one in message.walk_components() if one.get("label")]


# -- with the real catalogs ------------------------------------------------------------------------


async def test_a_german_in_an_english_server(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    sandbox.member.locale = "de"
    answer = await club.answer(portrait)
    # How sure it is depends on the weights; whom it sees on this drawing does not.
    sure, likely = "Ich sehe **Ayanami Rei**.", "Ich glaube, ich sehe **Ayanami Rei**."
    assert answer.content in (sure, likely)
    assert labels(answer) == ["Andere Vermutungen", "Ganzes Bild", "Details", "Das stimmt nicht"]
    assert answer.files[0].description == "1: Ayanami Rei, Mitte"
    fields = {field["name"] for embed in answer.embeds for field in embed.get("fields", [])}
    assert "Wie sicher" in fields
    # Somebody else reads what they ask for in their own language ...
    sandbox.other.locale = "fr"
    handle = await sandbox.click(sandbox.other, answer, "Details")
    shown = await handle.wait_answer()
    assert shown.ephemeral
    assert "pixels, 1 visage trouvé" in str(shown.embeds)
    assert "Cheveux : bleu clair" in str(shown.embeds)
    # ... and what staff change for everybody goes on in the language of the answer.
    sandbox.staff.locale = "ja"
    await (await sandbox.click(sandbox.staff, answer, "Ganzes Bild")).wait_acked()
    await sandbox.wait_for(lambda: "Gesichter" in labels(answer), 30)
    assert "wie du es wolltest" in str(answer.embeds)


async def test_a_server_that_chose_japanese(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    await set_language(club, "ja")
    sandbox.member.locale = "de"
    assert (await club.answer(portrait)).content.endswith("います。")
    private = await club.ask(picture=("a.png", portrait), private=True)
    assert private.ephemeral
    assert private.content.startswith("Ich ")
    refused = await club.answer(b"no picture")
    assert refused.ephemeral
    assert refused.content.startswith("Ich kann die Datei nicht als Bild lesen.")
    await set_language(club, None)
    assert (await club.answer(portrait)).content.startswith("Ich ")


async def test_a_correction_is_asked_for_in_ones_own_language(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    await set_language(club, "es-ES")
    sandbox.member.locale = "fr"
    answer = await club.answer(portrait)
    opened = await sandbox.click(sandbox.member, answer, "No es correcto")
    form = await opened.wait_modal()
    assert form["title"] == "Corriger"
    thanks = await sandbox.submit_modal(sandbox.member, opened, {"Qui est-ce ?": "Nakano Miku"})
    await sandbox.wait_for(lambda: len(thanks.messages) > 1)
    assert thanks.messages[-1].content.startswith("Merci, c'est noté.")
    assert "-# Corregido. Cara 1: **Nakano Miku**" in answer.content


async def test_messages_are_answered_in_the_language_of_the_server(
    club: Club, portrait: bytes
) -> None:
    sandbox = club.sandbox
    sandbox.guild.locale = "pt-BR"  # whoever writes a message has no language that Discord tells
    sandbox.member.locale = "ja"
    guild = club.bot.get_guild(sandbox.guild.id)
    assert guild is not None
    await set_language(club, "fr")
    asked = await sandbox.post(
        sandbox.member, sandbox.channel, mention(club), [("a.png", portrait)]
    )
    answer = await sandbox.wait_message(sandbox.channel, after=asked, timeout=30)
    assert answer.content.startswith("Je ")
    asked = await sandbox.post(sandbox.member, sandbox.channel, f"{mention(club)} ?")
    answer = await sandbox.wait_message(sandbox.channel, after=asked)
    assert answer.content.startswith("Réponds à une image")


async def test_the_servers_own_locale_is_a_choice_too(
    recognizer: Recognizer, catalog: Catalog
) -> None:
    async with open_club(recognizer, catalog) as club:
        sandbox = club.sandbox
        guild = sandbox.create_guild("Clube de Anime", sandbox.owner, app_installed=False)
        guild.locale = "pt-BR"
        sandbox.join(guild, sandbox.member)
        channel = sandbox.create_channel(guild, "imagens")
        sandbox.install(guild)
        await sandbox.wait_for(lambda: club.bot.get_guild(guild.id) is not None)
        asked = await sandbox.post(sandbox.member, channel, f"{mention(club)} ?")
        answer = await sandbox.wait_message(channel, after=asked)
        assert answer.content.startswith("Responda a uma imagem")


async def test_commands_are_synced_with_their_translations(club: Club) -> None:
    found = {one.name: one.data for one in club.sandbox.world.commands.values()}
    assert found["whois"]["name_localizations"]["ja"] == "誰"
    assert found["whois"]["description_localizations"]["es-419"].startswith("Descubre quién")
    assert found["Who is this?"]["name_localizations"]["de"] == "Wer ist das?"
    teach = {one["name"]: one for one in found["teach"]["options"]}
    assert teach["undo"]["name_localizations"]["fr"] == "annuler"
    modes = found["whois"]["options"][2]["choices"]
    assert modes[1]["name_localizations"]["pt-BR"] == "imagem inteira"


async def test_suggestions_come_in_ones_own_language(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names are names; what speaks beside them speaks to the one who types."""
    cog = sys.modules["cogs.characters.cog"]
    monkeypatch.setattr(cog, "label_of", lambda one: language._("Cancel"))
    await set_language(club, "ja")
    sandbox = club.sandbox
    sandbox.member.locale = "es-419"
    channel = sandbox.channel
    choices = await sandbox.autocomplete(sandbox.member, channel, "character", "name", "rei")
    assert {one["name"] for one in choices} == {"Cancelar"}


# -- with words that carry their language ----------------------------------------------------------


class Tagged(gettext.NullTranslations):
    """Says everything in English, and in which language it should have been."""

    def __init__(self, locale: str) -> None:
        super().__init__()
        self.tag = f"⟨{locale}⟩"

    def gettext(self, message: str) -> str:
        return message + self.tag

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return super().ngettext(msgid1, msgid2, n) + self.tag

    def pgettext(self, context: str, message: str) -> str:
        return message


@pytest.fixture
async def tagged(
    recognizer: Recognizer, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Club]:
    """A Japanese server; Mori (staff), Kai and Hana (the owner) read German, Yuki French."""
    async with open_club(recognizer, catalog) as club:
        sandbox = club.sandbox
        await set_language(club, "ja")
        for user in (sandbox.staff, sandbox.member, sandbox.owner):
            user.locale = "de"
        sandbox.other.locale = "fr"
        # Only now: commands were synced in the real languages.
        monkeypatch.setattr(language, "translations", Tagged)
        yield club


def spoken(message: StoredMessage) -> set[str]:
    """The languages of a message; ``""`` is that of words that belong to none."""
    found: set[str] = set()
    for text in _texts(message):
        tags = TAG.findall(text)
        found |= set(tags) if tags else {""}
    return found | set(TAG.findall(str(message.embeds)))


def _texts(message: StoredMessage) -> Iterator[str]:
    """What has to be in some language: all but what was typed, and cards of characters."""
    yield from message.content.split("\n") if message.content else ()
    for embed in message.embeds:
        for field in embed.get("fields", []):
            yield field["name"]
    yield from _labels(message.components)


def _labels(components: list[dict[str, Any]]) -> Iterator[str]:
    for one in walk(components):
        for key in ("label", "placeholder"):
            if re.search(r"[^\W\d_]{2}", one.get(key) or ""):
                yield one[key]


Doing = Callable[[Club, bytes], Awaitable[InteractionHandle]]


def slash(command: str, user: str = "staff", /, **options: Any) -> Doing:
    async def do(club: Club, picture: bytes) -> InteractionHandle:
        filled = {key: ("a.png", picture) if one is ... else one for key, one in options.items()}
        who: User = getattr(club.sandbox, user)
        return await club.sandbox.slash(who, club.sandbox.channel, command, filled)

    return do


def menu(name: str) -> Doing:
    async def do(club: Club, picture: bytes) -> InteractionHandle:
        sandbox = club.sandbox
        posted = await sandbox.post(sandbox.other, sandbox.channel, "", [("a.png", picture)])
        return await sandbox.message_command(sandbox.staff, posted, name)

    return do


PUBLIC = {"whois", "Who is this?", "character", "characters", "quiz start", "quiz leaderboard"}
COMMANDS: dict[str, Doing] = {
    "whois": slash("whois", picture=...),
    "Who is this?": menu("Who is this?"),
    "Teach this…": menu("Teach this…"),
    "character": slash("character", name="Ayanami Rei"),
    "characters": slash("characters"),
    "settings": slash("settings"),
    "about": slash("about"),
    "privacy": slash("privacy"),
    "forget me": slash("forget me"),
    "forget server": slash("forget server", "owner"),
    "teach add": slash("teach add", character="Nobody Yet", picture1=...),
    "teach undo": slash("teach undo"),
    "teach log": slash("teach log"),
    "teach remove": slash("teach remove", character=NAME),
    "teach rename": slash("teach rename", character=NAME, name="Somebody Else"),
    "teach merge": slash("teach merge", source=NAME, target=NAME),
    "teach export": slash("teach export"),
    "teach import": slash("teach import", file=...),
    "quiz start": slash("quiz start"),
    "quiz hint": slash("quiz hint"),
    "quiz skip": slash("quiz skip"),
    "quiz pause": slash("quiz pause"),
    "quiz resume": slash("quiz resume"),
    "quiz stop": slash("quiz stop"),
    "quiz stats": slash("quiz stats"),
    "quiz leaderboard": slash("quiz leaderboard"),
    "quiz season reset": slash("quiz season reset"),
    "quiz add": slash("quiz add", picture=...),
    "Add to quiz": menu("Add to quiz"),
    "quiz host": slash("quiz host", picture=...),
    "quiz pictures list": slash("quiz pictures list"),
    "quiz pictures remove": slash("quiz pictures remove", number=1),
    "quiz pictures export": slash("quiz pictures export"),
}
"""How to use each command once, whatever comes of it: somebody reads it."""


async def test_every_command_speaks_to_whoever_reads_it(tagged: Club, alone: bytes) -> None:
    sandbox = tagged.sandbox
    existing = {
        path
        for one in sandbox.world.commands.values()
        for path in _paths(one.name, one.data.get("options", []))
    }
    assert existing == set(COMMANDS), "a new command has to be tried here, too"
    await taught(tagged, alone)
    for name, do in COMMANDS.items():
        handle = await do(tagged, alone)
        await sandbox.wait_for(
            lambda handle=handle: bool(handle.modal or handle.answer),  # type: ignore[misc]
            30,
        )
        if handle.modal is not None:
            texts = [handle.modal["title"], *_labels(handle.modal["components"])]
            assert all(TAG.findall(text) == ["de"] for text in texts), (name, texts)
            continue
        answer = handle.messages[-1]
        assert answer.ephemeral == (name not in PUBLIC), name
        expected = {"de"} if answer.ephemeral else {"ja"}
        assert spoken(answer) - {""} == expected, (name, list(_texts(answer)))
        assert "" not in spoken(answer) or name in ("teach log", "characters"), name


def _paths(name: str, options: list[dict[str, Any]]) -> list[str]:
    deeper = [one for one in options if one["type"] in (1, 2)]
    if not deeper:
        return [name]
    return [path for one in deeper for path in _paths(f"{name} {one['name']}", one["options"])]


async def test_every_button_of_an_answer_speaks_to_whoever_reads_it(
    tagged: Club, friends: bytes
) -> None:
    """What others open is theirs; what is changed for all stays in the language of all."""
    sandbox = tagged.sandbox
    answer = await tagged.answer(friends)
    assert spoken(answer) == {"ja"}
    for button in ("guesses", "details"):
        custom_id = next(
            one["custom_id"]
            for one in answer.walk_components()
            if one.get("custom_id", "").startswith(f"whois:{button}")
        )
        shown = await (await sandbox.click(sandbox.other, answer, custom_id)).wait_answer()
        assert TAG.findall(str(shown.embeds))
        assert set(TAG.findall(str(shown.embeds))) == {"fr"}
    for action in ("wrong", "whole"):
        custom_id = next(
            one["custom_id"]
            for one in answer.walk_components()
            if one.get("custom_id", "").startswith(f"whois:{action}")
        )
        refused = await (await sandbox.click(sandbox.other, answer, custom_id)).wait_answer()
        assert spoken(refused) == {"fr"}
        handle = await sandbox.click(sandbox.staff, answer, custom_id)
        if action == "wrong":
            form = await handle.wait_modal()
            assert set(TAG.findall(str(form))) == {"de"}
            filled = {"Which one?⟨de⟩": ["0"], "Who is it?⟨de⟩": "Nakano Miku"}
            await sandbox.submit_modal(sandbox.staff, handle, filled)
            await sandbox.wait_for(lambda: "Corrected" in answer.content, 30)
        else:
            await sandbox.wait_for(lambda: "whois:faces" in str(answer.components), 30)
        assert spoken(answer) == {"ja"}


async def test_pages_turn_in_the_language_of_the_list(tagged: Club) -> None:
    sandbox = tagged.sandbox
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "characters")
    listed = await handle.wait_answer()
    assert spoken(listed) == {"ja"}
    await (await sandbox.click(sandbox.member, listed, "Next⟨ja⟩")).wait_acked()
    assert spoken(listed) == {"ja"}
    own = await (await sandbox.click(sandbox.other, listed, "Next⟨ja⟩")).wait_answer()
    assert own.ephemeral
    assert spoken(own) == {"fr"}
    await (await sandbox.click(sandbox.other, own, "Previous⟨fr⟩")).wait_acked()
    assert spoken(own) == {"fr"}


async def test_the_panel_and_questions_go_on_in_ones_own_language(tagged: Club) -> None:
    sandbox = tagged.sandbox
    panel = await (await sandbox.slash(sandbox.staff, sandbox.channel, "settings")).wait_answer()
    await (await sandbox.click(sandbox.staff, panel, "settings:answers")).wait_acked()
    assert spoken(panel) - {""} == {"de"}  # the names of languages are in none
    handle = await sandbox.slash(sandbox.other, sandbox.channel, "forget me")
    question = await handle.wait_answer()
    await sandbox.click(sandbox.other, question, "Cancel⟨fr⟩")
    await sandbox.wait_for(lambda: question.content == "Nothing was forgotten.⟨fr⟩")


async def test_staff_are_asked_in_the_language_of_the_server(tagged: Club, alone: bytes) -> None:
    sandbox, store = tagged.sandbox, tagged.services.store
    assert store is not None
    guild = sandbox.guild.id
    await store.settings.change(guild, sandbox.staff.id, approval_channel=sandbox.bots.id)
    told = await taught(tagged, alone, user=sandbox.other)
    assert spoken(told) == {"fr"}
    asked = await sandbox.wait_message(sandbox.bots)
    assert spoken(asked) == {"ja"}
    assert TAG.findall(asked.files[0].description or "") == ["ja"]
    refused = await (await sandbox.click(sandbox.other, asked, "Approve⟨ja⟩")).wait_answer()
    assert spoken(refused) == {"fr"}
    await sandbox.click(sandbox.staff, asked, "Approve⟨ja⟩")
    await sandbox.wait_for(lambda: "Approved" in asked.content)
    assert spoken(asked) == {"ja"}


async def test_who_is_meant_is_asked_in_the_language_of_all(tagged: Club) -> None:
    sandbox = tagged.sandbox
    options = {"name": "Rei Ayanamy"}
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "character", options)
    asked = await handle.wait_answer()
    assert spoken(asked) - {""} == {"ja"}
    nobody = {"name": "qqqqqqqqqqqq"}
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "character", nobody)
    assert spoken(await handle.wait_answer()) == {"de"}


async def gone(copies: object, guild_id: int) -> None:
    raise StoreUnavailable("gone")


async def stuck(copies: object, guild_id: int) -> None:
    await asyncio.sleep(1.5)
    raise StoreUnavailable("stuck")


@pytest.mark.parametrize("peek", [gone, stuck])
async def test_where_nobody_can_tell_what_was_chosen(
    tagged: Club, portrait: bytes, monkeypatch: pytest.MonkeyPatch, peek: object
) -> None:
    """A store that is not there silences nobody: whoever asks is answered in their own language,
    and in time.
    """
    monkeypatch.setattr(Snapshots, "peek", peek)
    handle = await tagged.whois(portrait)
    assert spoken(await handle.wait_answer()) == {"de"}
    assert (handle.ack_ms or 9999) < 1000
