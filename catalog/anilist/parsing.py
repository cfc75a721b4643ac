"""AniList's JSON to `Profile`. Nearly everything in its schema may be null; ids may not.

Series for adults are dropped here, and so is a character of whom no other series is left: the bot
may show nothing that is only for adults.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from catalog.anilist.errors import AniListMalformed
from catalog.types import Alias, Appearance, Birthday, Profile

_MOST_ALIASES, _MOST_APPEARANCES = 20, 8
_LONGEST_NAME, _LONGEST_DESCRIPTION = 100, 20_000
_IMAGE_HOST = re.compile(r"([a-z0-9-]+\.)?anilist\.co")


def parse_search(data: Mapping[str, Any]) -> tuple[Profile, ...]:
    """The characters in ``data`` of a search, in AniList's order. Raises AniListMalformed."""
    page = _object(data.get("Page"), "data.Page")
    listed = page.get("characters")
    if not isinstance(listed, list):
        raise AniListMalformed("data.Page.characters")
    found = (
        _profile(item, f"data.Page.characters[{i}]")
        for i, item in enumerate(listed)
        if item is not None
    )
    return tuple(profile for profile in found if profile is not None)


def parse_series(data: Mapping[str, Any]) -> tuple[Profile, ...]:
    """The characters of the one series in ``data``; () where there is none. AniListMalformed."""
    media = _object_or_empty(data.get("Media"), "data.Media")
    found = _object_or_empty(media.get("characters"), "data.Media.characters")
    where = "data.Media.characters.nodes"
    profiles = (
        _profile(item, f"{where}[{i}]")
        for i, item in enumerate(_list_or_empty(found.get("nodes"), where))
        if item is not None
    )
    return tuple(profile for profile in profiles if profile is not None)


def parse_details(data: Mapping[str, Any]) -> Profile | None:
    """The character in ``data`` of a look-up; None: there is none to show. AniListMalformed."""
    character = data.get("Character")
    return None if character is None else _profile(character, "data.Character")


def _profile(value: Any, where: str) -> Profile | None:
    node = _object(value, where)
    number = node.get("id")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise AniListMalformed(f"{where}.id")
    names = _object_or_empty(node.get("name"), f"{where}.name")
    name = _text(names.get("full"))
    appearances = _appearances(node.get("media"), f"{where}.media")
    if name is None or not appearances:
        return None
    return Profile(
        id=number,
        name=name,
        native=_text(names.get("native")),
        aliases=_aliases(names, where),
        description=_text(node.get("description"), _LONGEST_DESCRIPTION) or "",
        image_url=_image(_object_or_empty(node.get("image"), f"{where}.image").get("large")),
        age=_text(node.get("age")),
        birthday=_birthday(_object_or_empty(node.get("dateOfBirth"), f"{where}.dateOfBirth")),
        gender=_text(node.get("gender")),
        appearances=appearances,
    )


def _aliases(names: Mapping[str, Any], where: str) -> tuple[Alias, ...]:
    aliases: dict[str, Alias] = {}
    # Spoilers first: a name in both lists is one.
    for key, spoiler in (("alternativeSpoiler", True), ("alternative", False)):
        for item in _list_or_empty(names.get(key), f"{where}.name.{key}"):
            if (alias := _text(item)) is not None:
                aliases.setdefault(alias, Alias(alias, spoiler))
    return tuple(sorted(aliases.values(), key=lambda alias: alias.spoiler))[:_MOST_ALIASES]


def _appearances(media: Any, where: str) -> tuple[Appearance, ...]:
    edges = _list_or_empty(_object_or_empty(media, where).get("edges"), f"{where}.edges")
    kept: dict[str, Appearance] = {}
    for i, item in enumerate(edges):
        edge = _object_or_empty(item, f"{where}.edges[{i}]")
        node = _object_or_empty(edge.get("node"), f"{where}.edges[{i}].node")
        titles = _object_or_empty(node.get("title"), f"{where}.edges[{i}].node.title")
        native, english = _text(titles.get("native")), _text(titles.get("english"))
        title = _text(titles.get("romaji")) or english or native
        if title is None or node.get("isAdult") is not False:  # null is no "no"
            continue
        started = _object_or_empty(node.get("startDate"), f"{where}.edges[{i}].node.startDate")
        leading = edge.get("characterRole") == "MAIN"
        year = _number(started.get("year"), 1900, 2200)
        kept.setdefault(title, Appearance(title, english, native, year, leading))
    return tuple(kept.values())[:_MOST_APPEARANCES]


def _birthday(date: Mapping[str, Any]) -> Birthday | None:
    month, day = _number(date.get("month"), 1, 12), _number(date.get("day"), 1, 31)
    return None if month is None or day is None else Birthday(month, day)


def _image(value: Any) -> str | None:
    """The address where Discord can get the picture; the grey "no picture" one is none."""
    text = _text(value, 500)
    if text is None or text.endswith("/default.jpg"):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    good = parts.scheme == "https" and _IMAGE_HOST.fullmatch(parts.netloc)
    return text if good and not re.search(r"\s", text) else None


def _text(value: Any, longest: int = _LONGEST_NAME) -> str | None:
    return (value.strip()[:longest] or None) if isinstance(value, str) else None


def _number(value: Any, least: int, most: int) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and least <= value <= most else None


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise AniListMalformed(where)
    return value


def _object_or_empty(value: Any, where: str) -> Mapping[str, Any]:
    return {} if value is None else _object(value, where)


def _list_or_empty(value: Any, where: str) -> list[Any]:
    if value is not None and not isinstance(value, list):
        raise AniListMalformed(where)
    return value or []
