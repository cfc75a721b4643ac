"""Counts requests under way, so that a bot told to stop finishes them and takes no more."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from cogs.shared.refusals import Stopping


class Work:
    """The requests being answered. Used from the event loop only."""

    def __init__(self) -> None:
        self._running = 0
        self._stopping = False
        self._changed = asyncio.Event()
        self._stop = asyncio.Event()

    @property
    def running(self) -> int:
        return self._running

    @property
    def stopping(self) -> bool:
        return self._stopping

    @contextmanager
    def request(self) -> Iterator[None]:
        """One request, from its arrival to its answer.

        Raises:
            Stopping: the bot is being shut down.
        """
        if self._stopping:
            raise Stopping
        with self.part():
            yield

    @contextmanager
    def part(self) -> Iterator[None]:
        """Work that belongs to a request (telling of its failure): done even while stopping."""
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            self._changed.set()

    async def unless_stopping(self, waiting: Coroutine[Any, Any, None]) -> None:
        """Waits for something that may take long.

        Raises:
            Stopping: the bot is being shut down, and it is still not done.
        """
        wait, stop = asyncio.create_task(waiting), asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({wait, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not wait.done():
                raise Stopping
            wait.result()
        finally:
            for task in (wait, stop):
                task.cancel()
            await asyncio.gather(wait, stop, return_exceptions=True)

    async def drain(self, limit_s: float) -> int:
        """Takes no more requests and waits for those under way, `limit_s` seconds at most.

        Returns how many were still running then.
        """
        self._stopping = True
        self._stop.set()
        return await self.idle(limit_s)

    async def idle(self, limit_s: float) -> int:
        """Waits until nothing is running, `limit_s` seconds at most; returns what still is."""
        try:
            async with asyncio.timeout(limit_s):
                while self._running:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            pass
        return self._running
