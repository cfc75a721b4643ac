"""Nobody reaches what is not theirs: another server's ids lead nowhere, in any method.

``METHODS`` lists every method of every repository that takes a server. A method that is missing
there fails the first test, so that a new one cannot be forgotten.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, fields
from typing import Any

import pytest

from store.bundle import bundle_of
from store.errors import ChannelTaken, NotThere
from store.opening import Store
from store.types import QuizResult, Season, ServerSettings, TaughtGallery
from tests.store.conftest import Open
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
    THERE,
    picture,
    quiz_picture,
    samples,
)
from tests.store.test_privacy import answered, played, rows, traces


@dataclass(frozen=True)
class Owned:
    """Ids that belong to the server HERE."""

    character: int
    second: int
    exemplar: int
    lesson: int
    pending: int
    action: int
    answer: str
    quiz: str
    quiz_picture: int


async def made_here(store: Store) -> Owned:
    await store.settings.change(
        HERE, STAFF, keep_crops=True, listening_channels=[1], teaching_roles=[2], language="ja"
    )
    lesson = await store.lessons.teach(
        HERE, ALICE, samples(1, 2, crop=CROP), actor_id=MEMBER, request_id=77
    )
    second = await store.lessons.teach(HERE, REI, samples(3), actor_id=MEMBER)
    pending = await store.lessons.propose(HERE, ALICE, samples(4), actor_id=MEMBER)
    answer = await answered(store, HERE, MEMBER)
    await store.answers.posted(HERE, answer.id, MESSAGE)
    alice = (await store.gallery.load(HERE, MODEL)).characters[0]
    assert lesson.character_id is not None
    assert second.character_id is not None
    return Owned(
        lesson.character_id,
        second.character_id,
        alice.exemplars[0].id,
        lesson.id,
        pending.id,
        (await store.audit.page(HERE))[-1].id,
        answer.id,
        await played(store, HERE, channel_id=CHANNEL),
        (await store.quiz_pictures.listed(HERE))[0].id,
    )


Call = Callable[[Store, int, Owned], Coroutine[Any, Any, Any]]
REFUSED = "refused"
# Called for another server with the ids of this one: what it returns, or that it is refused.
METHODS: dict[str, tuple[Call, Any]] = {
    "settings.get": (lambda s, g, o: s.settings.get(g), ServerSettings(THERE)),
    "settings.gone": (lambda s, g, o: s.settings.gone(g, channel_id=1, role_id=2), None),
    "settings.change": (
        lambda s, g, o: s.settings.change(g, OTHER, keep_crops=False, listening_channels=[]),
        ServerSettings(THERE),
    ),
    "gallery.load": (
        lambda s, g, o: s.gallery.load(g, MODEL),
        lambda found: isinstance(found, TaughtGallery) and found.characters == (),
    ),
    "gallery.characters": (lambda s, g, o: s.gallery.characters(g), ()),
    "gallery.character": (lambda s, g, o: s.gallery.character(g, o.character), REFUSED),
    "gallery.models": (lambda s, g, o: s.gallery.models(g), {}),
    "gallery.crop": (lambda s, g, o: s.gallery.crop(g, o.exemplar), None),
    "lessons.get": (lambda s, g, o: s.lessons.get(g, o.lesson), REFUSED),
    "lessons.teach": (
        lambda s, g, o: s.lessons.teach(g, ALICE, samples(1), actor_id=OTHER, request_id=77),
        lambda lesson: lesson.guild_id == THERE and lesson.duplicates == 0,
    ),
    "lessons.propose": (
        lambda s, g, o: s.lessons.propose(g, ALICE, samples(1), actor_id=OTHER, request_id=77),
        lambda lesson: lesson.guild_id == THERE and lesson.taught_by == OTHER,
    ),
    "lessons.take_in": (
        lambda s, g, o: _take_in(s, g),
        lambda lesson: lesson.guild_id == THERE and lesson.duplicates == 0,
    ),
    "proposals.pending": (lambda s, g, o: s.proposals.pending(g), ()),
    "proposals.proposal": (lambda s, g, o: s.proposals.proposal(g, o.pending), REFUSED),
    "proposals.asked": (
        lambda s, g, o: s.proposals.asked(g, o.pending, channel_id=1, message_id=1),
        REFUSED,
    ),
    "proposals.approve": (
        lambda s, g, o: s.proposals.approve(g, o.pending, actor_id=OTHER),
        REFUSED,
    ),
    "proposals.reject": (
        lambda s, g, o: s.proposals.reject(g, o.pending, actor_id=OTHER),
        REFUSED,
    ),
    "edits.rename": (
        lambda s, g, o: s.edits.rename(g, o.character, "X", actor_id=OTHER),
        REFUSED,
    ),
    "edits.merge": (
        lambda s, g, o: s.edits.merge(g, o.character, o.second, actor_id=OTHER),
        REFUSED,
    ),
    "edits.remove": (lambda s, g, o: s.edits.remove(g, o.character, actor_id=OTHER), REFUSED),
    "undo.undo": (lambda s, g, o: s.undo.undo(g, o.action, actor_id=OTHER), REFUSED),
    "audit.page": (lambda s, g, o: s.audit.page(g), ()),
    "audit.get": (lambda s, g, o: s.audit.get(g, o.action), REFUSED),
    "answers.get": (lambda s, g, o: s.answers.get(g, o.answer), REFUSED),
    "answers.posted": (lambda s, g, o: s.answers.posted(g, o.answer, 1), REFUSED),
    "answers.embedding": (lambda s, g, o: s.answers.embedding(g, o.answer, 0, 0), None),
    "answers.change": (
        lambda s, g, o: s.answers.change(
            g, o.answer, [picture(0)], version=2, actor_id=MEMBER, staff=True, looked={}
        ),
        REFUSED,
    ),
    "answers.correct": (
        lambda s, g, o: s.answers.correct(
            g, o.answer, picture=0, face=0, said=None, truth="X", actor_id=MEMBER, staff=True
        ),
        REFUSED,
    ),
    "answers.message_deleted": (
        lambda s, g, o: s.answers.message_deleted(g, CHANNEL, MESSAGE),
        0,
    ),
    "privacy.held": (lambda s, g, o: s.privacy.held(g, MEMBER), lambda held: held.total == 0),
    "privacy.forget_member": (
        lambda s, g, o: s.privacy.forget_member(g, MEMBER),
        lambda held: held.total == 0,
    ),
    "privacy.forget_server": (
        lambda s, g, o: s.privacy.forget_server(g),
        lambda held: held.total == 0,
    ),
    "servers.revision": (lambda s, g, o: s.servers.revision(g), 0),
    "servers.left": (lambda s, g, o: s.servers.left(g), None),
    "servers.joined": (lambda s, g, o: s.servers.joined(g), None),
    "quizzes.start": (lambda s, g, o: _start_again(s, g), True),
    "quizzes.get": (lambda s, g, o: s.quizzes.get(g, o.quiz), REFUSED),
    "quizzes.save": (
        lambda s, g, o: s.quizzes.save(g, o.quiz, version=2, state={}, players={OTHER: {}}),
        REFUSED,
    ),
    "quizzes.finish": (
        lambda s, g, o: s.quizzes.finish(
            g, o.quiz, version=2, results=[QuizResult(OTHER, 9, True, 1, 1, 1, 1)]
        ),
        REFUSED,
    ),
    "quiz_scores.season": (lambda s, g, o: s.quiz_scores.season(g), Season(1)),
    "quiz_scores.board": (lambda s, g, o: s.quiz_scores.board(g, season=None), ()),
    "quiz_scores.of_member": (
        lambda s, g, o: s.quiz_scores.of_member(g, MEMBER, season=None),
        None,
    ),
    "quiz_scores.reset": (
        lambda s, g, o: s.quiz_scores.reset(g, OTHER, season=1),
        lambda season: season.number == 2,
    ),
    "quiz_asked.asked": (lambda s, g, o: s.quiz_asked.asked(g, "clues", "ayanami_rei"), None),
    "quiz_asked.answered": (
        lambda s, g, o: s.quiz_asked.answered(g, "clues", "ayanami_rei", missed=True),
        None,
    ),
    "quiz_asked.recent": (lambda s, g, o: s.quiz_asked.recent(g, "clues"), frozenset()),
    "quiz_asked.missed": (lambda s, g, o: s.quiz_asked.missed(g, "clues"), frozenset()),
    "quiz_pictures.add": (
        lambda s, g, o: s.quiz_pictures.add(g, quiz_picture(1), actor_id=OTHER),
        lambda added: added.guild_id == THERE,
    ),
    "quiz_pictures.listed": (lambda s, g, o: s.quiz_pictures.listed(g), ()),
    "quiz_pictures.get": (lambda s, g, o: s.quiz_pictures.get(g, o.quiz_picture), REFUSED),
    "quiz_pictures.remove": (lambda s, g, o: s.quiz_pictures.remove(g, o.quiz_picture), REFUSED),
    "quiz_pictures.prints": (lambda s, g, o: s.quiz_pictures.prints(g), {}),
    # The key of another server's round puts up and takes down nothing of it.
    "running_pictures.put_up": (
        lambda s, g, o: s.running_pictures.put_up(g, o.quiz, [b"other"], for_s=60),
        None,
    ),
    "running_pictures.take_down": (lambda s, g, o: s.running_pictures.take_down(g, o.quiz), 0),
    # An id is taken, wherever: another server can neither read nor replace what is behind it.
    "answers.add": (lambda s, g, o: _add_again(s, g, o.answer), True),
}
NO_SERVER = {
    *("cache.get", "cache.put", "cache.drop", "budgets.take", "budgets.pause"),
    *("servers.known", "servers.revisions", "keeper.purge", "quizzes.everywhere"),
    # Every server's prints are looked out for everywhere; they tell nothing to whoever has them.
    *("running_pictures.up", "running_pictures.prints"),
    *("privacy.held_everywhere", "privacy.forget_member_everywhere"),
}


async def _take_in(store: Store, guild_id: int) -> Any:
    bundle = bundle_of(await store.gallery.load(HERE, MODEL))
    return await store.lessons.take_in(guild_id, bundle, actor_id=OTHER, request_id=77)


async def _start_again(store: Store, guild_id: int) -> bool:
    """A channel belongs to one server; who asks for it in another one's name gets nothing."""
    try:
        await store.quizzes.start(
            guild_id, "x", channel_id=CHANNEL, host_id=OTHER, locale="ja", state={}
        )
    except ChannelTaken:
        return True
    return False


async def _add_again(store: Store, guild_id: int, answer_id: str) -> bool:
    try:
        await store.answers.add(
            answer_id, guild_id, channel_id=1, asker_id=OTHER, pictures=[picture(0)]
        )
    except Exception as problem:  # noqa: BLE001 - a mistake of the caller's, not an error of ours
        return "UNIQUE" in str(problem).upper()
    return False


def test_every_method_is_listed(store: Store) -> None:
    found = {
        f"{field.name}.{name}"
        for field in fields(store)
        for name, _ in inspect.getmembers(getattr(store, field.name), inspect.iscoroutinefunction)
        if field.name != "changes" and not name.startswith("_")
    }
    assert found == METHODS.keys() | NO_SERVER


def test_every_listed_method_takes_the_server_first(store: Store) -> None:
    for name in METHODS:
        repository, _, method = name.partition(".")
        parameters = list(inspect.signature(getattr(getattr(store, repository), method)).parameters)
        assert "guild_id" in parameters[:2], name


async def state(store: Store) -> Any:
    """Everything of the server HERE that can be read, as text."""
    gallery = await store.gallery.load(HERE, MODEL)
    pending = await store.proposals.pending(HERE)
    return repr(
        [
            await store.settings.get(HERE),
            await store.servers.revision(HERE),
            await store.servers.known(),
            [(one.id, one.name, [e.id for e in one.exemplars]) for one in gallery.characters],
            await store.gallery.characters(HERE),
            pending,
            [len((await store.proposals.proposal(HERE, one.id)).samples) for one in pending],
            await store.audit.page(HERE, limit=100),
            await store.privacy.held(HERE, MEMBER),
            [
                await store.quizzes.get(HERE, quiz)
                for place, quiz in await store.quizzes.everywhere()
                if place == HERE
            ],
            await store.quiz_scores.board(HERE, season=1),
            await store.quiz_asked.recent(HERE, "clues"),
            await store.quiz_asked.missed(HERE, "clues"),
            await store.quiz_pictures.listed(HERE),
            await store.running_pictures.prints(await store.running_pictures.up()),
        ]
    )


async def test_another_servers_ids_lead_nowhere(open_again: Open, url: str) -> None:
    async with open_again() as store:
        owned = await made_here(store)
        answer = await store.answers.get(HERE, owned.answer)
        before, revision = await state(store), await store.servers.revision(HERE)
        for name, (call, wanted) in METHODS.items():
            if wanted == REFUSED:
                with pytest.raises(NotThere):
                    await call(store, THERE, owned)
            else:
                found = await call(store, THERE, owned)
                assert wanted(found) if callable(wanted) else found == wanted, name
            await store.privacy.forget_server(THERE)
            assert await store.servers.revision(HERE) == revision, name
        assert await state(store) == before
        assert await store.answers.get(HERE, owned.answer) == answer
        assert await store.answers.embedding(HERE, owned.answer, 0, 0) is not None
        assert await store.gallery.crop(HERE, owned.exemplar) == CROP


async def test_an_answer_of_a_server_is_none_outside_of_it(store: Store) -> None:
    owned = await made_here(store)
    private = await answered(store, None, MEMBER)
    with pytest.raises(NotThere):
        await store.answers.get(None, owned.answer)
    with pytest.raises(NotThere):
        await store.answers.get(HERE, private.id)
    assert await store.answers.message_deleted(None, CHANNEL, MESSAGE) == 0


async def test_two_servers_teaching_one_name_do_not_see_each_other(store: Store, url: str) -> None:
    here = await store.lessons.teach(HERE, ALICE, samples(1), actor_id=STAFF)
    there = await store.lessons.teach(THERE, ALICE, samples(2, 3), actor_id=STAFF)
    assert here.character_id != there.character_id
    assert [one.exemplars for one in await store.gallery.characters(HERE)] == [1]
    assert [one.exemplars for one in await store.gallery.characters(THERE)] == [2]
    await store.privacy.forget_server(THERE)
    assert await traces(url, THERE) == {}
    assert (await rows(url))["exemplars"] == 1
