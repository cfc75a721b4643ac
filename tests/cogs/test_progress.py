"""A place in line, and what is said of it after it was left."""

from __future__ import annotations

import asyncio

from cogs.identify.progress import Line, Progress


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
