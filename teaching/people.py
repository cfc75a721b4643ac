"""Whom somebody means: a character that is known, one that the server taught, or a new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog import Catalog
from catalog.matching import fold, similarity
from store.types import CharacterSummary, Subject

MOST = 25
"""Suggestions at a time; Discord shows no more."""
SAME = 0.99
"""From this similarity on two names are the same one, but for case, width and accents."""
CLOSE = 0.8
"""From here on a name may well be a misspelling of another."""
_CATALOG, _OWN = "catalog:", "own:"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be taught. ``key`` stands for them in an option's value."""

    key: str
    subject: Subject
    score: float = 1.0


def suggest(catalog: Catalog, taught: Sequence[CharacterSummary], typed: str) -> tuple[Person, ...]:
    """Who may be meant by `typed`, best first, at most `MOST`; for "" whom the server taught."""
    found: dict[str, Person] = {}
    query = fold(typed)
    for one in [*_of_server(taught, query), *_of_catalog(catalog, typed)]:
        if one.key not in found or found[one.key].score < one.score:
            found[one.key] = one
    return tuple(sorted(found.values(), key=lambda one: -one.score)[:MOST])


def key_of(character: str) -> str:
    """The key of a character by its id in a gallery: the catalog's, or ``own:`` and a number."""
    return character if character.startswith(_OWN) else f"{_CATALOG}{character}"


def of_key(catalog: Catalog, taught: Sequence[CharacterSummary], key: str) -> Subject | None:
    """The subject behind a suggestion's key; None where `key` is none."""
    for one in taught:
        if key == f"{_OWN}{one.id}":
            return subject_of(one)
    character = catalog.get(key.removeprefix(_CATALOG)) if key.startswith(_CATALOG) else None
    if character is None:
        return None
    return Subject(character.names.romaji, character.series.title, character.id)


def meant(
    catalog: Catalog, taught: Sequence[CharacterSummary], typed: str
) -> Subject | tuple[Person, ...]:
    """The one character that `typed` names (a key or a name); else those that come close.

    Nobody comes close to a name that is new: ().
    """
    if subject := of_key(catalog, taught, typed):
        return subject
    near = [one for one in suggest(catalog, taught, typed) if one.score >= CLOSE]
    same = [one for one in near if one.score >= SAME]
    if len(same) == 1:
        return same[0].subject
    return tuple(same or near)


def subject_of(one: CharacterSummary) -> Subject:
    """A taught character as a subject."""
    return Subject(one.name, one.series, one.catalog_id)


def of_taught(taught: Sequence[CharacterSummary], typed: str) -> CharacterSummary | None:
    """The taught character that a key or a name means; None where it is nobody or ambiguous."""
    by_key = [one for one in taught if typed in (f"{_OWN}{one.id}", _key(one))]
    same = by_key or [one for one in taught if fold(one.name) == fold(typed)]
    return same[0] if len(same) == 1 else None


def _key(one: CharacterSummary) -> str:
    return f"{_CATALOG}{one.catalog_id}" if one.catalog_id else f"{_OWN}{one.id}"


def _of_server(taught: Sequence[CharacterSummary], query: str) -> Iterator[Person]:
    for one in taught:
        name, series = fold(one.name), fold(one.series)
        score = max(similarity(query, name), 0.9 * similarity(query, series)) if query else 1.0
        if score >= 0.6:
            yield Person(_key(one), subject_of(one), score)


def _of_catalog(catalog: Catalog, typed: str) -> Iterator[Person]:
    for hit in catalog.search(typed, MOST):
        if hit.spoiler:  # who types a secret name means a new character, as far as we may say
            continue
        one = hit.character
        subject = Subject(one.names.romaji, one.series.title, one.id)
        yield Person(f"{_CATALOG}{one.id}", subject, hit.score)
