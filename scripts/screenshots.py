"""Pictures of the page for the README: the bot's own answers about ``data/samples``.

``.venv/bin/python -m scripts.screenshots`` writes ``docs/menu.png``, ``docs/command.png``,
``docs/answer-card.png``, ``docs/phone.png``, ``docs/quiz-question.png`` and
``docs/quiz-reveal.png``. It needs a Chromium (``ANIWHOIS_CHROMIUM``, or ``chromium`` on the path)
and requirements-dev.txt. The samples are drawn for this project, and may be given away.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import async_playwright

from cogs.shared.clock import WallClock
from sandbox import Sandbox, StoredMessage
from scripts.demo import ROOT, running_bot

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")
DESK, PHONE = (1280, 760), (380, 760)
COLOURS = 256
"""Of the palette a picture is reduced to: a quarter of the bytes, and no visible difference."""
_PATIENCE_S = 300.0


async def talk(sandbox: Sandbox) -> dict[str, StoredMessage]:
    """The conversation that is shown: two members post samples and ask who is in them."""
    samples = ROOT / "data" / "samples"
    people = {"portrait": sandbox.member, "friends": sandbox.staff, "umbrella": sandbox.other}
    words = {
        "portrait": "Found this while tidying up. **Who is she?**",
        "friends": "Drew three friends on the way to school!",
        "umbrella": "And these two, in the rain",
    }
    shown: dict[str, StoredMessage] = {}
    for name, person in people.items():
        picture = (samples / f"{name}.png").read_bytes()
        posted = await sandbox.post(
            person, sandbox.channel, words[name], [(f"{name}.png", picture)]
        )
        shown[name] = posted
        if name == "umbrella":  # the one that the menu is opened on
            continue
        handle = await sandbox.message_command(sandbox.other, posted, "Who is this?")
        shown[f"{name} answer"] = await handle.wait_answer(_PATIENCE_S)
    await sandbox.react(sandbox.staff, shown["portrait answer"], "🎉")
    return shown


async def ask(sandbox: Sandbox, clock: PushedClock) -> StoredMessage:
    """An open question of the deck *Clues*, half way through its time."""
    start = {"rounds": 10, "series": "Neon Genesis Evangelion"}
    handle = await sandbox.slash(sandbox.member, sandbox.bots, "quiz start", start)
    message = await sandbox.wait_message(sandbox.bots, after=await handle.wait_answer())
    await sandbox.wait_for(lambda: "<t:" in str(message.embeds))
    clock.push(6)
    await sandbox.wait_for(lambda: "2. " in str(message.embeds))
    return message


async def reveal(sandbox: Sandbox, clock: PushedClock, message: StoredMessage) -> StoredMessage:
    """Three members answer, and the bell rings; returns the message of the reveal."""
    people = (sandbox.staff, sandbox.member, sandbox.other)
    row = [one["custom_id"] for one in message.components[0]["components"]]
    for person, button in zip(people, row, strict=False):
        clock.push(3.1)
        await (await sandbox.click(person, message, button)).wait_answer()
    clock.push(25)
    return await sandbox.wait_message(sandbox.bots, after=message)


class PushedClock(WallClock):
    """The time of day, and what was pushed: nobody waits for the bell."""

    def __init__(self) -> None:
        self._pushed_s = 0.0
        self._moved = asyncio.Event()

    def now_s(self) -> float:
        return super().now_s() + self._pushed_s

    async def sleep_until(self, when_s: float) -> None:
        while (left_s := when_s - self.now_s()) > 0:
            moved = asyncio.create_task(self._moved.wait())
            await asyncio.wait({moved}, timeout=left_s)
            moved.cancel()

    def push(self, seconds: float) -> None:
        self._pushed_s += seconds
        self._moved.set()
        self._moved = asyncio.Event()


class Camera:
    """Takes the pictures, each on a fresh page."""

    def __init__(self, browser: Any, sandbox: Sandbox, out: Path) -> None:
        self._browser = browser
        self._sandbox = sandbox
        self._out = out

    @asynccontextmanager
    async def page(
        self, size: tuple[int, int], *, dark: bool = False, channel: str = ""
    ) -> AsyncIterator[Any]:
        """The page (at the channel of that name), its pictures loaded and nothing moving."""
        context = await self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
        )
        page = await context.new_page()
        await page.add_init_script(f"localStorage.person = '{self._sandbox.member.id}'")
        await page.goto(self._sandbox.page_url)
        if channel:
            await page.get_by_role("button", name=channel, exact=True).click()
        await page.wait_for_selector("#messages .message")
        await page.evaluate(
            "() => Promise.all([...document.images].map((one) => one.decode().catch(() => null)))"
        )
        yield page
        await context.close()

    def keep(self, name: str, data: bytes) -> None:
        """Write a screenshot with a small palette."""
        with Image.open(io.BytesIO(data)) as image:
            small = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        target = self._out / f"{name}.png"
        small.save(target, optimize=True)
        print(f"{target}  {target.stat().st_size // 1024} kB")


def row(page: Any, message: StoredMessage) -> Any:
    return page.locator(f"[data-id='{message.id}']")


async def take(camera: Camera, shown: dict[str, StoredMessage]) -> None:
    async with camera.page(DESK) as page:
        target = row(page, shown["umbrella"])
        await target.scroll_into_view_if_needed()
        await target.click(button="right", position={"x": 330, "y": 40})
        await page.wait_for_selector("[role=menuitem]")
        camera.keep("menu", await page.screenshot())
    async with camera.page(DESK) as page:
        await page.locator("#text").click()
        await page.keyboard.type("/whois")
        await page.wait_for_selector("#suggested [aria-selected=true]")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#command input")
        camera.keep("command", await page.screenshot())
    async with camera.page((820, 1200)) as page:
        target = row(page, shown["portrait answer"])
        await target.scroll_into_view_if_needed()
        camera.keep("answer-card", await target.screenshot())
    async with camera.page((820, 900), channel="bots") as page:
        camera.keep("quiz-reveal", await row(page, shown["reveal"]).screenshot())
    async with camera.page(PHONE, dark=True) as page:
        await row(page, shown["friends answer"]).evaluate("e => e.scrollIntoView()")
        camera.keep("phone", await page.screenshot())


async def run(chromium: str, out: Path) -> None:
    clock = PushedClock()
    async with running_bot(clock=clock) as sandbox, async_playwright() as driver:
        sandbox.channel.topic = "Pictures, and who is in them"
        shown = await talk(sandbox)
        shown["question"] = await ask(sandbox, clock)
        browser = await driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        try:
            camera = Camera(browser, sandbox, out)
            async with camera.page((820, 900), channel="bots") as page:
                camera.keep("quiz-question", await row(page, shown["question"]).screenshot())
            shown["reveal"] = await reveal(sandbox, clock, shown["question"])
            await take(camera, shown)
        finally:
            await browser.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts.screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="folder of the pictures")
    out = parser.parse_args().out
    chromium = os.environ.get("ANIWHOIS_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        print("no chromium: apt-get install chromium, or set ANIWHOIS_CHROMIUM", file=sys.stderr)
        return 1
    out.mkdir(parents=True, exist_ok=True)
    asyncio.run(run(chromium, out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
