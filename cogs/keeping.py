"""Keeps nothing longer than ``/privacy`` says: purges daily, notes which servers it has left."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import discord
from discord.ext import commands, tasks

from cogs.shared.services import ServedBot
from store.errors import StoreError

if TYPE_CHECKING:
    from store.opening import Store

PURGE_EVERY_H = 24.0
log = logging.getLogger(__name__)


class Keeping(commands.Cog):
    """Several processes may purge at once; each notes only the servers of its own shards."""

    def __init__(self, bot: ServedBot, store: Store) -> None:
        self._bot = bot
        self._store = store

    async def cog_load(self) -> None:
        self._purge.start()

    async def cog_unload(self) -> None:
        purging = self._purge.get_task()
        self._purge.cancel()
        if purging is not None:
            # It gives its connection back before the database is closed.
            await asyncio.gather(purging, return_exceptions=True)

    @tasks.loop(hours=PURGE_EVERY_H)
    async def _purge(self) -> None:
        try:
            await self._note_servers()
            purged = await self._store.keeper.purge()
        except StoreError:
            log.exception("could not purge; trying again tomorrow")
            return
        log.info("purged %s", " ".join(f"{what}={n}" for what, n in purged.counts.items() if n))

    @_purge.before_loop
    async def _connected(self) -> None:
        await self._bot.wait_until_ready()

    async def _note_servers(self) -> None:
        """Servers may have thrown the bot out, or taken it back, while it was not running."""
        here = {guild.id for guild in self._bot.guilds}
        for server in await self._store.servers.known():
            if not self._is_ours(server.guild_id):
                continue
            if server.guild_id not in here and server.left_at is None:
                await self._store.servers.left(server.guild_id)
            elif server.guild_id in here and server.left_at is not None:
                await self._store.servers.joined(server.guild_id)

    def _is_ours(self, guild_id: int) -> bool:
        shards = self._bot.shards
        # A server's shard: Discord's documentation, "Sharding".
        return (guild_id >> 22) % (self._bot.shard_count or 1) in shards

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._store.servers.joined(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self._store.servers.left(guild.id)


async def setup(bot: ServedBot) -> None:
    if bot.services.store is not None:
        await bot.add_cog(Keeping(bot, bot.services.store))
