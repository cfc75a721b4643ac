"""Brings the database to the newest schema, one process at a time.

The whole upgrade is one transaction on both databases. On PostgreSQL an advisory lock, on SQLite
the write lock of the file makes other starting processes wait; they then find nothing to do.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, func, select, text
from sqlalchemy.engine import URL

from store.address import read_url
from store.database import Database
from store.errors import BrokenReferences, SchemaTooNew

_LOCK = 0x416E6957  # any number that is always the same


async def migrate(url: URL, target: str = "head", *, scripts: Path | None = None) -> str:
    """Upgrades the database to `target` and returns the revision that it had before ("" if none).

    Args:
        scripts: folder of migrations; ours where it is None.

    Raises:
        SchemaTooNew: the database comes from a later version.
        StoreUnavailable: it cannot be reached.
        BrokenReferences: a migration is wrong; nothing was changed.
    """
    database = Database(url, migrating=True)
    try:
        async with database.writing() as connection:
            if database.kind == "postgresql":
                await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            return await connection.run_sync(_upgrade, target, configuration(scripts))
    finally:
        await database.aclose()


async def draft(message: str, *, scripts: Path | None = None) -> Path:
    """Writes the migration that leads from the newest schema to what the models say; returns it."""
    with tempfile.TemporaryDirectory() as folder:
        url = read_url(f"sqlite:///{folder}/draft.db")
        await migrate(url, scripts=scripts)
        database = Database(url, migrating=True)

        def write(connection: Connection) -> Path:
            config = configuration(scripts)
            config.attributes["connection"] = connection
            following = f"{int(newest(scripts)) + 1:04}"
            made = command.revision(config, message, autogenerate=True, rev_id=following)
            if not isinstance(made, Script):
                raise TypeError(made)
            return Path(made.path)

        try:
            async with database.writing() as connection:
                return await connection.run_sync(write)
        finally:
            await database.aclose()


def _upgrade(connection: Connection, target: str, config: Config) -> str:
    found = current(connection)
    scripts = ScriptDirectory.from_config(config)
    if found:
        try:
            scripts.get_revision(found)
        except CommandError:
            raise SchemaTooNew(found) from None
    if found == (scripts.get_current_head() if target == "head" else target):
        return found
    config.attributes["connection"] = connection
    command.upgrade(config, target)
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).first()
        if broken is not None:
            raise BrokenReferences(str(broken[0]))
    return found


def configuration(scripts: Path | None = None) -> Config:
    """Alembic's settings; there is no alembic.ini."""
    config = Config()
    folder = scripts or Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def current(connection: Connection) -> str:
    """The revision of a database; "" for an empty one."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def newest(scripts: Path | None = None) -> str:
    """The newest revision that we know."""
    head: Any = ScriptDirectory.from_config(configuration(scripts)).get_current_head()
    return str(head)
