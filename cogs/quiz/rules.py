"""The words of the rules: what can be chosen, what is asked, who plays. Nothing here acts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """Who scores."""

    EVERYONE = "everyone"
    """Everybody who is right, in secret until the time is up."""
    FIRST = "first"
    """The first who is right, which ends the round."""
    TEAMS = "teams"
    """Like everyone, for one of two teams."""
    SURVIVAL = "survival"
    """Like everyone; a wrong answer, or none, costs one of three lives."""
    BOT = "bot"
    """Like everyone, and the bot guesses, too. It is never ranked."""


class Answers(StrEnum):
    """How members answer."""

    BUTTONS = "buttons"
    SECRET = "secret"
    TYPED = "typed"


class Tolerance(StrEnum):
    """How exactly a typed answer has to be written."""

    EXACT = "exact"
    NORMAL = "normal"
    LENIENT = "lenient"


class Verdict(StrEnum):
    """What a typed answer is worth."""

    RIGHT = "right"
    NEARLY = "nearly"
    WRONG = "wrong"


class Phase(StrEnum):
    """Where a game stands."""

    WAITING = "waiting"
    """for the deck's next question"""
    POSTING = "posting"
    """the question is being posted; its clock has not started"""
    OPEN = "open"
    REVEALED = "revealed"
    OVER = "over"


class Ending(StrEnum):
    """Why a game is over."""

    PLAYED = "played"
    SURVIVED = "survived"
    """One is left with lives, or nobody."""
    SILENCE = "silence"
    """Three rounds in a row without an answer."""
    DRY = "dry"
    """The deck has no more questions."""
    STOPPED = "stopped"
    FORGOTTEN = "forgotten"
    """Paused, or waiting for a question, for too long."""
    UNPOSTED = "unposted"
    """The bot may not, or cannot, write in the channel any more."""
    RESTARTED = "restarted"
    """The bot was away for too long to go on."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What was chosen at the start; nothing of it changes.

    ``rounds`` is 1 to 50, ``seconds`` 5 to 300.
    """

    deck: str
    rounds: int = 10
    seconds: int = 25
    answers: Answers = Answers.BUTTONS
    mode: Mode = Mode.EVERYONE
    tolerance: Tolerance = Tolerance.NORMAL
    series: str = ""
    difficulty: str = "any"
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One button of a round. ``token`` is random and all that a client sees of it beforehand."""

    token: str
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the game has to know of a question: not what it looks like.

    ``hints`` are words for the hints that there are, in the order in which they are given.
    """

    id: str
    person_id: str
    choices: tuple[Choice, ...]
    n_steps: int
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vote:
    """An answer. ``points`` are what it is worth; they count when the round is over."""

    right: bool
    elapsed_s: float
    points: int


@dataclass(slots=True)
class Player:
    """Who plays. ``vote`` to ``wants_skip`` are about the open round alone; ``seen`` is the last
    round in which he did something; ``hints`` is how many he has seen.
    """

    points: int = 0
    answers: int = 0
    correct: int = 0
    total_s: float = 0.0
    fastest_s: float | None = None
    lives: int = 0
    team: int | None = None
    seen: int = 0
    vote: Vote | None = None
    hints: int = 0
    nearly: int = 0
    wants_hint: bool = False
    wants_skip: bool = False

    def clear(self) -> None:
        """A new round begins."""
        self.vote = None
        self.hints = self.nearly = 0
        self.wants_hint = self.wants_skip = False
