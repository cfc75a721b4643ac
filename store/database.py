"""Transactions, on either database.

`Database.reading` sees one moment. `Database.writing` changes what no other process has a copy of.
`Database.changing` is for what others do: it raises the server's revision first, which locks the
server's row until the end, so that changes of one server follow one another; and at the commit
every process is told.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import case, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from store.address import prepare_file
from store.errors import StoreUnavailable
from store.models import ServerRow

NOTIFY_CHANNEL = "aniwhois_changes"
BUSY_S = 10.0
"""Seconds that a write waits for another process, and a request for a free connection."""
_WRITE = "aniwhois_write"


def now_utc() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Changing:
    """An open transaction that changes one server. ``now`` is the time of the whole change."""

    connection: AsyncConnection
    guild_id: int
    revision: int
    now: datetime


class Database:
    """An engine and the rules for using it.

    Args:
        url: as `store.address.read_url` gives it.
        clock: returns aware datetimes.
        migrating: foreign keys are left unchecked on SQLite, where a migration rebuilds tables;
            no connection is kept.
    """

    def __init__(
        self, url: URL, *, clock: Callable[[], datetime] = now_utc, migrating: bool = False
    ) -> None:
        self.url = url
        self.clock = clock
        self.kind = url.get_backend_name()
        self.on_change: list[Callable[[int, int], None]] = []
        """Called after each commit of `changing` with server and revision."""
        self._one_writer = asyncio.Lock()
        options: dict[str, Any] = {}
        if migrating:
            options["poolclass"] = NullPool
        else:
            options |= {"pool_size": 5, "max_overflow": 5, "pool_timeout": BUSY_S}
        if self.kind == "sqlite":
            prepare_file(self.path)
            options["connect_args"] = {"timeout": BUSY_S}
        else:
            options["pool_pre_ping"] = True
            options["connect_args"] = {"timeout": BUSY_S, "command_timeout": 6 * BUSY_S}
        self.engine: AsyncEngine = create_async_engine(url, **options)
        self._readers = self._writers = self.engine
        if self.kind == "sqlite":
            _speak_sqlite(self.engine, foreign_keys=not migrating)
            self._writers = self.engine.execution_options(**{_WRITE: True})
        else:
            self._readers = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @property
    def path(self) -> Path:
        """The file of a SQLite database."""
        return Path(self.url.database or "")

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A snapshot. Raises StoreUnavailable."""
        with _translated():
            async with self._readers.begin() as connection:
                yield connection

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction, committed at the end or rolled back. Do not nest. Raises StoreUnavailable.

        SQLite has one writer at a time, so the tasks of this process queue here, in order, instead
        of polling for the file's lock.
        """
        queue = self._one_writer if self.kind == "sqlite" else contextlib.nullcontext()
        async with queue:
            with _translated():
                async with self._writers.begin() as connection:
                    yield connection

    @contextlib.asynccontextmanager
    async def changing(self, guild_id: int) -> AsyncIterator[Changing]:
        """A transaction that changes a server; see the module. Raises StoreUnavailable."""
        now = self.clock()
        async with self.writing() as connection:
            revision = await self._raise_revision(connection, guild_id, now)
            yield Changing(connection, guild_id, revision, now)
            await self._announce(connection, guild_id, revision)
        self._tell(guild_id, revision)

    @contextlib.asynccontextmanager
    async def forgetting(self, guild_id: int) -> AsyncIterator[AsyncConnection]:
        """A transaction that deletes a server; its row is locked first. Raises StoreUnavailable."""
        async with self.writing() as connection:
            here = select(ServerRow.guild_id).where(ServerRow.guild_id == guild_id)
            await connection.execute(here.with_for_update())
            yield connection
            await self._announce(connection, guild_id, 0)
        self._tell(guild_id, 0)

    def insert(self, table: type[Any]) -> sqlite.Insert | postgresql.Insert:
        """``INSERT`` with the ``ON CONFLICT`` that both databases have."""
        return sqlite.insert(table) if self.kind == "sqlite" else postgresql.insert(table)

    async def aclose(self) -> None:
        """Closes all connections."""
        await self.engine.dispose()

    async def _raise_revision(
        self, connection: AsyncConnection, guild_id: int, now: datetime
    ) -> int:
        # From the clock, not from zero: a server that was forgotten and comes back does not repeat
        # revisions that other processes may remember.
        least = int(now.timestamp() * 1_000_000)
        following = ServerRow.revision + 1
        statement = self.insert(ServerRow).values(
            guild_id=guild_id, revision=least, joined_at=now, left_at=None
        )
        statement = statement.on_conflict_do_update(
            index_elements=[ServerRow.guild_id],
            set_={"revision": case((following > least, following), else_=least)},
        )
        return int((await connection.execute(statement.returning(ServerRow.revision))).scalar_one())

    async def _announce(self, connection: AsyncConnection, guild_id: int, revision: int) -> None:
        if self.kind == "postgresql":
            await connection.execute(
                select(func.pg_notify(NOTIFY_CHANNEL, f"{guild_id}:{revision}"))
            )

    def _tell(self, guild_id: int, revision: int) -> None:
        for listener in self.on_change:
            listener(guild_id, revision)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Database trouble becomes StoreUnavailable; mistakes of ours stay what they are."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout, OSError) as problem:
        raise StoreUnavailable(str(problem)) from problem
    except DBAPIError as problem:
        if problem.connection_invalidated:
            raise StoreUnavailable(str(problem)) from problem
        raise


def _speak_sqlite(engine: AsyncEngine, *, foreign_keys: bool) -> None:
    """Our pragmas, and our own BEGIN: the driver's would come too late, with the first change.

    Source: SQLAlchemy's documentation, "Serializable isolation / Savepoints / Transactional DDL".
    """

    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        # Readers do not wait for the writer. The file keeps this mode. While another process is
        # just switching a new file to it, SQLite does not wait but says that the file is locked.
        with contextlib.suppress(sqlite3.OperationalError):
            cursor.execute("PRAGMA journal_mode=WAL")
        for pragma in (
            "synchronous=FULL",  # what was acknowledged survives a power cut, too
            f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
            f"busy_timeout={int(1000 * BUSY_S)}",
            "secure_delete=ON",  # what was forgotten is overwritten in the file
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        # IMMEDIATE: a transaction that reads first and writes later cannot lose its turn between.
        write = connection.get_execution_options().get(_WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
