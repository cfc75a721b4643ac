"""The approval queue: evidence, one decision, nothing kept of what was refused."""

from __future__ import annotations

import asyncio

import pytest

from store.errors import AlreadyDecided, LimitReached, UnknownLesson
from store.opening import Store
from store.types import ActionKind, Evidence, Lesson, LessonState, Limits
from tests.store.conftest import Clock, Open
from tests.store.made import (
    ALICE,
    CHANNEL,
    CROP,
    HERE,
    MEMBER,
    MESSAGE,
    MODEL,
    OTHER,
    REI,
    STAFF,
    samples,
)


async def test_a_proposal_waits_with_its_evidence(store: Store) -> None:
    await store.settings.change(HERE, STAFF, keep_crops=True)
    lesson = await store.lessons.propose(
        HERE, ALICE, samples(1, 2, crop=CROP), actor_id=MEMBER, request_id=9
    )
    assert (lesson.state, lesson.taught_by) == (LessonState.PENDING, MEMBER)
    assert (await store.gallery.load(HERE, MODEL)).characters == ()
    assert await store.gallery.characters(HERE) == ()
    await store.proposals.asked(HERE, lesson.id, channel_id=CHANNEL, message_id=MESSAGE)

    (waiting,) = await store.proposals.pending(HERE)
    assert (waiting.channel_id, waiting.message_id) == (CHANNEL, MESSAGE)
    proposal = await store.proposals.proposal(HERE, lesson.id)
    assert proposal.lesson == waiting
    assert [one.evidence for one in proposal.samples] == [
        Evidence("Ayanami Rei", 0.25, True),
        Evidence("Ayanami Rei", 0.25, False),
    ]
    assert all(one.has_crop for one in proposal.samples)
    assert await store.gallery.crop(HERE, proposal.samples[0].exemplar_id) == CROP


async def test_approved_is_learned(store: Store, clock: Clock) -> None:
    lesson = await store.lessons.propose(HERE, ALICE, samples(1, 2), actor_id=MEMBER)
    # Meanwhile staff teach one of the two pictures themselves.
    await store.lessons.teach(HERE, ALICE, samples(2), actor_id=STAFF)
    clock.forward(hours=2)
    done = await store.proposals.approve(HERE, lesson.id, actor_id=STAFF)
    assert (done.state, done.decided_by, done.decided_at) == (
        LessonState.LEARNED,
        STAFF,
        clock.now,
    )
    assert (done.exemplars, done.duplicates) == (1, 1)
    (alice,) = (await store.gallery.load(HERE, MODEL)).characters
    assert sorted(one.taught_by for one in alice.exemplars) == sorted([MEMBER, STAFF])
    assert await store.proposals.pending(HERE) == ()
    assert (await store.audit.page(HERE))[0].kind is ActionKind.APPROVED


async def test_nothing_is_kept_of_what_was_rejected(store: Store) -> None:
    lesson = await store.lessons.propose(HERE, ALICE, samples(1), actor_id=MEMBER)
    done = await store.proposals.reject(HERE, lesson.id, actor_id=STAFF, reason="not she")
    assert (done.state, done.reason, done.exemplars) == (LessonState.REJECTED, "not she", 0)
    assert (await store.gallery.load(HERE, MODEL)).characters == ()
    with pytest.raises(AlreadyDecided):
        await store.proposals.proposal(HERE, lesson.id)


async def test_of_many_decisions_one_counts(store: Store, open_again: Open) -> None:
    lesson = await store.lessons.propose(HERE, ALICE, samples(1), actor_id=MEMBER)
    async with open_again() as other:
        results = await asyncio.gather(
            store.proposals.approve(HERE, lesson.id, actor_id=STAFF),
            other.proposals.reject(HERE, lesson.id, actor_id=OTHER),
            other.proposals.approve(HERE, lesson.id, actor_id=OTHER),
            store.proposals.reject(HERE, lesson.id, actor_id=STAFF),
            return_exceptions=True,
        )
    (winner,) = [one for one in results if isinstance(one, Lesson)]
    losers = [one for one in results if isinstance(one, AlreadyDecided)]
    assert len(losers) == 3
    assert {one.state for one in losers} == {winner.state.value}
    assert {one.decided_by for one in losers} == {winner.decided_by}
    learned = winner.state is LessonState.LEARNED
    assert len((await store.gallery.load(HERE, MODEL)).characters) == learned
    decisions = {ActionKind.APPROVED, ActionKind.REJECTED}
    assert len(await store.audit.page(HERE, kinds=decisions)) == 1


async def test_the_queue_has_an_end(open_again: Open) -> None:
    async with open_again(limits=Limits(pending_per_server=3, pending_per_member=2)) as store:
        for seed in (1, 2):
            await store.lessons.propose(HERE, ALICE, samples(seed), actor_id=MEMBER)
        with pytest.raises(LimitReached) as caught:
            await store.lessons.propose(HERE, ALICE, samples(3), actor_id=MEMBER)
        assert caught.value.what == "pending_per_member"
        await store.lessons.propose(HERE, REI, samples(3), actor_id=OTHER)
        with pytest.raises(LimitReached) as caught:
            await store.lessons.propose(HERE, REI, samples(4), actor_id=OTHER)
        assert caught.value.what == "pending_per_server"
        assert len(await store.proposals.pending(HERE)) == 3


async def test_unknown_proposals_are_unknown(store: Store) -> None:
    for decide in (store.proposals.approve, store.proposals.reject):
        with pytest.raises(UnknownLesson):
            await decide(HERE, 1, actor_id=STAFF)
    with pytest.raises(UnknownLesson):
        await store.proposals.asked(HERE, 1, channel_id=1, message_id=1)
    assert await store.servers.known() == ()
