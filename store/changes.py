"""Hearing of changes that any process made.

PostgreSQL tells at the commit (LISTEN/NOTIFY). With SQLite each process asks its file, some times a
second, whether anybody wrote (``PRAGMA data_version``: microseconds), and reads the revisions only
then. Both give the same: a call with a `Change` for each server whose revision is a new one.

A change is a hint that arrives soon. Whoever must be right asks for the revision (see
``store.snapshots``), so that nothing depends on a message that got lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import aiosqlite
import asyncpg

from store.database import BUSY_S, NOTIFY_CHANNEL, Database
from store.errors import StoreUnavailable
from store.types import Change

log = logging.getLogger(__name__)

Listener = Callable[[Change], None]
RESYNC_S = 30.0
"""PostgreSQL: how often the revisions are compared although nothing was heard."""
LONGEST_PAUSE_S = 5.0
_REVISIONS = "SELECT guild_id, revision FROM servers"


class Changes(Protocol):
    """What a process hears of."""

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Calls `listener` on the event loop for each change; returns what ends that.

        It must be quick and must not raise.
        """


class ChangeFeed:
    """What both feeds share: who listens, and what they have been told. Open it with ``start``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: list[Listener] = []
        self._seen: dict[int, int] = {}
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        database.on_change.append(self._saw)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """See `Changes.subscribe`."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def start(self) -> None:
        """Returns when no later change can be missed. Raises StoreUnavailable."""
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(_tell_of_the_end)
        try:
            await asyncio.wait_for(self._ready.wait(), BUSY_S)
        except TimeoutError as problem:
            await self.aclose()
            raise StoreUnavailable("cannot listen for changes") from problem

    async def aclose(self) -> None:
        """Ends the feed."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        pause_s = 0.1
        while True:
            try:
                await self._hear()
                pause_s = 0.1
            except (OSError, aiosqlite.Error, asyncpg.PostgresError, asyncpg.InterfaceError):
                log.warning("cannot hear of changes, trying again", exc_info=True)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _hear(self) -> None:
        """Listens until the connection ends."""
        raise NotImplementedError

    def _synced(self, revisions: Mapping[int, int]) -> None:
        """Tells of every difference to what was seen before."""
        first = not self._ready.is_set()
        for guild_id in self._seen.keys() - revisions.keys():
            self._saw(guild_id, 0)
        for guild_id, revision in revisions.items():
            if first:
                self._seen.setdefault(guild_id, revision)
            else:
                self._saw(guild_id, revision)
        self._ready.set()

    def _saw(self, guild_id: int, revision: int) -> None:
        before = self._seen.get(guild_id, 0)
        if revision == before or 0 < revision < before:  # known, or overtaken on its way
            return
        if revision:
            self._seen[guild_id] = revision
        else:
            del self._seen[guild_id]
        for listener in tuple(self._listeners):
            listener(Change(guild_id, revision))


def _tell_of_the_end(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (problem := task.exception()) is not None:
        log.error("no more changes will be heard", exc_info=problem)


class PollingChanges(ChangeFeed):
    """For SQLite. ``poll_s``: seconds between two looks at the file."""

    def __init__(self, database: Database, poll_s: float) -> None:
        super().__init__(database)
        self._poll_s = poll_s

    async def _hear(self) -> None:
        async with aiosqlite.connect(
            self._database.path, isolation_level=None, timeout=BUSY_S
        ) as connection:
            last = -1
            while True:
                version = await _number(connection, "PRAGMA data_version")
                if version != last:
                    rows = await connection.execute_fetchall(_REVISIONS)
                    self._synced({int(row[0]): int(row[1]) for row in rows})
                    last = version
                await asyncio.sleep(self._poll_s)


async def _number(connection: aiosqlite.Connection, statement: str) -> int:
    (row,) = await connection.execute_fetchall(statement)
    return int(row[0])


class NotifiedChanges(ChangeFeed):
    """For PostgreSQL."""

    async def _hear(self) -> None:
        dialect = self._database.engine.dialect
        arguments = dialect.create_connect_args(self._database.url)[1]
        arguments.pop("prepared_statement_cache_size", None)  # SQLAlchemy's own
        connection = await asyncpg.connect(timeout=BUSY_S, **arguments)
        ended = asyncio.Event()
        connection.add_termination_listener(lambda _: ended.set())
        try:
            await connection.add_listener(NOTIFY_CHANNEL, self._notified)
            while not ended.is_set():
                rows = await connection.fetch(_REVISIONS, timeout=BUSY_S)
                self._synced({row["guild_id"]: row["revision"] for row in rows})
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), RESYNC_S)
        finally:
            connection.terminate()

    def _notified(self, _connection: Any, _pid: int, _channel: str, payload: Any) -> None:
        guild_id, _, revision = str(payload).partition(":")
        self._saw(int(guild_id), int(revision))


def feed_of(database: Database, poll_s: float) -> ChangeFeed:
    """The feed that fits the database."""
    if database.kind == "sqlite":
        return PollingChanges(database, poll_s)
    return NotifiedChanges(database)
