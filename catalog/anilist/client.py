"""AniList as a source: kept answers first, one flight a key, a budget, a breaker."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from catalog.anilist.breaker import Breaker
from catalog.anilist.errors import (
    AniListBusy,
    AniListMalformed,
    AniListUnavailable,
    AniListUnreachable,
)
from catalog.anilist.flights import Flights
from catalog.anilist.keeping import Budget, Cache, MemoryBudget, MemoryCache
from catalog.anilist.parsing import parse_details, parse_search, parse_series
from catalog.anilist.queries import DETAILS, MOST_FOUND, N_PAGE, OF_SERIES, POPULAR, SEARCH
from catalog.anilist.transport import Transport
from catalog.matching import fold
from catalog.types import Profile

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
PUBLIC_API = "https://graphql.anilist.co"
BUDGET = "anilist"
# 5 at once and 25 a minute: no window of a minute holds more than the 30 that AniList grants.
PER_MINUTE, BURST = 25, 5
_DAY_S = 86_400.0
DETAILS_TTL_S, SEARCH_TTL_S = 7 * _DAY_S, _DAY_S
_LONGEST_QUERY = 100
_FORM = 1
"""Counted up when the documents in ``queries`` change: what was kept for the old ones is unused."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer(Generic[T_co]):
    """``stale``: it is an old one, as AniList cannot be asked."""

    value: T_co
    stale: bool = False


class AniList:
    """Characters on AniList. An async context manager.

    Args:
        address: of the GraphQL API.
        cache, budget: see ``catalog.anilist.keeping``; None: in memory.
        breaker: None: the usual one.
        patience_s: how long a caller is kept waiting. The request goes on, and what it brings is
            kept for the next one who asks.
        timeout_s: for one request.
        forgiven: what `cache` and `budget` raise where they cannot be used for the time being.
            Without the cache AniList is asked; without the budget it is not.
    """

    def __init__(
        self,
        address: str = PUBLIC_API,
        *,
        cache: Cache | None = None,
        budget: Budget | None = None,
        breaker: Breaker | None = None,
        patience_s: float = 4.0,
        timeout_s: float = 15.0,
        forgiven: tuple[type[Exception], ...] = (),
    ) -> None:
        self._address = address
        self._cache: Cache = cache or MemoryCache()
        self._budget: Budget = budget or MemoryBudget()
        self._breaker = breaker or Breaker()
        self._patience_s = patience_s
        self._timeout_s = timeout_s
        self._forgiven = forgiven
        self._flights: Flights[Any] = Flights()
        self._transport: Transport | None = None

    async def __aenter__(self) -> Self:
        self._transport = Transport(self._address, self._timeout_s)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._flights.aclose()
        if self._transport is not None:
            await self._transport.aclose()

    async def search(self, text: str) -> Answer[tuple[Profile, ...]]:
        """Whom AniList finds, best first; at most ten, none only for adults.

        Raises:
            AniListUnavailable: it cannot be asked, and no older answer is kept.
        """
        typed = " ".join(text.split())[:_LONGEST_QUERY]
        if not fold(typed):
            return Answer(())
        key = f"anilist:{_FORM}:search:{fold(typed)}"
        variables = {"text": typed, "most": MOST_FOUND}
        return await self._look_up(key, SEARCH, variables, parse_search, SEARCH_TTL_S)

    async def popular(self, page: int) -> Answer[tuple[Profile, ...]]:
        """The best-known characters, 25 a page from 1; none only for adults.

        Raises:
            AniListUnavailable: it cannot be asked, and no older answer is kept.
        """
        key = f"anilist:{_FORM}:popular:{page}"
        variables = {"page": page, "most": N_PAGE}
        return await self._look_up(key, POPULAR, variables, parse_search, DETAILS_TTL_S)

    async def of_series(self, text: str) -> Answer[tuple[Profile, ...]]:
        """The characters of the series that fits best, main ones first, at most 25.

        Raises:
            AniListUnavailable: it cannot be asked, and no older answer is kept.
        """
        typed = " ".join(text.split())[:_LONGEST_QUERY]
        if not fold(typed):
            return Answer(())
        key = f"anilist:{_FORM}:series:{fold(typed)}"
        variables = {"text": typed, "most": N_PAGE}
        return await self._look_up(key, OF_SERIES, variables, parse_series, DETAILS_TTL_S)

    async def details(self, character_id: int) -> Answer[Profile | None]:
        """The character of this number; None: there is none, or it is only for adults.

        Raises:
            AniListUnavailable: it cannot be asked, and no older answer is kept.
        """
        key = f"anilist:{_FORM}:character:{character_id}"
        variables = {"id": character_id}
        return await self._look_up(key, DETAILS, variables, parse_details, DETAILS_TTL_S)

    async def _look_up(
        self,
        key: str,
        document: str,
        variables: Mapping[str, Any],
        parse: Callable[[Mapping[str, Any]], T],
        ttl_s: float,
    ) -> Answer[T]:
        kept = await self._kept(key, parse)
        if kept is not None and not kept.stale:
            return kept

        async def fetch() -> T:
            data = await self._ask(document, variables, parse)
            await self._keep(key, data, ttl_s)
            return parse(data)

        try:
            async with asyncio.timeout(self._patience_s):
                return Answer(await self._flights.join(key, fetch))
        except (AniListUnavailable, TimeoutError) as problem:
            log.info("anilist has no answer kept=%s %r", kept is not None, problem)
            if kept is not None:
                return kept
            if isinstance(problem, TimeoutError):
                raise AniListUnreachable("slow") from None
            raise

    async def _kept(self, key: str, parse: Callable[[Mapping[str, Any]], T]) -> Answer[T] | None:
        try:
            entry = await self._cache.get(key)
        except self._forgiven as problem:
            log.warning("cannot see what is kept %r", problem)
            return None
        try:
            return None if entry is None else Answer(parse(entry.value or {}), entry.stale)
        except AniListMalformed as problem:  # kept by a version that read it in another way
            log.warning("kept answer cannot be read key=%r %r", key, problem)
            return None

    async def _keep(self, key: str, data: Mapping[str, Any], ttl_s: float) -> None:
        try:
            await self._cache.put(key, dict(data), ttl_s)
        except self._forgiven as problem:
            log.warning("cannot keep an answer %r", problem)

    async def _ask(
        self, document: str, variables: Mapping[str, Any], parse: Callable[[Mapping[str, Any]], T]
    ) -> Mapping[str, Any]:
        """One request, told to the breaker. An answer that cannot be read is a failure too."""
        assert self._transport is not None, "enter the context first"
        self._breaker.check()
        told = self._breaker.gave_up
        began = time.monotonic()
        try:
            await self._wait_for_budget()
            try:
                data = await self._transport.post(document, variables)
                parse(data)
            except AniListBusy as busy:  # AniList is there, and says for how long to wait
                with contextlib.suppress(*self._forgiven):
                    await self._budget.pause(BUDGET, busy.wait_s)
                raise
            except AniListUnavailable:
                told = self._breaker.failed
                raise
            told = self._breaker.succeeded
        finally:
            told()
        log.info("asked anilist ms=%.0f", 1000 * (time.monotonic() - began))
        return data

    async def _wait_for_budget(self) -> None:
        """Takes one request out of the budget; waits where that is shorter than the patience."""
        ends_at = time.monotonic() + self._patience_s
        while wait_s := await self._take():
            if time.monotonic() + wait_s > ends_at:
                raise AniListBusy(wait_s)
            await asyncio.sleep(wait_s)

    async def _take(self) -> float:
        try:
            return await self._budget.take(BUDGET, per_minute=PER_MINUTE, burst=BURST)
        except self._forgiven as problem:
            raise AniListUnreachable("budget") from problem
