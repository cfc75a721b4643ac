"""Snowflakes: 42 bits of milliseconds since 2015, then 22 bits that keep them unique.

Source: Discord API reference, "Snowflakes".
"""

from __future__ import annotations

from datetime import UTC, datetime

from sandbox.clock import Clock

DISCORD_EPOCH_MS = 1_420_070_400_000


class Snowflakes:
    """Hands out ids that grow strictly, also within one millisecond and when the clock stands."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """A fresh id, larger than every earlier one."""
        made = (int(self._clock.time() * 1000) - DISCORD_EPOCH_MS) << 22
        self._last = max(made, self._last + 1)
        return self._last


def created_at(snowflake: int) -> datetime:
    """The moment an id was made."""
    return datetime.fromtimestamp(((snowflake >> 22) + DISCORD_EPOCH_MS) / 1000, tz=UTC)


def shard_of(guild_id: int, shard_count: int) -> int:
    """The shard that receives a guild's events (Gateway docs, "Sharding")."""
    return (guild_id >> 22) % shard_count
