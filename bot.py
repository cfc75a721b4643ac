"""Composition root: Settings → Services → create_bot → run.

``python bot.py`` is the bot on Discord, ``python bot.py --sandbox`` the same bot on a stand-in
Discord on this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import logging
import signal
import sys
import tempfile
import time
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import discord
import yarl
from discord.ext import commands

from catalog import Catalog, CatalogError
from catalog.anilist import AniList
from cogs import EXTENSIONS
from cogs.shared.download import Downloader
from cogs.shared.facts import Facts
from cogs.shared.services import ServedBot, Services
from cogs.shared.speech import SpeakingTree
from cogs.shared.sync import sync_commands
from cogs.shared.translator import CatalogTranslator
from quizzing.pool import Pool
from quizzing.studio import Studio
from quizzing.watch import Watch
from recognition.errors import RecognitionError, WeightsError
from recognition.factory import open_recognizer
from recognition.images import DEFAULT_LIMITS
from recognition.manifest import load_manifest, section
from settings import HERE, Settings, SettingsError
from store.address import DEFAULT as DEFAULT_DATABASE
from store.errors import DatabaseUnsupported, SchemaTooNew, StoreUnavailable
from store.opening import Store, open_store
from teaching.servers import ServerGalleries
from teaching.teacher import Teacher

DRAIN_S = 8.0
"""Seconds that answers under way get when the bot is told to stop: `docker stop` grants ten."""

# The bot has no voice, so nobody needs to be told at every start what voice would need.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

_DISCORD_API = discord.http.Route.BASE
_DISCORD_GATEWAY = discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
_DISCORD_FILES = discord.Asset.BASE

log = logging.getLogger("bot")


class AniWhoisBot(ServedBot):
    """The bot. `services` stay the caller's: whoever opened them closes them."""

    def __init__(self, settings: Settings, services: Services) -> None:
        super().__init__(
            commands.when_mentioned,
            help_command=None,
            tree_cls=SpeakingTree,
            intents=_intents(settings),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            # discord.py's types say "no None", its code and docs say None is "as Discord advises".
            shard_ids=list(settings.shard_ids) if settings.shard_ids else None,  # type: ignore[arg-type]
            shard_count=settings.shard_count,
        )
        self.settings = settings
        self.services = services
        self._created = time.monotonic()
        self._loading: asyncio.Task[None] | None = None

    async def setup_hook(self) -> None:
        self._loading = asyncio.create_task(self._tell_when_loaded())
        await self.tree.set_translator(CatalogTranslator())
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        # A stand-in Discord forgets with every start, so nothing is remembered about it.
        mark = self.settings.cache / f"commands-{self.application_id}.sha256"
        await sync_commands(self.tree, None if self.settings.discord_api else mark)

    async def on_ready(self) -> None:
        ready_ms = 1000 * (time.monotonic() - self._created)
        log.info("ready guilds=%d shards=%d ms=%.0f", len(self.guilds), len(self.shards), ready_ms)

    async def _tell_when_loaded(self) -> None:
        try:
            model_id = await self.services.recognizer.encoder.ready()
        except RecognitionError:
            log.exception("the weights cannot be used; every picture will get an apology")
        else:
            log.info("weights loaded model=%s", model_id)

    async def drain(self) -> None:
        """Refuses new requests and waits for the answers under way, `DRAIN_S` at most."""
        log.info("stopping running=%d", self.services.work.running)
        left = await self.services.work.drain(DRAIN_S)
        log.info("drained unfinished=%d", left)

    async def close(self) -> None:
        if self._loading is not None:
            self._loading.cancel()
        await super().close()


def _intents(settings: Settings) -> discord.Intents:
    """What we use and no more. Messages come without their content, but for those that mention the
    bot; only the operator can switch the privileged intent on.
    """
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        dm_messages=True,
        message_content=settings.message_content,
    )


def create_bot(settings: Settings, services: Services) -> AniWhoisBot:
    """A bot ready to ``start``; all of discord.py in this process talks to its Discord then."""
    discord.http.Route.BASE = settings.discord_api or _DISCORD_API
    gateway = yarl.URL(settings.discord_gateway) if settings.discord_gateway else _DISCORD_GATEWAY
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway
    stand_in = yarl.URL(settings.discord_api)
    discord.Asset.BASE = f"{stand_in.origin()}/cdn" if settings.discord_api else _DISCORD_FILES
    return AniWhoisBot(settings, services)


@contextlib.asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Store]:
    """The store. That of a stand-in Discord is as short-lived as the ids in it.

    Raises:
        StoreUnavailable, SchemaTooNew, DatabaseUnsupported, OSError
    """
    with contextlib.ExitStack() as stack:
        url = settings.database_url or DEFAULT_DATABASE
        if settings.discord_api and not settings.database_url:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="aniwhois-"))
            url = f"sqlite:///{folder}/aniwhois.db"
        async with open_store(url) as store:
            yield store


@contextlib.asynccontextmanager
async def open_anilist(settings: Settings, store: Store) -> AsyncIterator[AniList | None]:
    """AniList, its answers and its budget in the store: all processes share them. None: off."""
    if settings.anilist == "off":
        yield None
        return
    async with AniList(
        settings.anilist,
        cache=store.cache,
        budget=store.budgets,
        forgiven=(StoreUnavailable,),
    ) as anilist:
        yield anilist


@contextlib.asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """The services that the settings ask for; the weights load in the background.

    Raises:
        WeightsError, CatalogError: the installation is incomplete.
        StoreUnavailable, SchemaTooNew, DatabaseUnsupported, OSError: the database cannot be used.
    """
    recognizer = open_recognizer(
        settings.weights,
        detector=settings.detector,
        runtime=settings.runtime,
        threads=settings.threads,
        queue=settings.queue,
        cache=settings.cache,
    )
    stand_in = yarl.URL(settings.discord_api)
    hosts = [f"{stand_in.host}:{stand_in.port}"] if settings.discord_api else []
    try:
        limit_bytes = DEFAULT_LIMITS.max_bytes
        async with (
            Downloader(extra_hosts=hosts, limit_bytes=limit_bytes) as downloader,
            open_database(settings) as store,
        ):
            catalog = Catalog.load(HERE / "data" / "characters.json")
            alive = settings.cache / "alive"
            galleries = ServerGalleries(recognizer.decider, store)
            watch = Watch(recognizer, store)
            teacher = Teacher(recognizer, galleries, store, catalog, watch.check)
            studio = Studio(recognizer, galleries, watch.check)
            async with open_anilist(settings, store) as anilist:
                yield Services(
                    recognizer,
                    catalog,
                    downloader,
                    settings.cooldown_s,
                    alive,
                    store=store,
                    galleries=galleries,
                    teacher=teacher,
                    watch=watch,
                    studio=studio,
                    pool=Pool(studio, store),
                    facts=read_facts(settings.weights),
                    anilist=anilist,
                )
    finally:
        await recognizer.aclose()


def read_facts(weights: Path) -> Facts:
    """What this installation is, and how well it was measured. Raises WeightsError."""
    entry = section(load_manifest(weights), "embedding", weights)
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    return Facts(project["version"], str(entry["model_id"]), entry.get("measured", {}))


async def run(settings: Settings) -> None:
    """Runs until SIGTERM or SIGINT; then finishes the answers under way and leaves.

    Raises:
        discord.LoginFailure, aiohttp.ClientError: Discord does not let us in, is not reachable.
        WeightsError, CatalogError, StoreError: the installation is incomplete.
    """
    stop = asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers on its loop
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with open_services(settings) as services, create_bot(settings, services) as bot:
        running = asyncio.create_task(bot.start(settings.token))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not stop.is_set():
            running.result()  # it ended by itself: that is an error, and this raises it
        await bot.drain()
        await bot.close()
        await asyncio.wait({running}, timeout=3)
        running.cancel()
        # What breaks because the connection is being closed is no news.
        await asyncio.gather(running, return_exceptions=True)


async def run_sandbox(settings: Settings, port: int) -> None:
    """Runs the bot on a stand-in Discord in this process. Raises OSError: the port is taken."""
    from sandbox import Sandbox

    async with Sandbox(port=port) as sandbox:
        print(f"Your own little Discord: {sandbox.page_url} (Ctrl-C ends it)", flush=True)
        await run(
            dataclasses.replace(
                settings,
                token=sandbox.token,
                discord_api=sandbox.rest_url,
                discord_gateway=sandbox.gateway_url,
            )
        )


def main() -> int:
    """The command line. Returns 2 where the operator has to do something first."""
    parser = argparse.ArgumentParser(description="Says who is in an anime picture, on Discord.")
    parser.add_argument("--sandbox", action="store_true", help="run on a stand-in Discord, here")
    parser.add_argument("--port", type=int, default=0, help="port of the stand-in (default: any)")
    arguments = parser.parse_args()
    try:
        settings = Settings.from_env()
        layout = "time=%(asctime)s level=%(levelname)s logger=%(name)s %(message)s"
        logging.basicConfig(stream=sys.stderr, level=settings.log_level, format=layout)
        if not settings.token and not arguments.sandbox:
            raise SettingsError(
                "Put your bot's token as DISCORD_TOKEN=... into a file named .env, "
                "or try the bot without Discord: python bot.py --sandbox"
            )
        sandboxed = arguments.sandbox
        asyncio.run(run_sandbox(settings, arguments.port) if sandboxed else run(settings))
    except SettingsError as problem:
        print(problem, file=sys.stderr)
        return 2
    except discord.LoginFailure:
        print("Discord does not accept the DISCORD_TOKEN; please copy it again.", file=sys.stderr)
        return 2
    except (WeightsError, CatalogError) as problem:
        print(f"The installation is incomplete: {problem}", file=sys.stderr)
        return 2
    except SchemaTooNew as problem:
        print(f"The database is newer than this program ({problem.found}).", file=sys.stderr)
        return 2
    except (DatabaseUnsupported, StoreUnavailable) as problem:
        print(f"The database cannot be used: {problem}", file=sys.stderr)
        return 2
    except (OSError, aiohttp.ClientError) as problem:
        print(f"The bot cannot start: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
