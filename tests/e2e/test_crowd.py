"""Many at once: a queue of eight, a clear word for the others, and nobody is lost."""

from __future__ import annotations

import asyncio

from sandbox import InteractionHandle
from tests.e2e.conftest import Club

PEOPLE = 40
QUEUE = 8


async def test_forty_people_at_once_on_a_queue_of_eight(club: Club, portrait: bytes) -> None:
    assert club.encoder.limit == QUEUE
    club.encoder.gate.clear()
    people = [club.sandbox.create_user(f"person{n}", f"Person {n}") for n in range(PEOPLE)]
    club.sandbox.join(club.sandbox.guild, *people)
    handles = [await club.whois(portrait, user=person) for person in people]
    await asyncio.gather(*(handle.wait_acked() for handle in handles))
    refused = [handle for handle in handles if handle not in await waiting(handles)]
    assert len(refused) == PEOPLE - QUEUE
    assert club.encoder.waiting == QUEUE
    club.encoder.gate.set()
    answers = await asyncio.gather(*(handle.wait_answer() for handle in handles))

    served = [answer for answer in answers if answer.files]
    busy = [answer for answer in answers if answer.ephemeral]
    assert len(served) == QUEUE
    assert len(busy) == PEOPLE - QUEUE
    assert {answer.content for answer in busy} == {
        "I'm busy right now: 8 people are ahead of you. Please try again in a moment."
    }
    assert all((handle.ack_ms or 9999) < 3000 for handle in handles)
    assert club.encoder.waiting == 0
    # The last one's message is noted after it is posted; then nothing is left.
    for _ in range(100):
        if not club.services.work.running:
            break
        await asyncio.sleep(0.02)
    assert club.services.work.running == 0

    again = await club.whois(portrait, user=people[-1])
    assert (await again.wait_answer()).files


async def waiting(handles: list[InteractionHandle]) -> list[InteractionHandle]:
    """Those without an answer once everybody who can be refused has been."""
    for _ in range(200):
        left = [handle for handle in handles if handle.answer is None]
        if len(left) <= QUEUE:
            return left
        await asyncio.sleep(0.05)
    raise AssertionError(f"{len(left)} are still waiting")


async def test_one_request_at_a_time_and_member(club: Club, portrait: bytes) -> None:
    club.encoder.gate.clear()
    first = await club.whois(portrait)
    await first.wait_acked()
    second = await (await club.whois(portrait)).wait_answer()
    assert second.ephemeral
    assert "still looking at your last picture" in second.content
    club.encoder.gate.set()
    assert (await first.wait_answer()).files
    third = await (await club.whois(portrait)).wait_answer()
    assert third.files
