"""Copies of the whole database: a file to keep, and the way from one database to another."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, insert, select, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from store.address import prepare_file, read_url
from store.database import Database
from store.errors import NotEmpty
from store.migrate import migrate
from store.models import Base

_CHUNK = 500


async def backup(url: URL, target: Path) -> None:
    """Writes a SQLite file with everything as it is at one moment; other processes go on writing.

    The file appears under its name when it is complete, readable for its owner alone.

    Raises:
        FileExistsError: there is a file already.
        StoreUnavailable: the database cannot be reached.
    """
    part = await asyncio.to_thread(_prepare, target)
    try:
        if url.get_backend_name() == "sqlite":
            await asyncio.to_thread(_vacuum_into, Path(url.database or ""), part)
        else:
            copy = read_url(f"sqlite:///{part}")
            await migrate(copy)
            await _copy(url, copy)
        os.replace(part, target)
    finally:
        for rest in (part, Path(f"{part}-wal"), Path(f"{part}-shm")):
            rest.unlink(missing_ok=True)


def _prepare(target: Path) -> Path:
    if target.exists():
        raise FileExistsError(target)
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    prepare_file(part)
    return part


def _vacuum_into(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source, isolation_level=None)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


async def restore(source: Path, url: URL) -> None:
    """Fills an empty database from a file that `backup` wrote, be it of an earlier version.

    The same way leads from SQLite to PostgreSQL.

    Raises:
        FileNotFoundError
        NotEmpty: the database has rows already.
        SchemaTooNew: the file comes from a later version.
        StoreUnavailable: the database cannot be reached.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        await asyncio.to_thread(shutil.copyfile, source, copy)
        from_url = read_url(f"sqlite:///{copy}")
        await migrate(from_url)
        await migrate(url)
        await _copy(from_url, url)


async def _copy(source: URL, target: URL) -> None:
    """All rows, from one snapshot, in one transaction; ids stay what they are."""
    here, there = Database(source), Database(target)
    try:
        async with here.reading() as reading, there.writing() as writing:
            for table in Base.metadata.sorted_tables:
                if (await writing.execute(select(table).limit(1))).first() is not None:
                    raise NotEmpty(table.name)
                result = await reading.stream(select(table))
                async for rows in result.mappings().partitions(_CHUNK):
                    await writing.execute(insert(table), [dict(row) for row in rows])
            if there.kind == "postgresql":
                await _set_sequences(writing)
    finally:
        await here.aclose()
        await there.aclose()


async def _set_sequences(connection: AsyncConnection) -> None:
    """The next row gets an id after those that were copied."""
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        name = func.pg_get_serial_sequence(table.name, column.name)
        if (await connection.execute(select(name))).scalar() is None:
            continue
        highest = (await connection.execute(select(func.max(column)))).scalar()
        if highest is not None:
            await connection.execute(select(func.setval(name, highest)))


async def size_bytes(connection: AsyncConnection, kind: str) -> int:
    """What the whole database takes."""
    if kind == "postgresql":
        size = await connection.execute(text("SELECT pg_database_size(current_database())"))
        return int(size.scalar_one())
    pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
    return int(pages * (await connection.execute(text("PRAGMA page_size"))).scalar_one())
