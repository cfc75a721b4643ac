"""The data files we ship fit their schema, agree with each other, and are filled with care."""

import csv
import datetime
import json
import os
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from catalog.matching import fold
from recognition.training.vectors import KNOWN_STRANGERS
from recognition.training.vectors import strangers as strangers_of

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
SHARED = Path(os.environ.get("ANIWHOIS_DATA") or ROOT.parent / "shared" / "data")
OLD_APP = {
    "asuka_langley_soryu",
    "ayanami_rei",
    "kirisaki_chitoge",
    "onodera_kosaki",
    "saber",
    "tobiichi_origami",
    "tohsaka_rin",
    "tokisaki_kurumi",
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DATA / "characters.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def characters(document: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document["characters"]
    return found


def test_characters_fit_their_schema(document: dict[str, Any]) -> None:
    schema_path = DATA / document["$schema"]
    schema = json.loads(schema_path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]
    assert errors == []


def test_the_schema_bites(document: dict[str, Any]) -> None:
    schema = json.loads((DATA / document["$schema"]).read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    good = document["characters"][0]
    for bad in (
        {**good, "description": "x" * 301},
        {**good, "role": ""},
        {**good, "clues": ["too short"]},
        {**good, "clues": [good["clues"][0]] * 2},
        {**good, "nickname": "x"},
        {**good, "facts": {**good["facts"], "birthday": "13-01"}},
        {**good, "facts": {**good["facts"], "hair": " red"}},
        {**good, "facts": {**good["facts"], "hair": "sparkling"}},
        {**good, "facts": {**good["facts"], "hair": "red,"}},
        {**good, "anilist": {"id": 0, "url": "https://anilist.co/character/0"}},
        {**good, "anilist": {"id": 7, "url": "https://example.org/character/7"}},
        {**good, "series": {**good["series"], "english": ""}},
    ):
        assert not validator.is_valid({**document, "characters": [bad]}), bad


def test_ids_and_names_are_unique(characters: list[dict[str, Any]]) -> None:
    ids = [character["id"] for character in characters]
    assert ids == sorted(set(ids))
    for field in ("romaji", "romaji_western", "native"):
        names = Counter(c["names"][field] for c in characters if c["names"][field])
        assert [name for name, count in names.items() if count > 1] == [], field


def test_both_orders_hold_the_same_words(characters: list[dict[str, Any]]) -> None:
    for character in characters:
        names = character["names"]
        assert sorted(names["romaji"].split()) == sorted(names["romaji_western"].split())


def test_an_alias_says_something_new(characters: list[dict[str, Any]]) -> None:
    for character in characters:
        names = character["names"]
        known = [names["romaji"], names["romaji_western"], names["native"], names["kana"]]
        known += [alias["name"] for alias in names["aliases"]]
        # The two orders may be equal, and only they.
        repeated = {name for name, n in Counter(filter(None, known)).items() if n > 1}
        assert repeated <= {names["romaji"]}, character["id"]
        assert all(alias["name"] != names["romaji"] for alias in names["aliases"])


def test_an_alias_belongs_to_one_character_of_its_series(characters: list[dict[str, Any]]) -> None:
    """Compared as the search compares, so that no two spellings of one name slip through."""
    owners: dict[tuple[str, str], set[str]] = {}
    for character in characters:
        names = character["names"]
        called = {names["romaji"], names["romaji_western"], names["native"]}
        called |= {alias["name"] for alias in names["aliases"]}
        for name in filter(None, called):
            key = (character["series"]["franchise"], fold(name))
            owners.setdefault(key, set()).add(character["id"])
    assert {key: ids for key, ids in owners.items() if len(ids) > 1} == {}


def test_the_anilist_page_is_that_of_the_number(characters: list[dict[str, Any]]) -> None:
    pages = [character["anilist"] for character in characters if character["anilist"]]
    assert len(pages) > 30
    for page in pages:
        assert page["url"] == f"https://anilist.co/character/{page['id']}"
    assert len({page["id"] for page in pages}) == len(pages)


def test_a_series_is_told_once(characters: list[dict[str, Any]]) -> None:
    told: dict[str, dict[str, Any]] = {}
    for character in characters:
        series = character["series"]
        assert told.setdefault(series["title"], series) == series
        assert series["year"] <= datetime.datetime.now(tz=datetime.UTC).year


def test_facts_are_facts(characters: list[dict[str, Any]]) -> None:
    fillers = {"", "unknown", "n/a", "none", "?", "-", "null", "tbd"}
    for character in characters:
        facts = character["facts"]
        texts = [facts["hair"], facts["eyes"], character["role"], character["description"]]
        assert not any(text.casefold() in fillers for text in texts if text is not None)
        assert facts["hair"] or facts["eyes"], character["id"]
        assert 20 <= len(character["description"]) <= 300
        assert character["description"].endswith(".")
        if facts["birthday"]:
            datetime.date.fromisoformat(f"2000-{facts['birthday']}")  # a leap year: 29 February


def test_no_clue_holds_a_name(characters: list[dict[str, Any]]) -> None:
    """Not one word of any name or alias, but for words that every sentence may have."""
    ordinary = {"the", "of", "a", "no", "in", "and"}
    for character in characters:
        names = character["names"]
        called = [names["romaji"], names["romaji_western"], names["native"], names["kana"]]
        called += [alias["name"] for alias in names["aliases"]]
        words = {word for name in filter(None, called) for word in fold(name).split()} - ordinary
        for clue in character["clues"]:
            assert not words & set(fold(clue).split()), (character["id"], clue)
            assert clue.endswith((".", '"')), clue


def test_sixty_characters_and_more_have_clues(characters: list[dict[str, Any]]) -> None:
    assert sum(len(character["clues"]) >= 2 for character in characters) >= 60


def test_a_spoiler_alias_is_not_told_in_the_description(characters: list[dict[str, Any]]) -> None:
    for character in characters:
        told = f"{character['description']} {character['role']}".casefold()
        for alias in character["names"]["aliases"]:
            if alias["spoiler"]:
                assert alias["name"].casefold() not in told, character["id"]


def test_the_eight_of_the_old_app_are_marked(characters: list[dict[str, Any]]) -> None:
    assert {character["id"] for character in characters if character["old_app"]} == OLD_APP


@pytest.mark.shared
def test_every_labelled_character_has_a_card(characters: list[dict[str, Any]]) -> None:
    labels = SHARED / "faces" / "faces.csv"
    if not labels.exists():
        pytest.skip(f"SHARED DATA MISSING: no {labels}; set ANIWHOIS_DATA to check the cards")
    with labels.open(encoding="utf-8", newline="") as file:
        labelled = {row["file"].split("/")[0]: row["character"] for row in csv.DictReader(file)}
    cards = {character["id"]: character["names"]["romaji"] for character in characters}
    assert cards.items() >= labelled.items()


@pytest.mark.shared
def test_strangers_that_are_none_are_there_and_of_us(characters: list[dict[str, Any]]) -> None:
    strangers = SHARED / "strangers" / "anime_faces_128px.zip"
    if not strangers.exists():
        pytest.skip(f"SHARED DATA MISSING: no {strangers}; set ANIWHOIS_DATA to check the table")
    with KNOWN_STRANGERS.open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    with zipfile.ZipFile(strangers) as archive:
        everybody = set(archive.namelist())
    assert {row["file"] for row in listed} <= everybody
    assert {row["character"] for row in listed} <= {character["id"] for character in characters}
    halves = [strangers_of(SHARED, for_fitting=fitting) for fitting in (True, False)]
    counted = sum(len(half["random_strangers"]) for half in halves)
    assert counted == len(everybody) - len(listed)
