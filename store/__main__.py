"""The operator's command line: ``python -m store status``.

The database is the bot's own: ``ANIWHOIS_DATABASE_URL`` from the environment or ``.env``, or
``--database``. A bot may be running meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from dotenv import dotenv_values
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import URL

from store.address import DEFAULT, VARIABLE, read_url
from store.backup import backup as write_backup
from store.backup import restore as read_backup
from store.bundle import bundle_of, write_bundle
from store.errors import StoreError
from store.migrate import draft, newest
from store.migrate import migrate as upgrade
from store.opening import Store, open_store
from store.opening import status as read_status
from store.types import TaughtGallery

T = TypeVar("T")
ENV_FILE = Path(__file__).resolve().parent.parent / ".env"

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)

Address = Annotated[str | None, typer.Option("--database", help=f"default: {VARIABLE}, {DEFAULT}")]
Guild = Annotated[int, typer.Argument(help="the server's id", metavar="SERVER")]
Yes = Annotated[bool, typer.Option("--yes", help="do not ask")]


@app.callback()
def main() -> None:
    """Looks after the bot's database."""


@app.command()
def migrate(database: Address = None) -> None:
    """Brings the database to the newest schema; the bot does so by itself when it starts."""
    before = _run(upgrade(_url(database)))
    print(f"{before or 'empty'} -> {newest()}")


@app.command()
def status(
    database: Address = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Schema, size and number of rows. Exit code 1: the schema is not the newest."""
    url = _url(database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        _fail(f"There is no database at {url.database} yet.")
    found = _run(read_status(url))
    if as_json:
        print(json.dumps(asdict(found)))
    else:
        table = Table("table", "rows", title=f"{found.kind}, schema {found.schema or 'none'}")
        for name, count in found.rows.items():
            table.add_row(name, f"{count:,}")
        Console().print(table)
        print(f"{found.size_bytes:,} bytes")
    if found.schema != found.newest_schema:
        print(f"The newest schema is {found.newest_schema}.", file=sys.stderr)
        raise typer.Exit(1)


@app.command()
def backup(file: Path, database: Address = None) -> None:
    """Writes a consistent copy, a SQLite file, while the bot runs."""
    _run(write_backup(_url(database), file.absolute()))
    print(f"{file}: {file.stat().st_size:,} bytes")


@app.command()
def restore(file: Path, database: Address = None) -> None:
    """Fills an empty database from a backup; so SQLite becomes PostgreSQL, too."""
    _run(read_backup(file, _url(database)))
    print(f"restored from {file}")


@app.command()
def purge(database: Address = None) -> None:
    """Deletes what has been kept for long enough; the bot does so every day."""

    async def work(store: Store) -> dict[str, int]:
        return dict((await store.keeper.purge()).counts)

    for what, count in _run(_with_store(database, work)).items():
        print(f"{what}: {count}")


@app.command()
def export(
    server: Guild,
    file: Path,
    model: Annotated[str | None, typer.Option("--model", help="default: most vectors'")] = None,
    database: Address = None,
) -> None:
    """Writes what a server has taught into a zip that other servers can import."""

    async def work(store: Store) -> TaughtGallery:
        models = await store.gallery.models(server)
        return await store.gallery.load(server, model or next(iter(models), ""))

    gallery = _run(_with_store(database, work))
    if not gallery.characters:
        _fail(f"Server {server} has taught nobody{f' with vectors of {model}' if model else ''}.")
    file.write_bytes(write_bundle(bundle_of(gallery)))
    print(f"{file}: {len(gallery.characters)} characters, model {gallery.model_id}")


@app.command()
def delete(server: Guild, yes: Yes = False, database: Address = None) -> None:
    """Deletes everything that is kept of a server."""
    if not yes:
        typer.confirm(f"Delete everything of server {server}?", abort=True)

    async def work(store: Store) -> dict[str, int]:
        return dict((await store.privacy.forget_server(server)).counts)

    print(f"deleted {sum(_run(_with_store(database, work)).values())} rows")


@app.command()
def forget(member: int, yes: Yes = False, database: Address = None) -> None:
    """Deletes everything that is kept of a member, in all servers."""
    if not yes:
        typer.confirm(f"Forget member {member} everywhere?", abort=True)

    async def work(store: Store) -> dict[str, int]:
        return dict((await store.privacy.forget_member_everywhere(member)).counts)

    print(f"deleted {sum(_run(_with_store(database, work)).values())} rows")


@app.command()
def revision(message: str) -> None:
    """For developers: drafts the migration from the newest schema to what the models say."""
    print(_run(draft(message)))


async def _with_store(database: str | None, work: Any) -> Any:
    async with open_store(_url(database).render_as_string(hide_password=False)) as store:
        return await work(store)


def _url(given: str | None) -> URL:
    found = {**dotenv_values(ENV_FILE), **os.environ}
    try:
        return read_url(given or found.get(VARIABLE) or DEFAULT)
    except StoreError as problem:
        _fail(f"{type(problem).__name__}: {problem}")


def _run(work: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(work)
    except (StoreError, OSError) as problem:
        _fail(f"{type(problem).__name__}: {problem}")


def _fail(text: str) -> NoReturn:
    print(text, file=sys.stderr)
    raise typer.Exit(2)


if __name__ == "__main__":
    app()
