"""A running sandbox, and a real discord.py bot connected to it."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import yarl

with warnings.catch_warnings():
    # discord.py imports audioop, which Python 3.13 drops.
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord
    from discord.ext import commands

from sandbox import Sandbox
from tests.sandbox.bot import Club
from tests.sandbox.contract import check_transcript


@asynccontextmanager
async def connected(sandbox: Sandbox, bot: commands.AutoShardedBot) -> AsyncIterator[Any]:
    """Run ``bot`` against ``sandbox`` until the block ends; the two base addresses are put back."""
    rest, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    discord.http.Route.BASE = sandbox.rest_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway_url)
    running = asyncio.create_task(bot.start(sandbox.token))
    ready = asyncio.create_task(bot.wait_until_ready_here())
    try:
        await asyncio.wait([running, ready], return_when=asyncio.FIRST_COMPLETED, timeout=10)
        if running.done():
            await running
        yield bot
    finally:
        await bot.close()
        ready.cancel()
        await asyncio.gather(running, ready, return_exceptions=True)
        discord.http.Route.BASE = rest
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A fresh sandbox; afterwards everything said must fit Discord's own description."""
    async with Sandbox() as running:
        yield running
        assert check_transcript(running.transcript) == []


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Club]:
    """The test bot, ready and synced."""
    async with connected(sandbox, Club()) as running:
        await sandbox.wait_ready(["echo"])
        yield running
