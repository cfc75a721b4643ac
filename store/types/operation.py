"""Running it: limits, what is kept for how long, counts, changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """What one server may fill of a host that many share."""

    characters_per_server: int = 2_000
    exemplars_per_server: int = 20_000
    exemplars_per_lesson: int = 20
    pending_per_server: int = 200
    pending_per_member: int = 10
    cache_entries: int = 20_000
    quizzes_per_server: int = 50
    quiz_pictures_per_server: int = 500


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days things are kept; ``/privacy`` shows these numbers.

    ``answers``: answers, their vectors and corrections. ``undone``: vectors that were undone or
    removed, so that removing can be undone. ``proposals``: proposals that nobody decides. ``log``:
    the log. ``left``: everything of a server that the bot is not in any more. ``stale``: cached
    look-ups after they have expired. ``asked``: which questions a quiz has asked.
    """

    answers: int = 30
    undone: int = 30
    proposals: int = 14
    log: int = 365
    left: int = 30
    stale: int = 30
    asked: int = 365


@dataclass(frozen=True, slots=True)
class Server:
    """A server of which something is stored. ``left_at``: since when the bot is not in it."""

    guild_id: int
    revision: int
    joined_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """Something changed in a server. Revision 0: nothing is stored of it any more."""

    guild_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class Held:
    """How many things of a member are kept, by table; tables with none are left out."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows a purge deleted, by what they were (a field name of `Retention`)."""

    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Status:
    """What an operator wants to see. ``rows`` by table; ``size_bytes`` of the whole database."""

    kind: str
    schema: str | None
    newest_schema: str
    size_bytes: int
    rows: Mapping[str, int]
