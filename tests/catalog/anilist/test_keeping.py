"""The same promises from what is kept in memory and from what is kept in the store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalog.anilist import (
    AniList,
    AniListUnreachable,
    Budget,
    Cache,
    MemoryBudget,
    MemoryCache,
)
from catalog.anilist.keeping import MemoryEntry
from store.opening import open_store
from tests.catalog.anilist.stand_in import StandIn


class Time:
    """One clock as seconds and as a date."""

    def __init__(self) -> None:
        self.began = datetime(2026, 1, 1, tzinfo=UTC)
        self.passed_s = 0.0

    def seconds(self) -> float:
        return self.passed_s

    def date(self) -> datetime:
        return self.began + timedelta(seconds=self.passed_s)


@pytest.fixture(params=["memory", "store"])
async def kept(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[tuple[Cache, Budget, Time]]:
    time = Time()
    if request.param == "memory":
        yield MemoryCache(clock=time.seconds), MemoryBudget(time.seconds), time
        return
    async with open_store(f"sqlite:///{tmp_path / 'a.db'}", clock=time.date) as store:
        yield store.cache, store.budgets, time


async def test_a_cache_keeps_until_the_end_and_longer(kept: tuple[Cache, Budget, Time]) -> None:
    cache, _, time = kept
    assert await cache.get("a") is None
    await cache.put("a", {"Character": {"id": 1}}, 10)
    await cache.put("none", None, 10)
    time.passed_s = 9
    entry, none = await cache.get("a"), await cache.get("none")
    assert entry is not None
    assert none is not None
    assert (entry.value, entry.stale, none.value) == ({"Character": {"id": 1}}, False, None)
    time.passed_s = 10
    entry = await cache.get("a")
    assert entry is not None
    assert entry.stale
    await cache.put("a", {}, 10)
    entry = await cache.get("a")
    assert entry is not None
    assert (entry.value, entry.stale) == ({}, False)


async def test_a_budget_is_taken_from_and_paused(kept: tuple[Cache, Budget, Time]) -> None:
    _, budget, time = kept
    taken = [await budget.take("x", per_minute=30, burst=3) for _ in range(4)]
    assert taken[:3] == [0, 0, 0]
    assert taken[3] == pytest.approx(2, abs=0.01)
    assert await budget.take("y", per_minute=30) == 0
    time.passed_s = 2.01
    assert await budget.take("x", per_minute=30, burst=3) == 0
    await budget.pause("x", 50)
    await budget.pause("x", 5)
    assert await budget.take("x", per_minute=30, burst=3) == pytest.approx(50, abs=0.1)
    time.passed_s += 51
    assert await budget.take("x", per_minute=30, burst=3) == 0


async def test_the_client_works_with_it(
    kept: tuple[Cache, Budget, Time], stand_in: StandIn
) -> None:
    cache, budget, time = kept
    for _ in range(2):  # the second client finds what the first one kept
        async with AniList(stand_in.address, cache=cache, budget=budget) as client:
            assert (await client.search("frieren")).value[0].id == 176754
            assert (await client.details(4040404)).value is None
    assert len(stand_in.asked) == 2
    time.passed_s += 30 * 86_400
    stand_in.down()
    async with AniList(stand_in.address, cache=cache, budget=budget) as client:
        assert (await client.search("frieren")).stale


class Gone(Exception):
    """What a cache or a budget raises whose database is gone."""


class GoneCache(MemoryCache):
    async def get(self, key: str) -> MemoryEntry | None:
        raise Gone

    async def put(self, key: str, value: object, ttl_s: float) -> None:
        raise Gone


class GoneBudget(MemoryBudget):
    async def take(self, name: str, *, per_minute: float, burst: int = 1) -> float:
        raise Gone


async def test_without_its_cache_anilist_is_asked(stand_in: StandIn) -> None:
    async with AniList(stand_in.address, cache=GoneCache(), forgiven=(Gone,)) as client:
        for _ in range(2):
            assert (await client.details(86)).value is not None
    assert len(stand_in.asked) == 2
    async with AniList(stand_in.address, cache=GoneCache()) as client:
        with pytest.raises(Gone):
            await client.details(86)


async def test_without_its_budget_it_is_not(stand_in: StandIn) -> None:
    async with AniList(stand_in.address, budget=GoneBudget(), forgiven=(Gone,)) as client:
        for _ in range(6):  # and the breaker takes no offence
            with pytest.raises(AniListUnreachable):
                await client.details(86)
    assert stand_in.asked == []


async def test_memory_forgets_what_was_put_longest_ago() -> None:
    cache = MemoryCache(most=2)
    for key in ("a", "b", "a", "c"):
        await cache.put(key, {}, 1)
    assert await cache.get("b") is None
    assert await cache.get("a") is not None
