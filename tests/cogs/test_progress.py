"""A place in line, and what is said of it after it was left."""

from __future__ import annotations

import asyncio
import contextlib

from cogs.identify.line import AT_WORK, FOLLOWING, Line
from cogs.identify.progress import Progress


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


async def test_turns_are_few_and_those_that_follow_links_fewer() -> None:
    line = Line()
    done = asyncio.Event()
    going: list[str] = []

    async def one(name: str, *, follows: bool) -> None:
        async with contextlib.AsyncExitStack() as held:
            await line.turn(held, follows=follows)
            going.append(name)
            await done.wait()

    links = [asyncio.create_task(one("link", follows=True)) for _ in range(20)]
    await asyncio.sleep(0.01)
    files = [asyncio.create_task(one("file", follows=False)) for _ in range(20)]
    await asyncio.sleep(0.01)
    assert going == ["link"] * FOLLOWING + ["file"] * (AT_WORK - FOLLOWING)
    done.set()
    await asyncio.gather(*links, *files)
    assert len(going) == 40


async def test_who_stops_waiting_takes_no_turn() -> None:
    line = Line()
    async with contextlib.AsyncExitStack() as held:
        for _ in range(AT_WORK):
            await line.turn(held, follows=False)
        waiting = asyncio.create_task(line.turn(contextlib.AsyncExitStack(), follows=False))
        await asyncio.sleep(0.01)
        waiting.cancel()
    async with contextlib.AsyncExitStack() as held:
        async with asyncio.timeout(1):
            for _ in range(AT_WORK):
                await line.turn(held, follows=False)
