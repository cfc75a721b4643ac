"""A place in line, and what is said of it after it was left."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from cogs.identify.progress import Progress
from cogs.shared.line import AT_WORK, SLOW_AT_WORK, Line
from cogs.shared.refusals import Stopping
from cogs.shared.work import Work


def test_places_move_up_and_leaving_is_no_mistake() -> None:
    line = Line()
    with line.stand() as first:
        with line.stand() as second:
            assert (first(), second()) == (0, 1)
        assert second() == 0
    assert first() == 0


async def test_progress_is_told_while_an_answer_is_written_after_the_line_was_left() -> None:
    line, progress, said = Line(), Progress(), list[str]()
    heard = asyncio.Event()

    async def tell(text: str) -> None:
        said.append(text)
        heard.set()

    async with progress.told(tell, after_s=0.01, every_s=0.01):
        with line.stand() as progress.ahead:
            progress.number = 1
        async with asyncio.timeout(5):
            await heard.wait()
    assert said == ["Looking at the picture …"]


async def test_a_long_line_is_told_of_less_often() -> None:
    said: list[tuple[float, str]] = []
    loop = asyncio.get_running_loop()

    async def tell(text: str) -> None:
        said.append((loop.time(), text))

    far, near = Progress(), Progress()
    far.ahead, near.ahead = iter(range(90, 0, -1)).__next__, lambda: 0
    for progress in (far, near):
        said.clear()
        progress.total = 10
        async with progress.told(tell, after_s=0.01, every_s=0.05):
            for progress.number in range(10):
                await asyncio.sleep(0.03)
        if progress is far:
            assert len(said) == 1
    assert len(said) >= 4


async def test_turns_are_few_and_slow_ones_fewer() -> None:
    line, work = Line(), Work()
    done = asyncio.Event()
    going: list[str] = []

    async def one(name: str, *, slow: bool) -> None:
        async with line.turn(work, slow=slow):
            going.append(name)
            await done.wait()

    links = [asyncio.create_task(one("link", slow=True)) for _ in range(20)]
    await asyncio.sleep(0.01)
    files = [asyncio.create_task(one("file", slow=False)) for _ in range(20)]
    await asyncio.sleep(0.01)
    assert going == ["link"] * SLOW_AT_WORK + ["file"] * (AT_WORK - SLOW_AT_WORK)
    done.set()
    await asyncio.gather(*links, *files)
    assert len(going) == 40


async def test_who_stops_waiting_takes_no_turn() -> None:
    line, work = Line(), Work()

    async def one() -> None:
        async with line.turn(work, slow=True):
            raise AssertionError("it was nobody's turn")

    async with contextlib.AsyncExitStack() as held:
        for _ in range(AT_WORK):
            await held.enter_async_context(line.turn(work))
        waiting = [asyncio.create_task(one()) for _ in range(AT_WORK)]
        await asyncio.sleep(0.01)
        for task in waiting[1:]:
            task.cancel()
        await work.drain(0.0)
        with pytest.raises(Stopping):
            await waiting[0]
    after = Work()
    async with contextlib.AsyncExitStack() as held, asyncio.timeout(1):
        for number in range(AT_WORK):
            await held.enter_async_context(line.turn(after, slow=number < SLOW_AT_WORK))
