"""What can happen to a game, and what it says to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from cogs.quiz.rules import Asked, Ending, Verdict


@dataclass(frozen=True, slots=True)
class Drawn:
    """The deck gave a question. ``uploader_id`` scores nothing in it."""

    asked: Asked
    uploader_id: int | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """The question can be seen: its clock starts."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Chose:
    """A member pressed a button."""

    member_id: int
    token: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A member typed an answer, which was judged: for round ``number``, or whichever is open."""

    member_id: int
    verdict: Verdict
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Guessed:
    """The bot's own answer: a person's id; None where it does not know."""

    person_id: str | None


@dataclass(frozen=True, slots=True)
class TakeHint:
    """A member wants the next hint for himself."""

    member_id: int


@dataclass(frozen=True, slots=True)
class WantHint:
    """A member wants the next hint for all."""

    member_id: int


@dataclass(frozen=True, slots=True)
class WantSkip:
    """A member wants the round to end."""

    member_id: int


@dataclass(frozen=True, slots=True)
class Join:
    """A member chooses a team, 0 or 1."""

    member_id: int
    team: int


@dataclass(frozen=True, slots=True)
class Skip:
    """Host or staff end the round."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Host or staff stop the clock."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Host or staff start it again."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The game ends here; what was scored counts."""

    why: Ending = Ending.STOPPED


@dataclass(frozen=True, slots=True)
class Void:
    """The open question cannot be shown any more: the round is over, and nobody scores in it."""


@dataclass(frozen=True, slots=True)
class Forget:
    """A member is to be forgotten."""

    member_id: int


@dataclass(frozen=True, slots=True)
class Wake:
    """The bot is back after having been away."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


Move: TypeAlias = (
    Drawn | Posted | Chose | Typed | Guessed | TakeHint | WantHint | WantSkip | Join
    | Skip | Pause | Resume | Stop | Void | Forget | Wake | Tick
)  # fmt: skip


class Said(StrEnum):
    """What a game says to a move."""

    DONE = "done"
    NOTED = "noted"
    NEARLY = "nearly"
    ALREADY = "already"
    """One answer a member and round."""
    LATE = "late"
    """The bell has rung, or the button is of another round."""
    PAUSED = "paused"
    OUT = "out"
    """No lives are left."""
    HINT = "hint"
    """``n`` is which one, from 0."""
    NO_HINT = "no_hint"
    COUNTED = "counted"
    """``n`` more votes are needed."""
    SKIPPED = "skipped"
    JOINED = "joined"
    FULL = "full"
    """That team has more members than the other already."""
    NOTHING = "nothing"
    """There is nothing to do: nothing is open, nothing paused."""
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the game says, and a number where that has one."""

    said: Said
    n: int = 0
