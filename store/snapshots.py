"""Copies of what is stored about servers, never older than they may be.

A gallery is read from rows and made into matrices; that is too slow for every picture and quick
enough for every change. `Snapshots.get` reads one number, the server's revision, and makes the copy
again only when it is another one: what any process committed before the call is in the result.
`Snapshots.peek` does without that and trusts the change feed, for what happens with every message.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar

from store.changes import Changes
from store.types import Change

T = TypeVar("T")


class Revisions(Protocol):
    """`store.repositories.servers.ServerRepository` is one."""

    async def revision(self, guild_id: int) -> int:
        """The server's revision, 0 where nothing is stored."""


class Snapshots(Generic[T]):
    """One copy a server.

    Args:
        revisions: tells the current revision.
        changes: tells when a copy has become old.
        load: reads and prepares the copy of one server.
        limit: copies kept; the one that was used longest ago goes first.
    """

    def __init__(
        self,
        revisions: Revisions,
        changes: Changes,
        load: Callable[[int], Awaitable[T]],
        *,
        limit: int = 500,
    ) -> None:
        self._revisions = revisions
        self._load = load
        self._limit = limit
        self._copies: OrderedDict[int, tuple[int, T]] = OrderedDict()
        self._old: set[int] = set()
        self._loading: dict[int, asyncio.Lock] = {}
        self._unsubscribe = changes.subscribe(self._changed)

    async def get(self, guild_id: int) -> T:
        """The server as it is now. Raises StoreUnavailable, and what `load` raises."""
        # Before the first await: what is heard from here on counts for the next call.
        self._old.discard(guild_id)
        try:
            revision = await self._revisions.revision(guild_id)
            copy = self._copies.get(guild_id)
            if copy is None or copy[0] != revision:
                return await self._load_once(guild_id, revision)
        except BaseException:
            self._old.add(guild_id)
            raise
        self._copies.move_to_end(guild_id)
        return copy[1]

    async def peek(self, guild_id: int) -> T:
        """The server as of the last change that was heard of; reads only what is not there."""
        copy = self._copies.get(guild_id)
        if copy is not None and guild_id not in self._old:
            self._copies.move_to_end(guild_id)
            return copy[1]
        return await self.get(guild_id)

    def close(self) -> None:
        """Stops listening for changes and drops all copies."""
        self._unsubscribe()
        self._copies.clear()

    async def _load_once(self, guild_id: int, revision: int) -> T:
        """Callers that come together share one reading."""
        lock = self._loading.setdefault(guild_id, asyncio.Lock())
        try:
            async with lock:
                copy = self._copies.get(guild_id)
                if copy is not None and copy[0] == revision:
                    return copy[1]
                # The revision was read first: what is loaded is that old or newer, and in the
                # latter case the next `get` loads again. It is never older than its number.
                value = await self._load(guild_id)
                self._copies[guild_id] = (revision, value)
                self._copies.move_to_end(guild_id)
                while len(self._copies) > self._limit:
                    self._old.discard(self._copies.popitem(last=False)[0])
                return value
        finally:
            if not lock.locked():
                self._loading.pop(guild_id, None)

    def _changed(self, change: Change) -> None:
        copy = self._copies.get(change.guild_id)
        old = copy is not None and copy[0] != change.revision
        if old or change.guild_id in self._loading:
            self._old.add(change.guild_id)
