"""Answers: buttons after a restart, who may change what, corrections."""

from __future__ import annotations

import asyncio

import pytest

from store.errors import AnswerChanged, NotYours, UnknownAnswer, ValueRefused
from store.opening import Store
from store.repositories.answers import new_answer_id
from store.types import Answer, Correction
from tests.store.conftest import Clock, Open
from tests.store.made import (
    CHANNEL,
    HERE,
    MEMBER,
    MESSAGE,
    MODEL,
    OTHER,
    STAFF,
    embedding,
    picture,
)

PLACES = [HERE, None]


async def added(store: Store, guild_id: int | None = HERE) -> Answer:
    return await store.answers.add(
        new_answer_id(),
        guild_id,
        channel_id=CHANNEL,
        asker_id=MEMBER,
        pictures=[picture(2, spoiler=True), picture(0)],
        looked={(0, 0): embedding(1), (0, 1): embedding(2), (1, None): embedding(3)},
        private=True,
        locale="ja",
    )


async def test_an_answer_survives(store: Store, open_again: Open, clock: Clock) -> None:
    for guild_id in PLACES:
        answer = await added(store, guild_id)
        await store.answers.posted(guild_id, answer.id, MESSAGE)
        async with open_again() as later:
            found = await later.answers.get(guild_id, answer.id)
            first = await later.answers.embedding(guild_id, answer.id, 0, 1)
            whole = await later.answers.embedding(guild_id, answer.id, 1, None)
            assert await later.answers.embedding(guild_id, answer.id, 1, 0) is None
        assert found.message_id == MESSAGE
        assert found.pictures == (picture(2, spoiler=True), picture(0))
        assert (found.asker_id, found.private, found.locale) == (MEMBER, True, "ja")
        assert (found.version, found.asked_at) == (1, clock.now)
        assert first is not None
        assert whole is not None
        assert first.model_id == whole.model_id == MODEL
        assert float(first.vector @ embedding(2).vector) > 0.9999
        assert float(whole.vector @ embedding(3).vector) > 0.9999


async def test_only_the_asker_and_staff_change_an_answer(store: Store) -> None:
    answer = await added(store)
    changed = await store.answers.change(
        HERE, answer.id, [picture(0)], version=1, actor_id=MEMBER, staff=False
    )
    assert (changed.version, changed.pictures) == (2, (picture(0),))
    assert await store.answers.embedding(HERE, answer.id, 0, 0) is not None
    changed = await store.answers.change(
        HERE,
        answer.id,
        [picture(1)],
        version=2,
        actor_id=STAFF,
        staff=True,
        looked={(0, 0): embedding(8)},
    )
    assert changed.version == 3
    assert await store.answers.embedding(HERE, answer.id, 0, 1) is None
    with pytest.raises(NotYours):
        await store.answers.change(
            HERE, answer.id, [picture(2)], version=3, actor_id=OTHER, staff=False
        )
    with pytest.raises(NotYours):
        await store.answers.correct(
            HERE,
            answer.id,
            picture=0,
            face=0,
            said=None,
            truth="X",
            actor_id=OTHER,
            staff=False,
        )
    assert await store.answers.get(HERE, answer.id) == changed


async def test_of_two_changes_at_once_one_counts(store: Store, open_again: Open) -> None:
    answer = await added(store)
    async with open_again() as other:
        results = await asyncio.gather(
            *(
                one.answers.change(
                    HERE, answer.id, [picture(n)], version=1, actor_id=MEMBER, staff=False
                )
                for n, one in enumerate((store, other, store))
            ),
            return_exceptions=True,
        )
    assert sum(isinstance(one, Answer) for one in results) == 1
    late = [one for one in results if isinstance(one, AnswerChanged)]
    assert [(one.expected, one.actual) for one in late] == [(1, 2), (1, 2)]


async def test_the_latest_correction_counts(store: Store, clock: Clock) -> None:
    for guild_id in PLACES:
        answer = await added(store, guild_id)
        for face, truth, catalog_id, actor_id in (
            (1, "Asuka", None, MEMBER),
            (1, "Souryuu Asuka Langley", "souryuu_asuka_langley", STAFF),
            (0, None, None, MEMBER),
        ):
            found = await store.answers.correct(
                guild_id,
                answer.id,
                picture=0,
                face=face,
                said="ayanami_rei",
                truth=truth,
                catalog_id=catalog_id,
                actor_id=actor_id,
                staff=actor_id == STAFF,
            )
        asuka = ("Souryuu Asuka Langley", "souryuu_asuka_langley")
        assert found.corrections == (
            Correction(0, 0, "ayanami_rei", None, None, MEMBER, clock.now),
            Correction(0, 1, "ayanami_rei", *asuka, STAFF, clock.now),
        )
        found = await store.answers.correct(
            guild_id,
            answer.id,
            picture=1,
            face=None,
            said=None,
            truth="Rei",
            actor_id=MEMBER,
            staff=False,
        )
        assert found.corrections[2].face is None
        assert await store.answers.get(guild_id, answer.id) == found


async def test_faces_that_are_not_there_cannot_be_corrected(store: Store) -> None:
    answer = await added(store)
    for where in ({"picture": 2, "face": 0}, {"picture": 0, "face": 2}, {"picture": 1, "face": 0}):
        with pytest.raises(ValueRefused):
            await store.answers.correct(
                HERE, answer.id, **where, said=None, truth="X", actor_id=MEMBER, staff=False
            )
    with pytest.raises(ValueRefused):
        await store.answers.correct(
            HERE,
            answer.id,
            picture=0,
            face=0,
            said=None,
            truth="x" * 101,
            actor_id=MEMBER,
            staff=False,
        )
    assert await store.answers.get(HERE, answer.id) == answer


async def test_a_deleted_message_takes_its_answer_along(store: Store) -> None:
    answers = [await added(store, guild_id) for guild_id in PLACES]
    for answer in answers:
        await store.answers.posted(answer.guild_id, answer.id, MESSAGE)
    assert await store.answers.message_deleted(HERE, CHANNEL, MESSAGE) == 1
    assert await store.answers.message_deleted(HERE, CHANNEL, MESSAGE) == 0
    with pytest.raises(UnknownAnswer):
        await store.answers.get(HERE, answers[0].id)
    assert await store.answers.embedding(HERE, answers[0].id, 0, 0) is None
    await store.answers.get(None, answers[1].id)


async def test_an_answer_has_pictures_but_not_too_many(store: Store) -> None:
    for n in (0, 11):
        with pytest.raises(ValueRefused):
            await store.answers.add(
                new_answer_id(),
                HERE,
                channel_id=CHANNEL,
                asker_id=MEMBER,
                pictures=[picture()] * n,
            )


def test_ids_cannot_be_guessed_and_fit_a_custom_id() -> None:
    ids = {new_answer_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {len(one) for one in ids} == {12}
    assert all(one.replace("-", "").replace("_", "").isalnum() for one in ids)
