"""One whole round in a real browser: three members, each on a page of their own."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.async_api import expect

from scripts.demo import running_bot
from tests.browser.conftest import NARROW, Visits
from tests.e2e.quiz import PushedClock
from tests.sandbox.contract import check_transcript


def question(page: Any) -> Any:
    return page.locator(".message", has_text="Round 1 of 1")


def revealed(page: Any) -> Any:
    """The reveal, by its title: texts are found in any case, and a clue may say "it was"."""
    title = page.locator(".embed-title", has_text=re.compile(r"^It was "))
    return page.locator(".message").filter(has=title)


async def test_a_whole_round_with_three_members(
    chromium: str, visit: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANIWHOIS_ANILIST", "off")
    clock = PushedClock(time.time())
    async with running_bot(clock=clock) as club:
        kai = await visit(club, club.member)
        yuki = await visit(club, club.other, NARROW, dark=True)
        mori = await visit(club, club.staff)

        await kai.locator("#text").click()
        await kai.keyboard.type("/quiz start")
        suggested = kai.locator("#suggested [aria-selected=true]")
        await expect(suggested).to_contain_text("/quiz start")
        await kai.keyboard.press("Enter")
        await kai.locator("#command").get_by_label("rounds").fill("1")
        await kai.get_by_role("button", name="Run").click()
        started = kai.locator(".message", has_text="Kai used /quiz")
        await expect(started).to_contain_text("starts a quiz of 1 round!", timeout=20_000)

        # The countdown runs on every page; so does every clue.
        for page in (kai, yuki, mori):
            await expect(question(page).locator("time.stamp")).to_be_visible(timeout=20_000)
            await expect(question(page).locator("article li")).to_have_count(1)
        buttons = question(kai).locator("button:not([disabled])")
        labels = [await buttons.nth(i).inner_text() for i in range(4)]
        chosen = dict(zip(("Kai", "Yuki", "Mori"), labels, strict=False))
        for page, label in zip((kai, yuki, mori), labels, strict=False):
            await question(page).get_by_role("button", name=label, exact=True).click()
            noted = page.locator(".message", has_text="Noted: ")
            await expect(noted).to_contain_text(label)
            await expect(noted).to_contain_text("Only you can see this")
        await question(yuki).get_by_role("button", name="Hint").click()
        await expect(yuki.locator("#messages .message").last).to_contain_text("One answer a round")
        clock.push(13)
        await expect(question(mori).locator("article li")).to_have_count(3)
        await expect(revealed(mori)).to_have_count(0)

        clock.push(12)
        for page in (kai, yuki, mori):
            title = revealed(page).locator(".embed-title")
            await expect(title).to_be_visible(timeout=20_000)
            await expect(question(page).get_by_role("button", name="Skip")).to_have_count(0)
        found = re.fullmatch(
            r"It was (.+)\.", await revealed(kai).locator(".embed-title").inner_text()
        )
        assert found is not None
        right = [one for one, label in chosen.items() if label == found[1]]
        text = await revealed(kai).inner_text()
        told = text.split("Who was right")[1].split("So far")[0]
        for name in chosen:
            assert (f"@{name}: 0.0 s, +100" in told) == (name in right)
        assert ("Nobody knew it." in told) == (right == [])

        clock.push(8)
        for page in (kai, yuki, mori):
            podium = page.locator(".message", has_text="The podium")
            await expect(podium).to_contain_text("That was the last round.", timeout=20_000)
        assert await yuki.evaluate("document.documentElement.scrollWidth") == NARROW[0]
        assert club.violations == []
        assert check_transcript(club.transcript) == []
