"""What a quiz asks is not told to members who suggest, nor to staff who teach or make a quiz."""

from __future__ import annotations

import pytest

from sandbox import StoredMessage
from tests.e2e.conftest import Club
from tests.e2e.test_declining import DECLINED
from tests.e2e.test_teaching import alone

__all__ = ["alone"]


async def put_up(club: Club, picture: bytes) -> None:
    assert club.services.watch is not None
    await club.services.watch.put_up(club.sandbox.guild.id, "quiz", [picture])


async def choose_approval(club: Club) -> None:
    store, sandbox = club.services.store, club.sandbox
    assert store is not None
    await store.settings.change(sandbox.guild.id, None, approval_channel=sandbox.bots.id)


async def menu(club: Club, name: str, picture: bytes) -> StoredMessage:
    sandbox = club.sandbox
    posted = await sandbox.post(sandbox.other, sandbox.channel, "", [("a.png", picture)])
    handle = await sandbox.message_command(sandbox.staff, posted, name)
    return await handle.wait_answer()


@pytest.mark.parametrize("character", [{}, {"character": "Nobody Yet"}])
async def test_offering_it_to_another_quiz_tells_nothing(
    club: Club, friends: bytes, portrait: bytes, character: dict[str, str]
) -> None:
    sandbox = club.sandbox
    await put_up(club, portrait)
    options = {"picture": ("a.png", portrait), **character}
    handle = await sandbox.slash(sandbox.staff, sandbox.channel, "quiz add", options)
    assert (await handle.wait_answer()).content.startswith(DECLINED)
    assert (await menu(club, "Add to quiz", portrait)).content.startswith(DECLINED)
    other = await menu(club, "Add to quiz", friends)
    assert "Whom do you mean?" in other.content or "Shall I keep" in other.content


async def test_a_host_is_told_nothing_of_what_another_quiz_asks(
    club: Club, portrait: bytes
) -> None:
    sandbox = club.sandbox
    await put_up(club, portrait)
    options = {"deck": "host", "rounds": 1}
    handle = await sandbox.slash(sandbox.staff, sandbox.channel, "quiz start", options)
    await handle.wait_answer()
    given = {"picture": ("a.png", portrait)}
    handle = await sandbox.slash(sandbox.staff, sandbox.channel, "quiz host", given)
    assert (await handle.wait_answer()).content.startswith(DECLINED)
    handle = await sandbox.slash(sandbox.staff, sandbox.channel, "quiz stop")
    await handle.wait_answer()


async def test_a_suggestion_is_not_shown_to_staff(club: Club, alone: bytes) -> None:
    """The evidence beside it would say whom the face resembles."""
    sandbox = club.sandbox
    await choose_approval(club)
    answer = await club.ask(sandbox.other, picture=("a.png", alone))
    await put_up(club, alone)
    handle = await sandbox.click(sandbox.other, answer, "That's wrong")
    await handle.wait_modal()
    sent = await sandbox.submit_modal(sandbox.other, handle, {"Who is it?": "Nakano Miku"})
    await sandbox.wait_for(lambda: any("A quiz is asking" in one.content for one in sent.messages))
    options = {"character": "Somebody", "picture1": ("a.png", alone)}
    handle = await sandbox.slash(sandbox.other, sandbox.channel, "teach add", options)
    assert (await handle.wait_answer()).content.startswith(DECLINED)
    handle = await sandbox.message_command(
        sandbox.staff, await sandbox.post(sandbox.other, sandbox.channel, "", [("a.png", alone)]),
        "Teach this…",
    )  # fmt: skip
    await handle.wait_modal()
    sent = await sandbox.submit_modal(sandbox.staff, handle, {"Who is it?": "Somebody"})
    await sandbox.wait_for(lambda: any(DECLINED in one.content for one in sent.messages))
    assert sandbox.messages(sandbox.bots) == []
