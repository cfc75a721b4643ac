"""What was looked up elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """A looked-up value, JSON as Python objects; None: it was looked up and does not exist.

    ``stale``: it has expired and is good only while the source cannot be reached.
    """

    key: str
    value: Any
    fetched_at: datetime
    expires_at: datetime
    stale: bool
