"""Renaming, merging, removing, and taking each of them back."""

from __future__ import annotations

import asyncio
import contextlib
import random

import pytest

from store.bundle import bundle_of
from store.errors import (
    NameTaken,
    NothingToUndo,
    UndoConflict,
    UnknownAction,
    UnknownCharacter,
    ValueRefused,
)
from store.opening import Store
from store.types import Action, ActionKind, LessonState, Subject
from tests.store.conftest import Open
from tests.store.made import ALICE, HERE, MEMBER, MODEL, OTHER, REI, STAFF, samples


async def known(store: Store) -> dict[str, int]:
    """Names and how many vectors each has, as a recogniser would load them."""
    gallery = await store.gallery.load(HERE, MODEL)
    return {one.name: len(one.exemplars) for one in gallery.characters}


async def taught(store: Store, subject: Subject, *seeds: int, actor_id: int = STAFF) -> int:
    lesson = await store.lessons.teach(HERE, subject, samples(*seeds), actor_id=actor_id)
    assert lesson.character_id is not None
    return lesson.character_id


async def test_undoing_goes_back_step_by_step(store: Store) -> None:
    alice = await taught(store, ALICE, 1, 2)
    await taught(store, REI, 3)
    await taught(store, ALICE, 4)
    await store.edits.rename(HERE, alice, "Alice", actor_id=STAFF, series="Looking-Glass")
    await store.edits.remove(HERE, alice, actor_id=STAFF)
    states = []
    while True:
        states.append(await known(store))
        try:
            await store.undo.undo(HERE, actor_id=STAFF)
        except NothingToUndo:
            break
    assert states == [
        {REI.name: 1},
        {"Alice": 3, REI.name: 1},
        {ALICE.name: 3, REI.name: 1},
        {ALICE.name: 2, REI.name: 1},
        {ALICE.name: 2},
        {},
    ]
    log = await store.audit.page(HERE)
    assert [one.kind for one in log[:5]] == [ActionKind.UNDONE] * 5
    assert {one.undone_by for one in log[5:]} == {one.id for one in log[:5]}


async def test_what_was_undone_can_be_taught_again(store: Store) -> None:
    alice = await taught(store, ALICE, 1)
    undone = await store.undo.undo(HERE, actor_id=STAFF)
    lesson = await store.lessons.get(HERE, undone.detail["lesson"])
    assert (lesson.state, lesson.decided_by) == (LessonState.UNDONE, STAFF)
    assert await taught(store, ALICE, 1) == alice
    assert await known(store) == {ALICE.name: 1}


async def test_an_import_and_an_approval_can_be_undone(store: Store) -> None:
    await taught(store, ALICE, 1)
    lesson = await store.lessons.propose(HERE, REI, samples(2), actor_id=MEMBER)
    await store.proposals.approve(HERE, lesson.id, actor_id=STAFF)
    bundle = bundle_of(await store.gallery.load(HERE, MODEL))
    await store.undo.undo(HERE, actor_id=STAFF)
    assert await known(store) == {ALICE.name: 1}
    await store.lessons.take_in(HERE, bundle, actor_id=STAFF)
    assert await known(store) == {ALICE.name: 1, REI.name: 1}
    await store.undo.undo(HERE, actor_id=STAFF)
    assert await known(store) == {ALICE.name: 1}


async def test_each_entry_is_undone_once(store: Store, open_again: Open) -> None:
    await taught(store, ALICE, 1)
    await taught(store, ALICE, 2)
    (entry, _) = await store.audit.page(HERE)
    async with open_again() as other:
        results = await asyncio.gather(
            *(one.undo.undo(HERE, entry.id, actor_id=STAFF) for one in (store, other, store)),
            return_exceptions=True,
        )
    assert sum(isinstance(one, Action) for one in results) == 1
    assert [one.reason for one in results if isinstance(one, UndoConflict)] == ["undone"] * 2
    assert await known(store) == {ALICE.name: 1}


async def test_a_member_undoes_only_his_own(store: Store) -> None:
    await taught(store, ALICE, 1, actor_id=MEMBER)
    await taught(store, ALICE, 2, actor_id=OTHER)
    (of_other, of_member) = await store.audit.page(HERE)
    with pytest.raises(UnknownAction):
        await store.undo.undo(HERE, of_other.id, actor_id=MEMBER, only_by=MEMBER)
    assert await store.undo.undo(HERE, actor_id=MEMBER, only_by=MEMBER) == of_member
    with pytest.raises(NothingToUndo):
        await store.undo.undo(HERE, actor_id=MEMBER, only_by=MEMBER)
    assert await known(store) == {ALICE.name: 1}


async def test_what_is_no_change_of_the_gallery_cannot_be_undone(store: Store) -> None:
    await store.settings.change(HERE, STAFF, language="ja")
    (entry,) = await store.audit.page(HERE)
    with pytest.raises(UndoConflict) as caught:
        await store.undo.undo(HERE, entry.id, actor_id=STAFF)
    assert caught.value.reason == "kind"
    with pytest.raises(NothingToUndo):
        await store.undo.undo(HERE, actor_id=STAFF)
    with pytest.raises(UnknownAction):
        await store.undo.undo(HERE, 999, actor_id=STAFF)


async def test_a_taken_name_is_refused(store: Store) -> None:
    alice = await taught(store, ALICE, 1)
    bob = await taught(store, Subject("Bob"), 2)
    with pytest.raises(NameTaken) as caught:
        await store.edits.rename(HERE, bob, "ALICE liddell", actor_id=STAFF)
    assert caught.value.character_id == alice
    await store.lessons.propose(HERE, Subject("Carol"), samples(3), actor_id=MEMBER)
    with pytest.raises(NameTaken):
        await store.edits.rename(HERE, bob, "Carol", actor_id=STAFF)
    with pytest.raises(ValueRefused):
        await store.edits.rename(HERE, bob, "", actor_id=STAFF)
    await store.edits.rename(HERE, bob, "BOB", actor_id=STAFF)
    assert await known(store) == {ALICE.name: 1, "BOB": 1}


async def test_a_name_that_nobody_sees_is_free(store: Store) -> None:
    alice = await taught(store, ALICE, 1)
    bob = await taught(store, Subject("Bob"), 2)
    removal = await store.edits.remove(HERE, alice, actor_id=STAFF)
    renaming = await store.edits.rename(HERE, bob, ALICE.name, actor_id=STAFF)
    with pytest.raises(UndoConflict) as caught:
        await store.undo.undo(HERE, removal, actor_id=STAFF)
    assert caught.value.reason == "name"
    assert await known(store) == {ALICE.name: 1}
    await store.undo.undo(HERE, renaming, actor_id=STAFF)
    await store.undo.undo(HERE, removal, actor_id=STAFF)
    assert await known(store) == {ALICE.name: 1, "Bob": 1}
    assert await taught(store, ALICE, 9) == alice


async def test_a_later_name_stays(store: Store) -> None:
    alice = await taught(store, ALICE, 1)
    first = await store.edits.rename(HERE, alice, "Alice", actor_id=STAFF)
    await store.edits.rename(HERE, alice, "Alicia", actor_id=STAFF)
    with pytest.raises(UndoConflict) as caught:
        await store.undo.undo(HERE, first, actor_id=STAFF)
    assert caught.value.reason == "name"
    assert await known(store) == {"Alicia": 1}


async def test_merging_and_parting_again(store: Store) -> None:
    alice = await taught(store, ALICE, 1, 2, 3)
    alicia = await taught(store, Subject("Alicia", "Wonderland"), 3, 4)
    merge = await store.edits.merge(HERE, alicia, alice, actor_id=STAFF)
    assert await known(store) == {ALICE.name: 4}
    with pytest.raises(UnknownCharacter):
        await store.gallery.character(HERE, alicia)
    await store.undo.undo(HERE, merge, actor_id=STAFF)
    assert await known(store) == {ALICE.name: 3, "Alicia": 2}
    series = {one.name: one.series for one in await store.gallery.characters(HERE)}
    assert series["Alicia"] == "Wonderland"
    with pytest.raises(ValueRefused):
        await store.edits.merge(HERE, alice, alice, actor_id=STAFF)


async def test_a_merge_stays_where_the_name_is_in_use_again(store: Store) -> None:
    alice = await taught(store, ALICE, 1)
    alicia = await taught(store, Subject("Alicia"), 2)
    merge = await store.edits.merge(HERE, alicia, alice, actor_id=STAFF)
    await taught(store, Subject("Alicia"), 3)
    with pytest.raises(UndoConflict) as caught:
        await store.undo.undo(HERE, merge, actor_id=STAFF)
    assert caught.value.reason == "name"
    assert await known(store) == {ALICE.name: 2, "Alicia": 1}
    await store.undo.undo(HERE, actor_id=STAFF)
    await store.undo.undo(HERE, merge, actor_id=STAFF)
    assert await known(store) == {ALICE.name: 1, "Alicia": 1}
    assert (await store.gallery.character(HERE, alicia)).name == "Alicia"


async def test_a_lesson_of_a_merged_character_can_be_undone(store: Store) -> None:
    alice = await taught(store, ALICE, 1)
    alicia = await taught(store, Subject("Alicia"), 4)
    lesson = (await store.audit.page(HERE, limit=1))[0]
    await store.edits.merge(HERE, alicia, alice, actor_id=STAFF)
    await store.undo.undo(HERE, lesson.id, actor_id=STAFF)
    assert await known(store) == {ALICE.name: 1}


async def test_removing_does_not_bring_back_what_was_undone(store: Store) -> None:
    alice = await taught(store, ALICE, 1)
    await taught(store, ALICE, 2)
    (second, _) = await store.audit.page(HERE)
    removal = await store.edits.remove(HERE, alice, actor_id=STAFF)
    await store.undo.undo(HERE, second.id, actor_id=STAFF)
    await store.undo.undo(HERE, removal, actor_id=STAFF)
    assert await known(store) == {ALICE.name: 1}


async def test_what_nobody_sees_cannot_be_edited(store: Store) -> None:
    alice = await taught(store, ALICE, 1)
    bob = await taught(store, Subject("Bob"), 2)
    await store.edits.remove(HERE, alice, actor_id=STAFF)
    for attempt in (
        store.edits.remove(HERE, alice, actor_id=STAFF),
        store.edits.rename(HERE, alice, "A", actor_id=STAFF),
        store.edits.merge(HERE, alice, bob, actor_id=STAFF),
        store.edits.merge(HERE, bob, alice, actor_id=STAFF),
    ):
        with pytest.raises(UnknownCharacter):
            await attempt


async def test_the_log_has_pages_and_kinds(store: Store) -> None:
    for seed in range(5):
        await taught(store, ALICE, seed)
    await store.settings.change(HERE, STAFF, language="de")
    first = await store.audit.page(HERE, limit=2)
    second = await store.audit.page(HERE, limit=10, before=first[-1].id)
    assert (len(first), len(second)) == (2, 4)
    assert [one.id for one in first + second] == sorted(
        (one.id for one in first + second), reverse=True
    )
    assert len(await store.audit.page(HERE, kinds={ActionKind.TAUGHT})) == 5
    assert await store.audit.get(HERE, first[0].id) == first[0]
    with pytest.raises(ValueRefused):
        await store.audit.page(HERE, limit=101)


async def looks(store: Store, guild_id: int) -> dict[str, list[bytes]]:
    """Names and vectors of a server."""
    gallery = await store.gallery.load(guild_id, MODEL)
    return {
        one.name: sorted(exemplar.embedding.vector.tobytes() for exemplar in one.exemplars)
        for one in gallery.characters
    }


async def anything(store: Store, guild_id: int, dice: random.Random) -> None:
    """One change of a few characters and vectors, so that they often meet."""
    name = dice.choice("ABCD")
    given = samples(*{dice.randrange(6) for _ in range(2)})
    known = await store.gallery.characters(guild_id)
    match dice.randrange(6) if known else 0:
        case 0 | 1:
            await store.lessons.teach(guild_id, Subject(name), given, actor_id=STAFF)
        case 2:
            lesson = await store.lessons.propose(guild_id, Subject(name), given, actor_id=MEMBER)
            await store.proposals.approve(guild_id, lesson.id, actor_id=STAFF)
        case 3:
            await store.edits.rename(guild_id, dice.choice(known).id, name, actor_id=STAFF)
        case 4:
            await store.edits.remove(guild_id, dice.choice(known).id, actor_id=STAFF)
        case 5:
            a, b = (dice.choice(known).id for _ in range(2))
            await store.edits.merge(guild_id, a, b, actor_id=STAFF)


@pytest.mark.parametrize("seed", [0, 9, 28])  # the last two: merges undone after a name came back
async def test_undoing_everything_passes_every_earlier_state(store: Store, seed: int) -> None:
    dice = random.Random(seed)
    states: list[dict[str, list[bytes]]] = [{}]
    for _ in range(12):
        with contextlib.suppress(NameTaken, ValueRefused):
            await anything(store, HERE, dice)
            states.append(await looks(store, HERE))
    while states:
        assert await looks(store, HERE) == states.pop()
        if states:
            await store.undo.undo(HERE, actor_id=STAFF)
    with pytest.raises(NothingToUndo):
        await store.undo.undo(HERE, actor_id=STAFF)
