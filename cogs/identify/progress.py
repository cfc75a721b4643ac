"""What people see of slow work: their place in line, and which picture is being looked at."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import discord

from cogs.identify import texts

EVERY_S = 1.5
_PLACES_TOLD_AT_ONCE = 4
log = logging.getLogger(__name__)


class Progress:
    """How far one request is. ``number`` is the picture looked at, 0 before the first."""

    def __init__(self) -> None:
        self.number = 0
        self.total = 1
        self.ahead: Callable[[], int] = lambda: 0

    def text(self) -> str:
        if not self.number and self.ahead():
            return texts.in_line(self.ahead() + 1)
        return texts.looking(self.number, self.total, self.ahead())

    @contextlib.asynccontextmanager
    async def told(
        self, tell: Callable[[str], Awaitable[None]], *, after_s: float, every_s: float = EVERY_S
    ) -> AsyncIterator[None]:
        """Tells what changed, from `after_s` seconds on; quick answers tell nothing.

        At its end nothing more is on its way: the answer cannot be overwritten.
        """
        done = asyncio.Event()
        telling = asyncio.create_task(self._tell(tell, done, after_s, every_s))
        try:
            yield
        finally:
            done.set()
            await telling

    async def _tell(
        self,
        tell: Callable[[str], Awaitable[None]],
        done: asyncio.Event,
        after_s: float,
        every_s: float,
    ) -> None:
        said, pause_s = "", after_s
        while not await _set_within(done, pause_s):
            # A long line would otherwise be told of faster than Discord takes it.
            pause_s = every_s * max(1.0, self.ahead() / _PLACES_TOLD_AT_ONCE)
            if (text := self.text()) == said:
                continue
            try:
                await tell(text)
            except discord.HTTPException:
                log.info("could not tell of the progress", exc_info=True)
                return
            said = text


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
