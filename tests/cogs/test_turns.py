"""One request at a time and member; work that is finished before the bot leaves."""

from __future__ import annotations

import asyncio

import pytest

from cogs.identify.turns import Turns
from cogs.shared.refusals import AlreadyAsking, AskedTooSoon, Stopping
from cogs.shared.work import Work


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_one_at_a_time_and_member() -> None:
    turns = Turns(0.0)
    with turns.take(1), turns.take(2), pytest.raises(AlreadyAsking), turns.take(1):
        pass
    with turns.take(1):
        pass


def test_the_cooldown_begins_with_the_answer() -> None:
    clock = Clock()
    turns = Turns(5.0, clock)
    with turns.take(1):
        clock.now += 60
    clock.now += 3
    with pytest.raises(AskedTooSoon) as caught, turns.take(1):
        pass
    assert caught.value.wait_s == pytest.approx(2.0)
    clock.now += 2
    with turns.take(1):
        pass


def test_who_got_an_error_may_try_again_at_once() -> None:
    turns = Turns(5.0, Clock())
    with pytest.raises(ValueError), turns.take(1):
        raise ValueError
    with turns.take(1):
        pass


def test_memory_stays_bounded() -> None:
    clock = Clock()
    turns = Turns(1.0, clock)
    for member in range(25_000):
        clock.now += 0.01
        with turns.take(member):
            pass
    assert len(turns._free_at) <= 10_000


async def test_draining_waits_for_work_and_refuses_more() -> None:
    work = Work()
    done = []

    async def one() -> None:
        with work.request():
            await asyncio.sleep(0.05)
        # Telling of a failure begins after the request itself has ended.
        with work.part():
            await asyncio.sleep(0.05)
            done.append(True)

    task = asyncio.create_task(one())
    await asyncio.sleep(0)
    assert work.running == 1
    assert await work.drain(5.0) == 0
    assert done
    with pytest.raises(Stopping), work.request():
        pass
    await task


async def test_draining_gives_up_in_time() -> None:
    work = Work()
    with work.request():
        assert await work.drain(0.05) == 1
    assert await work.drain(0.05) == 0
