"""Menus and forms that nobody waits for any more: whoever uses them is told so."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import pytest

import bot
from catalog import Catalog
from cogs.shared.safe import SafeModal
from cogs.shared.services import Services
from sandbox import StoredMessage
from tests.e2e.conftest import Club, running
from tests.e2e.test_buttons import press
from tests.e2e.test_correcting import choose_channel, corrected, opened
from tests.e2e.test_teaching import alone, taught, until

__all__ = ["alone"]

OVER = "That question is over"


@contextlib.asynccontextmanager
async def restarted(club: Club, catalog: Catalog) -> AsyncIterator[None]:
    """Another bot in the place of the club's, on the same database."""
    await club.services.work.drain(2.0)
    await club.bot.close()
    old = club.services
    again = Services(
        old.recognizer, catalog, old.downloader, cooldown_s=0.0, store=old.store,
        galleries=old.galleries, teacher=old.teacher, progress_after_s=60.0,
    )  # fmt: skip
    async with running(bot.create_bot(club.bot.settings, again), club.sandbox):
        yield


async def chosen(club: Club, question: StoredMessage, option: str) -> StoredMessage:
    """What staff are told who choose in a menu."""
    handle = await club.sandbox.select(club.sandbox.staff, question, "Who is it?", [option])
    return await handle.wait_answer()


async def test_menus_and_forms_of_before_a_restart(
    club: Club, catalog: Catalog, alone: bytes, friends: bytes
) -> None:
    sandbox, store = club.sandbox, club.services.store
    assert store is not None
    message = await club.answer(alone)
    whom = await taught(club, alone, name="Ayanami Rey")
    which = await taught(club, friends)
    meant = await corrected(club, message, sandbox.staff, **{"Who is it?": "Ayanami Rey"})
    form = await opened(club, message)
    async with restarted(club, catalog):
        for question in (whom, meant):
            assert (await chosen(club, question, "Ayanami Rei")).content.startswith(OVER)
        handle = await sandbox.select(sandbox.staff, which, "Which face is it?", ["Face 1"])
        told = await handle.wait_answer()
        assert told.content.startswith(OVER)
        assert told.ephemeral
        sent = await sandbox.submit_modal(sandbox.member, form, {"Who is it?": "Somebody"})
        assert (await sent.wait_answer()).content.startswith(OVER)
        # Buttons of answers are for good, and are not mistaken for such a question.
        guesses = await (await press(club, sandbox.other, message, "Other guesses")).wait_answer()
        assert guesses.embeds
        assert "Corrected" not in message.content
        assert await store.gallery.characters(sandbox.guild.id) == ()
        await club.services.work.drain(0.1)


async def test_choosing_twice_says_so_and_leaves_what_was_done(club: Club, alone: bytes) -> None:
    question = await taught(club, alone, name="Ayanami Rey")
    handles = [
        await club.sandbox.select(club.sandbox.staff, question, "Who is it?", ["Ayanami Rei"])
        for _ in range(2)
    ]
    told = await handles[1].wait_answer()
    assert told.content.startswith(OVER)
    await until(question, "I've learned **Ayanami Rei**", club)
    assert not any(OVER in one.content for one in handles[0].messages)


async def test_what_is_waited_for_is_heard_by_one_alone(club: Club, alone: bytes) -> None:
    await choose_channel(club)
    message = await club.answer(alone)
    assert OVER not in (await corrected(club, message)).content
    question = await taught(club, alone, name="Ayanami Rey")
    handle = await club.sandbox.select(club.sandbox.staff, question, "Who is it?", ["Ayanami Rei"])
    await until(question, "I've learned **Ayanami Rei**", club)
    assert not any(OVER in one.content for one in handle.messages)


async def test_a_form_that_was_closed_is_not_kept_for_ever(
    club: Club, alone: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord tells nobody that a form was closed, and it holds a whole answer."""
    monkeypatch.setattr(SafeModal.__init__, "__kwdefaults__", {"timeout_s": 0.1})
    forgotten: list[SafeModal] = []

    async def noted(form: SafeModal) -> None:
        forgotten.append(form)

    monkeypatch.setattr(SafeModal, "on_timeout", noted)
    message = await club.answer(alone)
    handle = await opened(club, message)
    await club.sandbox.wait_for(lambda: bool(forgotten), 5)
    sent = await club.sandbox.submit_modal(club.sandbox.member, handle, {"Who is it?": "Somebody"})
    assert (await sent.wait_answer()).content.startswith(OVER)
