"""``/character`` and ``/characters``: the real bot and discord.py on the stand-in Discord, with a
stand-in AniList that is there, slow, down, over its limit, or talks nonsense.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yarl
from aiohttp import web

import bot
from catalog import Catalog
from catalog.anilist import AniList, MemoryBudget
from cogs.characters import texts
from cogs.characters.known import Level
from cogs.shared.download import Downloader
from cogs.shared.services import Services
from cogs.shared.work import Work
from recognition.gallery import Gallery
from recognition.recognizer import Recognizer
from sandbox import Guild, Sandbox, StoredMessage, User
from store.types import Evidence, Sample, Subject
from teaching.servers import ServerGalleries
from tests.catalog.anilist.stand_in import StandIn
from tests.cogs.made import rectangle_recognizer
from tests.e2e.conftest import running
from tests.sandbox.contract import check_transcript
from tests.store.made import embedding

PICTURE = "https://s4.anilist.co/file/anilistcdn/character/large/b86-x.png"


class Generous(MemoryBudget):
    """More requests than a test makes; the budget itself is tested with the client."""

    async def take(self, name: str, *, per_minute: float, burst: int = 1) -> float:
        return await super().take(name, per_minute=6000, burst=1000)


@dataclass
class Library:
    """A server with a bot that knows whom the shipped one knows."""

    sandbox: Sandbox
    anilist: StandIn
    services: Services
    settings: bot.Settings
    running: contextlib.AsyncExitStack

    async def start(self) -> None:
        """Ends the bot that runs, and starts another one of the same application."""
        await self.running.aclose()
        services = dataclasses.replace(self.services, work=Work())
        made = bot.create_bot(self.settings, services)
        await self.running.enter_async_context(serving(made, self.sandbox))

    async def look_up(self, name: str, user: User | None = None) -> StoredMessage:
        """The answer to ``/character``."""
        who, where = user or self.sandbox.member, self.sandbox.channel
        handle = await self.sandbox.slash(who, where, "character", {"name": name})
        return await handle.wait_answer()

    async def choices(self, typed: str) -> list[dict[str, str]]:
        """What ``/character name:`` suggests."""
        sandbox = self.sandbox
        return await sandbox.autocomplete(
            sandbox.member, sandbox.channel, "character", "name", typed
        )

    async def list(self, **options: str) -> StoredMessage:
        """The answer to ``/characters``."""
        sandbox = self.sandbox
        handle = await sandbox.slash(sandbox.member, sandbox.channel, "characters", options)
        return await handle.wait_answer()


@contextlib.asynccontextmanager
async def serving(made: bot.AniWhoisBot, sandbox: Sandbox) -> AsyncIterator[None]:
    async with running(made, sandbox):
        await sandbox.wait_ready(["character", "characters"])
        yield


@pytest.fixture
async def library(catalog: Catalog, root: Path) -> AsyncIterator[Library]:
    made = rectangle_recognizer()
    gallery = Gallery.load(root / "weights" / "gallery.safetensors")
    decider = made.decider.with_gallery(gallery)
    async with Sandbox() as sandbox, StandIn() as stand_in:
        address = yarl.URL(sandbox.rest_url)
        settings = bot.Settings(
            token=sandbox.token, discord_api=sandbox.rest_url, discord_gateway=sandbox.gateway_url
        )
        async with (
            Downloader(extra_hosts=[f"{address.host}:{address.port}"]) as files,
            AniList(stand_in.address, budget=Generous(), patience_s=1.0) as anilist,
            bot.open_database(settings) as store,
        ):
            services = Services(
                Recognizer(made.encoder, decider),
                catalog,
                files,
                cooldown_s=0.0,
                store=store,
                galleries=ServerGalleries(decider, store),
                anilist=anilist,
            )
            async with contextlib.AsyncExitStack() as stack:
                opened = Library(sandbox, stand_in, services, settings, stack)
                await opened.start()
                yield opened
        assert sandbox.violations == []
        assert check_transcript(sandbox.transcript) == []


def _text(message: StoredMessage) -> str:
    parts = [message.content]
    for embed in message.embeds:
        parts += [embed.get("title", ""), embed.get("description", "")]
        parts += [f"{field['name']}: {field['value']}" for field in embed.get("fields", ())]
    return "\n".join(parts)


def _components(message: StoredMessage) -> list[dict[str, object]]:
    return [one for one in message.walk_components() if one["type"] != 1]


def _button(message: StoredMessage, label: str) -> dict[str, object]:
    return next(one for one in _components(message) if one.get("label") == label)


# -- /character -----------------------------------------------------------------------------------


async def test_a_card_with_picture_and_link(library: Library) -> None:
    message = await library.look_up("rei ayanami")
    (embed,) = message.embeds
    assert embed["title"] == "Ayanami Rei"
    assert embed["image"]["url"] == PICTURE
    assert "The First Child" in embed["description"]
    assert texts.IN_PICTURES[Level.MANY] in _text(message)
    (link,) = _components(message)
    assert (link["label"], link["url"]) == (texts.PAGE_NAME, "https://anilist.co/character/86")


async def test_names_in_any_order_script_and_spelling(library: Library) -> None:
    for name in ("Rei Ayanami", "AYANAMI rei", "綾波レイ", "あやなみれい", "綾波", "first child"):
        assert (await library.look_up(name)).embeds[0]["title"] == "Ayanami Rei", name


async def test_hidden_names_are_found_but_stay_hidden(library: Library) -> None:
    message = await library.look_up("Artoria Pendragon")
    assert message.embeds[0]["title"] == "Saber"
    said = _text(message)
    assert "||Artoria Pendragon||" in said
    assert said.count("Artoria") == said.count("||Artoria")


async def test_somebody_only_anilist_knows(library: Library) -> None:
    message = await library.look_up("Frieren")
    said = _text(message)
    assert message.embeds[0]["title"] == "Frieren"
    assert "**Race:** Elf" in said
    assert "|| She remembers.||" in said
    assert "||A hidden name||" in said
    assert texts.IN_PICTURES[None] in said


async def test_who_is_only_for_adults_is_not_shown(library: Library) -> None:
    sandbox = library.sandbox
    handle = await sandbox.slash(
        sandbox.member, sandbox.channel, "character", {"name": "Only Adult"}
    )
    answer = await handle.wait_answer()
    assert "Only Adult" not in str(answer.embeds)
    await library.look_up("anilist:903")
    mixed = await library.look_up("Half Adult")
    assert "For All" in _text(mixed)
    assert "Not For Minors" not in _text(mixed)


async def test_several_of_one_name_are_chosen_from(library: Library) -> None:
    sandbox = library.sandbox
    message = await library.look_up("miku")
    assert message.content == texts.WHICH
    handle = await sandbox.select(sandbox.member, message, texts.CHOOSE, ["Nakano Miku"])
    await handle.wait_acked()
    await sandbox.wait_for(lambda: bool(message.embeds))
    assert message.embeds[0]["title"] == "Nakano Miku"
    assert message.content == ""
    assert [one["type"] for one in _components(message)] == [2]  # the menu has made room


async def test_only_the_asker_chooses(library: Library) -> None:
    sandbox = library.sandbox
    message = await library.look_up("miku")
    for stranger in (sandbox.other, sandbox.staff):
        handle = await sandbox.select(stranger, message, texts.CHOOSE, ["Nakano Miku"])
        answer = await handle.wait_answer()
        assert answer.content == texts.NOT_YOURS
        assert handle.ephemeral
    assert not message.embeds


async def test_the_menu_survives_a_restart(library: Library) -> None:
    sandbox = library.sandbox
    message = await library.look_up("Hina Sato")
    assert message.content == texts.WHICH
    await library.start()
    await sandbox.select(sandbox.member, message, texts.CHOOSE, ["anilist:902"])
    await sandbox.wait_for(lambda: bool(message.embeds))
    assert "Red Flower" in _text(message)


async def test_did_you_mean(library: Library) -> None:
    sandbox = library.sandbox
    message = await library.look_up("Ayanmi")
    assert "Did you mean one of these?" in message.content
    await sandbox.select(sandbox.member, message, texts.CHOOSE, ["Ayanami Rei"])
    await sandbox.wait_for(lambda: bool(message.embeds))
    assert message.embeds[0]["title"] == "Ayanami Rei"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "zxqj zxqj",
            "!?…",
            "@everyone",
            "<@1> <#2> </x:1>",
            "[a](http://evil.example)",
            "||zxqj||",
        ),
        *(
            "x" * 100,
            "local:nobody",
            "local:",
            "anilist:4040404",
            "anilist:0",
            "🦊🦊🦊",
            "' OR 1=1",
        ),
        "\u202ezxqj",
    ],
)
async def test_nonsense_is_told_privately_and_pings_nobody(library: Library, name: str) -> None:
    sandbox = library.sandbox
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "character", {"name": name})
    answer = await handle.wait_answer()
    assert handle.ephemeral or answer.visible_to == sandbox.member.id
    assert not answer.mentions
    assert not answer.mention_everyone
    assert "://" not in answer.content
    assert "||zxqj||" not in answer.content
    assert sandbox.messages(sandbox.channel) == []  # and no "thinking" is left standing


async def test_it_works_everywhere(library: Library) -> None:
    sandbox = library.sandbox
    person = sandbox.create_user("aki", "Aki", user_installed=True)
    elsewhere = sandbox.create_guild("Elsewhere", person, app_installed=False)
    room = sandbox.create_channel(elsewhere, "general")
    for channel in (room, sandbox.group(person, sandbox.other, sandbox.member), sandbox.dm(person)):
        handle = await sandbox.slash(person, channel, "character", {"name": "Megumin"})
        assert (await handle.wait_answer()).embeds[0]["title"] == "Megumin"
        handle = await sandbox.slash(person, channel, "characters")
        assert (await handle.wait_answer()).embeds


# -- autocompletion -------------------------------------------------------------------------------


async def test_suggestions(library: Library) -> None:
    assert (await library.choices("asu"))[0] == {
        "name": "Asuka Langley Soryu · Neon Genesis Evangelion",
        "value": "local:asuka_langley_soryu",
    }
    assert {one["value"] for one in await library.choices("K-On")} >= {"local:akiyama_mio"}
    assert (await library.choices("あやな"))[0]["value"] == "local:ayanami_rei"
    assert (await library.choices("rei aya"))[0]["value"] == "local:ayanami_rei"
    chosen = await library.look_up((await library.choices("asu"))[0]["value"])
    assert chosen.embeds[0]["title"] == "Asuka Langley Soryu"
    assert len(library.anilist.asked) == 1  # the card; never for a suggestion


async def test_suggestions_are_few_quick_and_never_tell(library: Library) -> None:
    for typed in ("", " ", "a", "e", "hololive", "o", "ル", "x" * 100, "🦊", "*", "shin", "art"):
        choices = await library.choices(typed)
        assert len(choices) <= 25
        assert all("Artoria" not in one["name"] for one in choices)
        assert all(len(one["name"]) <= 100 for one in choices)
    catalog = library.services.catalog
    took = []
    for character in catalog:
        for name in (character.names.romaji, character.names.romaji_western[:5]):
            began = time.perf_counter()
            catalog.search(name, 25)
            took.append(time.perf_counter() - began)
    took.sort()
    assert took[len(took) // 2] < 0.05


async def test_suggested_series(library: Library) -> None:
    sandbox = library.sandbox
    ask = (sandbox.member, sandbox.channel, "characters", "series")
    assert len(await sandbox.autocomplete(*ask, "")) == 25
    for typed in ("holo", "ホロライブ"):
        assert (await sandbox.autocomplete(*ask, typed))[0]["value"] == "hololive English"
    assert await sandbox.autocomplete(*ask, "zzzzzz") == []


# -- AniList in trouble ---------------------------------------------------------------------------


async def _answers_alone(library: Library, *, within_s: float = 2.5) -> None:
    """Our card comes, in time, with the small print."""
    began = time.monotonic()
    message = await library.look_up("Asuka")
    assert time.monotonic() - began < within_s
    assert message.embeds[0]["title"] == "Asuka Langley Soryu"
    assert "AniList can't be reached right now" in _text(message)
    assert "image" not in message.embeds[0]


async def test_anilist_is_down(library: Library) -> None:
    library.anilist.down()
    await _answers_alone(library)
    message = await library.look_up("Frieren")
    assert "AniList can't be reached right now" in message.content
    assert message.visible_to == library.sandbox.member.id
    choose = await library.look_up("Ayanmi")
    assert "AniList can't be reached right now" in choose.content


async def test_anilist_is_slow(library: Library) -> None:
    library.anilist.gate.clear()
    sandbox = library.sandbox
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "character", {"name": "Asuka"})
    await handle.wait_acked()
    assert handle.ack_ms is not None
    assert handle.ack_ms < 1000
    await _answers_alone(library)
    assert len(library.anilist.asked) == 1  # both waited for the same answer


async def test_anilist_is_over_its_limit(library: Library) -> None:
    limit = {"Retry-After": "30"}
    library.anilist.behave = lambda _: web.json_response({}, status=429, headers=limit)
    await _answers_alone(library)
    library.anilist.up()
    await _answers_alone(library)  # it is left alone for the thirty seconds
    assert len(library.anilist.asked) == 1


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"data": {"Character": {"id": "x"}}}'])
async def test_anilist_talks_nonsense(library: Library, body: str) -> None:
    library.anilist.behave = lambda _: web.Response(text=body)
    await _answers_alone(library)


async def test_a_choice_of_anilists_when_it_goes_down(library: Library) -> None:
    sandbox = library.sandbox
    message = await library.look_up("Hina Sato")
    library.anilist.down()
    handle = await sandbox.select(sandbox.member, message, texts.CHOOSE, ["anilist:902"])
    assert (await handle.wait_answer()).content == texts.silent()
    library.anilist.up()
    await sandbox.select(sandbox.member, message, texts.CHOOSE, ["anilist:902"])
    await sandbox.wait_for(lambda: bool(message.embeds))


async def test_many_ask_for_one_at_once(library: Library) -> None:
    messages = await asyncio.gather(*(library.look_up("Emilia") for _ in range(20)))
    assert {message.embeds[0]["title"] for message in messages} == {"Emilia"}
    assert len(library.anilist.asked) == 1


# -- /characters ----------------------------------------------------------------------------------


async def test_pages_turn_to_the_last_one_and_back(library: Library) -> None:
    sandbox = library.sandbox
    message = await library.list()
    assert "I know 94 characters of 42 series." in _text(message)
    pages = int(message.embeds[0]["footer"]["text"].split(" of ")[1])
    assert pages > 1
    assert _button(message, texts.PREVIOUS)["disabled"]
    seen = [_text(message)]
    for number in range(2, pages + 1):
        await (await sandbox.click(sandbox.member, message, texts.NEXT)).wait_acked()
        await sandbox.wait_for(
            lambda at=number: message.embeds[0]["footer"]["text"].startswith(f"{at} ")
        )
        seen.append(_text(message))
    assert _button(message, texts.NEXT)["disabled"]
    everything = "".join(seen).replace("\u00a0", " ").replace("\\", "")
    for character in library.services.catalog:
        assert character.names.romaji in everything
    await (await sandbox.click(sandbox.member, message, texts.PREVIOUS)).wait_acked()
    await sandbox.wait_for(lambda: message.embeds[0]["footer"]["text"].startswith(f"{pages - 1} "))


async def test_somebody_else_turns_a_list_of_their_own(library: Library) -> None:
    sandbox = library.sandbox
    message = await library.list()
    handle = await sandbox.click(sandbox.other, message, texts.NEXT)
    own = await handle.wait_answer()
    assert handle.ephemeral
    assert own.embeds[0]["footer"]["text"].startswith("2 ")
    assert message.embeds[0]["footer"]["text"].startswith("1 ")
    await (await sandbox.click(sandbox.other, own, texts.PREVIOUS)).wait_acked()
    await sandbox.wait_for(lambda: own.embeds[0]["footer"]["text"].startswith("1 "))


async def test_the_pages_survive_a_restart(library: Library) -> None:
    sandbox = library.sandbox
    message = await library.list()
    await library.start()
    await sandbox.click(sandbox.member, message, texts.NEXT)
    await sandbox.wait_for(lambda: message.embeds[0]["footer"]["text"].startswith("2 "))


async def test_one_series(library: Library) -> None:
    for typed in ("hololive English", "ホロライブEnglish", "hololive"):
        message = await library.list(series=typed)
        said = _text(message).replace("\u00a0", " ")
        assert "I know 17 characters of this one." in said
        assert "●●● Gawr Gura" in said
        assert "Ayanami" not in said
        assert not _components(message)


@pytest.mark.parametrize("series", ["zzzzzz", "!!!", "@everyone", "x" * 100])
async def test_no_such_series(library: Library, series: str) -> None:
    sandbox = library.sandbox
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "characters", {"series": series})
    assert (await handle.wait_answer()).content == texts.UNKNOWN_SERIES
    assert handle.ephemeral


async def test_levels_are_shown(library: Library) -> None:
    said = _text(await library.list(series="Date A Live")).replace("\u00a0", " ")
    assert texts.LEGEND in said
    assert "●○○ Natsumi" in said


async def _teach(library: Library, guild: Guild, name: str, pictures: int) -> None:
    """What ``/teach`` keeps."""
    store, model_id = library.services.store, library.services.recognizer.gallery.model_id
    assert store is not None
    made = [
        Sample(embedding(number, model_id, 512), None, Evidence()) for number in range(pictures)
    ]
    subject = Subject(name, "Our Comic")
    await store.lessons.teach(guild.id, subject, made, actor_id=library.sandbox.staff.id)


async def test_two_servers_do_not_see_whom_the_other_taught(library: Library) -> None:
    sandbox = library.sandbox
    there = sandbox.create_guild("Elsewhere", sandbox.other)
    room = sandbox.create_channel(there, "general")
    await _teach(library, sandbox.guild, "**Mascot** @everyone", 12)
    await _teach(library, there, "Their Mascot", 1)
    here = _text(await library.list(series="Our Comic")).replace("\u00a0", " ")
    assert "●●○ \\*\\*Mascot\\*\\* @\u200beveryone ✎" in here
    assert "Their" not in here
    handle = await sandbox.slash(sandbox.other, room, "characters", {"series": "Our Comic"})
    elsewhere = _text(await handle.wait_answer()).replace("\u00a0", " ")
    assert "●○○ Their Mascot ✎" in elsewhere
    assert "everyone" not in elsewhere
    handle = await sandbox.slash(sandbox.other, sandbox.dm(sandbox.other), "characters")
    assert "I know 94 characters of 42 series." in _text(await handle.wait_answer())


# -- as bot.py opens it ---------------------------------------------------------------------------


async def test_what_anilist_said_outlives_the_bot(tmp_path: Path) -> None:
    async with StandIn() as stand_in:
        settings = bot.Settings(
            anilist=stand_in.address, database_url=f"sqlite:///{tmp_path / 'kept.db'}"
        )
        for _ in range(2):
            async with (
                bot.open_database(settings) as store,
                bot.open_anilist(settings, store) as anilist,
            ):
                assert anilist is not None
                found = await anilist.details(86)
                assert found.value is not None
                assert not found.stale
            stand_in.down()
        assert len(stand_in.asked) == 1


async def test_anilist_can_be_switched_off(tmp_path: Path) -> None:
    settings = bot.Settings(anilist="off", database_url=f"sqlite:///{tmp_path / 'off.db'}")
    async with bot.open_database(settings) as store, bot.open_anilist(settings, store) as anilist:
        assert anilist is None
