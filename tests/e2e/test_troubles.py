"""Discord having a bad day, and ourselves: every request still ends in an answer."""

from __future__ import annotations

import asyncio
import logging
import re
import time

import pytest

from recognition.errors import WeightsMissing
from tests.e2e.conftest import Club


async def assert_private(club: Club, picture: bytes, sentence: str) -> None:
    """The refusal is seen by the asker alone, and no trace of the acknowledgement is left."""
    handle = await club.whois(picture)
    message = await handle.wait_answer()
    assert message.ephemeral
    assert message.content == sentence
    public = club.sandbox.messages(club.sandbox.channel)
    assert not [one for one in public if one.author is club.sandbox.application.bot]


async def test_a_picture_that_is_gone(club: Club, portrait: bytes) -> None:
    club.sandbox.faults.cdn_missing()
    await assert_private(club, portrait, "The picture is gone, so I can't look at it any more.")
    await club.assert_goes_on(portrait)


async def test_a_message_deleted_before_we_look(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    posted = await sandbox.post(sandbox.member, sandbox.channel, "", [("a.png", portrait)])
    handle = await sandbox.message_command(sandbox.other, posted, "Who is this?")
    await sandbox.delete(sandbox.member, posted)
    message = await handle.wait_answer()
    assert message.ephemeral
    assert "gone" in message.content


async def test_a_slow_file_host(club: Club, portrait: bytes) -> None:
    club.sandbox.faults.cdn_slow(seconds=0.7)
    handle = await club.whois(portrait)
    assert (await handle.wait_answer()).files
    assert handle.ack_ms is not None
    assert handle.ack_ms < 1000
    club.sandbox.faults.cdn_slow(seconds=4, drip_bytes=1000)
    await assert_slow(club, portrait)


async def assert_slow(club: Club, portrait: bytes) -> None:
    message = await club.answer(portrait)
    assert message.ephemeral
    assert "too long" in message.content


@pytest.mark.parametrize("lie", [True, False])
async def test_a_file_host_that_sends_far_more(club: Club, portrait: bytes, lie: bool) -> None:
    club.sandbox.faults.cdn_oversized(lie=lie)
    message = await club.answer(portrait)
    assert message.ephemeral
    assert message.content.startswith("That picture is too big for me")
    await club.assert_goes_on(portrait)


async def test_a_rate_limit_is_waited_out(club: Club, portrait: bytes) -> None:
    fault = club.sandbox.faults.rate_limit("/webhooks/*", retry_after_s=0.3, count=2)
    message = await club.answer(portrait)
    assert message.files
    assert fault.hits == 2


async def test_a_server_error_while_answering_is_tried_again(club: Club, portrait: bytes) -> None:
    fault = club.sandbox.faults.server_error("/webhooks/*", method="PATCH", status=502)
    message = await club.answer(portrait)
    assert message.files
    assert fault.hits == 1


async def test_the_gateway_drops_mid_answer_and_resumes(club: Club, portrait: bytes) -> None:
    club.encoder.gate.clear()
    handle = await club.whois(portrait)
    await handle.wait_acked()
    resumed = len(club.sandbox.transcript.events("RESUMED"))
    assert club.sandbox.faults.gateway_drop() == 1
    # Asked while nobody listens: replayed when the session resumes, in time to be acknowledged.
    missed = await club.whois(portrait, user=club.sandbox.other)
    club.encoder.gate.set()
    assert (await handle.wait_answer()).files
    assert (await missed.wait_answer()).files
    assert len(club.sandbox.transcript.events("RESUMED")) == resumed + 1
    await club.assert_goes_on(portrait)


async def test_discord_asks_to_reconnect(club: Club, portrait: bytes) -> None:
    club.encoder.gate.clear()
    handle = await club.whois(portrait)
    await handle.wait_acked()
    assert club.sandbox.faults.gateway_reconnect() == 1
    club.encoder.gate.set()
    assert (await handle.wait_answer()).files


async def test_a_bug_becomes_an_apology_whose_code_is_in_the_log(
    club: Club, portrait: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    club.encoder.failure = KeyError("a bug of ours")
    with caplog.at_level(logging.INFO):
        message = await club.answer(portrait)
    assert message.ephemeral
    code = re.search(r"`([0-9a-f]{8})`", message.content)
    assert code
    assert "bug of ours" not in message.content
    record = next(one for one in caplog.records if code[1] in one.getMessage())
    assert record.exc_info
    assert "a bug of ours" in repr(record.exc_info[1])
    club.encoder.failure = None
    await club.assert_goes_on(portrait)


async def test_broken_weights_are_the_operators_matter(
    club: Club, portrait: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    club.encoder.failure = WeightsMissing(club.bot.settings.weights / "embedding.safetensors")
    message = await club.answer(portrait)
    assert message.ephemeral
    assert "my installation is incomplete" in message.content
    assert "safetensors" not in message.content
    assert "embedding.safetensors" in caplog.text


async def test_asking_while_the_weights_load_is_acknowledged_and_waits(
    club: Club, portrait: bytes
) -> None:
    club.encoder.gate.clear()
    handle = await club.whois(portrait)
    await handle.wait_acked()
    await asyncio.sleep(0.3)
    assert handle.answer is None
    club.encoder.gate.set()
    assert (await handle.wait_answer()).files


async def test_draining_finishes_answers_and_refuses_new_ones(club: Club, portrait: bytes) -> None:
    club.encoder.gate.clear()
    handle = await club.whois(portrait)
    await handle.wait_acked()
    draining = asyncio.create_task(club.bot.drain())
    await asyncio.sleep(0)
    late = await club.whois(portrait, user=club.sandbox.other)
    refusal = await late.wait_answer()
    assert refusal.ephemeral
    assert "restarting" in refusal.content
    assert not draining.done()
    began = time.monotonic()
    club.encoder.gate.set()
    assert (await handle.wait_answer()).files
    await draining
    assert time.monotonic() - began < 5
