"""Pictures of the page for the README: the bot's own answers about ``data/samples``.

``.venv/bin/python -m scripts.screenshots`` writes ``docs/menu.png``, ``docs/command.png``,
``docs/answer-card.png`` and ``docs/phone.png``. It needs a Chromium (``ANIWHOIS_CHROMIUM``, or
``chromium`` on the path) and requirements-dev.txt. The samples are drawn for this project, so what
is shown may be given away.
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


class Camera:
    """Takes the pictures, each on a fresh page."""

    def __init__(self, browser: Any, sandbox: Sandbox, out: Path) -> None:
        self._browser = browser
        self._sandbox = sandbox
        self._out = out

    @asynccontextmanager
    async def page(self, size: tuple[int, int], *, dark: bool = False) -> AsyncIterator[Any]:
        """The page, its pictures loaded and nothing moving."""
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
    async with camera.page(PHONE, dark=True) as page:
        await row(page, shown["friends answer"]).evaluate("e => e.scrollIntoView()")
        camera.keep("phone", await page.screenshot())


async def run(chromium: str, out: Path) -> None:
    async with running_bot() as sandbox, async_playwright() as driver:
        sandbox.channel.topic = "Pictures, and who is in them"
        shown = await talk(sandbox)
        browser = await driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        try:
            await take(Camera(browser, sandbox, out), shown)
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
