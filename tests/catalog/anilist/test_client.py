"""The client against a local server: every way an answer can come, or fail to."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web

from catalog.anilist import (
    AniList,
    AniListBusy,
    AniListMalformed,
    AniListRefused,
    AniListResting,
    AniListUnavailable,
    AniListUnreachable,
    Breaker,
    MemoryBudget,
    MemoryCache,
)
from catalog.anilist.client import BUDGET, BURST, DETAILS_TTL_S, PER_MINUTE, SEARCH_TTL_S
from tests.catalog.anilist.stand_in import FRIEREN, StandIn


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def timed(stand_in: StandIn, clock: Clock) -> AsyncIterator[AniList]:
    """A client whose cache, budget and breaker go by `clock`; it waits for nothing."""
    async with AniList(
        stand_in.address,
        cache=MemoryCache(clock=clock),
        budget=MemoryBudget(clock),
        breaker=Breaker(failures=3, rest_s=30, longest_rest_s=100, clock=clock),
        patience_s=0.5,
    ) as client:
        yield client


async def test_a_search_finds_and_is_kept(anilist: AniList, stand_in: StandIn) -> None:
    first = await anilist.search("frieren")
    assert [one.name for one in first.value] == ["Frieren"]
    assert not first.stale
    # Case, width and blanks make no other question.
    assert await anilist.search("  ＦＲＩＥＲＥＮ ") == first
    assert len(stand_in.asked) == 1


async def test_details_are_kept_too_and_so_is_that_there_are_none(
    anilist: AniList, stand_in: StandIn
) -> None:
    for _ in range(2):
        found = (await anilist.details(86)).value
        assert found is not None
        assert found.name == "Rei Ayanami"
        assert (await anilist.details(4040404)).value is None
        assert (await anilist.search("nobody at all")).value == ()
    assert len(stand_in.asked) == 3


async def test_who_is_only_for_adults_is_not_found(anilist: AniList) -> None:
    assert (await anilist.search("adult")).value[0].name == "Half Adult"
    assert len((await anilist.search("adult")).value) == 1
    assert (await anilist.details(903)).value is None


@pytest.mark.parametrize("text", ["", "   ", "!?…", "\n"])
async def test_nothing_is_not_asked_for(anilist: AniList, stand_in: StandIn, text: str) -> None:
    assert (await anilist.search(text)).value == ()
    assert stand_in.asked == []


async def test_long_and_odd_questions_are_safe(anilist: AniList, stand_in: StandIn) -> None:
    await anilist.search('"}) { id } #' + "x" * 5000)
    (asked,) = stand_in.asked
    assert len(asked["variables"]["text"]) == 100
    assert "x" not in asked["query"].replace("fragment", "").split("Search")[0]


async def test_one_flight_a_key(anilist: AniList, stand_in: StandIn) -> None:
    stand_in.gate.clear()
    waiting = [asyncio.create_task(anilist.search("frieren")) for _ in range(20)]
    other = asyncio.create_task(anilist.search("rei"))
    async with asyncio.timeout(5):
        await stand_in.wait_asked(2)
    waiting[0].cancel()  # one who leaves takes nobody's answer along
    stand_in.gate.set()
    answers = await asyncio.gather(*waiting[1:], other)
    assert len(stand_in.asked) == 2
    assert {answer.value[0].name for answer in answers} == {"Frieren", "Rei Ayanami"}


async def test_an_expired_answer_is_asked_for_again(
    timed: AniList, stand_in: StandIn, clock: Clock
) -> None:
    await timed.search("frieren")
    await timed.details(86)
    clock.now += SEARCH_TTL_S - 1
    await timed.search("frieren")
    assert len(stand_in.asked) == 2
    clock.now += 2
    await timed.search("frieren")
    await timed.details(86)
    assert len(stand_in.asked) == 3
    clock.now += DETAILS_TTL_S
    await timed.details(86)
    assert len(stand_in.asked) == 4


async def test_an_old_answer_is_better_than_none(
    timed: AniList, stand_in: StandIn, clock: Clock
) -> None:
    fresh = await timed.details(86)
    clock.now += DETAILS_TTL_S + 1
    stand_in.down()
    old = await timed.details(86)
    assert old.stale
    assert old.value == fresh.value


async def test_slow_answers_are_not_waited_for_but_kept(stand_in: StandIn) -> None:
    async with AniList(stand_in.address, patience_s=0.1) as client:
        stand_in.gate.clear()
        began = time.monotonic()
        with pytest.raises(AniListUnreachable):
            await client.details(86)
        assert time.monotonic() - began < 1
        stand_in.gate.set()
        while True:
            await asyncio.sleep(0.05)
            if not client._flights:
                break
        assert (await client.details(86)).value is not None
        assert len(stand_in.asked) == 1


@pytest.mark.parametrize(
    ("header", "expected_s"),
    [
        ("17", 17),
        ("0", 1),
        ("-5", 1),
        ("99999", 3600),
        ("soon", 60),
        ("nan", 60),
        (None, 60),
        ("in five minutes", 300),
    ],
)
async def test_429_is_obeyed(
    timed: AniList, stand_in: StandIn, clock: Clock, header: str | None, expected_s: float
) -> None:
    if header == "in five minutes":  # as a date, which the standard allows
        header = format_datetime(datetime.now(tz=UTC) + timedelta(seconds=300), usegmt=True)
    headers = {} if header is None else {"Retry-After": header}
    stand_in.behave = lambda _: web.json_response({}, status=429, headers=headers)
    with pytest.raises(AniListBusy) as caught:
        await timed.details(86)
    assert caught.value.wait_s == pytest.approx(expected_s, abs=30 if expected_s == 300 else 0)
    stand_in.up()
    clock.now += caught.value.wait_s - 0.6
    with pytest.raises(AniListBusy):  # nobody else is sent there meanwhile
        await timed.details(126373)
    assert len(stand_in.asked) == 1
    clock.now += 1
    assert (await timed.details(126373)).value is not None


async def test_no_minute_holds_more_than_thirty_requests(stand_in: StandIn, clock: Clock) -> None:
    sent: list[float] = []
    budget = MemoryBudget(clock)
    async with AniList(stand_in.address, budget=budget, patience_s=0.01) as client:
        for number in range(1, 300):
            before = len(stand_in.asked)
            with contextlib.suppress(AniListUnavailable):
                await client.details(number + 1_000_000)
            if len(stand_in.asked) > before:
                sent.append(clock.now)
            clock.now += 0.7
    assert len(sent) > 70
    assert max(sum(start <= at < start + 60 for at in sent) for start in sent) <= 30
    assert sum(at < 1000 + 4 for at in sent) >= BURST


async def test_a_short_wait_is_waited(stand_in: StandIn) -> None:
    waits = [0.05, 0.0]

    class Spent(MemoryBudget):
        async def take(self, name: str, *, per_minute: float, burst: int = 1) -> float:
            assert (name, per_minute, burst) == (BUDGET, PER_MINUTE, BURST)
            return waits.pop(0)

    async with AniList(stand_in.address, budget=Spent()) as client:
        assert (await client.details(86)).value is not None
    assert waits == []


_BROKEN: dict[str, tuple[Callable[[dict[str, Any]], web.Response], type[AniListUnavailable]]] = {
    "down": (lambda _: web.json_response({"errors": [], "data": None}, status=403), AniListRefused),
    "error 500": (lambda _: web.Response(status=500, text="<html>"), AniListRefused),
    "elsewhere": (
        lambda _: web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}),
        AniListRefused,
    ),
    "errors in 200": (
        lambda _: web.json_response({"errors": [{"message": "no", "status": 400}], "data": None}),
        AniListRefused,
    ),
    "errors without a shape": (
        lambda _: web.json_response({"errors": "no", "data": None}),
        AniListRefused,
    ),
    "html": (lambda _: web.Response(text="<html>Cloudflare</html>"), AniListMalformed),
    "empty": (lambda _: web.Response(text=""), AniListMalformed),
    "no utf-8": (lambda _: web.Response(body=b"\xff\xfe\x00"), AniListMalformed),
    "a list": (lambda _: web.json_response([]), AniListMalformed),
    "no data": (lambda _: web.json_response({}), AniListMalformed),
    "empty data": (lambda _: web.json_response({"data": {}}), AniListMalformed),
    "data of another shape": (
        lambda _: web.json_response({"data": {"Character": [FRIEREN]}}),
        AniListMalformed,
    ),
    "nested too deep": (lambda _: web.Response(text="[" * 100_000), AniListMalformed),
    "endless": (lambda _: web.Response(body=b" " * (3 * 1024 * 1024)), AniListMalformed),
    "broken off": (
        lambda _: web.Response(body=b"x", headers={"Content-Encoding": "gzip"}),
        AniListUnavailable,
    ),
}


@pytest.mark.parametrize("kind", _BROKEN)
async def test_every_broken_answer_is_told_apart_and_not_kept(
    anilist: AniList, stand_in: StandIn, kind: str
) -> None:
    behaviour, error = _BROKEN[kind]
    stand_in.behave = behaviour
    with pytest.raises(error):
        await anilist.details(86)
    stand_in.up()
    assert (await anilist.details(86)).value is not None


async def test_nobody_there(unused_tcp_port: int) -> None:
    async with AniList(f"http://127.0.0.1:{unused_tcp_port}/") as client:
        with pytest.raises(AniListUnreachable):
            await client.search("frieren")


async def test_the_breaker_opens_and_tries_again(
    timed: AniList, stand_in: StandIn, clock: Clock
) -> None:
    stand_in.down()

    async def fail(expected: type[AniListUnavailable]) -> None:
        with pytest.raises(expected):
            await timed.search(f"frieren {clock.now}")

    for _ in range(3):
        await fail(AniListRefused)
    clock.now += 29
    await fail(AniListResting)
    assert len(stand_in.asked) == 3
    for pause_s in (2, 61, 101, 101):  # 30 s are over; then 60, and never more than 100
        clock.now += pause_s
        await fail(AniListRefused)
        await fail(AniListResting)
    assert len(stand_in.asked) == 7
    stand_in.up()
    clock.now += 101
    assert (await timed.details(86)).value is not None
    stand_in.down()
    for _ in range(3):  # closed again, it has its full patience back
        await fail(AniListRefused)
    await fail(AniListResting)


async def test_a_limit_is_no_failure(timed: AniList, stand_in: StandIn, clock: Clock) -> None:
    busy = {"Retry-After": "1"}
    stand_in.behave = lambda _: web.json_response({}, status=429, headers=busy)
    for _ in range(5):
        with pytest.raises(AniListBusy):
            await timed.details(86)
        clock.now += 10
    stand_in.up()
    assert (await timed.details(86)).value is not None


async def test_one_trial_at_a_time() -> None:
    clock = Clock()
    breaker = Breaker(failures=1, rest_s=10, clock=clock)
    breaker.check()
    breaker.failed()
    assert breaker.open
    clock.now += 11
    breaker.check()
    with pytest.raises(AniListResting):
        breaker.check()
    breaker.gave_up()
    breaker.check()
    breaker.succeeded()
    assert not breaker.open


async def test_closing_ends_what_is_under_way(stand_in: StandIn) -> None:
    stand_in.gate.clear()
    async with AniList(stand_in.address, patience_s=0.05) as client:
        with pytest.raises(AniListUnreachable):
            await client.details(86)
        assert len(client._flights) == 1
    assert len(client._flights) == 0
