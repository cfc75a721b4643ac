"""Decks with pictures: which questions they give, from a real store, studio and AniList client."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from catalog import Catalog
from catalog.anilist import AniList
from cogs.quiz.anilist_deck import AniListDeck
from cogs.quiz.deck import DeckUnavailable, Question, Wanted
from cogs.quiz.host_deck import MOST_WAITING, HostDeck
from cogs.quiz.pool_deck import PoolDeck
from cogs.shared.picture_link import PictureLink
from cogs.shared.refusals import LinkUnreachable
from quizzing.pool import Pool
from quizzing.studio import Studio
from quizzing.wishes import Wish
from store.opening import open_store
from store.types import Subject
from teaching.servers import ServerGalleries
from tests.catalog.anilist.stand_in import StandIn
from tests.cogs.made import rectangle_recognizer
from tests.quizzing.made import REI, drawing

GUILD, CHANNEL, STAFF = 11, 5, 500
WANTED = Wanted(GUILD, CHANNEL)


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[tuple[Studio, Pool]]:
    async with open_store(f"sqlite:///{tmp_path}/a.db") as store:
        recognizer = rectangle_recognizer()
        studio = Studio(recognizer, ServerGalleries(recognizer.decider, store))
        yield studio, Pool(studio, store)


async def add(
    made: tuple[Studio, Pool],
    seed: int,
    who: Subject = Subject("Ayanami Rei", "Neon Genesis Evangelion", "ayanami_rei"),  # noqa: B008
    **flags: bool,
) -> int:
    studio, pool = made
    portrait = await studio.portray(GUILD, drawing(seed, REI))
    usual = {"adult": False, "spoiler": False, **flags}
    wish = Wish(0, who.catalog_id or f"quiz:{who.name}", who, **usual)
    return (await pool.add(GUILD, portrait, wish, actor_id=STAFF)).id


async def test_our_pictures(made: tuple[Studio, Pool], catalog: Catalog) -> None:
    deck = PoolDeck(made[1], made[0], catalog, random.Random(1))
    assert await deck.count(WANTED) == 0
    assert await deck.next(WANTED) is None
    rei = await add(made, 1)
    late = await add(made, 2, adult=True, spoiler=True)
    own = await add(made, 3, Subject("Our Mascot", "Our Server"))
    assert await deck.count(WANTED) == 2
    assert await deck.count(Wanted(GUILD, CHANNEL, adult=True)) == 3
    assert await deck.count(Wanted(99, CHANNEL, adult=True)) == 0
    assert await deck.count(Wanted(GUILD, CHANNEL, series="evangelion")) == 1
    assert await deck.count(Wanted(GUILD, CHANNEL, series="our serv")) == 1
    assert await deck.count(Wanted(GUILD, CHANNEL, avoid=frozenset({str(rei)}))) == 1
    assert await deck.count(Wanted(GUILD, CHANNEL, missed=True, review=frozenset({str(own)}))) == 1
    assert await deck.again(WANTED, str(late)) is None  # not in a channel for everybody
    assert await deck.again(Wanted(99, CHANNEL), str(rei)) is None
    assert await deck.again(WANTED, "no number") is None
    question = await deck.again(Wanted(GUILD, CHANNEL, adult=True), str(late))
    assert question is not None
    assert all(one.picture is not None and one.picture.spoiler for one in question.steps)
    assert question.uploader_id == STAFF
    assert question.person.id == "ayanami_rei"
    mascot = await deck.again(WANTED, str(own))
    assert mascot is not None
    assert (mascot.person.names.romaji, mascot.person.series) == ("Our Mascot", "Our Server")
    assert len({one.id for one in mascot.options}) == 4
    assert mascot == await deck.again(WANTED, str(own))


async def test_the_wrong_names_are_whom_the_model_takes_for_the_right_one(
    made: tuple[Studio, Pool], catalog: Catalog
) -> None:
    deck = PoolDeck(made[1], made[0], catalog)
    number = await add(made, 4)
    question = await deck.again(WANTED, str(number))
    assert question is not None
    assert "asuka_langley_soryu" in [one.id for one in question.options]


async def test_a_host_is_waited_for_and_has_a_line(
    made: tuple[Studio, Pool], catalog: Catalog
) -> None:
    number = await add(made, 5)
    question = await PoolDeck(made[1], made[0], catalog).again(WANTED, str(number))
    assert question is not None
    deck = HostDeck()
    waiting = asyncio.create_task(deck.next(WANTED))
    await asyncio.sleep(0)
    assert deck.offer(CHANNEL, question)
    assert deck.offer(CHANNEL + 1, question)
    assert await waiting is question
    assert await deck.again(WANTED, question.id) is None
    assert all(deck.offer(CHANNEL, question) for _ in range(MOST_WAITING))
    assert not deck.offer(CHANNEL, question)
    await deck.count(WANTED)  # a new quiz begins without what the last one left
    waiting = asyncio.create_task(deck.next(WANTED))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


class Pictures:
    """What is behind AniList's picture links; `gone` ones are not there."""

    def __init__(self) -> None:
        self.fetched: list[str] = []
        self.gone: set[str] = set()

    async def fetch(self, link: PictureLink) -> bytes:
        assert link.outside  # through the guard, like any other link
        self.fetched.append(link.url)
        if any(one in link.url for one in self.gone):
            raise LinkUnreachable("gone")
        return drawing(len(link.url), REI)


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with StandIn() as running:
        yield running


async def drawn(deck: AniListDeck, wanted: Wanted, n: int) -> list[Question]:
    """A night's questions; none comes twice."""
    found: list[Question] = []
    for _ in range(n):
        avoid = wanted.avoid | {one.id for one in found}
        question = await deck.next(Wanted(GUILD, CHANNEL, series=wanted.series, avoid=avoid))
        if question is None:
            break
        found.append(question)
    return found


async def test_anilist_gives_characters_with_pictures_and_none_for_adults(
    made: tuple[Studio, Pool], catalog: Catalog, stand_in: StandIn
) -> None:
    pictures = Pictures()
    async with AniList(stand_in.address) as anilist:
        deck = AniListDeck(anilist, pictures.fetch, made[0], catalog, random.Random(3))
        assert await deck.count(WANTED) is None
        assert pictures.fetched == []  # counting fetches nothing
        questions = await drawn(deck, WANTED, 20)
        names = {one.person.names.romaji_western for one in questions}
        assert "Frieren" in names
        assert "Only Adult" not in names
        assert len(questions) == 7
        assert len(pictures.fetched) == 7  # one a question, when it is asked
        for one in questions:
            assert len({option.id for option in one.options}) == 4
            assert one.person.id in [option.id for option in one.options]
        rei = next(one for one in questions if one.id == "86")
        again = await deck.again(WANTED, "86")
        assert again is not None
        assert again.steps == rei.steps
        assert len(stand_in.asked) < 12  # the pages, and one look for the one that came again


async def test_anilist_by_series(
    made: tuple[Studio, Pool], catalog: Catalog, stand_in: StandIn
) -> None:
    async with AniList(stand_in.address) as anilist:
        deck = AniListDeck(anilist, Pictures().fetch, made[0], catalog)
        of_frieren = Wanted(GUILD, CHANNEL, series="Sousou no Frieren")
        assert await deck.count(of_frieren) == 1
        assert len(await drawn(deck, of_frieren, 3)) == 1
        assert await deck.count(Wanted(GUILD, CHANNEL, series="nothing of the kind")) == 0


async def test_anilist_that_cannot_be_reached_says_so(
    made: tuple[Studio, Pool], catalog: Catalog, stand_in: StandIn
) -> None:
    stand_in.down()
    async with AniList(stand_in.address) as anilist:
        deck = AniListDeck(anilist, Pictures().fetch, made[0], catalog)
        for call in (deck.count(WANTED), deck.next(WANTED), deck.again(WANTED, "86")):
            with pytest.raises(DeckUnavailable):
                await call


async def test_a_picture_that_is_gone_is_passed_over(
    made: tuple[Studio, Pool], catalog: Catalog, stand_in: StandIn
) -> None:
    pictures = Pictures()
    async with AniList(stand_in.address) as anilist:
        deck = AniListDeck(anilist, pictures.fetch, made[0], catalog, random.Random(1))
        pictures.gone = {"b86-"}
        questions = await drawn(deck, WANTED, 20)
        assert "86" not in [one.id for one in questions]
        assert len(questions) == 6
        pictures.gone = {"anilist"}
        with pytest.raises(DeckUnavailable):
            await deck.next(WANTED)
        assert await deck.again(WANTED, "86") is None
