"""Leaves a source that keeps failing alone, and tries it again now and then."""

from __future__ import annotations

import time
from collections.abc import Callable

from catalog.anilist.errors import AniListResting


class Breaker:
    """Opens after some failures in a row; then one trial a pause, and pauses that double.

    Args:
        failures: in a row, until it opens.
        rest_s: the first pause, seconds; every failed trial doubles it, up to `longest_rest_s`.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        failures: int = 4,
        rest_s: float = 30.0,
        longest_rest_s: float = 900.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._first_rest_s = rest_s
        self._longest_rest_s = longest_rest_s
        self._clock = clock
        self._failures = 0
        self._rest_s = rest_s
        self._rests_until: float | None = None
        self._trying = False

    @property
    def open(self) -> bool:
        """Whether requests are being held back."""
        return self._rests_until is not None

    def check(self) -> None:
        """Call before every request, and `succeeded`, `failed` or `gave_up` after it.

        Raises:
            AniListResting: it is open, or somebody else's trial is under way.
        """
        if self._rests_until is None:
            return
        left_s = self._rests_until - self._clock()
        if left_s > 0 or self._trying:
            raise AniListResting(max(left_s, 1.0))
        self._trying = True

    def succeeded(self) -> None:
        """The source answered."""
        self._failures = 0
        self._rest_s = self._first_rest_s
        self._rests_until = None
        self._trying = False

    def failed(self) -> None:
        """The source did not answer, or not usefully."""
        self._failures += 1
        if self._trying:
            self._rest_s = min(2 * self._rest_s, self._longest_rest_s)
        self._trying = False
        if self._rests_until is not None or self._failures >= self._limit:
            self._rests_until = self._clock() + self._rest_s

    def gave_up(self) -> None:
        """Nothing was asked after all: the next one may try."""
        self._trying = False
