"""Reads ``data/characters.json``. The one place that knows how characters are written down.

The JSON Schema beside the file is checked in tests; here every value is checked once more by
type, so that a hand-edited file fails with the way to the wrong value and not somewhere later.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from catalog.errors import CatalogFileBroken, CatalogFileMissing, CatalogVersionUnsupported
from catalog.types import Alias, Birthday, Character, Facts, Names, Series

SCHEMA_VERSION = 3


def read_characters(path: Path) -> tuple[Character, ...]:
    """All characters of the file, in its order.

    Raises ``CatalogFileMissing``, ``CatalogFileBroken`` or ``CatalogVersionUnsupported``.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogFileMissing(path) from error
    except ValueError as error:  # no JSON, or no UTF-8
        raise CatalogFileBroken(path, "", str(error)) from error
    root = _Node(path, "", document)
    version = root.raw("schema_version")
    if version != SCHEMA_VERSION:
        raise CatalogVersionUnsupported(path, supported=SCHEMA_VERSION, actual=version)
    return tuple(_character(node) for node in root.children("characters"))


def _character(node: "_Node") -> Character:
    return Character(
        id=node.text("id"),
        names=_names(node.child("names")),
        series=_series(node.child("series")),
        role=node.text("role"),
        facts=_facts(node.child("facts")),
        description=node.text("description"),
        clues=node.texts("clues"),
        anilist_id=_anilist_id(node),
        old_app=node.flag("old_app"),
    )


def _names(node: "_Node") -> Names:
    return Names(
        romaji=node.text("romaji"),
        romaji_western=node.text("romaji_western"),
        native=node.text_or_none("native"),
        kana=node.text_or_none("kana"),
        aliases=tuple(
            Alias(alias.text("name"), alias.flag("spoiler")) for alias in node.children("aliases")
        ),
    )


def _series(node: "_Node") -> Series:
    return Series(
        title=node.text("title"),
        english=node.text_or_none("english"),
        romaji=node.text("romaji"),
        native=node.text_or_none("native"),
        year=node.number("year"),
        franchise=node.text("franchise"),
    )


def _anilist_id(node: "_Node") -> int | None:
    return None if node.raw("anilist") is None else node.child("anilist").number("id")


def _facts(node: "_Node") -> Facts:
    birthday = node.text_or_none("birthday")
    return Facts(
        age=node.number("age") if node.raw("age") is not None else None,
        birthday=_birthday(node, birthday) if birthday is not None else None,
        hair=node.text_or_none("hair"),
        eyes=node.text_or_none("eyes"),
    )


def _birthday(node: "_Node", text: str) -> Birthday:
    month, _, day = text.partition("-")
    if not (month.isdecimal() and day.isdecimal()):
        raise node.broken("birthday", "MM-DD")
    return Birthday(int(month), int(day))


class _Node:
    """A JSON object that remembers where it stands in the file."""

    def __init__(self, path: Path, where: str, value: object) -> None:
        self._path, self._where = path, where
        if not isinstance(value, Mapping):
            raise CatalogFileBroken(path, where, "expected an object")
        self._value: Mapping[str, object] = value

    def broken(self, key: str, expected: str) -> CatalogFileBroken:
        where = f"{self._where}.{key}".lstrip(".")
        return CatalogFileBroken(self._path, where, f"expected {expected}")

    def raw(self, key: str) -> object:
        if key not in self._value:
            raise self.broken(key, "a value")
        return self._value[key]

    def text(self, key: str) -> str:
        value = self.raw(key)
        if not isinstance(value, str) or not value.strip():
            raise self.broken(key, "text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.raw(key)
        if not isinstance(values, list):
            raise self.broken(key, "a list of texts")
        here = f"{self._where}.{key}".lstrip(".")
        listed = {f"[{i}]": value for i, value in enumerate(values)}
        texts = _Node(self._path, here, listed)
        return tuple(texts.text(one) for one in listed)

    def text_or_none(self, key: str) -> str | None:
        return None if self.raw(key) is None else self.text(key)

    def number(self, key: str) -> int:
        value = self.raw(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.broken(key, "a whole number")
        return value

    def flag(self, key: str) -> bool:
        value = self.raw(key)
        if not isinstance(value, bool):
            raise self.broken(key, "true or false")
        return value

    def child(self, key: str) -> "_Node":
        return _Node(self._path, f"{self._where}.{key}".lstrip("."), self.raw(key))

    def children(self, key: str) -> tuple["_Node", ...]:
        value = self.raw(key)
        if not isinstance(value, list):
            raise self.broken(key, "a list")
        here = f"{self._where}.{key}".lstrip(".")
        return tuple(_Node(self._path, f"{here}[{i}]", item) for i, item in enumerate(value))
