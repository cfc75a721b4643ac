"""The page in a real headless Chromium; without one, these tests are skipped and say so."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from playwright import async_api as playwright

from sandbox import Sandbox, User
from tests.sandbox.bot import Club
from tests.sandbox.conftest import connected
from tests.sandbox.contract import check_transcript

CHROMIUM = os.environ.get("ANIWHOIS_CHROMIUM") or shutil.which("chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A mouse, as on a desk; without one, Chromium says that nothing can hover.
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,"
    "primaryPointerType=4,availablePointerTypes=4",
)
WIDE, NARROW = (1280, 820), (380, 760)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One Chromium with a fresh profile for all tests; the address of its debugging port."""
    if CHROMIUM is None:
        pytest.skip("NO CHROMIUM: the page is not tested (apt-get install chromium)")
    profile = tmp_path_factory.mktemp("chromium")
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", "--remote-debugging-port=0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        told = profile / "DevToolsActivePort"
        ends_at = time.monotonic() + 60
        while not (told.exists() and told.read_text().strip()):
            assert running.poll() is None, f"{CHROMIUM} left with status {running.returncode}"
            assert time.monotonic() < ends_at, f"{CHROMIUM} did not start within a minute"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{told.read_text().split()[0]}"
        running.terminate()


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Any]:
    async with playwright.async_playwright() as driver:
        yield await driver.chromium.connect_over_cdp(chromium, timeout=60_000)


class Visits:
    """Opens pages as somebody, and keeps what went wrong in them."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._contexts: list[Any] = []
        self.problems: list[str] = []
        self.asked: list[str] = []

    async def __call__(
        self,
        sandbox: Sandbox,
        person: User,
        size: tuple[int, int] = WIDE,
        dark: bool = False,
        **options: Any,
    ) -> Any:
        """The page as ``person`` sees it, with its messages shown."""
        context = await self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            **options,
        )
        self._contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", self._note)
        page.on("request", lambda request: self.asked.append(request.url))
        await page.add_init_script(f"localStorage.person ||= '{person.id}'")
        await page.goto(sandbox.page_url)
        await page.wait_for_selector("#messages .intro")
        return page

    async def close(self) -> None:
        """Close every page."""
        for context in self._contexts:
            await context.close()

    def _note(self, message: Any) -> None:
        # A refused action answers 400, which Chromium logs by itself.
        if message.type == "error" and "status of 400" not in message.text:
            self.problems.append(message.text)


@pytest.fixture
async def visit(browser: Any) -> AsyncIterator[Visits]:
    """Afterwards: no script error, nothing that the content policy blocked."""
    visits = Visits(browser)
    yield visits
    await visits.close()
    assert visits.problems == []


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running
        assert check_transcript(running.transcript) == []


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Club]:
    """A bot with one command for each thing a bot can do."""
    async with connected(sandbox, Club()) as running:
        await sandbox.wait_ready(["echo"])
        yield running
