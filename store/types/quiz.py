"""Quizzes that are running, scores and seasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class RunningQuiz:
    """A quiz that has not ended.

    ``state`` is the quiz's own document and names no member; ``players`` are documents by member.
    ``host_id`` and ``uploader_id`` (of the picture that is asked) are None where there is none, or
    he asked to be forgotten. ``version`` grows with each save.
    """

    id: str
    guild_id: int
    channel_id: int
    host_id: int | None
    uploader_id: int | None
    locale: str
    started_at: datetime
    version: int
    state: Mapping[str, Any]
    players: Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class QuizResult:
    """What one member scored in one quiz. Times are milliseconds, of right answers alone."""

    member_id: int
    points: int
    won: bool
    answers: int
    correct: int
    total_ms: int
    fastest_ms: int | None


@dataclass(frozen=True, slots=True)
class Season:
    """A season; the running one has no end. ``started_at`` None: nothing was scored yet."""

    number: int
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """What a member scored in a season, or in all; ``rank`` counts from 1, equals share it."""

    member_id: int
    rank: int
    points: int
    quizzes: int
    wins: int
    answers: int
    correct: int
    total_ms: int
    fastest_ms: int | None
