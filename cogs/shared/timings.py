"""How long answers have taken lately."""

from __future__ import annotations

import statistics
from collections import deque

_MOST = 200


class Timings:
    """Of the last answers, from question to posted answer. In memory: a restart begins anew."""

    def __init__(self) -> None:
        self._seconds: deque[float] = deque(maxlen=_MOST)

    def note(self, seconds: float) -> None:
        """One more answer."""
        self._seconds.append(seconds)

    def __len__(self) -> int:
        return len(self._seconds)

    def share_within(self, share: float) -> float | None:
        """Seconds within which this share (0 to 1) was answered; None before the first answer."""
        if not self._seconds:
            return None
        if len(self._seconds) == 1:
            return self._seconds[0]
        cuts = statistics.quantiles(self._seconds, n=100, method="inclusive")
        return cuts[min(98, max(0, round(100 * share) - 1))]
