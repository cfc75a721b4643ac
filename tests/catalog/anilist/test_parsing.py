"""What AniList sends, with anything missing, null, wrong or for adults."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from catalog import Alias, Birthday
from catalog.anilist import AniListMalformed
from catalog.anilist.parsing import parse_details, parse_search
from tests.catalog.anilist.stand_in import ADULT, FRIEREN, MIXED, REI, character, media


def _details(**changes: Any) -> Any:
    return parse_details({"Character": {**FRIEREN, **changes}})


def test_every_field_is_read() -> None:
    profile = _details()
    assert (profile.id, profile.name, profile.native) == (176754, "Frieren", "フリーレン")
    assert profile.aliases == (Alias("Frieren the Slayer"), Alias("A hidden name", spoiler=True))
    assert (profile.age, profile.birthday, profile.gender) == ("17", Birthday(3, 30), "Female")
    assert profile.url == "https://anilist.co/character/176754"
    assert profile.image_url.startswith("https://s4.anilist.co/")
    assert "~! She remembers.!~" in profile.description
    (series,) = profile.appearances
    assert (series.title, series.year, series.leading) == ("Sousou no Frieren", 2023, True)
    assert series.english == "Frieren: Beyond Journey's End"


@pytest.mark.parametrize(
    "field", ["image", "description", "gender", "age", "dateOfBirth", "name.native"]
)
def test_null_is_nothing(field: str) -> None:
    changed = copy.deepcopy(FRIEREN)
    target = changed["name"] if "." in field else changed
    target[field.rpartition(".")[2]] = None
    profile = parse_details({"Character": changed})
    assert profile is not None
    assert profile.name == "Frieren"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"id": None}, "data.Character.id"),
        ({"id": "86"}, "data.Character.id"),
        ({"id": True}, "data.Character.id"),
        ({"id": 0}, "data.Character.id"),
        ({"name": "Frieren"}, "data.Character.name"),
        ({"image": []}, "data.Character.image"),
        ({"media": 7}, "data.Character.media"),
        ({"media": {"edges": {}}}, "data.Character.media.edges"),
        ({"media": {"edges": [{"node": []}]}}, "data.Character.media.edges[0].node"),
        ({"dateOfBirth": "May"}, "data.Character.dateOfBirth"),
    ],
)
def test_a_wrong_shape_is_named(change: dict[str, Any], where: str) -> None:
    with pytest.raises(AniListMalformed) as caught:
        _details(**change)
    assert caught.value.where == where


@pytest.mark.parametrize(
    "data", [{"Page": None}, {"Page": {}}, {"Page": {"characters": {}}}, {}, {"Page": []}]
)
def test_a_search_without_a_list_is_malformed(data: dict[str, Any]) -> None:
    with pytest.raises(AniListMalformed):
        parse_search(data)


def test_series_for_adults_are_dropped_and_who_has_no_other() -> None:
    found = parse_search({"Page": {"characters": [ADULT, MIXED, None, REI]}})
    assert [one.name for one in found] == ["Half Adult", "Rei Ayanami"]
    assert [series.title for series in found[0].appearances] == ["For All"]
    assert parse_details({"Character": ADULT}) is None
    assert parse_details({"Character": character(1, "Nobody Anywhere")}) is None


def test_what_is_not_said_to_be_for_everybody_is_for_adults() -> None:
    assert parse_details({"Character": character(1, "X", media("M", adult=None))}) is None


@pytest.mark.parametrize(
    ("image", "kept"),
    [
        ("https://s4.anilist.co/file/a.png", True),
        ("https://anilist.co/a.png", True),
        ("http://s4.anilist.co/a.png", False),
        ("https://anilist.co.evil.example/a.png", False),
        ("https://evil.example/anilist.co/a.png", False),
        ("https://user@s4.anilist.co/a.png", False),
        ("https://[::1/a.png", False),
        ("https://s4.anilist.co/a b.png", False),
        ("https://s4.anilist.co/file/anilistcdn/character/large/default.jpg", False),
        ("javascript:alert(1)", False),
        ("", False),
        (7, False),
    ],
)
def test_pictures_are_anilists_own(image: Any, kept: bool) -> None:
    assert _details(image={"large": image}).image_url == (image if kept else None)


def test_odd_values_are_left_out() -> None:
    profile = _details(
        dateOfBirth={"month": 13, "day": 1},
        age=17,
        name={"full": " Frieren ", "native": "", "alternative": [None, "", 3, "A", "A"]},
        media={"edges": [None, media("M", year=3), media("M"), {"node": {"isAdult": False}}]},
    )
    assert (profile.birthday, profile.age, profile.native) == (None, None, None)
    assert (profile.name, profile.aliases) == ("Frieren", (Alias("A"),))
    assert [(series.title, series.year) for series in profile.appearances] == [("M", None)]


def test_a_name_in_both_lists_is_a_spoiler() -> None:
    names = {"full": "F", "alternative": ["S"], "alternativeSpoiler": ["S"]}
    assert _details(name=names).aliases == (Alias("S", spoiler=True),)
