"""Many at once: nobody is lost, nobody waits for a word, and a full line is said to be full."""

from __future__ import annotations

import asyncio
import io

from PIL import Image

from catalog import Catalog
from cogs.shared.line import AT_WORK
from recognition.recognizer import Recognizer
from recognition.types import EncodedPicture
from sandbox import InteractionHandle
from scripts.crowd import crowd
from scripts.demo import wait_final
from tests.e2e.conftest import Club, open_club

PEOPLE = 40
QUEUE = 8


async def test_forty_people_at_once_on_a_queue_of_eight(club: Club, portrait: bytes) -> None:
    club.encoder.places = QUEUE
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
    """Acknowledged within a second, and answered; no task, turn or view remains."""
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
        await asyncio.sleep(0.03)
    answers = await asyncio.gather(*(handle.wait_answer(60) for handle in handles))
    assert all(answer.files for answer in answers)
    slowest_ms = max(handle.ack_ms or 9999 for handle in handles)
    assert slowest_ms < 1000
    await club.services.work.idle(5.0)
    assert club.encoder.waiting == 0
    kept = club.bot._connection._view_store
    assert not kept._views
    assert not kept._synced_message_views
    assert len(asyncio.all_tasks()) <= tasks + 3


async def test_a_crowd_at_once_with_real_pictures(
    recognizer: Recognizer, catalog: Catalog, portrait: bytes, friends: bytes
) -> None:
    """Thirty within three seconds, more than two cores can look at: all wait, all are answered."""
    async with open_club(recognizer, catalog, progress_after_s=2.0) as club:
        sandbox = club.sandbox
        people = [sandbox.create_user(f"person{n}", f"Person {n}") for n in range(30)]
        sandbox.join(sandbox.guild, *people)
        handles = []
        for number, person in enumerate(people):
            picture = (portrait, friends, varied(portrait, number))[number % 3]
            handles.append(await club.whois(picture, user=person))
            await asyncio.sleep(0.1)
        answers = [await wait_final(sandbox, handle) for handle in handles]
        assert [bool(one.files and one.embeds) for one in answers] == [True] * len(people)
        assert max(handle.ack_ms or 9999 for handle in handles) < 1000
        assert len({one.id for one in answers}) == len(people)
        for number, answer in enumerate(answers):
            described = answer.files[0].description or ""
            assert ("3: " in described) == (
                number % 3 == 1
            )  # of each the faces of their own picture
        assert await club.services.work.idle(5.0) == 0


async def test_who_waits_in_line_when_the_bot_stops_is_told(club: Club, portrait: bytes) -> None:
    club.encoder.gate.clear()
    people = [club.sandbox.create_user(f"person{n}", f"Person {n}") for n in range(AT_WORK + 4)]
    club.sandbox.join(club.sandbox.guild, *people)
    handles = [await club.whois(portrait, user=person) for person in people]
    await asyncio.gather(*(handle.wait_acked() for handle in handles))
    for _ in range(200):
        if club.encoder.arrived == AT_WORK and club.encoder.waiting == len(people):
            break
        await asyncio.sleep(0.02)
    assert club.encoder.arrived == AT_WORK
    stopping = asyncio.create_task(club.services.work.drain(20.0))
    told = await asyncio.gather(*(handle.wait_answer() for handle in handles[AT_WORK:]))
    assert {one.content for one in told} == {
        "I'm just restarting. Please ask me again in a minute."
    }
    assert all(one.ephemeral for one in told)
    club.encoder.gate.set()
    answers = await asyncio.gather(*(handle.wait_answer() for handle in handles[:AT_WORK]))
    assert all(one.files for one in answers)
    assert await stopping == 0


async def test_rounds_of_askers_of_a_bot_in_its_own_process() -> None:
    """What `python -m scripts.crowd` measures, small: nothing lost, memory that does not climb."""
    warm, *rounds = await crowd(askers=12, over_s=0.5, rounds=2)
    for one in (warm, *rounds):
        assert (one.answered, one.refused, one.lost) == (12, 0, 0)
        assert one.ack_ms_max < 1000
    assert rounds[-1].memory_mib - warm.memory_mib < 80


def varied(picture: bytes, number: int) -> bytes:
    """The same picture, and yet another file."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        side = 600 + 10 * number
        image.convert("RGB").resize((side, side * image.height // image.width)).save(out, "JPEG")
    return out.getvalue()
