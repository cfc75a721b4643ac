"""Whom somebody means, and what is known about them: our own cards first, then AniList.

Nothing here fails because AniList does: a finding or an entry says what AniList's `Reach` was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from catalog.anilist import AniList, AniListUnavailable
from catalog.catalog import Catalog
from catalog.matching import fold, similarity
from catalog.types import Character, Profile, SearchHit

MOST_OPTIONS = 25
"""What a select menu can hold."""
# Scores of `Catalog.search`: from here on, a whole word of the name or all of it was typed …
_SURE = 0.95
# … and from here on the beginning of one. What lies below is a guess at a misspelling.
_LIKELY = 0.90
_SERIES = 0.85
_REF = re.compile(r"(local|anilist):([a-z0-9_]{1,80})")


class Reach(StrEnum):
    """How AniList took part."""

    NOT_ASKED = "not asked"
    ANSWERED = "answered"
    OLD = "old"
    """It cannot be asked; an older answer stands in."""
    SILENT = "silent"
    """It cannot be asked, and nothing is kept."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A character of ours, or one of AniList's. As text it has at most 100 characters."""

    source: str
    id: str

    @classmethod
    def local(cls, character: Character) -> Ref:
        return cls("local", character.id)

    @classmethod
    def anilist(cls, profile: Profile) -> Ref:
        return cls("anilist", str(profile.id))

    @classmethod
    def parse(cls, text: str) -> Ref | None:
        """The reference that ``str`` wrote; None: it is none."""
        found = _REF.fullmatch(text)
        if found is None or (found[1] == "anilist" and not _is_number(found[2])):
            return None
        return cls(found[1], found[2])

    def __str__(self) -> str:
        return f"{self.source}:{self.id}"


@dataclass(frozen=True, slots=True)
class Option:
    """Somebody who may be meant. ``name`` and ``series`` give nothing away."""

    ref: Ref
    name: str
    series: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Who was found.

    ``options``: one, the answer; several, to choose from; none, nobody. ``sure`` False: what was
    typed is nobody's name, and these are the nearest ones ("did you mean").
    """

    options: tuple[Option, ...]
    sure: bool
    reach: Reach


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known about one character: our card, AniList's, or both."""

    character: Character | None
    profile: Profile | None
    reach: Reach


class Lookup:
    """Our catalog and AniList as one.

    Args:
        catalog: our own cards.
        anilist: None: it is switched off.
    """

    def __init__(self, catalog: Catalog, anilist: AniList | None = None) -> None:
        self.catalog = catalog
        self._anilist = anilist
        self._by_number = {
            character.anilist_id: character
            for character in catalog
            if character.anilist_id is not None
        }

    async def find(self, text: str) -> Finding:
        """Who may be meant by `text`: names, aliases and series of ours, names of AniList's.

        AniList is asked only where nobody of ours fits for certain.
        """
        hits = self.catalog.search(text, MOST_OPTIONS)
        exact = [hit for hit in hits if hit.score == 1.0 and _is_full_name(text, hit)]
        sure = exact if len(exact) == 1 else [hit for hit in hits if hit.score >= _SURE]
        sure = sure or [hit for hit in hits if hit.score >= _LIKELY] or _cast(hits)
        if sure:
            return Finding(_options(hit.character for hit in sure), True, Reach.NOT_ASKED)
        profiles, reach = await self._search(text)
        near = _options(hit.character for hit in hits)
        named = [one for one in profiles if _fit(text, one) >= _SURE]
        if named:
            return Finding(self._merged(named, ()), True, reach)
        return Finding(self._merged(profiles, near), False, reach)

    async def entry(self, ref: Ref) -> Entry | None:
        """What is known about a character; None: there is no such one (any more)."""
        if ref.source == "local":
            character = self.catalog.get(ref.id)
            return None if character is None else await self._of_ours(character)
        known = self._by_number.get(int(ref.id))
        if known is not None:
            return await self._of_ours(known)
        if self._anilist is None:
            return None
        try:
            answer = await self._anilist.details(int(ref.id))
        except AniListUnavailable:
            return Entry(None, None, Reach.SILENT)
        if answer.value is None:
            return None
        return Entry(None, answer.value, Reach.OLD if answer.stale else Reach.ANSWERED)

    async def _of_ours(self, character: Character) -> Entry:
        """Our card and AniList's for the same character, never somebody else's of a like name."""
        if self._anilist is None:
            return Entry(character, None, Reach.NOT_ASKED)
        try:
            if character.anilist_id is not None:
                answer = await self._anilist.details(character.anilist_id)
                found = [answer.value] if answer.value is not None else []
                stale = answer.stale
            else:
                listed = await self._anilist.search(character.names.romaji_western)
                found, stale = list(listed.value), listed.stale
        except AniListUnavailable:
            return Entry(character, None, Reach.SILENT)
        reach = Reach.OLD if stale else Reach.ANSWERED
        same = next((one for one in found if is_same(character, one)), None)
        return Entry(character, same, reach)

    async def _search(self, text: str) -> tuple[tuple[Profile, ...], Reach]:
        if self._anilist is None:
            return (), Reach.NOT_ASKED
        try:
            answer = await self._anilist.search(text)
        except AniListUnavailable:
            return (), Reach.SILENT
        return answer.value, Reach.OLD if answer.stale else Reach.ANSWERED

    def _merged(self, profiles: Iterable[Profile], near: Iterable[Option]) -> tuple[Option, ...]:
        """AniList's and ours, each character once; of two entries ours."""
        options: dict[Ref, Option] = {}
        for profile in profiles:
            known = self._by_number.get(profile.id)
            if known is None:
                known = next((one for one in self.catalog if is_same(one, profile)), None)
            option = _option_of(profile) if known is None else _option(known)
            options.setdefault(option.ref, option)
        for option in near:
            options.setdefault(option.ref, option)
        return tuple(options.values())[:MOST_OPTIONS]


def is_same(character: Character, profile: Profile) -> bool:
    """Whether AniList's entry is this character of ours: a name and a series of both agree."""
    names, series = character.names, character.series
    ours = {names.romaji, names.romaji_western, names.native, names.kana}
    ours |= {alias.name for alias in names.aliases}
    theirs = {profile.name, profile.native, *(alias.name for alias in profile.aliases)}
    if not _words(ours) & _words(theirs):
        return False
    titles = {series.title, series.english, series.romaji, series.native, series.franchise}
    ours_titles = [fold(title) for title in titles if title]
    return any(
        _same_title(ours_title, fold(title))
        for one in profile.appearances
        for title in (one.title, one.english, one.native)
        if title
        for ours_title in ours_titles
    )


def _same_title(ours: str, theirs: str) -> bool:
    """Equal, or theirs goes on where ours ends: films and second seasons do."""
    return ours == theirs or theirs.startswith(f"{ours} ")


def _words(names: Iterable[str | None]) -> set[tuple[str, ...]]:
    """Names as sorted words: the order of family and given name does not matter."""
    return {tuple(sorted(fold(name).split())) for name in names if name and fold(name)}


def _is_full_name(text: str, hit: SearchHit) -> bool:
    """Whether all of a name was typed, and not an alias that several may share."""
    names = hit.character.names
    full = (names.romaji, names.romaji_western, names.native, names.kana)
    return bool(_words([text]) & _words(full)) or fold(text).replace(" ", "") in {
        fold(name).replace(" ", "") for name in full if name
    }


def _cast(hits: Iterable[SearchHit]) -> list[SearchHit]:
    """Those who were found by the title of their series."""
    return [hit for hit in hits if hit.score >= _SERIES and hit.matched in _titles(hit.character)]


def _titles(character: Character) -> tuple[str | None, ...]:
    series = character.series
    return (series.title, series.english, series.romaji, series.native, series.franchise)


def _fit(text: str, profile: Profile) -> float:
    """How well what was typed fits a name of AniList's that gives nothing away, 0 to 1."""
    names = (
        profile.name,
        profile.native,
        *(one.name for one in profile.aliases if not one.spoiler),
    )
    return max(similarity(fold(text), fold(name)) for name in names if name)


def _options(characters: Iterable[Character]) -> tuple[Option, ...]:
    return tuple(_option(character) for character in characters)


def _option(character: Character) -> Option:
    series = character.series
    return Option(Ref.local(character), character.names.romaji, series.title, series.year)


def _option_of(profile: Profile) -> Option:
    first = profile.appearances[0]
    return Option(Ref.anilist(profile), profile.name, first.english or first.title, first.year)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text) < 2**31
