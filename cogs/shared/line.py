"""The line that requests stand in: its places are told to people, its turns bound the memory.

Whoever stands in it holds next to nothing. Pictures are fetched when it is one's turn, so that a
hundred people at once cost no more than the first few of them.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator

from cogs.shared.work import Work

AT_WORK = 8
"""Requests whose pictures are in memory at a time: enough to fetch while others are looked at."""
SLOW_AT_WORK = 4
"""Those of them that may be slow: a host that a member named, or a lesson, holds up no more."""


class Line:
    """Requests in the order in which they came. One for everything that looks at pictures."""

    def __init__(self) -> None:
        self._standing: dict[object, None] = {}
        self._at_work = asyncio.Semaphore(AT_WORK)
        self._slow = asyncio.Semaphore(SLOW_AT_WORK)

    @contextlib.contextmanager
    def stand(self) -> Iterator[Callable[[], int]]:
        """A place in the line; the value tells how many are before it, 0 once it has left."""
        me = object()
        self._standing[me] = None
        try:
            # Progress is still told while the answer is written, after the line was left.
            yield lambda: list(self._standing).index(me) if me in self._standing else 0
        finally:
            del self._standing[me]

    @contextlib.asynccontextmanager
    async def turn(self, work: Work, *, slow: bool = False) -> AsyncIterator[None]:
        """Waits for one's turn, which lasts as long as the block.

        Args:
            work: of the bot.
            slow: it follows a member's link, or looks at many pictures.

        Raises:
            Stopping: the bot is being stopped. Who still waits is told so, instead of waiting for
                ever.
        """
        async with contextlib.AsyncExitStack() as held:
            await work.unless_stopping(self._take(held, slow=slow))
            yield

    async def _take(self, held: contextlib.AsyncExitStack, *, slow: bool) -> None:
        if slow:
            await held.enter_async_context(self._slow)
        await held.enter_async_context(self._at_work)
