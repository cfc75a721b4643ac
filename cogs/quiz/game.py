"""The rules of a quiz: what happens, and what it makes of the game. No Discord, no clock, no dice.

::

    WAITING → POSTING → OPEN → REVEALED → WAITING … → OVER
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """Who scores."""

    EVERYONE = "everyone"
    FIRST = "first"
    TEAMS = "teams"
    SURVIVAL = "survival"
    BOT = "bot"


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


class Phase(StrEnum):
    """Where a game stands."""

    WAITING = "waiting"
    """for the deck's next question"""
    POSTING = "posting"
    """the question is being posted; its clock has not started"""
    OPEN = "open"
    REVEALED = "revealed"
    OVER = "over"


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
