"""What a deck of cards is: where the questions of a quiz come from.

A deck prepares one question at a time, so that nothing is fetched or blurred for a round that is
never played. It knows no points and no clock: those are `cogs.quiz.game`'s.

A question may be asked for again after a restart, in the middle of its round: `Deck.again` then has
to give the same steps and the same person, or None where it cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from catalog.types import Names

N_OPTIONS = 4


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asked for.

    ``id`` is the recogniser's id of the character, or ``anilist:<number>``. ``names`` are all that
    count as right; what is a spoiler among them counts, too, and is never shown. ``hair`` and
    ``eyes`` are colours in plain words. ``about`` (at most 300 characters) and ``url`` stand on the
    card of the reveal.
    """

    id: str
    names: Names
    series: str
    hair: str | None = None
    eyes: str | None = None
    about: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One of the names to choose from."""

    id: str
    names: Names


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture (PNG, JPEG or WebP) as it goes to Discord.

    ``suffix`` is the end of its file name, without a dot. ``spoiler`` hides it until it is clicked.
    """

    data: bytes
    suffix: str = "jpg"
    spoiler: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What is shown from a part of the round on: a clue, a picture, or both.

    A picture takes the place of the one before; clues are added to one another. Neither may hold a
    name of the person, and neither may any byte of the picture's metadata.
    """

    clue: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Reveal:
    """What is shown when the round is over, all of it optional.

    ``picture`` is the whole picture, ``annotated`` the bot's answer drawn on it, ``caption`` one
    line under them (who added it, say) and ``alt_text`` describes the picture: who is where.
    """

    picture: Picture | None = None
    annotated: Picture | None = None
    caption: str = ""
    alt_text: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, ready to be asked.

    Args:
        id: what is remembered of it, so that it does not come again soon; at most 100 characters,
            unique within its deck.
        person: who it is.
        steps: 1 to 6; later ones show more, and cost points.
        options: `N_OPTIONS` different characters, the person one of them, in any order: the game
            shuffles them.
        reveal: what follows.
        uploader_id: the member to whom it gives no points, because he added the picture.
        difficulty: 0 (easy) to 1 (hard), from the model.
    """

    id: str
    person: Person
    steps: tuple[Step, ...]
    options: tuple[Option, ...]
    reveal: Reveal = Reveal()
    uploader_id: int | None = None
    difficulty: float = 0.5

    def __post_init__(self) -> None:
        if not 1 <= len(self.steps) <= 6:
            raise ValueError("a question has 1 to 6 steps")
        ids = [option.id for option in self.options]
        if len(set(ids)) != N_OPTIONS or len(ids) != N_OPTIONS or self.person.id not in ids:
            raise ValueError("a question has four options, the right one among them")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which questions a quiz asks for.

    Args:
        guild_id: the server.
        channel_id: the channel; in the thread of a channel, the thread.
        adult: whether the channel is for adults.
        host_id: who started the quiz; None after he has been forgotten.
        series: only characters of this series (as somebody typed it); empty: all.
        difficulty: ``easy``, ``normal``, ``hard`` or ``any``.
        missed: only those that this server has not found out the last time.
        avoid: ids of questions that must not come: those of this quiz, and of the last month.
        review: ids of questions that this server has missed.
    """

    guild_id: int
    channel_id: int
    adult: bool = False
    host_id: int | None = None
    series: str = ""
    difficulty: str = "any"
    missed: bool = False
    avoid: frozenset[str] = frozenset()
    review: frozenset[str] = frozenset()

    def allows(self, question_id: str, difficulty: float) -> bool:
        """Whether a question passes every filter but the one by series, which decks know."""
        if question_id in self.avoid or (self.missed and question_id not in self.review):
            return False
        low, high = DIFFICULTIES[self.difficulty]
        return low <= difficulty <= high


DIFFICULTIES: Mapping[str, tuple[float, float]] = {
    "any": (0.0, 1.0),
    "easy": (0.0, 0.4),
    "normal": (0.3, 0.7),
    "hard": (0.6, 1.0),
}
"""The difficulties that a member can choose, and the range of the model's measure that each is."""


class Deck(Protocol):
    """Where questions come from. One object serves all quizzes and keeps nothing of any.

    ``name`` is what ``/quiz start deck:`` takes, a word. ``pictures`` says whether its steps have
    pictures, which *beat the bot* needs.
    """

    name: str
    pictures: bool

    async def count(self, wanted: Wanted) -> int | None:
        """How many questions there are for this; None: nobody can say (the host brings them).

        Raises:
            StoreUnavailable
        """
        ...

    async def next(self, wanted: Wanted) -> Question | None:
        """The next question, at random. None: there is none (any more).

        It may take as long as it has to: a host has to find his picture first. It is cancelled when
        the quiz ends.

        Raises:
            DeckUnavailable, StoreUnavailable
        """
        ...

    async def again(self, wanted: Wanted, question_id: str) -> Question | None:
        """The same question as before, after a restart; None: it is gone.

        Raises:
            DeckUnavailable, StoreUnavailable
        """
        ...


class DeckUnavailable(Exception):
    """A deck cannot be asked now, because what it needs (AniList, say) does not answer."""
