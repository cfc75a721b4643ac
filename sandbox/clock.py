"""Time as the stand-in sees it: the machine's clock plus an offset that tests may push forward."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """The one source of time.

    ``advance`` moves every deadline of the stand-in (3 s to acknowledge, 15 min of a token,
    rate-limit windows, link expiry) without anybody sleeping. Time still runs by itself.
    """

    def __init__(self) -> None:
        self._offset_s = 0.0

    def time(self) -> float:
        """Seconds since the Unix epoch."""
        return time.time() + self._offset_s

    def monotonic(self) -> float:
        """Seconds on a clock that never runs backwards; only differences mean something."""
        return time.monotonic() + self._offset_s

    def now(self) -> datetime:
        """The wall clock in UTC."""
        return datetime.fromtimestamp(self.time(), tz=UTC)

    def advance(self, seconds: float) -> None:
        """Move time forward by ``seconds`` (≥ 0).

        Raises:
            ValueError: ``seconds`` is negative.
        """
        if seconds < 0:
            raise ValueError("time only moves forward")
        self._offset_s += seconds


def isoformat(moment: datetime) -> str:
    """ISO 8601 with microseconds and an offset, the way Discord writes timestamps."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
