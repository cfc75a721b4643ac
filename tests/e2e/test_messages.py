"""Asking in plain messages: mentions, typed words, listening channels."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from catalog import Catalog
from recognition.recognizer import Recognizer
from sandbox import Sandbox, StoredMessage
from sandbox.models import Overwrite
from sandbox.permissions import SEND_MESSAGES
from tests.e2e.conftest import Club, open_club


@pytest.fixture
async def open_ears(recognizer: Recognizer, catalog: Catalog) -> AsyncIterator[Club]:
    """A bot whose operator has switched message content on."""
    async with open_club(recognizer, catalog, message_content=True) as opened:
        yield opened


def mention(club: Club) -> str:
    return f"<@{club.sandbox.application.bot.id}>"


def said(club: Club) -> list[StoredMessage]:
    bot = club.sandbox.application.bot
    return [one for one in club.sandbox.messages(club.sandbox.channel) if one.author is bot]


async def nothing_said(club: Club, count: int = 0) -> None:
    """The bot stays silent: it has heard all, is done with it, and has said nothing more."""
    await asyncio.sleep(0.4)
    for _ in range(400):
        if not club.services.work.running:
            break
        await asyncio.sleep(0.05)
    assert len(said(club)) == count


async def test_a_reply_that_mentions_the_bot(open_ears: Club, portrait: bytes) -> None:
    sandbox = open_ears.sandbox
    posted = await sandbox.post(
        sandbox.member, sandbox.channel, "", [("a.png", portrait)], spoiler=True
    )
    asked = await sandbox.post(
        sandbox.other, sandbox.channel, f"{mention(open_ears)} who?", reply_to=posted
    )
    answer = await sandbox.wait_message(sandbox.channel, after=asked, timeout=30)
    assert answer.reference is asked
    assert answer.files[0].spoiler
    assert not answer.mentions
    handle = await sandbox.click(sandbox.other, answer, "Other guesses")
    assert (await handle.wait_answer()).ephemeral


async def test_a_mention_with_an_own_picture_needs_no_privilege(
    club: Club, portrait: bytes
) -> None:
    sandbox = club.sandbox
    asked = await sandbox.post(
        sandbox.member, sandbox.channel, f"{mention(club)}?", [("a.png", portrait)]
    )
    answer = await sandbox.wait_message(sandbox.channel, after=asked, timeout=30)
    assert answer.files


async def test_where_discord_hides_the_picture_replied_to(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    posted = await sandbox.post(sandbox.member, sandbox.channel, "", [("a.png", portrait)])
    await sandbox.post(sandbox.other, sandbox.channel, mention(club), reply_to=posted)
    answer = await sandbox.wait_message(sandbox.channel, after=posted)
    assert answer.content.startswith("Discord doesn't show me that picture. Please right-click")


async def test_mentions_that_mean_no_picture(open_ears: Club, portrait: bytes) -> None:
    sandbox = open_ears.sandbox
    words = await sandbox.post(sandbox.member, sandbox.channel, "just words")
    asked = await sandbox.post(sandbox.other, sandbox.channel, mention(open_ears), reply_to=words)
    answer = await sandbox.wait_message(sandbox.channel, after=asked)
    assert answer.content == "I can't find a picture in that message."
    asked = await sandbox.post(sandbox.other, sandbox.channel, mention(open_ears))
    answer = await sandbox.wait_message(sandbox.channel, after=asked)
    assert answer.content.startswith("Reply to a picture and mention me")
    asked = await sandbox.post(
        sandbox.other, sandbox.channel, mention(open_ears), [("a.png", b"no picture")]
    )
    answer = await sandbox.wait_message(sandbox.channel, after=asked)
    assert answer.content.startswith("I can't read that file as a picture")


async def test_a_reply_to_an_answer_is_no_question(open_ears: Club, portrait: bytes) -> None:
    sandbox = open_ears.sandbox
    answer = await open_ears.answer(portrait)
    await sandbox.post(sandbox.other, sandbox.channel, "thanks!", reply_to=answer, ping=True)
    await nothing_said(open_ears, 1)


@pytest.mark.parametrize("typed", ["/whois", "whois", "Whois?", " /WHOIS "])
async def test_typed_as_a_reply(open_ears: Club, portrait: bytes, typed: str) -> None:
    sandbox = open_ears.sandbox
    posted = await sandbox.post(sandbox.member, sandbox.channel, "", [("a.png", portrait)])
    asked = await sandbox.post(sandbox.other, sandbox.channel, typed, reply_to=posted)
    answer = await sandbox.wait_message(sandbox.channel, after=asked, timeout=30)
    assert answer.files


async def test_typed_words_that_ask_nothing(open_ears: Club, portrait: bytes) -> None:
    sandbox = open_ears.sandbox
    posted = await sandbox.post(sandbox.member, sandbox.channel, "", [("a.png", portrait)])
    await sandbox.post(sandbox.other, sandbox.channel, "whois that", reply_to=posted)
    await sandbox.post(sandbox.other, sandbox.channel, "whois")
    await nothing_said(open_ears)


async def test_without_the_privilege_typed_words_are_not_heard(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    posted = await sandbox.post(sandbox.member, sandbox.channel, "", [("a.png", portrait)])
    await sandbox.post(sandbox.other, sandbox.channel, "whois", reply_to=posted)
    await nothing_said(club)


async def test_a_direct_message(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    direct = sandbox.dm(sandbox.member)
    posted = await sandbox.post(sandbox.member, direct, "", [("a.png", portrait)])
    asked = await sandbox.post(sandbox.member, direct, "whois", reply_to=posted)
    assert (await sandbox.wait_message(direct, after=asked, timeout=30)).files


async def listen(club: Club, per_minute: int = 6) -> None:
    sandbox = club.sandbox
    assert club.services.store
    await club.services.store.settings.change(
        sandbox.guild.id,
        sandbox.owner.id,
        listening_channels=[sandbox.channel.id],
        listening_per_minute=per_minute,
    )


async def test_a_listening_channel_answers_every_picture_quietly(
    open_ears: Club, portrait: bytes
) -> None:
    sandbox = open_ears.sandbox
    posted = await sandbox.post(sandbox.member, sandbox.channel, "", [("a.png", portrait)])
    await nothing_said(open_ears)
    await listen(open_ears)
    posted = await sandbox.post(sandbox.member, sandbox.channel, "", [("a.png", portrait)])
    answer = await sandbox.wait_message(sandbox.channel, after=posted, timeout=30)
    assert answer.reference is posted
    assert answer.flags & 1 << 12  # nobody's phone rings
    assert not answer.mentions
    assert answer.files
    await sandbox.post(sandbox.member, sandbox.channel, "only words")
    await sandbox.post(sandbox.member, sandbox.channel, "", [("a.png", b"no picture")])
    await sandbox.post(sandbox.member, sandbox.bots, "", [("a.png", portrait)])
    await nothing_said(open_ears, 1)


async def test_a_listening_channel_has_a_limit_a_minute(open_ears: Club, portrait: bytes) -> None:
    sandbox = open_ears.sandbox
    await listen(open_ears, per_minute=2)
    files = [(f"{n}.png", portrait) for n in range(3)]
    posted = await sandbox.post(sandbox.member, sandbox.channel, "", files)
    answer = await sandbox.wait_message(sandbox.channel, after=posted, timeout=30)
    assert len(answer.files) == 2
    await sandbox.post(sandbox.other, sandbox.channel, "", files)
    await nothing_said(open_ears, 1)


async def test_nothing_is_said_where_the_bot_may_not_speak(
    open_ears: Club, portrait: bytes
) -> None:
    sandbox = open_ears.sandbox
    await listen(open_ears)
    role = next(one for one in sandbox.guild.roles.values() if one.bot_id)
    sandbox.channel.overwrites[role.id] = Overwrite(role.id, 0, deny=SEND_MESSAGES)
    mine = [("a.png", portrait)]
    await sandbox.post(sandbox.member, sandbox.channel, mention(open_ears), mine)
    await sandbox.post(sandbox.member, sandbox.channel, "", mine)
    await asyncio.sleep(0.5)
    assert not said(open_ears)


async def test_other_bots_are_not_answered(open_ears: Club, portrait: bytes) -> None:
    sandbox = open_ears.sandbox
    await listen(open_ears)
    robot = sandbox.world.create_user("robot", bot=True)
    sandbox.join(sandbox.guild, robot)
    await sandbox.post(robot, sandbox.channel, mention(open_ears), [("a.png", portrait)])
    await nothing_said(open_ears)


def test_the_stand_in_knows_the_privilege() -> None:
    assert "MESSAGE_CONTENT" in Sandbox().application.privileged
