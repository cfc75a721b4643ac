"""Backups: consistent while others write, restored into either database."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from store.address import read_url
from store.backup import backup, restore
from store.errors import NotEmpty
from store.opening import Store, open_store
from tests.store.conftest import Open
from tests.store.made import ALICE, HERE, MODEL, REI, STAFF, samples
from tests.store.test_privacy import fill, rows
from tests.store.test_separation import state


async def test_what_is_restored_is_what_was_there(
    store: Store, url: str, empty_url: str, tmp_path: Path
) -> None:
    """On SQLite: file to file. On PostgreSQL: through a file to another database."""
    await fill(store)
    file = tmp_path / "backup.db"
    await backup(read_url(url), file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not (tmp_path / "backup.db.part").exists()
    before = await state(store)
    await store.lessons.teach(HERE, REI, samples(50), actor_id=STAFF)

    await restore(file, read_url(empty_url))
    assert await rows(empty_url) == await rows(f"sqlite:///{file}")
    async with open_store(empty_url) as other:
        assert await state(other) == before
        # New rows get new ids.
        lesson = await other.lessons.teach(HERE, ALICE, samples(60), actor_id=STAFF)
        assert lesson.exemplars == 1
    with pytest.raises(NotEmpty):
        await restore(file, read_url(empty_url))


async def test_a_backup_is_of_one_moment(store: Store, url: str, tmp_path: Path) -> None:
    stop = asyncio.Event()

    async def write() -> int:
        n = 0
        while not stop.is_set():
            n += 1
            await store.lessons.teach(HERE, ALICE, samples(2 * n, 2 * n + 1), actor_id=STAFF)
        return n

    writer = asyncio.create_task(write())
    files = [tmp_path / f"{n}.db" for n in range(3)]
    for file in files:
        await asyncio.sleep(0.05)
        await backup(read_url(url), file)
    stop.set()
    written = await writer
    counts = []
    for file in files:
        with closing(sqlite3.connect(file)) as connection:
            count = "SELECT (SELECT count(*) FROM lessons), (SELECT count(*) FROM exemplars)"
            lessons, exemplars = connection.execute(count).fetchone()
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert exemplars == 2 * lessons
        counts.append(lessons)
    assert counts == sorted(counts)
    assert counts[-1] <= written


async def test_a_backup_replaces_nothing(store: Store, url: str, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    file.write_text("precious")
    with pytest.raises(FileExistsError):
        await backup(read_url(url), file)
    assert file.read_text() == "precious"


async def test_a_backup_opens_as_a_database(
    store: Store, open_again: Open, url: str, tmp_path: Path
) -> None:
    await store.lessons.teach(HERE, ALICE, samples(1), actor_id=STAFF)
    await backup(read_url(url), tmp_path / "copy.db")
    async with open_store(f"sqlite:///{tmp_path / 'copy.db'}") as copy:
        (alice,) = (await copy.gallery.load(HERE, MODEL)).characters
    assert alice.name == ALICE.name
