"""Where the database is: what operators write, and what SQLAlchemy needs."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from store.errors import DatabaseUnsupported

VARIABLE = "ANIWHOIS_DATABASE_URL"
DEFAULT = "sqlite:///~/.local/share/aniwhois/aniwhois.db"
"""One file beside the user's other data. Several processes on one machine may share it."""


def read_url(raw: str) -> URL:
    """An address such as ``sqlite:///file.db`` or ``postgresql://user:word@host/name``, with the
    asynchronous driver put in and ``~`` expanded.

    Raises:
        DatabaseUnsupported: another kind of database, one in memory, or no address at all. The
            error never holds the password.
    """
    try:
        url = make_url(raw)
    except ArgumentError:
        raise DatabaseUnsupported(raw.partition(":")[0][:32]) from None
    match url.drivername:
        case "sqlite" | "sqlite+aiosqlite":
            if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
                raise DatabaseUnsupported("sqlite without a file")
            path = Path(url.database).expanduser().absolute()
            return url.set(drivername="sqlite+aiosqlite", database=str(path))
        case "postgres" | "postgresql" | "postgresql+asyncpg":
            if mode := url.query.get("sslmode"):  # as libpq calls it, and everybody writes it
                url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
            return url.set(drivername="postgresql+asyncpg")
    raise DatabaseUnsupported(url.drivername)


def prepare_file(path: Path) -> None:
    """Creates the folder and, readable for its owner alone, the file; keeps what is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
