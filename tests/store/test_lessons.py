"""Teaching: what is learned, what is known already, what is too much."""

from __future__ import annotations

import asyncio
import dataclasses

import numpy as np
import pytest

from recognition.types import Embedding
from store.bundle import Bundle, bundle_of
from store.errors import LimitReached, UnknownLesson, ValueRefused
from store.opening import Store
from store.types import ActionKind, Crop, LessonSource, LessonState, Limits, Sample, Subject
from tests.store.conftest import Clock, Open
from tests.store.made import (
    ALICE,
    CROP,
    HERE,
    MEMBER,
    MODEL,
    REI,
    STAFF,
    THERE,
    embedding,
    samples,
)


async def test_what_was_taught_is_in_the_gallery(store: Store, clock: Clock) -> None:
    lesson = await store.lessons.teach(
        HERE, ALICE, samples(1, 2), actor_id=STAFF, source=LessonSource.CORRECTION
    )
    assert (lesson.state, lesson.source) == (LessonState.LEARNED, LessonSource.CORRECTION)
    assert (lesson.exemplars, lesson.duplicates, lesson.taught_at) == (2, 0, clock.now)
    assert await store.lessons.get(HERE, lesson.id) == lesson
    await store.lessons.teach(HERE, REI, samples(3), actor_id=MEMBER)

    gallery = await store.gallery.load(HERE, MODEL)
    assert gallery.revision == await store.servers.revision(HERE) > 0
    alice, rei = gallery.characters
    assert (alice.name, alice.series, alice.id) == (ALICE.name, ALICE.series, lesson.character_id)
    assert (alice.gallery_id, rei.gallery_id) == (f"own:{alice.id}", "ayanami_rei")
    first = alice.exemplars[0]
    assert (first.taught_by, first.taught_at, first.lesson_id) == (STAFF, clock.now, lesson.id)
    assert first.embedding.model_id == MODEL
    for exemplar, seed in zip(alice.exemplars, (1, 2), strict=True):
        assert float(exemplar.embedding.vector @ embedding(seed).vector) > 0.9999

    summaries = await store.gallery.characters(HERE)
    assert [(one.name, one.exemplars) for one in summaries] == [(REI.name, 1), (ALICE.name, 2)]
    assert await store.gallery.character(HERE, alice.id) == summaries[1]
    log = await store.audit.page(HERE)
    assert [(one.kind, one.subject) for one in log] == [
        (ActionKind.TAUGHT, REI.name),
        (ActionKind.TAUGHT, ALICE.name),
    ]


async def test_one_name_is_one_character_however_it_is_written(
    store: Store, open_again: Open
) -> None:
    names = ("Alice Liddell", "  alice   LIDDELL ", "Ａｌｉｃｅ Liddell", "ALICE liddell")
    async with open_again() as other:
        lessons = await asyncio.gather(
            *(
                (store, other)[n % 2].lessons.teach(HERE, Subject(name), samples(n), actor_id=STAFF)
                for n, name in enumerate(names)
            )
        )
    assert len({lesson.character_id for lesson in lessons}) == 1
    (alice,) = await store.gallery.characters(HERE)
    assert alice.exemplars == 4


async def test_a_character_of_the_catalog_is_not_the_one_of_the_same_name(store: Store) -> None:
    own = dataclasses.replace(REI, catalog_id=None)
    await store.lessons.teach(HERE, REI, samples(1), actor_id=STAFF)
    await store.lessons.teach(HERE, own, samples(1), actor_id=STAFF)
    assert len(await store.gallery.characters(HERE)) == 2


async def test_two_models_never_meet(store: Store) -> None:
    await store.lessons.teach(HERE, ALICE, samples(1, 2), actor_id=STAFF)
    await store.lessons.teach(HERE, ALICE, samples(1, model_id="next"), actor_id=STAFF)
    old, new = [await store.gallery.load(HERE, model_id) for model_id in (MODEL, "next")]
    assert [len(old.characters[0].exemplars), old.outdated] == [2, 1]
    assert [len(new.characters[0].exemplars), new.outdated] == [1, 2]
    assert {one.embedding.model_id for one in new.characters[0].exemplars} == {"next"}
    (alice,) = await store.gallery.characters(HERE)
    assert alice.exemplars == 3
    assert list((await store.gallery.models(HERE)).items()) == [(MODEL, 2), ("next", 1)]


async def test_the_same_request_again_changes_nothing(store: Store, open_again: Open) -> None:
    async with open_again() as other:
        lessons = await asyncio.gather(
            *(
                one.lessons.teach(HERE, ALICE, samples(1), actor_id=STAFF, request_id=2**62)
                for one in (store, other, store, other)
            )
        )
    assert len({lesson.id for lesson in lessons}) == 1
    assert lessons[0].exemplars == 1
    assert len(await store.audit.page(HERE)) == 1
    elsewhere = await store.lessons.teach(
        THERE, ALICE, samples(1), actor_id=STAFF, request_id=2**62
    )
    assert elsewhere.id != lessons[0].id


async def test_known_vectors_are_duplicates(store: Store) -> None:
    await store.lessons.teach(HERE, ALICE, samples(1), actor_id=STAFF)
    again = await store.lessons.teach(HERE, ALICE, samples(1, 2, 2), actor_id=MEMBER)
    assert (again.exemplars, again.duplicates) == (1, 2)
    other = await store.lessons.teach(HERE, REI, samples(1), actor_id=MEMBER)
    assert (other.exemplars, other.duplicates) == (1, 0)


async def test_a_crop_is_kept_only_where_the_server_wants_it(store: Store) -> None:
    await store.settings.change(THERE, STAFF, keep_crops=True)
    for guild_id, kept in ((HERE, None), (THERE, CROP)):
        await store.lessons.teach(guild_id, ALICE, samples(1, crop=CROP), actor_id=STAFF)
        (alice,) = (await store.gallery.load(guild_id, MODEL)).characters
        (exemplar,) = alice.exemplars
        assert exemplar.has_crop is (kept is not None)
        assert await store.gallery.crop(guild_id, exemplar.id) == kept


@pytest.mark.parametrize("size", [(0, 5), (129, 5), (5, 129)])
def test_a_larger_crop_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueRefused):
        Crop(b"x", *size)
    with pytest.raises(ValueRefused):
        Crop(b"x" * 65537, 1, 1)


async def test_what_cannot_be_taught_leaves_no_trace(store: Store) -> None:
    ones = np.ones(64, np.float32)
    wrong = [
        (Subject(" "), samples(1)),
        (Subject("x" * 101), samples(1)),
        (Subject("a\u202eb"), samples(1)),
        (Subject("A", "s" * 201), samples(1)),
        (Subject("A", catalog_id=""), samples(1)),
        (ALICE, []),
        (ALICE, [Sample(Embedding(ones, MODEL))]),
        (ALICE, [Sample(Embedding(ones * np.nan, MODEL))]),
        (ALICE, [Sample(Embedding(embedding(1).vector[None], MODEL))]),
        (ALICE, [Sample(Embedding(embedding(1).vector, ""))]),
    ]
    for subject, given in wrong:
        with pytest.raises(ValueRefused):
            await store.lessons.teach(HERE, subject, given, actor_id=STAFF)
    assert await store.servers.known() == ()


async def test_a_server_cannot_fill_the_host(open_again: Open) -> None:
    limits = Limits(characters_per_server=2, exemplars_per_server=4, exemplars_per_lesson=3)
    async with open_again(limits=limits) as store:
        await store.lessons.teach(HERE, ALICE, samples(1), actor_id=STAFF)
        await store.lessons.teach(HERE, REI, samples(1, 2), actor_id=STAFF)
        for what, subject, given in (
            ("characters_per_server", Subject("Third"), samples(1)),
            ("exemplars_per_server", ALICE, samples(2, 3)),
            ("exemplars_per_lesson", ALICE, samples(2, 3, 4, 5)),
        ):
            with pytest.raises(LimitReached) as caught:
                await store.lessons.teach(HERE, subject, given, actor_id=STAFF)
            assert caught.value.what == what
        assert sum(one.exemplars for one in await store.gallery.characters(HERE)) == 3
        await store.lessons.teach(THERE, Subject("Third"), samples(1, 2), actor_id=STAFF)


async def test_an_exported_gallery_can_be_taken_in(store: Store) -> None:
    await store.lessons.teach(HERE, ALICE, samples(1, 2), actor_id=STAFF)
    await store.lessons.teach(HERE, REI, samples(3), actor_id=STAFF)
    await store.lessons.teach(THERE, REI, samples(3), actor_id=STAFF)
    bundle = bundle_of(await store.gallery.load(HERE, MODEL))
    lesson = await store.lessons.take_in(THERE, bundle, actor_id=MEMBER, request_id=5)
    assert (lesson.exemplars, lesson.duplicates) == (2, 1)
    assert lesson.source is LessonSource.IMPORT
    found = bundle_of(await store.gallery.load(THERE, MODEL))
    assert {one.name for one, _ in found.characters} == {ALICE.name, REI.name}
    again = await store.lessons.take_in(THERE, bundle, actor_id=MEMBER, request_id=5)
    assert again == lesson
    with pytest.raises(ValueRefused):
        await store.lessons.take_in(THERE, Bundle(MODEL, ()), actor_id=MEMBER)


async def test_a_large_import_is_one_lesson(store: Store) -> None:
    bundle = Bundle(
        MODEL,
        tuple(
            (Subject(f"N{n}"), tuple(embedding(10 * n + i) for i in range(10))) for n in range(20)
        ),
    )
    lesson = await store.lessons.take_in(HERE, bundle, actor_id=STAFF)
    assert lesson.exemplars == 200
    assert len((await store.gallery.load(HERE, MODEL)).characters) == 20


async def test_an_unknown_lesson_is_unknown(store: Store) -> None:
    with pytest.raises(UnknownLesson):
        await store.lessons.get(HERE, 1)
