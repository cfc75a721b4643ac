"""Slow work can be seen: the place in line, and which picture is being looked at."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from catalog import Catalog
from recognition.recognizer import Recognizer
from scripts.demo import wait_final
from tests.e2e.conftest import Club, open_club


@pytest.fixture
async def slow(recognizer: Recognizer, catalog: Catalog) -> AsyncIterator[Club]:
    async with open_club(recognizer, catalog, progress_after_s=0.2) as opened:
        yield opened


async def test_place_in_line_and_picture_of_pictures(slow: Club, portrait: bytes) -> None:
    sandbox = slow.sandbox
    slow.encoder.gate.clear()
    first = await slow.whois(portrait)
    files = [(f"{n}.png", portrait) for n in range(3)]
    posted = await sandbox.post(sandbox.other, sandbox.channel, "", files)
    second = await sandbox.message_command(sandbox.other, posted, "Who is this?")
    told = [await one.wait_answer() for one in (first, second)]
    assert told[0].content == "Looking at the picture …"
    assert told[1].content == "Looking at picture 1 of 3 … You are number 2 in line."
    slow.encoder.gate.set()
    done = [await wait_final(sandbox, one) for one in (first, second)]
    assert [one.id for one in done] == [one.id for one in told]
    assert [len(one.files) for one in done] == [1, 3]
    assert not any("Looking" in one.content for one in done)


async def test_a_failure_after_progress_is_still_private(slow: Club, portrait: bytes) -> None:
    slow.encoder.gate.clear()
    slow.encoder.failure = KeyError("a bug of ours")
    handle = await slow.whois(portrait)
    told = await handle.wait_answer()
    slow.encoder.gate.set()
    final = await wait_final(slow.sandbox, handle)
    assert final.ephemeral
    assert told.deleted


async def test_a_reply_tells_of_its_progress_too(slow: Club, portrait: bytes) -> None:
    sandbox = slow.sandbox
    slow.encoder.gate.clear()
    text = f"<@{sandbox.application.bot.id}>"
    asked = await sandbox.post(sandbox.member, sandbox.channel, text, [("a.png", portrait)])
    message = await sandbox.wait_message(sandbox.channel, after=asked)
    assert message.content == "Looking at the picture …"
    slow.encoder.gate.set()
    await sandbox.wait_for(lambda: bool(message.files), 30)
    assert message.embeds
