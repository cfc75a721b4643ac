"""Who is that? Every character we know, found by id or by what somebody typed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Self

from catalog.errors import DuplicateCharacter
from catalog.local import read_characters
from catalog.matching import fold, similarity
from catalog.types import Character, SearchHit, Series

# Under this a hit is a coincidence of letters: real typos of our names score 0.78 and more.
_MIN_SCORE = 0.72
# Who types "eva" wants the cast, but who types a name never wants a series first.
_SERIES_WEIGHT = 0.9
# A spoiler answers only those who know it: typing "hi" must not bring up what "Hi…" would reveal.
_MIN_SPOILER_SIMILARITY = 0.93
# Nor is it an answer where the same word is somebody's open name: "zero" means Zero Two.
_PLAIN_SCORE = 0.9


@dataclass(frozen=True, slots=True)
class _Key:
    """One way to find one character; ``folded`` is what is compared, ``written`` what is shown."""

    folded: str
    written: str
    weight: float
    spoiler: bool


class Catalog:
    """An immutable set of characters. Loading is its only I/O; everything else is in memory.

    Iterates in the order of the file, which is that of the ids.
    """

    def __init__(self, characters: Iterable[Character]) -> None:
        """Raises ``DuplicateCharacter`` when two share an id."""
        by_id: dict[str, Character] = {}
        for character in characters:
            if character.id in by_id:
                raise DuplicateCharacter(character.id)
            by_id[character.id] = character
        self._by_id: Mapping[str, Character] = MappingProxyType(by_id)
        self._keys = tuple((character, tuple(_keys(character))) for character in by_id.values())
        self._by_series = _group_by_series(by_id.values())

    @classmethod
    def load(cls, path: Path) -> Self:
        """The catalog in a ``characters.json``.

        Raises ``CatalogFileMissing``, ``CatalogFileBroken``, ``CatalogVersionUnsupported`` or
        ``DuplicateCharacter``.
        """
        return cls(read_characters(path))

    def get(self, character_id: str) -> Character | None:
        """The character with this id, or None: a server may have taught the bot others."""
        return self._by_id.get(character_id)

    def __iter__(self) -> Iterator[Character]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, character_id: object) -> bool:
        return character_id in self._by_id

    def by_series(self) -> Mapping[Series, tuple[Character, ...]]:
        """The cast of every series, series in the order of their titles."""
        return self._by_series

    def search(self, text: str, limit: int = 10) -> tuple[SearchHit, ...]:
        """Who may be meant by ``text``: at most ``limit`` characters, best first.

        Names in both orders, native script and its reading, aliases and series titles are
        compared; case, width, accents and the two kana do not matter, and small typos are
        forgiven. Empty when nothing fits. Raises ``ValueError`` when ``limit`` is below 1.
        """
        if limit < 1:
            raise ValueError(limit)
        query = fold(text)
        if not query:
            return ()
        hits = (_best_hit(query, character, keys) for character, keys in self._keys)
        good = [hit for hit in hits if hit.score >= _MIN_SCORE]
        if any(hit.score >= _PLAIN_SCORE and not hit.spoiler for hit in good):
            good = [hit for hit in good if not hit.spoiler]
        return tuple(sorted(good, key=lambda hit: (-hit.score, hit.character.id))[:limit])


def _keys(character: Character) -> Iterator[_Key]:
    names, series = character.names, character.series
    plain = {names.romaji, names.romaji_western, names.native, names.kana, *names.safe_aliases}
    spoilers = {alias.name for alias in names.aliases if alias.spoiler}
    titles = {series.title, series.english, series.romaji, series.native, series.franchise}
    for written_names, weight, spoiler in (
        (plain, 1.0, False),
        (spoilers, 1.0, True),
        (titles, _SERIES_WEIGHT, False),
    ):
        # Sorted, because a set has no order of its own and equal scores must not differ by run.
        for written in sorted(name for name in written_names if name is not None):
            yield _Key(fold(written), written, weight, spoiler)


def _best_hit(query: str, character: Character, keys: tuple[_Key, ...]) -> SearchHit:
    scored = ((_score(query, key), key) for key in keys)
    score, key = max(scored, key=lambda pair: pair[0])  # the first of equals: plain names lead
    return SearchHit(character, score, key.written, key.spoiler)


def _score(query: str, key: _Key) -> float:
    fit = similarity(query, key.folded)
    return 0.0 if key.spoiler and fit < _MIN_SPOILER_SIMILARITY else key.weight * fit


def _group_by_series(characters: Iterable[Character]) -> Mapping[Series, tuple[Character, ...]]:
    casts: dict[Series, list[Character]] = {}
    for character in characters:
        casts.setdefault(character.series, []).append(character)
    ordered = sorted(casts, key=lambda series: series.title.casefold())
    return MappingProxyType({series: tuple(casts[series]) for series in ordered})
