"""How many pictures a listening channel gets answered in a minute."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

MINUTE_S = 60.0
_SWEEP_AT = 10_000


class Pace:
    """Counts the pictures of the last minute by channel. In memory: a restart forgives everyone.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._taken: dict[int, deque[float]] = {}

    def take(self, channel_id: int, wanted: int, per_minute: int) -> int:
        """Takes up to `wanted` pictures out of the channel's minute; returns how many it got."""
        now = self._clock()
        if len(self._taken) >= _SWEEP_AT:
            fresh = {one: at for one, at in self._taken.items() if now - at[-1] < MINUTE_S}
            self._taken = fresh
        taken = self._taken.setdefault(channel_id, deque())
        while taken and now - taken[0] >= MINUTE_S:
            taken.popleft()
        got = max(0, min(wanted, per_minute - len(taken)))
        taken.extend([now] * got)
        if not taken:
            del self._taken[channel_id]
        return got
