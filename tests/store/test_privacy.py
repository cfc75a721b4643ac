"""Forgetting members and servers, and leaving."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import BigInteger, func, select, text

from store.address import read_url
from store.database import Database
from store.errors import UnknownAnswer, UnknownLesson
from store.models import MARK, Base
from store.opening import Store
from store.repositories.answers import new_answer_id
from store.repositories.privacy import DELETE, ERASE, marked
from store.types import ActionKind, Answer, QuizResult
from tests.store.conftest import Clock, Open
from tests.store.made import (
    ALICE,
    CHANNEL,
    CROP,
    HERE,
    MEMBER,
    MODEL,
    OTHER,
    REI,
    STAFF,
    THERE,
    embedding,
    picture,
    quiz_picture,
    samples,
)

# Numbers that are no member's: servers, channels, messages, roles, pictures, other rows.
NO_MEMBER = {
    *("total_ms",),  # milliseconds
    *("guild_id", "channel_id", "message_id", "role_id", "approval_channel", "request_id"),
    *("id", "revision", "character_id", "lesson_id", "exemplar_id", "removed_by", "undone_by"),
}


async def answered(store: Store, guild_id: int | None, asker_id: int) -> Answer:
    answer = await store.answers.add(
        new_answer_id(),
        guild_id,
        channel_id=CHANNEL,
        asker_id=asker_id,
        pictures=[picture()],
        looked={(0, 0): embedding(1)},
    )
    return await store.answers.correct(
        guild_id,
        answer.id,
        picture=0,
        face=1,
        said=None,
        truth="Asuka",
        actor_id=MEMBER,
        staff=True,
    )


async def fill(store: Store) -> None:
    """Every table gets rows: of two servers, of direct messages, of several members."""
    for guild_id in (HERE, THERE):
        await store.settings.change(
            guild_id, STAFF, keep_crops=True, listening_channels=[1], teaching_roles=[2]
        )
        await store.lessons.teach(guild_id, ALICE, samples(1, crop=CROP), actor_id=MEMBER)
        await store.lessons.teach(guild_id, REI, samples(2, crop=CROP), actor_id=OTHER)
        await store.lessons.propose(guild_id, REI, samples(3), actor_id=MEMBER)
        lesson = await store.lessons.propose(guild_id, REI, samples(4), actor_id=OTHER)
        await store.proposals.approve(guild_id, lesson.id, actor_id=MEMBER)
    for place in (HERE, THERE, None):
        await answered(store, place, MEMBER)
        await answered(store, place, OTHER)
    for n, place in enumerate((HERE, THERE)):
        await played(store, place, channel_id=CHANNEL + n)
    await store.cache.put("key", "value", ttl_s=60)
    await store.budgets.take("anilist", per_minute=30)


async def played(store: Store, guild_id: int, *, channel_id: int) -> str:
    """A quiz that was finished, and one that is running; MEMBER and OTHER play. Returns its id."""
    for _ in range(2):
        quiz = await store.quizzes.start(
            guild_id, new_answer_id(), channel_id=channel_id, host_id=MEMBER, locale="ja", state={}
        )
        both = {MEMBER: {"points": 3}, OTHER: {"points": 2}}
        await store.quizzes.save(
            guild_id, quiz.id, version=1, state={"x": 1}, uploader_id=MEMBER, players=both,
            joined=both,
        )  # fmt: skip
        if not await store.quiz_scores.board(guild_id, season=None):
            results = [QuizResult(one, 100, one == MEMBER, 10, 5, 20_000, 900) for one in both]
            await store.quizzes.finish(guild_id, quiz.id, version=2, results=results)
    await store.quiz_asked.asked(guild_id, "clues", "ayanami_rei")
    await store.quiz_pictures.add(guild_id, quiz_picture(1), actor_id=MEMBER)
    await store.quiz_pictures.add(guild_id, quiz_picture(2), actor_id=OTHER)
    await store.running_pictures.put_up(guild_id, quiz.id, [b"print"], for_s=60)
    return quiz.id


async def rows(url: str) -> dict[str, int]:
    database = Database(read_url(url))
    counts = {}
    async with database.reading() as connection:
        for table in Base.metadata.sorted_tables:
            counted = await connection.execute(select(func.count()).select_from(table))
            counts[table.name] = counted.scalar_one()
    await database.aclose()
    return counts


async def traces(url: str, number: int) -> dict[str, int]:
    """Cells of any column, JSON text included, in which a number occurs."""
    database = Database(read_url(url))
    found: dict[str, int] = {}
    async with database.reading() as connection:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                cell = f"CAST({column.name} AS TEXT) LIKE '%{number}%'"
                counted = await connection.execute(
                    text(f"SELECT count(*) FROM {table.name} WHERE {cell}")
                )
                if n := counted.scalar_one():
                    found[f"{table.name}.{column.name}"] = n
    await database.aclose()
    return found


async def test_the_member_is_told_what_is_kept(store: Store) -> None:
    await fill(store)
    held = await store.privacy.held(HERE, MEMBER)
    quiz = {"quiz_players": 1, "quiz_scores": 1, "quiz_pictures": 1}
    assert held.counts == {"lessons": 2, "answers": 1, "corrections": 2, **quiz}
    assert held.total == 8
    everywhere = await store.privacy.held_everywhere(MEMBER)
    quiz = {"quiz_players": 2, "quiz_scores": 2, "quiz_pictures": 2}
    assert everywhere.counts == {"lessons": 4, "answers": 3, "corrections": 6, **quiz}
    assert (await store.privacy.held(HERE, 12345)).total == 0


async def test_forgetting_a_member_in_one_server(store: Store, url: str) -> None:
    await fill(store)
    before = await store.servers.revision(HERE)
    forgotten = await store.privacy.forget_member(HERE, MEMBER)
    quiz = {"quiz_players": 1, "quiz_scores": 1, "quiz_pictures": 1}
    assert forgotten.counts == {"lessons": 2, "answers": 1, "corrections": 2, **quiz}
    assert await store.servers.revision(HERE) > before

    (rei,) = (await store.gallery.load(HERE, MODEL)).characters
    assert (rei.name, len(rei.exemplars)) == (REI.name, 2)
    assert len((await store.gallery.load(THERE, MODEL)).characters) == 2
    assert await store.proposals.pending(HERE) == ()
    log = await store.audit.page(HERE)
    assert log[0].kind is ActionKind.MEMBER_FORGOTTEN
    assert {one.actor_id for one in log} == {None, STAFF, OTHER}
    approved = next(one for one in log if one.kind is ActionKind.APPROVED)
    assert approved.actor_id is None
    lesson = await store.lessons.get(HERE, approved.detail["lesson"])
    assert (lesson.taught_by, lesson.decided_by) == (OTHER, None)

    assert (await store.privacy.held(HERE, MEMBER)).total == 0
    assert (await store.privacy.held(THERE, MEMBER)).total == 8
    assert (await store.privacy.forget_member(HERE, MEMBER)).total == 0
    assert len(await store.audit.page(HERE)) == len(log)


async def test_forgetting_a_member_everywhere_leaves_no_trace(store: Store, url: str) -> None:
    await fill(store)
    assert await traces(url, MEMBER)
    forgotten = await store.privacy.forget_member_everywhere(MEMBER)
    quiz = {"quiz_players": 2, "quiz_scores": 2, "quiz_pictures": 2}
    assert forgotten.counts == {"lessons": 4, "answers": 3, "corrections": 6, **quiz}
    assert await traces(url, MEMBER) == {}
    assert await traces(url, OTHER)
    assert (await store.privacy.forget_member_everywhere(MEMBER)).total == 0


async def test_forgetting_somebody_unknown_leaves_no_server_behind(store: Store) -> None:
    await answered(store, THERE, MEMBER)  # in a server that the bot itself is not in
    assert (await store.privacy.forget_member(THERE, MEMBER)).total == 2
    assert (await store.privacy.forget_member_everywhere(MEMBER)).total == 0
    assert await store.servers.known() == ()


async def test_forgetting_a_server_leaves_no_trace(store: Store, url: str) -> None:
    await fill(store)
    full = await rows(url)
    assert all(full.values()), "fill() has to reach every table"
    await store.privacy.forget_server(HERE)
    assert await traces(url, HERE) == {}
    left = await rows(url)
    for name in ("servers", "settings", "lessons", "exemplars", "characters", "crops", "audit"):
        assert left[name] == full[name] // 2, name
    assert left["answers"] == 4
    assert await store.servers.revision(HERE) == 0
    assert (await store.privacy.forget_server(HERE)).total == 0
    await store.privacy.forget_server(THERE)
    left = {name: n for name, n in (await rows(url)).items() if n}
    outside = {"answers": 2, "answer_vectors": 2, "corrections": 2}
    assert left == {**outside, "catalog_cache": 1, "budgets": 1}


async def test_a_server_that_comes_back_has_a_new_revision(store: Store, clock: Clock) -> None:
    for _ in range(3):
        await store.lessons.teach(HERE, ALICE, samples(1), actor_id=STAFF)
    before = await store.servers.revision(HERE)
    await store.privacy.forget_server(HERE)
    clock.forward(seconds=0.001)
    await store.lessons.teach(HERE, REI, samples(1), actor_id=STAFF)
    assert await store.servers.revision(HERE) > before


async def test_forgetting_and_teaching_at_once_is_one_or_the_other(
    store: Store, open_again: Open
) -> None:
    await fill(store)
    async with open_again() as other:
        await asyncio.gather(
            other.lessons.teach(HERE, ALICE, samples(9), actor_id=STAFF),
            store.privacy.forget_server(HERE),
            other.lessons.teach(HERE, ALICE, samples(10), actor_id=STAFF),
        )
    gallery = await store.gallery.load(HERE, MODEL)
    assert sum(len(one.exemplars) for one in gallery.characters) <= 2


async def test_what_was_forgotten_is_unknown(store: Store) -> None:
    answer = await answered(store, HERE, MEMBER)
    lesson = await store.lessons.propose(HERE, ALICE, samples(1), actor_id=MEMBER)
    await store.privacy.forget_member(HERE, MEMBER)
    with pytest.raises(UnknownAnswer):
        await store.answers.get(HERE, answer.id)
    with pytest.raises(UnknownLesson):
        await store.proposals.approve(HERE, lesson.id, actor_id=STAFF)


def test_every_number_is_marked_or_known_to_be_no_member() -> None:
    """A new table cannot name members without saying what becomes of its rows."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, BigInteger):
                assert (MARK in column.info) != (column.name in NO_MEMBER), (table.name, column)
    for what in (DELETE, ERASE):
        for table, column in marked(what):
            assert "guild_id" in table.columns, table.name
            assert column.nullable == (what == ERASE)
            assert any(column.name in index.columns for index in table.indexes)
