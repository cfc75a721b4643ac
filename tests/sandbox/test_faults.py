"""Faults on demand, and how a real discord.py takes them."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest

from sandbox import Sandbox
from tests.sandbox.bot import PNG, Club

WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"


async def test_429_is_waited_out(sandbox: Sandbox, bot: Club) -> None:
    fault = sandbox.faults.rate_limit(WEBHOOK, retry_after_s=0.05, count=2)
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "echo", {"picture": ("a", PNG)})
    await handle.wait_answer()
    answers = list(sandbox.transcript.requests("POST", WEBHOOK))
    assert [one.status for one in answers] == [429, 429, 200]
    assert answers[0].response["retry_after"] == 0.05
    assert fault.hits == 2


async def test_global_429(sandbox: Sandbox, bot: Club) -> None:
    route = "/channels/{channel_id}/messages"
    sandbox.faults.rate_limit(route, retry_after_s=0.05, is_global=True)
    channel = bot.get_partial_messageable(sandbox.channel.id)
    await channel.send("hi")
    answers = list(sandbox.transcript.requests("POST", route))
    assert [one.status for one in answers] == [429, 200]
    assert answers[0].response["global"] is True


async def test_limits_are_counted(sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bot {sandbox.token}"}
    url = f"{sandbox.rest_url}/channels/{sandbox.channel.id}/messages"
    async with aiohttp.ClientSession(headers=headers) as session:
        left = []
        for _ in range(6):
            async with session.post(url, json={"content": "x"}) as response:
                left.append((response.status, response.headers["X-RateLimit-Remaining"]))
                retry = response.headers.get("Retry-After")
        assert left == [(200, str(n)) for n in (4, 3, 2, 1, 0)] + [(429, "0")]
        assert retry == "5"
        sandbox.clock.advance(5)
        async with session.post(url, json={"content": "x"}) as response:
            assert response.status == 200


async def test_5xx_is_tried_again(sandbox: Sandbox, bot: Club) -> None:
    sandbox.faults.server_error(WEBHOOK, status=502)
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "echo", {"picture": ("a", PNG)})
    await handle.wait_answer()
    statuses = [one.status for one in sandbox.transcript.requests("POST", WEBHOOK)]
    assert statuses == [502, 200]


async def test_a_picture_that_is_gone(sandbox: Sandbox, bot: Club) -> None:
    sandbox.faults.cdn_missing()
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "echo", {"picture": ("a", PNG)})
    assert (await handle.wait_answer()).content == "cannot read it: 404"


async def test_deleted_and_expired_links(sandbox: Sandbox) -> None:
    posted = await sandbox.post(sandbox.member, sandbox.channel, files=[("a.png", PNG)])
    url = sandbox.page_url + posted.files[0].path
    async with aiohttp.ClientSession() as session:

        async def status(address: str) -> int:
            async with session.get(address) as response:
                return response.status

        assert await status(url) == 200
        assert await status(url.split("?")[0]) == 404
        assert await status(url.replace("hm=", "hm=0")) == 404
        sandbox.clock.advance(24 * 3600 + 1)
        assert await status(url) == 404
        again = await sandbox.post(sandbox.member, sandbox.channel, files=[("a.png", PNG)])
        url = sandbox.page_url + again.files[0].path
        assert await status(url) == 200
        await sandbox.delete(sandbox.member, again)
        assert await status(url) == 404


async def test_slow_dripping_and_lying_downloads(sandbox: Sandbox) -> None:
    posted = await sandbox.post(sandbox.member, sandbox.channel, files=[("a.png", PNG)])
    url = sandbox.page_url + posted.files[0].path
    timeout = aiohttp.ClientTimeout(total=0.1)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        sandbox.faults.cdn_slow(seconds=5)
        with pytest.raises(asyncio.TimeoutError):
            await session.get(url)
        sandbox.faults.cdn_slow(seconds=0.03, drip_bytes=4)
        with pytest.raises(asyncio.TimeoutError):
            await (await session.get(url)).read()
        sandbox.faults.cdn_oversized(extra_bytes=1000)
        async with session.get(url) as response:
            assert "Content-Length" not in response.headers
            assert len(await response.read()) == len(PNG) + 1000
        sandbox.faults.cdn_oversized(extra_bytes=1000, lie=True)
        async with session.get(url) as response:
            assert response.content_length == len(PNG) + 1000
            with pytest.raises(aiohttp.ClientPayloadError):
                await response.read()
        async with session.get(url) as response:
            assert await response.read() == PNG
            assert response.content_type == "image/png"


async def test_delayed_requests(sandbox: Sandbox, bot: Club) -> None:
    sandbox.faults.delay("/users/*", seconds=0.05)
    user = await bot.fetch_user(sandbox.member.id)
    assert isinstance(user, discord.User)
