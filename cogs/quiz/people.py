"""Characters of the catalog as people of a quiz, and what would give them away."""

from __future__ import annotations

from catalog.matching import fold
from catalog.types import Character, Names, Series
from cogs.quiz.deck import Option, Person

# Words of names ("The White Queen", "Monkey D. Luffy") that every sentence may have.
_ORDINARY = frozenset({"the", "of", "a", "an", "no", "in", "and", "d", "i"})
_PAGE = "https://anilist.co/character/"


def person_of(character: Character) -> Person:
    """Who is asked for."""
    number = character.anilist_id
    return Person(
        id=character.id,
        names=character.names,
        series=character.series.title,
        hair=character.facts.hair,
        eyes=character.facts.eyes,
        about=character.description,
        url=None if number is None else f"{_PAGE}{number}",
    )


def option_of(character: Character) -> Option:
    """A name to choose."""
    return Option(character.id, character.names)


def gives_away(text: str, names: Names) -> bool:
    """Whether a word of any name or alias, spoilers included, stands in a text.

    >>> gives_away("Saber-class Servant", Names("Saber", "Saber", "セイバー"))
    True
    """
    folded = fold(text)
    words = set(folded.split())
    called = [names.romaji, names.romaji_western, names.native, names.kana]
    called += [alias.name for alias in names.aliases]
    for name in filter(None, called):
        for part in fold(name).split():
            if part in _ORDINARY:
                continue
            if part in words or (not part.isascii() and part in folded):
                return True
    return False


def is_of_series(series: Series, typed: str) -> bool:
    """Whether somebody who typed this means the series: a title of it, or a part of one."""
    wanted = fold(typed)
    titles = (series.title, series.english, series.romaji, series.native, series.franchise)
    return bool(wanted) and any(wanted in fold(title) for title in titles if title)
