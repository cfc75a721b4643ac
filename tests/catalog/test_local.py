"""A broken characters.json fails at load, and says where it is broken."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from catalog import (
    Birthday,
    Catalog,
    CatalogFileBroken,
    CatalogFileMissing,
    CatalogVersionUnsupported,
)

_SOMEBODY: dict[str, Any] = {
    "id": "some_body",
    "names": {
        "romaji": "Body Some",
        "romaji_western": "Some Body",
        "native": None,
        "kana": None,
        "aliases": [{"name": "Hidden", "spoiler": True}],
    },
    "series": {
        "title": "S",
        "english": None,
        "romaji": "S",
        "native": None,
        "year": 2000,
        "franchise": "S",
    },
    "role": "Nobody",
    "facts": {"age": 12, "birthday": "02-29", "hair": "red", "eyes": None},
    "description": "Made up.",
    "clues": ["I am made up."],
    "anilist": {"id": 7, "url": "https://anilist.co/character/7"},
    "old_app": False,
}


def _write(folder: Path, *characters: dict[str, Any], version: object = 3) -> Path:
    path = folder / "characters.json"
    path.write_text(json.dumps({"schema_version": version, "characters": characters}))
    return path


def test_reads_every_field(tmp_path: Path) -> None:
    (somebody,) = Catalog.load(_write(tmp_path, _SOMEBODY))
    assert somebody.names.aliases[0].spoiler
    assert somebody.facts.birthday == Birthday(2, 29)
    assert (somebody.facts.age, somebody.facts.eyes) == (12, None)
    assert somebody.series.year == 2000
    assert somebody.clues == ("I am made up.",)
    assert (somebody.anilist_id, somebody.series.english) == (7, None)


@pytest.mark.parametrize(
    ("keys", "value", "where"),
    [
        (("id",), "", "characters[0].id"),
        (("names", "romaji"), 7, "characters[0].names.romaji"),
        (("names", "aliases"), "x", "characters[0].names.aliases"),
        (("names", "aliases"), [1], "characters[0].names.aliases[0]"),
        (("series", "year"), "1995", "characters[0].series.year"),
        (("series", "year"), True, "characters[0].series.year"),
        (("facts", "birthday"), "May", "characters[0].facts.birthday"),
        (("facts",), None, "characters[0].facts"),
        (("clues",), "x", "characters[0].clues"),
        (("clues",), ["x", 7], "characters[0].clues.[1]"),
        (("anilist",), 7, "characters[0].anilist"),
        (("anilist", "id"), "7", "characters[0].anilist.id"),
        (("old_app",), 1, "characters[0].old_app"),
    ],
)
def test_a_wrong_value_is_named(
    tmp_path: Path, keys: tuple[str, ...], value: object, where: str
) -> None:
    broken = copy.deepcopy(_SOMEBODY)
    target = broken
    for key in keys[:-1]:
        target = target[key]
    target[keys[-1]] = value
    path = _write(tmp_path, broken)
    with pytest.raises(CatalogFileBroken) as caught:
        Catalog.load(path)
    assert (caught.value.path, caught.value.where) == (path, where)


def test_a_missing_value_is_named(tmp_path: Path) -> None:
    broken = {key: value for key, value in _SOMEBODY.items() if key != "role"}
    with pytest.raises(CatalogFileBroken) as caught:
        Catalog.load(_write(tmp_path, broken))
    assert caught.value.where == "characters[0].role"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe\x00", b"null"])
def test_what_is_no_catalog_is_broken(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "characters.json"
    path.write_bytes(content)
    with pytest.raises(CatalogFileBroken):
        Catalog.load(path)


def test_a_missing_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CatalogFileMissing) as caught:
        Catalog.load(tmp_path / "nowhere.json")
    assert caught.value.path.name == "nowhere.json"


def test_another_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogVersionUnsupported) as caught:
        Catalog.load(_write(tmp_path, version=1))
    assert (caught.value.supported, caught.value.actual) == (3, 1)
