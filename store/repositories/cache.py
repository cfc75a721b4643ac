"""What was looked up elsewhere (AniList), with an end to its use. Nothing here is about members."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select

from store.database import Database
from store.errors import ValueRefused
from store.models import CacheRow
from store.types import CacheEntry, Limits

MOST_KEY = 300


class CacheRepository:
    """A cache that all servers and processes share."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    async def get(self, key: str) -> CacheEntry | None:
        """What is cached; it may be stale, which is good enough while the source is down."""
        async with self._database.reading() as connection:
            row = (
                await connection.execute(select(CacheRow.__table__).where(CacheRow.key == key))
            ).one_or_none()
        if row is None:
            return None
        stale = row.expires_at <= self._database.clock()
        value = None if row.value is None else row.value["value"]
        return CacheEntry(row.key, value, row.fetched_at, row.expires_at, stale)

    async def put(self, key: str, value: Any, ttl_s: float) -> None:
        """Caches a JSON value (None: there is no such thing) for `ttl_s` seconds.

        Beyond `Limits.cache_entries` those that expire first are dropped.

        Raises:
            ValueRefused: the key has more than 300 characters, or none.
        """
        if not 1 <= len(key) <= MOST_KEY:
            raise ValueRefused("key", key[:MOST_KEY])
        now = self._database.clock()
        columns = {
            "value": None if value is None else {"value": value},
            "fetched_at": now,
            "expires_at": now + timedelta(seconds=ttl_s),
        }
        statement = self._database.insert(CacheRow).values(key=key, **columns)
        statement = statement.on_conflict_do_update(index_elements=[CacheRow.key], set_=columns)
        async with self._database.writing() as connection:
            await connection.execute(statement)
            counted = await connection.execute(select(func.count()).select_from(CacheRow))
            too_many = counted.scalar_one() - self._limits.cache_entries
            if too_many > 0:
                oldest = select(CacheRow.key).where(CacheRow.key != key)
                oldest = oldest.order_by(CacheRow.expires_at, CacheRow.key)
                # A tenth more, so that a full cache is not swept at every request.
                enough = oldest.limit(too_many + self._limits.cache_entries // 10)
                await connection.execute(delete(CacheRow).where(CacheRow.key.in_(enough)))

    async def drop(self, key: str) -> None:
        """Forgets one value."""
        async with self._database.writing() as connection:
            await connection.execute(delete(CacheRow).where(CacheRow.key == key))
