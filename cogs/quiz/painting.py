"""Questions that show a picture: put together the same way for every deck that has some."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from catalog import Catalog
from catalog.matching import fold
from catalog.types import Names
from cogs.quiz.deck import N_OPTIONS, Option, Person, Picture, Question, Reveal, Step
from cogs.quiz.people import option_of, person_of

if TYPE_CHECKING:
    from quizzing.studio import PictureQuestion


def seed_of(deck: str, question_id: str) -> int:
    """What is random in a question, so that it is the same after a restart."""
    return zlib.crc32(f"{deck}:{question_id}".encode())


def somebody(catalog: Catalog, character_id: str, name: str, series: str) -> Person:
    """A character of the catalog; one whom only this server knows is told by name and series."""
    character = catalog.get(character_id)
    if character is not None:
        return person_of(character)
    return Person(character_id, Names(name, name), series)


def painted(
    question_id: str,
    person: Person,
    made: PictureQuestion,
    wrong: Iterable[Option],
    catalog: Catalog,
    *,
    seed: int,
    spoiler: bool = False,
    uploader_id: int | None = None,
    caption: str = "",
    alt_text: str = "",
) -> Question:
    """A question out of a picture's steps.

    Args:
        wrong: names that fit, best first; where they are too few, any others of the catalog do.
    """
    steps = tuple(Step(picture=Picture(one, made.suffix, spoiler)) for one in made.steps)
    annotated = made.annotated
    return Question(
        id=question_id,
        person=person,
        steps=steps,
        options=_options(person, wrong, catalog, random.Random(seed)),
        reveal=Reveal(
            picture=Picture(made.steps[-1], made.suffix, spoiler),
            annotated=Picture(annotated.data, annotated.suffix, spoiler),
            caption=caption,
            alt_text=alt_text,
        ),
        uploader_id=uploader_id,
        difficulty=made.difficulty,
    )


def known_options(catalog: Catalog, ids: Sequence[str]) -> list[Option]:
    """Those of the catalog, in their order."""
    return [option_of(one) for id_ in ids if (one := catalog.get(id_)) is not None]


def _options(
    person: Person, wrong: Iterable[Option], catalog: Catalog, dice: random.Random
) -> tuple[Option, ...]:
    """The right name and others, none of which could be taken for right."""
    chosen = [Option(person.id, person.names)]
    taken = {fold(name) for name in _called(person.names)}
    others = [option_of(one) for one in catalog]
    dice.shuffle(others)
    for one in [*wrong, *others]:
        names = {fold(name) for name in _called(one.names)}
        if one.id != person.id and not names & taken and len(chosen) < N_OPTIONS:
            taken |= names
            chosen.append(one)
    return tuple(chosen)


def _called(names: Names) -> list[str]:
    return [one for one in (names.romaji, names.romaji_western, names.native) if one]
