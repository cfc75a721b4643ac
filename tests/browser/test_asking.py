"""The road a person walks: the real bot, asked in a real browser about the samples."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import expect

from sandbox import Sandbox
from scripts.demo import running_bot, wait_final
from tests.browser.conftest import NARROW, Visits
from tests.sandbox.contract import check_transcript

ANSWER_MS = 60_000


@pytest.fixture
async def club(chromium: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    """The bot as it is shipped, on its own cards. It is not started where there is no browser."""
    monkeypatch.setenv("ANIWHOIS_ANILIST", "off")
    async with running_bot() as sandbox:
        yield sandbox
        assert sandbox.violations == []
        assert check_transcript(sandbox.transcript) == []


@pytest.fixture
def samples(root: Path) -> Path:
    return root / "data" / "samples"


def last(page: Any) -> Any:
    return page.locator("#messages .message").last


async def test_by_menu_then_the_buttons_and_the_form(
    club: Sandbox, visit: Visits, samples: Path
) -> None:
    picture = (samples / "friends.png").read_bytes()
    await club.post(club.other, club.channel, "Who are they?", [("friends.png", picture)])
    page = await visit(club, club.member)
    await last(page).click(button="right", position={"x": 300, "y": 14})
    await page.get_by_role("menuitem", name="Who is this?").click()
    answer = page.locator(".message", has_text="Kai used Who is this?")
    await expect(answer.locator(".embed").first).to_be_visible(timeout=ANSWER_MS)
    image = answer.locator(".gallery img").first
    alt_text = await image.get_attribute("alt") or ""
    assert alt_text.startswith("1: ")
    assert "3: " in alt_text
    assert await image.evaluate("e => e.decode().then(() => e.naturalWidth)") >= 720

    await answer.get_by_role("button", name="Other guesses").click()
    await expect(last(page)).to_contain_text("Only you can see this")
    await expect(last(page)).to_contain_text("%")
    await last(page).get_by_role("button", name="Dismiss message").click()

    await answer.get_by_role("button", name="That's wrong").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Which one?").select_option(index=2)
    await form.get_by_label("Who is it?").fill("Aki <b>Sample</b>")
    await form.get_by_role("button", name="Submit").click()
    await expect(answer).to_contain_text("Aki <b>Sample</b>", timeout=ANSWER_MS)
    await expect(answer.locator(".gallery img").first).to_be_visible()


async def test_by_slash_with_the_keyboard_alone_on_a_small_dark_screen(
    club: Sandbox, visit: Visits, samples: Path
) -> None:
    page = await visit(club, club.member, NARROW, dark=True)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("/whois")
    await expect(page.locator("#suggested [aria-selected=true]")).to_contain_text("/whois")
    # Chromium has to know in time that its dialog is wanted by the test.
    async with page.expect_file_chooser() as chooser:
        await page.keyboard.press("Enter")
        field = page.get_by_label("picture", exact=False).first
        await expect(field).to_be_focused()
        await page.keyboard.press("Space")
    await (await chooser.value).set_files(samples / "portrait.png")
    await page.keyboard.press("Control+Enter")
    answer = page.locator(".message", has_text="Kai used /whois")
    await expect(answer.locator(".embed-title").first).to_be_visible(timeout=ANSWER_MS)
    assert await page.evaluate("document.documentElement.scrollWidth") == NARROW[0]
    await answer.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Who is this?")).to_be_visible()


async def test_characters_by_suggestion_and_by_page(club: Sandbox, visit: Visits) -> None:
    page = await visit(club, club.member)
    await page.locator("#text").click()
    await page.keyboard.type("/characters")
    await expect(page.locator("#suggested [aria-selected=true]")).to_contain_text("/characters")
    await page.keyboard.press("Enter")
    await expect(page.locator("#command [role=option]").first).to_be_visible()
    await page.keyboard.press("Enter")
    answer = page.locator(".message", has_text="Kai used /characters")
    before = await answer.locator(".content, .embed-text").first.inner_text()
    await expect(answer.get_by_role("button", name="Previous")).to_be_disabled()
    await answer.get_by_role("button", name="Next").click()
    await expect(answer.get_by_role("button", name="Previous")).to_be_enabled()
    assert await answer.inner_text() != before

    await page.locator("#text").click()
    await page.keyboard.type("/character")
    await page.locator("#suggested [role=option]").first.click()
    await page.keyboard.type("ayanami")
    await expect(page.locator("#command [role=option]").first).to_contain_text("Ayanami Rei")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    card = page.locator(".message", has_text="Kai used /character").last
    await expect(card.locator(".embed-title")).to_contain_text("Ayanami Rei", timeout=ANSWER_MS)


async def test_staff_teach_from_the_menu_and_the_face_is_known_at_once(
    club: Sandbox, visit: Visits, samples: Path
) -> None:
    out = io.BytesIO()
    with Image.open(samples / "friends.png") as picture:
        picture.crop((40, 180, 440, 720)).save(out, "PNG")
    await club.post(club.other, club.channel, "A friend", [("friend.png", out.getvalue())])
    page = await visit(club, club.staff)
    asked = page.locator(".message", has_text="A friend").first
    await asked.click(button="right", position={"x": 200, "y": 14})
    await page.get_by_role("menuitem", name="Teach this…").click()
    form = page.get_by_role("dialog", name="Teach this…")
    await form.get_by_role("textbox").first.fill("Hoshino Quxu")
    await form.get_by_role("textbox").nth(1).fill("Drawn for Tests")
    await page.keyboard.press("Enter")
    await expect(last(page)).to_contain_text("I've learned Hoshino Quxu", timeout=ANSWER_MS)

    await asked.focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitem", name="Who is this?").click()
    answer = page.locator(".message", has_text="Mori used Who is this?")
    title = answer.locator(".embed-title").first
    await expect(title).to_contain_text("Hoshino Quxu", timeout=ANSWER_MS)


async def test_a_member_corrects_on_a_phone_and_staff_approve(
    club: Sandbox, visit: Visits, samples: Path
) -> None:
    panel = await club.slash(club.staff, club.channel, "settings")
    shown = await panel.wait_answer()
    await (await club.select(club.staff, shown, "settings:approval", [club.bots])).wait_acked()
    picture = (samples / "portrait.png").read_bytes()
    asked = await club.slash(club.member, club.channel, "whois", {"picture": ("a.png", picture)})
    await wait_final(club, asked)

    phone = await visit(club, club.member, NARROW, dark=True)
    await last(phone).get_by_role("button", name="That's wrong").click()
    form = phone.get_by_role("dialog")
    await expect(form).to_contain_text("Staff see the face and decide.")
    assert await form.get_by_label("Or one of these").locator("option").count() >= 3
    await form.get_by_label("Who is it?").fill("Mika of the Club")
    await form.get_by_role("button", name="Submit").click()
    told = phone.locator(".message", has_text="shown the face to staff in")
    await expect(told).to_contain_text("Only you can see this", timeout=ANSWER_MS)
    assert await phone.evaluate("document.documentElement.scrollWidth <= innerWidth")

    desk = await visit(club, club.staff)
    await desk.get_by_role("link", name="bots").or_(desk.get_by_text("bots")).first.click()
    question = desk.locator(".message", has_text="says that this is Mika of the Club")
    await expect(question).to_contain_text("most like Ayanami Rei", timeout=ANSWER_MS)
    await question.get_by_role("button", name="Approve").click()
    await expect(question).to_contain_text("Approved by @Mori", timeout=ANSWER_MS)
    again = await club.slash(club.other, club.channel, "whois", {"picture": ("a.png", picture)})
    await wait_final(club, again)
    await expect(last(phone)).to_contain_text("Mika of the Club", timeout=ANSWER_MS)
