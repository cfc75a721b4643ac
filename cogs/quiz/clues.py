"""The deck *Clues*: "who am I?", from what we know about our characters, growing easier.

It needs no network, no picture and nobody who prepares it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from catalog import Catalog
from catalog.types import Character
from cogs.quiz import clue_texts
from cogs.quiz.deck import N_OPTIONS, Question, Reveal, Step, Wanted
from cogs.quiz.people import gives_away, is_of_series, option_of, person_of
from teaching.confusions import Confusions

LEAST_CLUES, MOST_CLUES = 4, 5
_NEAREST = 6
"""The wrong names are taken from so many that look most like the right one."""


class ClueDeck:
    """Questions about the characters of the catalog.

    Args:
        catalog: our own cards.
        confusions: who looks like whom.
        dice: what is random.
    """

    name = "clues"
    pictures = False

    def __init__(
        self, catalog: Catalog, confusions: Confusions, dice: random.Random | None = None
    ) -> None:
        self._catalog = catalog
        self._confusions = confusions
        self._dice = dice or random.SystemRandom()
        self._able = tuple(one for one in catalog if len(clues_of(one)) >= LEAST_CLUES)

    async def count(self, wanted: Wanted) -> int:
        return sum(1 for _ in self._fitting(wanted))

    async def next(self, wanted: Wanted) -> Question | None:
        fitting = list(self._fitting(wanted))
        return self._question(self._dice.choice(fitting)) if fitting else None

    async def again(self, wanted: Wanted, question_id: str) -> Question | None:
        character = self._catalog.get(question_id)
        return self._question(character) if character in self._able else None

    def _fitting(self, wanted: Wanted) -> Iterator[Character]:
        for one in self._able:
            if wanted.series and not is_of_series(one.series, wanted.series):
                continue
            if wanted.allows(one.id, self._difficulty(one)):
                yield one

    def _difficulty(self, character: Character) -> float:
        found = self._confusions.difficulty(character.id)
        return 0.5 if found is None else found

    def _question(self, character: Character) -> Question:
        return Question(
            id=character.id,
            person=person_of(character),
            steps=tuple(Step(clue) for clue in clues_of(character)),
            options=tuple(option_of(one) for one in (character, *self._wrong(character))),
            reveal=Reveal(),
            difficulty=self._difficulty(character),
        )

    def _wrong(self, character: Character) -> list[Character]:
        """Those with whom the model confuses the right one; where it knows too few, any others."""
        near = [
            one
            for id_ in self._confusions.nearest(character.id, _NEAREST)
            if (one := self._catalog.get(id_)) is not None
        ]
        wrong = self._dice.sample(near, min(len(near), N_OPTIONS - 1))
        others = [one for one in self._catalog if one not in wrong and one != character]
        return wrong + self._dice.sample(others, N_OPTIONS - 1 - len(wrong))


def clues_of(character: Character) -> tuple[str, ...]:
    """What a character says of itself, harder clues first, none with a word of its names."""
    own = [*character.clues, "", ""]
    facts = character.facts
    told = [
        own[0],
        clue_texts.began(character.series.year, facts.age),
        clue_texts.looks(facts.hair, facts.eyes),
        own[1],
        clue_texts.role(character.role),
        clue_texts.series(character.series.title),
    ]
    clues = [clue for clue in told if clue and not gives_away(clue, character.names)]
    if len(clues) > MOST_CLUES:
        clues.remove(told[1])
    return tuple(clues[:MOST_CLUES])
