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
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import discord
import yarl
from discord.ext import commands
from dotenv import dotenv_values

from catalog import Catalog, CatalogError
from cogs import EXTENSIONS
from cogs.shared.download import Downloader
from cogs.shared.services import ServedBot, Services
from cogs.shared.sync import sync_commands
from recognition.errors import RecognitionError, WeightsError
from recognition.factory import open_recognizer
from recognition.images import DEFAULT_LIMITS

HERE = Path(__file__).parent
DRAIN_S = 8.0
"""Seconds that answers under way get when the bot is told to stop: `docker stop` grants ten."""

# The bot has no voice, so nobody needs to be told at every start what voice would need.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

_DISCORD_API = discord.http.Route.BASE
_DISCORD_GATEWAY = discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY

log = logging.getLogger("bot")


class SettingsError(Exception):
    """A setting cannot be used; the message is one sentence for the operator."""


def _between(kind: type, least: float, most: float) -> Callable[[str], Any]:
    def read(raw: str) -> Any:
        value = kind(raw)
        if not least <= value <= most:
            raise ValueError
        return value

    return read


def _like(pattern: str) -> Callable[[str], str]:
    def read(raw: str) -> str:
        if not re.fullmatch(pattern, raw):
            raise ValueError
        return raw

    return read


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set; ``.env.example`` explains each."""

    token: str = dataclasses.field(default="", repr=False)
    discord_api: str = ""
    discord_gateway: str = ""
    detector: str = "neural"
    runtime: str = "auto"
    threads: int = 2
    queue: int = 8
    cooldown_s: float = 3.0
    weights: Path = HERE / "weights"
    cache: Path = Path("~/.cache/aniwhois").expanduser()  # noqa: RUF009 - the same all the time
    log_level: str = "INFO"
    shard_ids: tuple[int, ...] | None = None
    shard_count: int | None = None

    @classmethod
    def from_env(
        cls, environ: Mapping[str, str] = os.environ, file: Path = HERE / ".env"
    ) -> Settings:
        """Reads the environment and, for what is not set there, the ``.env`` file.

        Raises:
            SettingsError: a value cannot be used. Its text names the setting, never a secret.
        """
        found = {**dotenv_values(file), **environ}
        values: dict[str, Any] = {}
        for name, (variable, read, wanted) in VARIABLES.items():
            if raw := (found.get(variable) or "").strip():
                try:
                    values[name] = read(raw)
                except ValueError:
                    text = f"{variable} is {raw!r}, but it has to be {wanted}."
                    raise SettingsError(text) from None
        if "shard_ids" in values and "shard_count" not in values:
            raise SettingsError("SHARD_IDS also needs SHARD_COUNT, the number of all shards.")
        return cls(**values)


VARIABLES: dict[str, tuple[str, Callable[[str], Any], str]] = {
    "token": ("DISCORD_TOKEN", str, ""),
    "discord_api": ("ANIWHOIS_DISCORD_API", _like("https?://.+"), "a web address"),
    "discord_gateway": ("ANIWHOIS_DISCORD_GATEWAY", _like("wss?://.+"), "a ws:// address"),
    "detector": (
        "ANIWHOIS_DETECTOR",
        _like(r"neural|cascade|upstream|.+\.xml"),
        "neural, cascade, upstream or the path of a cascade file ending in .xml",
    ),
    "runtime": ("ANIWHOIS_RUNTIME", _like("auto|int8|onnx|torch"), "auto, int8, onnx or torch"),
    "threads": ("ANIWHOIS_THREADS", _between(int, 1, 64), "a whole number from 1 to 64"),
    "queue": ("ANIWHOIS_QUEUE", _between(int, 1, 1000), "a whole number from 1 to 1000"),
    "cooldown_s": ("ANIWHOIS_COOLDOWN_S", _between(float, 0, 3600), "seconds from 0 to 3600"),
    "weights": ("ANIWHOIS_WEIGHTS", lambda raw: Path(raw).expanduser(), ""),
    "cache": ("ANIWHOIS_CACHE", lambda raw: Path(raw).expanduser(), ""),
    "log_level": (
        "ANIWHOIS_LOG_LEVEL",
        _like("DEBUG|INFO|WARNING|ERROR"),
        "DEBUG, INFO, WARNING or ERROR",
    ),
    "shard_ids": (
        "SHARD_IDS",
        lambda raw: tuple(int(part) for part in raw.split(",")),
        "shard numbers such as 0,1",
    ),
    "shard_count": ("SHARD_COUNT", _between(int, 1, 100_000), "a whole number of at least 1"),
}
"""Setting → the variable it is read from, how, and what its value has to be."""


class AniWhoisBot(ServedBot):
    """The bot. `services` stay the caller's: whoever opened them closes them."""

    def __init__(self, settings: Settings, services: Services) -> None:
        super().__init__(
            commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True),  # nothing privileged, nothing we do not use
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


def create_bot(settings: Settings, services: Services) -> AniWhoisBot:
    """A bot ready to ``start``; all of discord.py in this process talks to its Discord then."""
    discord.http.Route.BASE = settings.discord_api or _DISCORD_API
    gateway = yarl.URL(settings.discord_gateway) if settings.discord_gateway else _DISCORD_GATEWAY
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway
    return AniWhoisBot(settings, services)


@contextlib.asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """The services that the settings ask for; the weights load in the background.

    Raises:
        WeightsError, CatalogError: the installation is incomplete.
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
        async with Downloader(
            extra_hosts=hosts, limit_bytes=DEFAULT_LIMITS.max_bytes
        ) as downloader:
            catalog = Catalog.load(HERE / "data" / "characters.json")
            alive = settings.cache / "alive"
            yield Services(recognizer, catalog, downloader, settings.cooldown_s, alive)
    finally:
        await recognizer.aclose()


async def run(settings: Settings) -> None:
    """Runs until SIGTERM or SIGINT; then finishes the answers under way and leaves.

    Raises:
        discord.LoginFailure, aiohttp.ClientError: Discord does not let us in, is not reachable.
        WeightsError, CatalogError: the installation is incomplete.
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
    except (OSError, aiohttp.ClientError) as problem:
        print(f"The bot cannot start: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
