"""Migrations: from nothing, from every earlier schema with rows, by many processes at once."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, inspect, text
from sqlalchemy import types as sql

import store.migrate
from store.address import read_url
from store.database import Database
from store.errors import BrokenReferences, SchemaTooNew, StoreUnavailable
from store.migrate import configuration, current, draft, migrate, newest
from store.models import Base
from store.opening import open_store
from tests.store.conftest import Open
from tests.store.made import ALICE, HERE, STAFF, samples

SCRIPTS = Path(store.migrate.__file__).parent / "migrations"
REVISIONS = [
    script.revision
    for script in reversed(list(ScriptDirectory.from_config(configuration()).walk_revisions()))
]


async def within(url: str, work: Callable[..., Any], *arguments: Any) -> Any:
    database = Database(read_url(url))
    try:
        async with database.writing() as connection:
            return await connection.run_sync(work, *arguments)
    finally:
        await database.aclose()


async def test_models_and_migrations_agree(empty_url: str) -> None:
    assert await migrate(read_url(empty_url)) == ""

    def differences(connection: Connection) -> list[Any]:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Base.metadata))

    assert await within(empty_url, differences) == []
    migrated = await within(empty_url, shape)
    await within(empty_url, lambda connection: drop_all(connection))
    await within(empty_url, Base.metadata.create_all)
    created = await within(empty_url, shape)
    # Alembic's comparison knows nothing of keys' details, checks and cascades; this one does.
    assert created == migrated
    assert set(created) == set(Base.metadata.tables)


def drop_all(connection: Connection) -> None:
    found = MetaData()
    found.reflect(connection)
    found.drop_all(connection)


def shape(connection: Connection) -> dict[str, Any]:
    inspector = inspect(connection)
    return {
        table: {
            "columns": [
                (one["name"], str(one["type"]), one["nullable"], one["default"])
                for one in sorted(inspector.get_columns(table), key=lambda one: one["name"])
            ],
            "key": inspector.get_pk_constraint(table),
            "foreign": sorted(map(str, inspector.get_foreign_keys(table))),
            "unique": sorted(map(str, inspector.get_unique_constraints(table))),
            "indexes": sorted(_index(one) for one in inspector.get_indexes(table)),
            "checks": sorted(map(str, inspector.get_check_constraints(table))),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def _index(one: Any) -> str:
    options = {key: str(value) for key, value in one.get("dialect_options", {}).items()}
    return str({**one, "dialect_options": options})


def fill(connection: Connection) -> dict[str, int]:
    """Puts a row into every table of whatever schema is there; returns the rows by table.

    All numbers are 1, so that rows refer to one another; texts and times fit every column.
    """
    metadata = MetaData()
    metadata.reflect(connection)
    metadata.remove(metadata.tables["alembic_version"])
    for table in metadata.sorted_tables:
        row = {c.name: _value(c.type) for c in table.columns}
        if row.get("id") == 1:
            del row["id"]  # the database counts, and begins with 1
        connection.execute(table.insert(), row)
    return {table.name: _count(connection, table) for table in metadata.sorted_tables}


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(text(f"SELECT count(*) FROM {table.name}")).scalar_one())


def _value(kind: Any) -> Any:
    values: list[tuple[Any, Any]] = [
        (sql.Boolean, True),
        ((sql.Integer, sql.Float), 1),
        (sql.DateTime, datetime(2026, 1, 2, tzinfo=UTC)),
        (sql.LargeBinary, b"x"),
        (sql.JSON, {"x": [1]}),
        (sql.String, "x"),
    ]
    return next(value for types, value in values if isinstance(kind, types))


@pytest.mark.parametrize("revision", REVISIONS)
async def test_upgrade_from_every_earlier_schema_keeps_the_rows(
    empty_url: str, revision: str
) -> None:
    url = read_url(empty_url)
    await migrate(url, revision)
    before = await within(empty_url, fill)
    assert await migrate(url) == revision

    def counts(connection: Connection) -> dict[str, int]:
        return {name: _count(connection, Base.metadata.tables[name]) for name in before}

    assert await within(empty_url, counts) == before
    async with open_store(empty_url) as opened:
        assert [one.guild_id for one in await opened.servers.known()] == [1]
        await opened.lessons.teach(HERE, ALICE, samples(1), actor_id=STAFF)


async def test_processes_that_start_together_migrate_once(empty_url: str) -> None:
    url = read_url(empty_url)
    found = await asyncio.gather(*(migrate(url) for _ in range(4)))
    assert sorted(found) == ["", *[newest()] * 3]
    assert await migrate(url) == newest()


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """Our migrations, to which a test adds one."""
    folder = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def add_migration(scripts: Path, body: str) -> None:
    (scripts / "versions" / "9999_later.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f'revision = "9999"\ndown_revision = "{newest()}"\n'
        f"def upgrade():\n    {body}\n"
    )


async def test_a_draft_follows_the_newest_and_has_nothing_to_do(
    scripts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = await draft("Nothing yet", scripts=scripts)
    assert path.name == f"{int(newest()) + 1:04}_nothing_yet.py"
    url = read_url(f"sqlite:///{tmp_path / 'draft.db'}")
    await migrate(url, scripts=scripts)
    assert await migrate(url, scripts=scripts) == newest(scripts) != newest()
    assert "create_table" not in capsys.readouterr().out


REBUILD = """with op.batch_alter_table("servers", recreate="always") as table:
        table.add_column(sa.Column("extra", sa.Integer(), server_default="7", nullable=False))"""


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)  # which alone rebuilds tables
async def test_rebuilding_a_table_keeps_what_hangs_on_it(
    open_again: Open, url: str, scripts: Path
) -> None:
    async with open_again() as opened:
        await opened.lessons.teach(HERE, ALICE, samples(1, 2), actor_id=STAFF)
    add_migration(scripts, REBUILD)
    assert await migrate(read_url(url), scripts=scripts) == newest()

    def found(connection: Connection) -> Any:
        extra = connection.execute(text("SELECT extra FROM servers")).scalar_one()
        return extra, connection.execute(text("SELECT count(*) FROM exemplars")).scalar_one()

    assert await within(url, found) == (7, 2)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)  # PostgreSQL checks by itself
async def test_a_migration_that_breaks_references_is_rolled_back(
    open_again: Open, url: str, scripts: Path
) -> None:
    async with open_again() as opened:
        await opened.lessons.teach(HERE, ALICE, samples(1), actor_id=STAFF)
    add_migration(scripts, 'op.execute("DELETE FROM servers")')
    with pytest.raises(BrokenReferences):
        await migrate(read_url(url), scripts=scripts)
    async with open_again() as opened:
        assert len(await opened.gallery.characters(HERE)) == 1


async def test_a_failed_migration_changes_nothing(url: str, scripts: Path) -> None:
    body = 'op.drop_table("budgets")\n    op.execute("SELECT no_such_column FROM servers")'
    add_migration(scripts, body)
    with pytest.raises(Exception, match="no_such_column"):
        await migrate(read_url(url), scripts=scripts)
    assert await within(url, current) == newest()
    assert "budgets" in await within(url, shape)


async def test_a_database_of_a_later_version_is_left_alone(url: str) -> None:
    def pretend(connection: Connection) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    await within(url, pretend)
    try:
        with pytest.raises(SchemaTooNew) as caught:
            async with open_store(url):
                pass
        assert caught.value.found == "9999"
    finally:  # the PostgreSQL database is used again by other tests
        await within(
            url,
            lambda connection: connection.execute(
                text(f"UPDATE alembic_version SET version_num = '{newest()}'")
            ),
        )


async def test_a_database_that_is_not_there_is_unavailable(unused_tcp_port: int) -> None:
    with pytest.raises(StoreUnavailable):
        async with open_store(f"postgresql://nobody@127.0.0.1:{unused_tcp_port}/none"):
            pass
