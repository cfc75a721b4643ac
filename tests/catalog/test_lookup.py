"""Whom somebody means, with AniList there, silent, switched off, or thinking otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from catalog import Catalog
from catalog.anilist import AniList
from catalog.anilist.parsing import parse_details
from catalog.lookup import MOST_OPTIONS, Lookup, Reach, Ref, is_same
from tests.catalog.anilist.stand_in import MIKU, REI, SABER, StandIn, character, media


@pytest.fixture
def offline(catalog: Catalog) -> Lookup:
    return Lookup(catalog)


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with StandIn() as running:
        yield running


@pytest.fixture
async def lookup(catalog: Catalog, stand_in: StandIn) -> AsyncIterator[Lookup]:
    async with AniList(stand_in.address, patience_s=1) as anilist:
        yield Lookup(catalog, anilist)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ayanami Rei", {"ayanami_rei"}),
        ("rei ayanami", {"ayanami_rei"}),
        ("あやなみれい", {"ayanami_rei"}),
        ("綾波", {"ayanami_rei"}),
        ("asuka", {"asuka_langley_soryu"}),
        ("Artoria Pendragon", {"saber"}),
        ("rem", {"rem"}),
        ("rin", {"tohsaka_rin", "tooyama_rin"}),
        ("miku", {"hatsune_miku", "izayoi_miku", "nakano_miku"}),
        ("Monkey Luffy", {"monkey_d_luffy"}),
        ("Case Closed", {"edogawa_conan"}),
    ],
)
async def test_ours_are_found_for_certain(offline: Lookup, typed: str, meant: set[str]) -> None:
    finding = await offline.find(typed)
    assert finding.sure
    assert {option.ref.id for option in finding.options} == meant
    assert finding.reach is Reach.NOT_ASKED


@pytest.mark.parametrize("title", ["Evangelion", "新世紀エヴァンゲリオン", "Date A Live", "K-On!"])
async def test_a_series_brings_its_cast(offline: Lookup, catalog: Catalog, title: str) -> None:
    finding = await offline.find(title)
    assert finding.sure
    assert len(finding.options) > 3
    first = catalog.get(finding.options[-1].ref.id)
    assert first is not None


@pytest.mark.parametrize("typed", ["Ayanmi", "Tokisaky Kurumy", "Nishikno"])
async def test_did_you_mean(offline: Lookup, typed: str) -> None:
    finding = await offline.find(typed)
    assert not finding.sure
    assert finding.options


@pytest.mark.parametrize("typed", ["zxqj", "!?", "。", "Son Goku"])
async def test_nobody(offline: Lookup, typed: str) -> None:
    finding = await offline.find(typed)
    assert finding.options == ()


async def test_every_character_is_found_by_every_full_name(
    offline: Lookup, catalog: Catalog
) -> None:
    for one in catalog:
        for name in filter(None, (one.names.romaji, one.names.romaji_western, one.names.native)):
            finding = await offline.find(name)
            assert [option.ref.id for option in finding.options] == [one.id], name
            assert finding.sure


async def test_no_option_tells_a_hidden_name(offline: Lookup, catalog: Catalog) -> None:
    for one in catalog:
        for alias in one.names.aliases:
            if alias.spoiler:
                finding = await offline.find(alias.name)
                shown = {option.ref.id: option.name for option in finding.options}
                if alias.name == "Zero":  # also a word of an open name, which goes first
                    assert set(shown) == {"zero_two"}
                else:
                    assert alias.name not in shown[one.id]


async def test_anilist_is_asked_where_nobody_of_ours_fits(
    lookup: Lookup, stand_in: StandIn
) -> None:
    await lookup.find("asuka")
    assert stand_in.asked == []
    finding = await lookup.find("Frieren")
    assert [(str(one.ref), one.series, one.year) for one in finding.options] == [
        ("anilist:176754", "Frieren: Beyond Journey's End", 2023)
    ]
    assert finding.sure
    assert finding.reach is Reach.ANSWERED


async def test_two_of_one_name_are_to_be_chosen_from(lookup: Lookup) -> None:
    finding = await lookup.find("Hina Sato")
    assert finding.sure
    assert [one.series for one in finding.options] == ["Aoi Hana", "Red Flower"]


async def test_who_is_ours_is_not_offered_twice(lookup: Lookup, stand_in: StandIn) -> None:
    stand_in.people = [{**MIKU, "id": 999_999}]  # an id that our file does not have
    stand_in.people[0]["name"] = {**MIKU["name"], "alternative": ["Headphones"]}
    finding = await lookup.find("Headphones")
    assert [str(one.ref) for one in finding.options] == ["local:nakano_miku"]


async def test_anilist_being_silent_costs_nothing_but_its_answers(
    lookup: Lookup, stand_in: StandIn
) -> None:
    stand_in.down()
    finding = await lookup.find("Frieren")
    assert (finding.options, finding.reach) == ((), Reach.SILENT)
    finding = await lookup.find("Ayanmi")
    assert [one.ref.id for one in finding.options] == ["ayanami_rei"]
    entry = await lookup.entry(Ref("local", "ayanami_rei"))
    assert entry is not None
    assert entry.character is not None
    assert (entry.profile, entry.reach) == (None, Reach.SILENT)
    entry = await lookup.entry(Ref("anilist", "176754"))
    assert entry is not None
    assert (entry.character, entry.profile) == (None, None)


async def test_entries_of_ours_and_of_anilists(lookup: Lookup, offline: Lookup) -> None:
    ours = await lookup.entry(Ref("local", "ayanami_rei"))
    assert ours is not None
    assert ours.profile is not None
    assert ours.profile.id == 86
    # The same person by AniList's number is the same entry.
    assert await lookup.entry(Ref("anilist", "86")) == ours
    theirs = await lookup.entry(Ref("anilist", "176754"))
    assert theirs is not None
    assert theirs.profile is not None
    assert theirs.character is None
    assert await lookup.entry(Ref("anilist", "4040404")) is None
    assert await lookup.entry(Ref("anilist", "903")) is None  # only for adults
    assert await lookup.entry(Ref("local", "nobody")) is None
    assert await offline.entry(Ref("anilist", "176754")) is None
    alone = await offline.entry(Ref("anilist", "86"))
    assert alone is not None
    assert alone.profile is None


async def test_without_a_number_the_name_and_the_series_decide(
    lookup: Lookup, stand_in: StandIn
) -> None:
    stand_in.people = [
        character(1, "Mikoto Misaka", media("Another Story")),
        character(2, "Mikoto Misaka", media("Toaru Kagaku no Railgun S")),
    ]
    entry = await lookup.entry(Ref("local", "misaka_mikoto"))
    assert entry is not None
    assert entry.profile is not None
    assert entry.profile.id == 2


async def test_a_wrong_number_shows_nobody_else(lookup: Lookup, stand_in: StandIn) -> None:
    stand_in.people = [{**SABER, "id": 86}]
    entry = await lookup.entry(Ref("local", "ayanami_rei"))
    assert entry is not None
    assert (entry.profile, entry.reach) == (None, Reach.ANSWERED)


async def test_the_same_name_elsewhere_is_somebody_else(catalog: Catalog) -> None:
    rei, saber = catalog.get("ayanami_rei"), catalog.get("saber")
    assert rei is not None
    assert saber is not None
    for recorded, whom in ((REI, rei), (SABER, saber)):
        profile = parse_details({"Character": recorded})
        assert profile is not None
        assert is_same(whom, profile)
    other = parse_details({"Character": character(1, "Rei Ayanami", media("Cooking Club"))})
    assert other is not None
    assert not is_same(rei, other)


@pytest.mark.parametrize(
    "text",
    [
        *("", "local:", "local:Ayanami", "anilist:", "anilist:x", "anilist:0", "web:1"),
        *("anilist:-1", "anilist:99999999999", "anilist:१", " local:rem", "local:rem\n"),
    ],
)
def test_what_is_no_reference(text: str) -> None:
    assert Ref.parse(text) is None


def test_references_are_written_and_read(catalog: Catalog) -> None:
    for one in catalog:
        ref = Ref.local(one)
        assert Ref.parse(str(ref)) == ref
        assert len(str(ref)) <= 100


async def test_never_more_than_a_menu_holds(offline: Lookup) -> None:
    for typed in ("a", "i", "ka", "fate", "hololive", "ル", "o"):
        assert len((await offline.find(typed)).options) <= MOST_OPTIONS
