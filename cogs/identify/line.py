"""The line that requests stand in: its places are told to people, its turns bound the memory.

Whoever stands in it holds next to nothing. Pictures are fetched when it is one's turn, so that a
hundred people at once cost no more than the first few of them.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator

AT_WORK = 8
"""Requests whose pictures are in memory at a time: enough to fetch while others are looked at."""
FOLLOWING = 4
"""Those of them that may follow a member's link: a slow host holds up no more than these."""


class Line:
    """Requests in the order in which they came."""

    def __init__(self) -> None:
        self._standing: dict[object, None] = {}
        self._at_work = asyncio.Semaphore(AT_WORK)
        self._following = asyncio.Semaphore(FOLLOWING)

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

    async def turn(self, held: contextlib.AsyncExitStack, *, follows: bool) -> None:
        """Waits until it is one's turn, which lasts until `held` is closed.

        Args:
            follows: it will follow a member's link.
        """
        if follows:
            await held.enter_async_context(self._following)
        await held.enter_async_context(self._at_work)
