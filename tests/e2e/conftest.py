"""The real bot and discord.py against the stand-in Discord, with the real networks."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
import yarl
from aiohttp.abc import AbstractResolver

import bot
from catalog import Catalog
from cogs.shared.clock import Clock, WallClock
from cogs.shared.download import Downloader
from cogs.shared.guard import Guard
from cogs.shared.services import Services
from quizzing.pool import Pool
from quizzing.studio import Studio
from quizzing.watch import Watch
from recognition.errors import EncoderBusy
from recognition.factory import open_recognizer
from recognition.recognizer import Recognizer
from recognition.serving.base import EncoderService
from recognition.types import EncodedPicture, Mode
from sandbox import InteractionHandle, Sandbox, StoredMessage, User
from teaching.servers import ServerGalleries
from teaching.teacher import Teacher
from tests.sandbox.contract import check_transcript

T = TypeVar("T")
COMMANDS = ["whois", "Who is this?"]


@pytest.fixture(scope="session")
def settings() -> bot.Settings:
    """What an operator gets without setting anything; the environment may choose the detector."""
    chosen = {key: value for key, value in os.environ.items() if key != "DISCORD_TOKEN"}
    return bot.Settings.from_env(chosen, Path(os.devnull))


@pytest.fixture(scope="session")
def recognizer(settings: bot.Settings) -> Iterator[Recognizer]:
    """The shipped networks, loaded once for all tests."""
    opened = open_recognizer(
        settings.weights,
        detector=settings.detector,
        queue=settings.queue,
        cache=settings.cache,
    )
    asyncio.run(opened.encoder.ready())
    yield opened
    asyncio.run(opened.aclose())


class GatedEncoder:
    """The real encoder behind a gate: pictures wait at it while it is shut. `instead`: what it says
    it found, for crowds that nobody has drawn. `places`: the length of its line, if not the usual.
    """

    def __init__(self, real: EncoderService) -> None:
        self._real = real
        self.gate = asyncio.Event()
        self.gate.set()
        self.arrived = 0
        self.failure: Exception | None = None
        self.instead: EncodedPicture | None = None
        self.places: int | None = None

    @property
    def waiting(self) -> int:
        return self._real.waiting

    @property
    def limit(self) -> int:
        return self.places or self._real.limit

    def admit(self) -> AbstractContextManager[int]:
        if self.waiting >= self.limit:
            raise EncoderBusy(waiting=self.waiting, limit=self.limit)
        return self._real.admit()

    async def ready(self) -> str:
        return await self._real.ready()

    async def encode(self, picture: bytes, mode: Mode) -> EncodedPicture:
        self.arrived += 1
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        if self.instead is not None:
            return self.instead
        return await self._real.encode(picture, mode)

    async def run(self, work: Callable[[], T]) -> T:
        return await self._real.run(work)

    async def aclose(self) -> None:
        await self._real.aclose()


@dataclass
class Club:
    """A server with the bot in it."""

    sandbox: Sandbox
    bot: bot.AniWhoisBot
    services: Services
    encoder: GatedEncoder

    async def whois(
        self, picture: bytes, name: str = "picture.png", user: User | None = None
    ) -> InteractionHandle:
        """`user` (default: a member) types ``/whois``."""
        who = user or self.sandbox.member
        options = {"picture": (name, picture)}
        return await self.sandbox.slash(who, self.sandbox.channel, "whois", options)

    async def ask(self, user: User | None = None, **options: object) -> StoredMessage:
        """The answer to ``/whois`` with these options."""
        who = user or self.sandbox.member
        handle = await self.sandbox.slash(who, self.sandbox.channel, "whois", options)
        return await handle.wait_answer()

    async def answer(self, picture: bytes, name: str = "picture.png") -> StoredMessage:
        """The answer to ``/whois``."""
        return await (await self.whois(picture, name)).wait_answer()

    async def assert_goes_on(self, picture: bytes) -> None:
        """The bot still answers, whatever was done to it before."""
        answer = await self.answer(picture)
        assert answer.embeds
        assert answer.files


@contextlib.asynccontextmanager
async def running(made: bot.AniWhoisBot, sandbox: Sandbox) -> AsyncIterator[None]:
    """Runs the bot; a failure to start is the test's failure."""
    async with made:
        task = asyncio.create_task(made.start(sandbox.token))
        ready = asyncio.create_task(sandbox.wait_ready(COMMANDS))
        await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            ready.cancel()
            task.result()
        await ready
        try:
            yield
        finally:
            await made.services.work.drain(2.0)
            await made.close()
            await asyncio.wait_for(task, 5)


@contextlib.asynccontextmanager
async def open_club(
    recognizer: Recognizer,
    catalog: Catalog,
    *,
    sandbox: Sandbox | None = None,
    message_content: bool = False,
    guard: Guard | None = None,
    resolver: AbstractResolver | None = None,
    progress_after_s: float = 60.0,
    clock: Clock | None = None,
    database_url: str = "",
    described: bool = True,
) -> AsyncIterator[Club]:
    """A ready bot. Afterwards: no violation, and every word as Discord's description has it.

    `described` False leaves the latter out, for crowds who say the same a thousand times.
    """
    async with sandbox or Sandbox() as sandbox:
        address = yarl.URL(sandbox.rest_url)
        here = bot.Settings(
            token=sandbox.token,
            discord_api=sandbox.rest_url,
            discord_gateway=sandbox.gateway_url,
            message_content=message_content,
            database_url=database_url,
        )
        hosts = [f"{address.host}:{address.port}"]
        async with (
            Downloader(extra_hosts=hosts, limit_s=2.0, guard=guard, resolver=resolver) as files,
            bot.open_database(here) as store,
        ):
            encoder = GatedEncoder(recognizer.encoder)
            watched = Recognizer(encoder, recognizer.decider)
            galleries = ServerGalleries(watched.decider, store)
            watch = Watch(watched, store)
            studio = Studio(watched, galleries, watch.check)
            services = Services(
                watched,
                catalog,
                files,
                cooldown_s=0.0,
                store=store,
                galleries=galleries,
                teacher=Teacher(watched, galleries, store, catalog, watch.check),
                watch=watch,
                studio=studio,
                pool=Pool(studio, store),
                facts=bot.read_facts(here.weights),
                progress_after_s=progress_after_s,
                clock=clock or WallClock(),
            )
            made = bot.create_bot(here, services)
            async with running(made, sandbox):
                yield Club(sandbox, made, services, encoder)
        assert sandbox.violations == []
        assert not described or check_transcript(sandbox.transcript) == []


@pytest.fixture
async def club(recognizer: Recognizer, catalog: Catalog) -> AsyncIterator[Club]:
    """A bot as operators get it."""
    async with open_club(recognizer, catalog) as opened:
        yield opened


@pytest.fixture(scope="session")
def friends(root: Path) -> bytes:
    """The sample with three people."""
    return (root / "data" / "samples" / "friends.png").read_bytes()


@pytest.fixture(scope="session")
def portrait(root: Path) -> bytes:
    """The sample with one."""
    return (root / "data" / "samples" / "portrait.png").read_bytes()
