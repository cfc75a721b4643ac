"""Nothing is kept for longer than the retention says; leaving a server has days of grace."""

from __future__ import annotations

import asyncio

import pytest

from store.errors import UndoConflict, UnknownAnswer, UnknownLesson
from store.opening import Store
from store.types import ActionKind, Retention
from tests.store.conftest import Clock, Open
from tests.store.made import ALICE, HERE, MEMBER, MODEL, REI, STAFF, THERE, samples
from tests.store.test_privacy import answered, fill

KEEP = Retention(answers=3, undone=5, proposals=2, log=20, left=7, stale=4, asked=6)


async def test_a_purge_of_what_is_young_deletes_nothing(open_again: Open, clock: Clock) -> None:
    async with open_again(retention=KEEP) as store:
        await fill(store)
        clock.forward(days=1, hours=23)
        assert set((await store.keeper.purge()).counts.values()) == {0}
        assert len(await store.proposals.pending(HERE)) == 1


async def test_answers_and_proposals_expire(open_again: Open, clock: Clock) -> None:
    async with open_again(retention=KEEP) as store:
        answer = await answered(store, None, MEMBER)
        lesson = await store.lessons.propose(HERE, ALICE, samples(1), actor_id=MEMBER)
        clock.forward(days=3, seconds=1)
        young = await answered(store, HERE, MEMBER)
        purged = await store.keeper.purge()
        assert (purged.counts["answers"], purged.counts["proposals"]) == (1, 1)
        with pytest.raises(UnknownAnswer):
            await store.answers.get(None, answer.id)
        assert await store.answers.get(HERE, young.id) == young
        with pytest.raises(UnknownLesson):
            await store.proposals.approve(HERE, lesson.id, actor_id=STAFF)
        (expired, proposed) = await store.audit.page(HERE)
        assert (expired.kind, expired.subject) == (ActionKind.EXPIRED, ALICE.name)
        clock.forward(days=18)
        assert (await store.keeper.purge()).counts["log"] == 1
        assert await store.audit.page(HERE) == (expired,)
        assert proposed.kind is ActionKind.PROPOSED


async def test_what_was_removed_can_be_brought_back_for_a_while(
    open_again: Open, clock: Clock
) -> None:
    async with open_again(retention=KEEP) as store:
        lesson = await store.lessons.teach(HERE, ALICE, samples(1), actor_id=STAFF)
        await store.lessons.teach(HERE, REI, samples(2), actor_id=STAFF)
        assert lesson.character_id is not None
        removal = await store.edits.remove(HERE, lesson.character_id, actor_id=STAFF)
        clock.forward(days=4)
        await store.keeper.purge()
        await store.undo.undo(HERE, removal, actor_id=STAFF)
        removal = await store.edits.remove(HERE, lesson.character_id, actor_id=STAFF)
        clock.forward(days=5, seconds=1)
        assert (await store.keeper.purge()).counts["undone"] == 1
        with pytest.raises(UndoConflict) as caught:
            await store.undo.undo(HERE, removal, actor_id=STAFF)
        assert caught.value.reason == "gone"
        with pytest.raises(UnknownLesson):
            await store.lessons.get(HERE, lesson.id)
        # What is gone does not stand in the way of undoing what is older.
        undone = await store.undo.undo(HERE, actor_id=STAFF)
        assert (undone.kind, undone.subject) == (ActionKind.TAUGHT, REI.name)


async def test_rejected_and_undone_lessons_go(open_again: Open, clock: Clock) -> None:
    async with open_again(retention=KEEP) as store:
        rejected = await store.lessons.propose(HERE, ALICE, samples(1), actor_id=MEMBER)
        await store.proposals.reject(HERE, rejected.id, actor_id=STAFF)
        undone = await store.lessons.teach(HERE, REI, samples(1), actor_id=STAFF)
        await store.undo.undo(HERE, actor_id=STAFF)
        kept = await store.lessons.teach(HERE, REI, samples(3), actor_id=STAFF)
        clock.forward(days=5, seconds=1)
        await store.keeper.purge()
        for lesson in (rejected, undone):
            with pytest.raises(UnknownLesson):
                await store.lessons.get(HERE, lesson.id)
        assert (await store.lessons.get(HERE, kept.id)).exemplars == 1


async def test_stale_values_go(open_again: Open, clock: Clock) -> None:
    async with open_again(retention=KEEP) as store:
        await store.cache.put("short", 1, ttl_s=60)
        await store.cache.put("long", 1, ttl_s=600_000)
        clock.forward(days=4, minutes=2)
        assert (await store.keeper.purge()).counts["stale"] == 1
        assert await store.cache.get("short") is None
        assert await store.cache.get("long") is not None


async def test_questions_that_were_asked_long_ago_go(open_again: Open, clock: Clock) -> None:
    async with open_again(retention=KEEP) as store:
        await store.quiz_asked.asked(HERE, "clues", "old")
        clock.forward(days=6, seconds=1)
        await store.quiz_asked.asked(HERE, "clues", "new")
        assert (await store.keeper.purge()).counts["asked"] == 1
        assert await store.quiz_asked.recent(HERE, "clues", days=99) == {"new"}


async def test_leaving_has_days_of_grace(open_again: Open, clock: Clock) -> None:
    async with open_again(retention=KEEP) as store:
        for guild_id in (HERE, THERE):
            await store.lessons.teach(guild_id, ALICE, samples(1), actor_id=STAFF)
            await store.servers.left(guild_id)
        left_at = clock.now
        clock.forward(days=6)
        await store.servers.left(HERE)  # told again: the days do not start anew
        await store.servers.joined(THERE)
        known = {one.guild_id: one.left_at for one in await store.servers.known()}
        assert known == {HERE: left_at, THERE: None}
        clock.forward(days=1, seconds=1)
        purged = await asyncio.gather(store.keeper.purge(), store.keeper.purge())
        assert max(one.counts["left"] for one in purged) == 1
        assert [one.guild_id for one in await store.servers.known()] == [THERE]
        assert len((await store.gallery.load(THERE, MODEL)).characters) == 1


async def test_a_server_of_which_nothing_is_stored_leaves_nothing(store: Store) -> None:
    await store.servers.left(HERE)
    await store.servers.joined(THERE)
    assert await store.servers.known() == ()
