"""The gateway under a real discord.py: resumes, reconnects, shards, intents, chunks, close
codes.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import pytest

from sandbox import Sandbox
from sandbox.snowflakes import shard_of
from sandbox.wire import ZlibStream, encoder_for
from tests.sandbox.bot import PNG, Club
from tests.sandbox.conftest import connected


async def test_nothing_is_lost_over_a_dropped_socket(sandbox: Sandbox, bot: Club) -> None:
    first = await sandbox.post(sandbox.member, sandbox.channel, "before")
    await sandbox.wait_for(lambda: len(bot.seen) == 1)
    assert sandbox.faults.gateway_drop() == 1
    missed = [await sandbox.post(sandbox.member, sandbox.channel, str(n)) for n in range(5)]
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "echo", {"picture": ("a", PNG)})
    await handle.wait_answer()
    await sandbox.wait_for(lambda: bot.resumes == 1)

    assert [one.id for one in bot.seen] == [one.id for one in [first, *missed]]
    assert len(sandbox.gateway.sessions) == 1, "resumed, not identified anew"


async def test_drop_in_the_middle_of_an_answer(sandbox: Sandbox, bot: Club) -> None:
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "slow", {"defer": True})
    await handle.wait_acked()
    sandbox.faults.gateway_drop()
    bot.gate.set()
    assert (await handle.wait_answer()).content == "through"
    await sandbox.wait_for(lambda: bot.resumes == 1)
    assert sandbox.violations == []


async def test_op_7_reconnects_and_resumes(sandbox: Sandbox, bot: Club) -> None:
    assert sandbox.faults.gateway_reconnect() == 1
    await sandbox.wait_for(lambda: bot.resumes == 1)
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "echo", {"picture": ("a", PNG)})
    await handle.wait_answer()


async def test_op_9_identifies_anew(sandbox: Sandbox, bot: Club) -> None:
    before = set(sandbox.gateway.sessions)
    assert sandbox.faults.gateway_invalidate() == 1
    await sandbox.wait_for(lambda: bool(sandbox.gateway.ready_sessions))
    assert not before & set(sandbox.gateway.sessions)
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "echo", {"picture": ("a", PNG)})
    await handle.wait_answer()


async def test_a_session_is_forgotten_in_the_end(sandbox: Sandbox) -> None:
    async with raw(sandbox) as (say, hear):
        await say(2, identify(sandbox))
        ready = await hear("READY")
    sandbox.clock.advance(91)
    async with raw(sandbox) as (say, hear):
        resume = {"token": sandbox.token, "session_id": ready["session_id"], "seq": 1}
        await say(6, resume)
        assert await hear(9) is False


async def test_unanswered_heartbeats_make_the_bot_come_back() -> None:
    async with Sandbox(heartbeat_s=0.2) as sandbox:
        sandbox.faults.gateway_mute_acks(100)
        async with connected(sandbox, Club(heartbeat_timeout=0.5)) as bot:
            await sandbox.wait_for(lambda: bot.resumes > 0)
            sandbox.gateway.mute_acks = 0


async def test_members_come_in_chunks_with_the_nonce() -> None:
    async with Sandbox() as sandbox:
        sandbox.gateway.member_chunk_size = 2
        crowd = [sandbox.create_user(f"fan{number}") for number in range(4)]
        sandbox.join(sandbox.guild, *crowd)
        intents = discord.Intents.default()
        intents.members = True
        async with connected(sandbox, Club(intents)) as bot:
            guild = bot.get_guild(sandbox.guild.id)
            assert guild is not None
            assert guild.chunked
            assert {one.id for one in guild.members} == set(sandbox.guild.members)
            assert len(sandbox.transcript.events("GUILD_MEMBERS_CHUNK")) == 5
            found = await guild.query_members("fan2")
            assert [one.name for one in found] == ["fan2"]
            some = await guild.query_members(user_ids=[crowd[0].id, 1])
            assert [one.id for one in some] == [crowd[0].id]


async def test_shards_carry_their_own_servers() -> None:
    async with Sandbox(shards=2) as sandbox:
        guilds = {shard_of(sandbox.guild.id, 2): sandbox.guild}
        while len(guilds) < 2:
            sandbox.clock.advance(0.001)
            made = sandbox.create_guild("More", sandbox.owner)
            guilds.setdefault(shard_of(made.id, 2), made)
        async with connected(sandbox, Club()) as bot:
            await sandbox.wait_for(lambda: len(sandbox.gateway.ready_sessions) == 2)
            for number, guild in guilds.items():
                channel = sandbox.create_channel(guild, "here")
                sandbox.join(guild, sandbox.member)
                posted = await sandbox.post(sandbox.member, channel, "hi")
                await sandbox.wait_for(
                    lambda wanted=posted.id: bot.seen[-1:] != [] and bot.seen[-1].id == wanted
                )
                frames = [
                    one
                    for one in sandbox.transcript.events("MESSAGE_CREATE")
                    if one.data["id"] == str(posted.id)
                ]
                assert [one.shard for one in frames] == [number]


async def test_message_content_with_the_intent(sandbox: Sandbox) -> None:
    intents = discord.Intents.default()
    intents.message_content = True
    async with connected(sandbox, Club(intents)) as bot:
        await sandbox.post(sandbox.member, sandbox.channel, "hello", [("a.png", PNG)])
        await sandbox.wait_for(lambda: bool(bot.seen))
        assert bot.seen[0].content == "hello"
        assert await bot.seen[0].attachments[0].read() == PNG


async def test_disallowed_intents_close_with_4014() -> None:
    async with Sandbox(privileged=()) as sandbox:
        intents = discord.Intents.default()
        intents.message_content = True
        with pytest.raises(discord.PrivilegedIntentsRequired):
            async with connected(sandbox, Club(intents)):
                pass
        assert "4014" in sandbox.violations[0]


# -- below discord.py: raw payloads -------------------------------------------------------------


def identify(sandbox: Sandbox, **parts: Any) -> dict[str, Any]:
    return {"token": sandbox.token, "intents": 513, "properties": {}, **parts}


@asynccontextmanager
async def raw(sandbox: Sandbox, query: str = "?v=10&encoding=json") -> AsyncIterator[Any]:
    """A bare client: ``say(op, data)`` and ``hear(op or event name)`` → its data or the close
    code.
    """
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(sandbox.gateway_url + query) as socket,
    ):

        async def say(op: int, data: Any) -> None:
            await socket.send_json({"op": op, "d": data})

        async def hear(wanted: int | str) -> Any:
            while True:
                message = await socket.receive(timeout=5)
                if message.type is not aiohttp.WSMsgType.TEXT:
                    return socket.close_code
                payload = json.loads(message.data)
                if wanted in (payload["op"], payload["t"]):
                    return payload["d"]

        yield say, hear


@pytest.mark.parametrize(
    ("op", "data", "code"),
    [
        (99, None, 4001),
        ("x", None, 4002),
        (8, {"guild_id": "1"}, 4003),
        (2, {"token": "wrong"}, 4004),
        (2, {"shard": [2, 2]}, 4010),
        (2, {"intents": 1 << 40}, 4013),
        (2, {"presence": "x" * 5000}, 4002),
    ],
)
async def test_close_codes(sandbox: Sandbox, op: Any, data: Any, code: int) -> None:
    async with raw(sandbox) as (say, hear):
        await say(op, identify(sandbox, **data) if op == 2 else data)
        assert await hear("never") == code
    assert str(code) in sandbox.violations[0]


async def test_close_codes_after_identify(sandbox: Sandbox) -> None:
    async with raw(sandbox) as (say, hear):
        await say(2, identify(sandbox))
        ready = await hear("READY")
        await say(2, identify(sandbox))
        assert await hear("never") == 4005
    async with raw(sandbox) as (say, hear):
        await say(6, {"token": sandbox.token, "session_id": ready["session_id"], "seq": 999})
        assert await hear("never") == 4007
    async with raw(sandbox) as (say, hear):
        for _ in range(121):
            await say(1, None)
        assert await hear("never") == 4008
    async with raw(sandbox, "?v=6") as (_, hear):
        assert await hear("never") == 4012


async def test_heartbeats_are_acknowledged(sandbox: Sandbox) -> None:
    async with raw(sandbox) as (say, hear):
        assert (await hear(10))["heartbeat_interval"] == 41250
        await say(1, None)
        assert await hear(11) is None


def test_zlib_stream_is_one_context() -> None:
    encode, decoder = ZlibStream(), zlib.decompressobj()
    for number in range(3):
        body = encode({"op": number})
        assert body.endswith(b"\x00\x00\xff\xff")
        assert json.loads(decoder.decompress(body)) == {"op": number}


def test_unknown_compression_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown compression"):
        encoder_for("lzma")


async def test_forty_people_at_once(sandbox: Sandbox, bot: Club) -> None:
    crowd = [sandbox.create_user(f"fan{number}") for number in range(40)]
    sandbox.join(sandbox.guild, *crowd)
    handles = [
        await sandbox.slash(user, sandbox.channel, "echo", {"picture": ("a.png", PNG)})
        for user in crowd
    ]
    answers = await asyncio.gather(*(handle.wait_answer() for handle in handles))
    assert len({answer.id for answer in answers}) == 40
    assert sandbox.violations == []
