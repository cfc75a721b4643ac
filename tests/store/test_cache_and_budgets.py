"""What is looked up elsewhere: cached, and asked for at a rate that all processes share."""

from __future__ import annotations

import asyncio

import pytest

from store.errors import ValueRefused
from store.opening import Store
from store.types import Limits
from tests.store.conftest import Clock, Open


async def test_a_value_is_fresh_then_stale(store: Store, open_again: Open, clock: Clock) -> None:
    value = {"name": "綾波レイ", "id": 86, "tags": [None, True, 1.5]}
    await store.cache.put("anilist:character:86", value, ttl_s=3600)
    async with open_again() as other:
        entry = await other.cache.get("anilist:character:86")
    assert entry is not None
    assert (entry.value, entry.stale, entry.fetched_at) == (value, False, clock.now)
    clock.forward(seconds=3600)
    entry = await store.cache.get("anilist:character:86")
    assert entry is not None
    assert entry.stale
    await store.cache.put("anilist:character:86", ["newer"], ttl_s=10)
    entry = await store.cache.get("anilist:character:86")
    assert entry is not None
    assert (entry.value, entry.stale) == (["newer"], False)
    await store.cache.drop("anilist:character:86")
    assert await store.cache.get("anilist:character:86") is None


async def test_that_there_is_no_such_thing_is_cached_too(store: Store) -> None:
    await store.cache.put("none", None, ttl_s=60)
    entry = await store.cache.get("none")
    assert entry is not None
    assert entry.value is None
    assert await store.cache.get("never asked") is None


async def test_writers_of_one_key_do_not_collide(store: Store, open_again: Open) -> None:
    async with open_again() as other:
        await asyncio.gather(
            *((store, other)[n % 2].cache.put("key", n, ttl_s=60) for n in range(10))
        )
    entry = await store.cache.get("key")
    assert entry is not None
    assert entry.value in range(10)


async def test_a_full_cache_drops_what_expires_first(open_again: Open) -> None:
    async with open_again(limits=Limits(cache_entries=20)) as store:
        for n in range(21):
            await store.cache.put(f"k{n}", n, ttl_s=1000 - n)
        left = [n for n in range(21) if await store.cache.get(f"k{n}") is not None]
    assert left == [*range(17), 20]  # one and a tenth too many; the new one always stays


async def test_keys_have_a_length(store: Store) -> None:
    for key in ("", "x" * 301):
        with pytest.raises(ValueRefused):
            await store.cache.put(key, 1, ttl_s=1)


async def test_a_budget_is_spread_over_the_minute(store: Store, clock: Clock) -> None:
    waits = [await store.budgets.take("anilist", per_minute=30, burst=3) for _ in range(4)]
    assert waits == [0, 0, 0, 2]
    clock.forward(seconds=1.5)
    assert await store.budgets.take("anilist", per_minute=30, burst=3) == 0.5
    clock.forward(seconds=0.5)
    assert await store.budgets.take("anilist", per_minute=30, burst=3) == 0
    assert await store.budgets.take("other", per_minute=30) == 0
    clock.forward(minutes=10)
    waits = [await store.budgets.take("anilist", per_minute=30, burst=3) for _ in range(4)]
    assert waits == [0, 0, 0, 2]


async def test_processes_share_a_budget(store: Store, open_again: Open) -> None:
    async with open_again() as other:
        waits = await asyncio.gather(
            *((store, other)[n % 2].budgets.take("a", per_minute=30, burst=5) for n in range(20))
        )
    assert sum(wait == 0 for wait in waits) == 5


async def test_a_pause_is_kept(store: Store, clock: Clock) -> None:
    await store.budgets.pause("anilist", 60)
    await store.budgets.pause("anilist", 5)
    assert await store.budgets.take("anilist", per_minute=30, burst=30) == 60
    clock.forward(seconds=61)
    assert await store.budgets.take("anilist", per_minute=30, burst=30) == 0
