"""Many at once: a queue of eight, a clear word for the others, and nobody is lost."""

from __future__ import annotations

import asyncio

from recognition.types import EncodedPicture
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
    assert await club.services.work.idle(2.0) == 0

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


async def test_a_hundred_people_in_a_few_seconds_leave_nothing_behind(
    club: Club, portrait: bytes
) -> None:
    """Every one is acknowledged within a second and answered; no task, turn or view remains."""
    model_id = club.services.recognizer.gallery.model_id
    club.encoder.instead = EncodedPicture((900, 1000), (), None, model_id)
    people = [club.sandbox.create_user(f"person{n}", f"Person {n}") for n in range(100)]
    club.sandbox.join(club.sandbox.guild, *people)
    await club.answer(portrait)
    await club.services.work.idle(5.0)
    tasks = len(asyncio.all_tasks())
    handles = []
    for person in people:
        handles.append(await club.whois(portrait, user=person))
        await asyncio.sleep(0.05)
    answers = await asyncio.gather(*(handle.wait_answer(60) for handle in handles))
    assert all(answer.files or answer.content.startswith("I'm busy") for answer in answers)
    assert sum(bool(answer.files) for answer in answers) >= QUEUE
    slowest_ms = max(handle.ack_ms or 9999 for handle in handles)
    assert slowest_ms < 1000
    await club.services.work.idle(5.0)
    assert club.encoder.waiting == 0
    kept = club.bot._connection._view_store
    assert not kept._views
    assert not kept._synced_message_views
    assert len(asyncio.all_tasks()) <= tasks + 3
