"""One suite, two databases: every test that asks for ``store`` or ``url`` runs on both."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from store.address import read_url
from store.migrate import migrate
from store.models import Base
from store.opening import Store, open_store
from store.types import Limits, Retention
from tests.store import postgres

KINDS = ("sqlite", "postgresql")
_numbers = itertools.count()


class Clock:
    """A clock that tests move. It starts at a full second."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **kind: float) -> None:
        """``forward(days=3)``"""
        self.now += timedelta(**kind)


class Open(Protocol):
    """Opens the test's database once more, as another process would."""

    def __call__(
        self, *, limits: Limits | None = None, retention: Retention | None = None
    ) -> AbstractAsyncContextManager[Store]: ...


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    programs = postgres.binaries()
    if programs is None:
        pytest.skip("POSTGRESQL MISSING: install it (apt-get install postgresql) to test it, too")
    with postgres.running(programs) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest schema; tests take copies."""
    path = tmp_path_factory.mktemp("store") / "template.db"
    postgres.apart(migrate(read_url(f"sqlite:///{path}")))
    return path


@pytest.fixture(scope="session")
def migrated_name(cluster: postgres.Cluster) -> str:
    """The same in PostgreSQL."""

    async def make() -> None:
        await migrate(read_url(await cluster.create("migrated")))

    postgres.apart(make())
    return "migrated"


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database without tables."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    name = f"empty{next(_numbers)}"
    yield postgres.apart(cluster.create(name))
    postgres.apart(cluster.drop(name))


@pytest.fixture
def url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database at the newest schema, without rows."""
    if kind == "sqlite":
        shutil.copyfile(request.getfixturevalue("migrated_file"), tmp_path / "store.db")
        yield f"sqlite:///{tmp_path / 'store.db'}"
        return
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    name: str = request.getfixturevalue("migrated_name")
    yield cluster.url(name)
    postgres.apart(cluster.clear(name, [table.name for table in Base.metadata.sorted_tables]))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_again(url: str, clock: Clock) -> Open:
    def opened(
        *, limits: Limits | None = None, retention: Retention | None = None
    ) -> AbstractAsyncContextManager[Store]:
        return open_store(url, limits=limits, retention=retention, clock=clock, poll_s=0.02)

    return opened


@pytest.fixture
async def store(open_again: Open) -> AsyncIterator[Store]:
    async with open_again() as opened:
        yield opened
