"""The bot as a process: starts quickly, stops politely, says what is missing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

import bot
from sandbox import Sandbox
from scripts.demo import wait_final
from tests.e2e.conftest import COMMANDS
from tests.sandbox.contract import check_transcript

READY_WITHIN_S = 5.0


class Running:
    """A bot process and its log so far."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.log = ""
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stderr
        async for line in self.process.stderr:
            self.log += line.decode()

    async def logged(self, pattern: str, within_s: float = 60) -> re.Match[str]:
        """Waits for a line of the log."""
        ends = time.monotonic() + within_s
        while time.monotonic() < ends:
            if match := re.search(pattern, self.log):
                return match
            if self.process.returncode is not None:
                break
            await asyncio.sleep(0.02)
        raise AssertionError(f"no {pattern!r} in the log:\n{self.log}")

    async def left(self, within_s: float = 15) -> int:
        """Waits for the process to end; its exit status."""
        status = await asyncio.wait_for(self.process.wait(), within_s)
        await self._reading
        return status


@contextlib.asynccontextmanager
async def started(root: Path, *arguments: str, **variables: str) -> AsyncIterator[Running]:
    """``python bot.py`` with nothing but these settings."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DISCORD_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "bot.py", *arguments, cwd=root, env={**kept, **variables},
        stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    running = Running(process)
    try:
        yield running
    finally:
        if process.returncode is None:
            process.kill()
        await running.left()
        process._transport.close()  # type: ignore[attr-defined]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as one:
        yield one
        assert one.violations == []
        assert check_transcript(one.transcript) == []


async def until(look: Callable[[], bool], within_s: float = 5) -> None:
    """Waits until `look` says yes."""
    ends = time.monotonic() + within_s
    while not look():
        assert time.monotonic() < ends
        await asyncio.sleep(0.02)


def addresses(sandbox: Sandbox) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": sandbox.token,
        "ANIWHOIS_DISCORD_API": sandbox.rest_url,
        "ANIWHOIS_DISCORD_GATEWAY": sandbox.gateway_url,
        "ANIWHOIS_COOLDOWN_S": "0",
    }


async def test_ready_in_time_asked_before_the_weights_are_there_and_drained_on_sigterm(
    root: Path, sandbox: Sandbox, portrait: bytes, settings: bot.Settings
) -> None:
    alive = settings.cache / "alive"
    alive.unlink(missing_ok=True)
    began = time.monotonic()
    async with started(root, **addresses(sandbox)) as running:
        await sandbox.wait_ready(COMMANDS, timeout=30)
        ready_s = time.monotonic() - began
        # Asked at once, while the weights are still loading: acknowledged, and answered later.
        options = {"picture": ("a.png", portrait)}
        early = await sandbox.slash(sandbox.member, sandbox.channel, "whois", options)
        await early.wait_acked()
        assert early.ack_ms is not None
        assert (await wait_final(sandbox, early)).files
        assert ready_s < READY_WITHIN_S
        await running.logged("weights loaded model=")
        await running.logged("ready guilds=1")
        await until(alive.exists)

        sandbox.faults.cdn_slow(seconds=1.5)
        under_way = await sandbox.slash(sandbox.member, sandbox.channel, "whois", options)
        await under_way.wait_acked()
        running.process.send_signal(signal.SIGTERM)
        await running.logged("stopping running=1")
        late = await sandbox.slash(sandbox.other, sandbox.channel, "whois", options)
        refusal = await late.wait_answer()
        assert refusal.ephemeral
        assert "restarting" in refusal.content
        assert (await wait_final(sandbox, under_way)).files
        assert await running.left() == 0
        assert "drained unfinished=0" in running.log
        assert "Traceback" not in running.log


async def test_without_a_token_one_sentence_says_what_to_do(root: Path) -> None:
    if (root / ".env").exists():
        pytest.skip("there is a .env here, and it may hold a token")
    async with started(root) as running:
        assert await running.left() == 2
        assert running.log.count("\n") == 1
        assert "DISCORD_TOKEN" in running.log
        assert "python bot.py --sandbox" in running.log


async def test_a_refused_token_is_one_sentence(root: Path, sandbox: Sandbox) -> None:
    wrong = {**addresses(sandbox), "DISCORD_TOKEN": "wrong.token.here"}
    async with started(root, **wrong) as running:
        assert await running.left(30) == 2
        assert "does not accept the DISCORD_TOKEN" in running.log
        assert "wrong.token" not in running.log
        assert "Traceback" not in running.log
    sandbox.violations.clear()  # knocking with a wrong key is one


async def test_an_unreachable_discord_is_one_sentence(root: Path) -> None:
    nowhere = {"DISCORD_TOKEN": "a.b.c", "ANIWHOIS_DISCORD_API": "http://127.0.0.1:9/api/v10"}
    async with started(root, **nowhere) as running:
        assert await running.left(30) == 1
        assert "The bot cannot start: " in running.log
        assert "Traceback" not in running.log


async def test_told_to_stop_while_logging_in(root: Path, sandbox: Sandbox) -> None:
    sandbox.faults.delay("/users/@me", seconds=20)
    async with started(root, **addresses(sandbox)) as running:
        await running.logged("logging in")
        running.process.send_signal(signal.SIGTERM)
        assert await running.left(10) == 0


async def test_missing_weights_are_one_sentence(
    root: Path, sandbox: Sandbox, tmp_path: Path
) -> None:
    settings = {**addresses(sandbox), "ANIWHOIS_WEIGHTS": str(tmp_path)}
    async with started(root, **settings) as running:
        assert await running.left(30) == 2
        assert str(tmp_path) in running.log
        assert "Traceback" not in running.log


async def test_the_sandbox_mode_prints_its_address_and_stops_on_ctrl_c(root: Path) -> None:
    async with started(root, "--sandbox") as running:
        assert running.process.stdout
        line = (await asyncio.wait_for(running.process.stdout.readline(), 30)).decode()
        assert re.search(r"http://127\.0\.0\.1:\d+", line)
        await running.logged(r"ready guilds=\d")
        running.process.send_signal(signal.SIGINT)
        assert await running.left() == 0
        assert "Traceback" not in running.log
