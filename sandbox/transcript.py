"""Everything that was said between the bot and the stand-in, for tests and command lines to
read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.errors import Json
from sandbox.models import Interaction


@dataclass(frozen=True)
class Exchange:
    """One REST request and its answer.

    ``at`` is seconds on the stand-in's monotonic clock; ``route`` the template that matched (None:
    unknown route); ``files`` has name, filename and bytes of each uploaded part; ``fault`` says the
    answer was ordered by a test.
    """

    at: float
    method: str
    path: str
    query: dict[str, str]
    route: str | None
    request: Any
    files: tuple[Json, ...]
    status: int
    response: Any
    fault: bool = False
    content_type: str = ""


@dataclass(frozen=True)
class Frame:
    """One gateway payload. ``sent`` means by the bot, ``received`` by it; ``session`` may be
    unknown yet.
    """

    at: float
    direction: Literal["sent", "received"]
    op: int
    data: Any
    event: str | None = None
    seq: int | None = None
    session: str | None = None
    shard: int | None = None


@dataclass
class Transcript:
    """Requests, gateway frames, interactions, and ``violations``: what a careful bot would not have
    done.

    Bounded when ``keep`` is set: only the newest ``keep`` requests and frames stay.
    """

    keep: int | None = None
    exchanges: list[Exchange] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    interactions: list[Interaction] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def add(self, entry: Exchange | Frame) -> None:
        """Append, dropping the oldest when bounded."""
        log: list[Any] = self.exchanges if isinstance(entry, Exchange) else self.frames
        log.append(entry)
        if self.keep is not None and len(log) > self.keep:
            del log[: len(log) - self.keep]

    def violation(self, text: str) -> None:
        self.violations.append(text)

    def requests(self, method: str | None = None, route: str | None = None) -> Iterator[Exchange]:
        """Exchanges with this method and route template (None: any), oldest first."""
        for one in self.exchanges:
            if method in (None, one.method) and route in (None, one.route):
                yield one

    def events(self, name: str) -> list[Frame]:
        """Dispatches of one event that went to the bot (replayed ones included), oldest first."""
        return [one for one in self.frames if one.event == name]

    def clear(self) -> None:
        """Forget everything so far."""
        for log in (self.exchanges, self.frames, self.interactions, self.violations):
            log.clear()
