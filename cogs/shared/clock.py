"""What time it is, and waiting for another: what a test can replace where the rest stays real."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Seconds since 1970, which go on while the bot is away."""

    def now_s(self) -> float:
        """The time."""
        ...

    async def sleep_until(self, when_s: float) -> None:
        """Returns when it is that late, at once where it is already."""
        ...


class WallClock:
    """The machine's own clock."""

    def now_s(self) -> float:
        return time.time()

    async def sleep_until(self, when_s: float) -> None:
        await asyncio.sleep(max(0.0, when_s - time.time()))
