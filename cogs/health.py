"""Shows whoever watches over the process (Docker's health check) that the bot is connected."""

from __future__ import annotations

import asyncio
from pathlib import Path

from discord.ext import commands, tasks

from cogs.shared.services import ServedBot

BEAT_S = 30.0


class Health(commands.Cog):
    """Touches a file every `BEAT_S` seconds while every shard is connected."""

    def __init__(self, bot: ServedBot, file: Path) -> None:
        self._bot = bot
        self._file = file

    async def cog_load(self) -> None:
        await asyncio.to_thread(self._file.parent.mkdir, parents=True, exist_ok=True)
        self._beat.start()

    async def cog_unload(self) -> None:
        self._beat.cancel()

    @tasks.loop(seconds=BEAT_S)
    async def _beat(self) -> None:
        shards = self._bot.shards.values()
        if shards and not any(shard.is_closed() for shard in shards):
            await asyncio.to_thread(self._file.touch)

    @_beat.before_loop
    async def _connected(self) -> None:
        await self._bot.wait_until_ready()


async def setup(bot: ServedBot) -> None:
    if bot.services.alive_file is not None:
        await bot.add_cog(Health(bot, bot.services.alive_file))
