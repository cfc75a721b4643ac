"""What one process learns, the others know at once, and a kill right after does not undo it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from store.address import read_url
from store.database import Database
from store.opening import Store, open_store
from store.snapshots import Snapshots
from store.types import Change, TaughtGallery
from tests.store.conftest import Open
from tests.store.made import ALICE, HERE, MODEL, REI, STAFF, THERE, samples

SOON_S = 5.0
ROOT = Path(__file__).parents[2]


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON_S):
        while not done():  # noqa: ASYNC110 - what is waited for knows of no event
            await asyncio.sleep(0.005)


async def test_every_process_hears_of_a_change(store: Store, open_again: Open) -> None:
    async with open_again() as other:
        heard: list[Change] = []
        at_home: list[Change] = []
        end = other.changes.subscribe(heard.append)
        store.changes.subscribe(at_home.append)
        await store.lessons.teach(HERE, ALICE, samples(1), actor_id=STAFF)
        await until(lambda: len(heard) == 1 and len(at_home) == 1)
        await store.settings.change(THERE, STAFF, language="fr")
        await until(lambda: len(heard) == 2)
        assert heard == [
            Change(HERE, await store.servers.revision(HERE)),
            Change(THERE, await store.servers.revision(THERE)),
        ]
        await store.privacy.forget_server(HERE)
        await until(lambda: len(heard) == 3)
        assert heard[2] == Change(HERE, 0)
        end()
        await store.settings.change(THERE, STAFF, language="ja")
        await until(lambda: len(at_home) == 4)
        await asyncio.sleep(0.05)
        assert len(heard) == 3


async def test_what_concerns_nobody_is_not_told(store: Store, open_again: Open) -> None:
    await store.lessons.teach(HERE, ALICE, samples(1), actor_id=STAFF)
    async with open_again() as other:
        heard: list[Change] = []
        other.changes.subscribe(heard.append)
        await store.cache.put("key", 1, ttl_s=60)
        await store.servers.left(HERE)
        with pytest.raises(ValueError, match="on purpose"):
            await _fail_within_a_change(store)
        await asyncio.sleep(0.1)
        assert heard == []


async def _fail_within_a_change(store: Store) -> None:
    database: Database = store.lessons._database
    async with database.changing(HERE):
        raise ValueError("on purpose")


async def test_a_copy_is_never_older_than_the_call(store: Store, open_again: Open) -> None:
    loads = []

    async def load(guild_id: int) -> TaughtGallery:
        loads.append(guild_id)
        return await other.gallery.load(guild_id, MODEL)

    async with open_again() as other:
        copies = other.snapshots(load)
        assert (await copies.get(HERE)).characters == ()
        for n in range(1, 6):
            await store.lessons.teach(HERE, ALICE, samples(n), actor_id=STAFF)
            (alice,) = (await copies.get(HERE)).characters
            assert len(alice.exemplars) == n
        same = await asyncio.gather(*(copies.get(HERE) for _ in range(20)))
        assert len({id(one) for one in same}) == 1
        assert loads == [HERE] * 6
        copies.close()


async def test_callers_that_come_together_share_one_reading(store: Store) -> None:
    loads = []

    async def load(guild_id: int) -> int:
        loads.append(guild_id)
        await asyncio.sleep(0.01)
        return len(loads)

    copies = store.snapshots(load, limit=2)
    assert set(await asyncio.gather(*(copies.get(HERE) for _ in range(10)))) == {1}
    assert [await copies.get(1), await copies.get(2)] == [2, 3]
    assert await copies.get(HERE) == 4  # it was pushed out


async def test_a_peek_follows_what_is_heard(store: Store, open_again: Open) -> None:
    async with open_again() as other:
        reads = []

        async def load(guild_id: int) -> str | None:
            reads.append(guild_id)
            return (await other.settings.get(guild_id)).language

        copies = other.snapshots(load)
        assert [await copies.peek(HERE) for _ in range(3)] == [None, None, None]
        assert len(reads) == 1
        heard: list[Change] = []
        other.changes.subscribe(heard.append)
        await store.settings.change(HERE, STAFF, language="es-ES")
        await until(lambda: len(heard) == 1)
        assert [await copies.peek(HERE) for _ in range(3)] == ["es-ES"] * 3
        assert len(reads) == 2


async def test_a_failed_reading_is_tried_again(store: Store) -> None:
    answers = iter([OSError(), 5])

    async def load(guild_id: int) -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    copies = store.snapshots(load)
    with pytest.raises(OSError):
        await copies.get(HERE)
    assert await copies.peek(HERE) == 5


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)  # a file cannot be lost so
async def test_a_lost_connection_is_found_again(store: Store, open_again: Open, url: str) -> None:
    heard: list[Change] = []
    store.changes.subscribe(heard.append)
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()
    async with open_again() as other:
        await other.lessons.teach(HERE, ALICE, samples(1), actor_id=STAFF)
    # Told although the process was deaf at the time, and the pool has new connections, too.
    await until(lambda: len(heard) == 1)
    assert len((await store.gallery.load(HERE, MODEL)).characters) == 1


CHILD = """
import asyncio, sys
from store.opening import open_store
from store.types import LessonSource, LessonState
from tests.store.made import ALICE, HERE, STAFF, samples

async def main(url: str, mode: str) -> None:
    async with open_store(url) as store:
        if mode == "learned":
            await store.lessons.teach(HERE, ALICE, samples(1, 2), actor_id=STAFF)
            print("learned", flush=True)
        else:
            async with store.lessons._database.changing(HERE) as changing:
                await store.lessons._begin(
                    changing, "X", STAFF, None, LessonSource.TEACH, LessonState.LEARNED
                )
                print("half way", flush=True)
                await asyncio.sleep(60)
        await asyncio.sleep(60)

asyncio.run(main(sys.argv[1], sys.argv[2]))
"""


async def killed(url: str, mode: str) -> str:
    """Runs a process that teaches, kills it as soon as it says a line, and returns the line."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, url, mode, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert child.stdout is not None
    async with asyncio.timeout(60):
        line = await child.stdout.readline()
    os.kill(child.pid, signal.SIGKILL)
    assert await child.wait() == -signal.SIGKILL
    return line.decode().strip()


async def test_learned_survives_a_kill_and_is_known_everywhere_at_once(
    store: Store, url: str
) -> None:
    heard: list[Change] = []
    store.changes.subscribe(heard.append)
    assert await killed(url, "learned") == "learned"
    gallery = await store.gallery.load(HERE, MODEL)
    assert [(one.name, len(one.exemplars)) for one in gallery.characters] == [(ALICE.name, 2)]
    await until(lambda: [change.guild_id for change in heard] == [HERE])
    async with open_store(url) as later:
        again = await later.lessons.teach(HERE, ALICE, samples(1, 2, 3), actor_id=STAFF)
    assert (again.exemplars, again.duplicates) == (1, 2)


async def test_half_a_lesson_does_not_survive(store: Store, url: str) -> None:
    assert await killed(url, "half way") == "half way"
    assert await store.servers.known() == ()
    await store.lessons.teach(HERE, REI, samples(1), actor_id=STAFF)
    assert len(await store.gallery.characters(HERE)) == 1


async def test_a_cancelled_change_is_none(store: Store) -> None:
    database: Database = store.lessons._database

    async def stuck() -> None:
        async with database.changing(HERE):
            await asyncio.sleep(60)

    task = asyncio.create_task(stuck())
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await store.lessons.teach(HERE, ALICE, samples(1), actor_id=STAFF)
    assert len(await store.servers.known()) == 1


async def test_many_tasks_and_processes_lose_nothing(store: Store, open_again: Open) -> None:
    async with open_again() as other:
        lessons = await asyncio.gather(
            *(
                (store, other)[n % 2].lessons.teach(
                    (HERE, THERE)[n % 3 == 0], ALICE, samples(n), actor_id=STAFF
                )
                for n in range(30)
            )
        )
    assert len({lesson.id for lesson in lessons}) == 30
    counts = [(await store.gallery.characters(place))[0].exemplars for place in (HERE, THERE)]
    assert counts == [20, 10]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)  # PostgreSQL has its operator
async def test_the_file_is_written_as_promised(url: str) -> None:
    """What the durability of an acknowledged lesson rests on."""
    database = Database(read_url(url))
    found = {}
    async with database.reading() as connection:
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
            found[pragma] = (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one()
    await database.aclose()
    full = 2
    wanted = {"journal_mode": "wal", "synchronous": full, "foreign_keys": 1}
    assert found == {**wanted, "busy_timeout": 10_000}


class Hints:
    """Revisions and hints that a test gives by hand, to come at the worst moment."""

    def __init__(self) -> None:
        self.number = 1
        self.listeners: list[Callable[[Change], None]] = []

    async def revision(self, guild_id: int) -> int:
        await asyncio.sleep(0)
        return self.number

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: None

    def change(self) -> None:
        self.number += 1
        for listener in self.listeners:
            listener(Change(HERE, self.number))


async def test_a_change_during_the_first_reading_is_not_missed() -> None:
    hints = Hints()

    async def load(guild_id: int) -> int:
        found = hints.number
        if found == 1:
            hints.change()
        await asyncio.sleep(0)
        return found

    copies = Snapshots(hints, hints, load)
    assert await copies.peek(HERE) == 1  # as of when it was asked
    assert await copies.peek(HERE) == 2


async def test_a_hint_that_was_none_costs_one_look() -> None:
    hints = Hints()
    asked = 0

    async def revision(guild_id: int) -> int:
        nonlocal asked
        asked += 1
        return hints.number

    async def load(guild_id: int) -> int:
        return hints.number

    hints.revision = revision  # type: ignore[method-assign]
    copies = Snapshots(hints, hints, load)
    await copies.peek(HERE)
    hints.listeners[0](Change(HERE, 0))
    assert [await copies.peek(HERE) for _ in range(5)] == [1] * 5
    assert asked == 2


async def test_after_a_failure_a_peek_is_not_content_with_the_old_copy() -> None:
    hints = Hints()
    broken = False

    async def load(guild_id: int) -> int:
        if broken:
            raise OSError
        return hints.number

    copies = Snapshots(hints, hints, load)
    assert await copies.peek(HERE) == 1
    hints.change()
    broken = True
    for _ in range(2):
        with pytest.raises(OSError):
            await copies.peek(HERE)
    broken = False
    assert await copies.peek(HERE) == 2


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)  # PostgreSQL locks rows instead
async def test_a_write_that_reads_first_keeps_its_turn(store: Store, url: str) -> None:
    await store.budgets.take("count", per_minute=1)
    databases = [Database(read_url(url)) for _ in range(2)]

    async def count(database: Database) -> None:
        for _ in range(5):
            async with database.writing() as connection:
                found = await connection.exec_driver_sql("SELECT name FROM budgets")
                name = found.scalar_one() + "!"
                await asyncio.sleep(0.01)
                await connection.exec_driver_sql("UPDATE budgets SET name = ?", (name,))

    try:
        await asyncio.gather(*map(count, databases))
        async with databases[0].reading() as connection:
            found = await connection.exec_driver_sql("SELECT name FROM budgets")
            assert found.scalar_one() == "count" + "!" * 10
    finally:
        for database in databases:
            await database.aclose()
