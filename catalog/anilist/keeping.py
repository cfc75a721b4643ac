"""What is kept between requests: answers with an end to their use, and how many may still go out.

`Cache` and `Budget` are what AniList's client needs; the repositories of ``store`` fit them, and
share both among all processes. The two here keep it in memory, for one process.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol


class Entry(Protocol):
    """A kept answer; ``stale``: good only while AniList cannot be asked."""

    @property
    def value(self) -> Any: ...
    @property
    def stale(self) -> bool: ...


class Cache(Protocol):
    """Keeps JSON values under keys of at most 300 characters."""

    async def get(self, key: str) -> Entry | None:
        """What is kept, stale or not."""

    async def put(self, key: str, value: Any, ttl_s: float) -> None:
        """Keeps a JSON value for `ttl_s` seconds; None: AniList has no such thing."""


class Budget(Protocol):
    """Named budgets of requests."""

    async def take(self, name: str, *, per_minute: float, burst: int = 1) -> float:
        """Takes one request; returns the seconds to wait before asking again, 0: go ahead."""

    async def pause(self, name: str, seconds: float) -> None:
        """Nothing more for so long; never shortens a longer pause."""


@dataclass(frozen=True, slots=True)
class MemoryEntry:
    value: Any
    stale: bool


class MemoryCache:
    """The last `most` answers; the one that has not been put for longest goes first."""

    def __init__(self, most: int = 500, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._kept: dict[str, tuple[Any, float]] = {}

    async def get(self, key: str) -> MemoryEntry | None:
        if key not in self._kept:
            return None
        value, expires_at = self._kept[key]
        return MemoryEntry(value, stale=expires_at <= self._clock())

    async def put(self, key: str, value: Any, ttl_s: float) -> None:
        self._kept.pop(key, None)
        self._kept[key] = (value, self._clock() + ttl_s)
        while len(self._kept) > self._most:
            self._kept.pop(next(iter(self._kept)))


class MemoryBudget:
    """The generic cell rate algorithm (ITU-T I.371): one number a budget."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._free_at: dict[str, float] = {}
        self._paused_until: dict[str, float] = {}

    async def take(self, name: str, *, per_minute: float, burst: int = 1) -> float:
        now, interval_s = self._clock(), 60 / per_minute
        if (paused := self._paused_until.get(name, now)) > now:
            return paused - now
        free_at = max(self._free_at.get(name, now), now)
        early_s = free_at - now - interval_s * (burst - 1)
        if early_s > 0:
            return early_s
        self._free_at[name] = free_at + interval_s
        return 0.0

    async def pause(self, name: str, seconds: float) -> None:
        until = self._clock() + seconds
        self._paused_until[name] = max(until, self._paused_until.get(name, until))
