"""One request at a time and member, with a pause in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cogs.shared.refusals import AlreadyAsking, AskedTooSoon

_SWEEP_AT = 10_000


class Turns:
    """Who is asking, and who has just asked. In memory: a restart forgives everyone.

    Args:
        cooldown_s: seconds from the end of an answered request to the member's next one.
        clock: monotonic seconds.
    """

    def __init__(self, cooldown_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.cooldown_s = cooldown_s
        self._clock = clock
        self._asking: set[int] = set()
        self._free_at: dict[int, float] = {}

    @contextmanager
    def take(self, user_id: int) -> Iterator[None]:
        """The member's turn. Only an answered request starts the cooldown: whoever got an error
        may try again at once.

        Raises:
            AlreadyAsking, AskedTooSoon: it is not their turn.
        """
        if user_id in self._asking:
            raise AlreadyAsking
        wait_s = self._free_at.get(user_id, 0.0) - self._clock()
        if wait_s > 0:
            raise AskedTooSoon(wait_s)
        self._asking.add(user_id)
        try:
            yield
            self._remember(user_id)
        finally:
            self._asking.discard(user_id)

    def _remember(self, user_id: int) -> None:
        now = self._clock()
        if len(self._free_at) >= _SWEEP_AT:
            self._free_at = {one: at for one, at in self._free_at.items() if at > now}
        self._free_at[user_id] = now + self.cooldown_s
