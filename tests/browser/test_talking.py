"""What people do among themselves on the page, and what they are kept safe from."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from sandbox import Sandbox
from tests.browser.conftest import NARROW, WIDE, Visits
from tests.sandbox.bot import PNG

HOSTILE = (
    "<script>window.pwned = 1</script><img src=x onerror=window.pwned=1> "
    "[click](javascript:window.pwned=1) <svg/onload=window.pwned=1> **<i>bold</i>** "
    "||<b onclick=x>veiled</b>|| `<u>code</u>` https://example.com/<script>"
)
GIVE = """([bytes, kind]) => {
    const held = new DataTransfer();
    held.items.add(new File([new Uint8Array(bytes)], "dropped.png", {type: "image/png"}));
    if (kind === "paste") {
        const event = new ClipboardEvent("paste", {clipboardData: held, bubbles: true});
        document.getElementById("text").dispatchEvent(event);
    } else {
        for (const name of ["dragenter", "dragover", "drop"])
            document.body.dispatchEvent(new DragEvent(name, {dataTransfer: held, bubbles: true}));
    }
}"""


def last(page: Any) -> Any:
    return page.locator("#messages .message").last


async def test_hostile_text_stays_text(sandbox: Sandbox, visit: Visits) -> None:
    evil = sandbox.create_user("evil", "<img src=x onerror=window.pwned=1>")
    sandbox.join(sandbox.guild, evil)
    files = [("a.png", PNG, '"><script>window.pwned=1</script>')]
    posted = await sandbox.post(evil, sandbox.channel, HOSTILE, files)
    embed = {"type": "rich", "title": HOSTILE, "url": "javascript:window.pwned=1"}
    embed |= {"description": HOSTILE, "fields": [{"name": HOSTILE, "value": HOSTILE}]}
    await sandbox.unfurl(posted, embed)
    page = await visit(sandbox, sandbox.member)
    await expect(last(page)).to_contain_text("<img src=x onerror=window.pwned=1>")
    assert await page.evaluate("window.pwned") is None
    inside = "#messages :is(script, svg[onload], iframe, [onerror], [onclick], a[href^=javascript])"
    assert await page.locator(inside).count() == 0
    assert await last(page).locator("strong i").count() == 0
    origin = sandbox.page_url
    assert [one for one in visit.asked if not one.startswith((origin, "blob:"))] == []


async def test_spoilers_are_hidden_from_eyes_ears_and_keyboard(
    sandbox: Sandbox, visit: Visits
) -> None:
    files = [("a.png", PNG, "who she is")]
    await sandbox.post(sandbox.other, sandbox.channel, "she is ||Asuka||", files, spoiler=True)
    page = await visit(sandbox, sandbox.member)
    assert "Asuka" not in await last(page).aria_snapshot()
    assert "who she is" not in await last(page).aria_snapshot()
    assert "blur" in await page.locator(".picture img").evaluate("e => getComputedStyle(e).filter")
    await page.get_by_role("button", name="Spoiler, show it").press("Enter")
    await page.get_by_role("button", name="Spoiler, show the picture").press("Enter")
    assert "Asuka" in await last(page).aria_snapshot()
    assert await page.locator(".picture img").evaluate("e => getComputedStyle(e).filter") == "none"
    await page.get_by_role("button", name="Alt text").click()
    await expect(page.locator("figcaption")).to_have_text("who she is")
    await page.get_by_role("button", name="Show large: who she is").click()
    await expect(page.get_by_role("dialog", name="who she is")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog.lightbox")).to_have_count(0)


@pytest.mark.parametrize("kind", ["paste", "drop"])
async def test_pasted_and_dropped_pictures(sandbox: Sandbox, visit: Visits, kind: str) -> None:
    page = await visit(sandbox, sandbox.member)
    await page.evaluate(GIVE, [list(PNG), kind])
    await page.get_by_label("Alt text of dropped.png").fill("a face")
    await page.get_by_role("button", name="Spoiler: dropped.png").click()
    await page.locator("#text").fill("look")
    await page.keyboard.press("Enter")
    await expect(last(page)).to_contain_text("look")
    (message,) = sandbox.messages(sandbox.channel)
    assert message.files[0].filename == "SPOILER_dropped.png"
    assert message.files[0].description == "a face"
    assert message.files[0].data == PNG
    await expect(page.locator("#picked li")).to_have_count(0)


async def test_reply_react_edit_forward_delete(sandbox: Sandbox, visit: Visits) -> None:
    posted = await sandbox.post(sandbox.other, sandbox.channel, "first")
    page = await visit(sandbox, sandbox.member)
    row = page.locator(f"[data-id='{posted.id}']")
    await row.focus()
    await page.keyboard.press("r")
    await page.keyboard.type("/whois")
    await page.keyboard.press("Enter")
    await expect(last(page).locator(".above")).to_contain_text("first")
    reply = sandbox.messages(sandbox.channel)[-1]
    assert (reply.content, reply.reference) == ("/whois", posted), "with a reply it is plain text"

    await row.hover()
    await row.get_by_role("button", name="React").click()
    await page.get_by_role("option", name="🎉").click()
    await expect(row.get_by_role("button", name="🎉 by Kai")).to_have_attribute(
        "aria-pressed", "true"
    )
    await last(page).click(button="right")
    await page.get_by_role("menuitem", name="Edit message").click()
    await page.get_by_role("dialog").get_by_label("Message").fill("changed")
    await page.get_by_role("button", name="Save").click()
    await expect(last(page)).to_contain_text("changed (edited)")
    await last(page).click(button="right")
    await page.get_by_role("menuitem", name="Forward").click()
    await page.get_by_role("option", name="#bots").click()
    await expect(page.get_by_role("status").last).to_contain_text("Forwarded to #bots")
    await last(page).click(button="right")
    await page.get_by_role("menuitem", name="Delete message").click()
    await expect(page.locator("#messages .message")).to_have_count(1)
    await page.get_by_role("navigation").get_by_role("button", name="bots").click()
    await expect(last(page).locator(".forwarded")).to_contain_text("changed")
    await row.wait_for(state="detached")


async def test_markdown(sandbox: Sandbox, visit: Visits) -> None:
    words = (
        "# Title\n**bold** *it* __under__ ~~gone~~ \\*plain\\* snake_case_name\n"
        "> said\n- one\n- two\n"
        f"```py\n<x> = **1**\n```\n<@{sandbox.other.id}> <#{sandbox.bots.id}> </whois:1> "
        "<t:1700000000:D> [docs](https://example.com/a_b) -- end\n-# small"
    )
    await sandbox.post(sandbox.member, sandbox.channel, words)
    page = await visit(sandbox, sandbox.other)
    content = last(page).locator(".content")
    await expect(content.get_by_role("heading", name="Title")).to_be_visible()
    for selector, text in (
        ("strong", "bold"),
        ("em", "it"),
        ("u", "under"),
        ("s", "gone"),
        ("blockquote", "said"),
        ("pre code", "<x> = **1**"),
        ("a", "docs"),
        (".subtext", "small"),
    ):
        await expect(content.locator(selector)).to_have_text(text)
    await expect(content.locator("li")).to_have_text(["one", "two"])
    await expect(content.locator(".mention")).to_have_text(["@Yuki", "#bots", "/whois"])
    await expect(content.locator("time")).to_have_attribute("datetime", "2023-11-14T22:13:20.000Z")
    await expect(content).to_contain_text("*plain* snake_case_name")


async def test_unread_channels_and_direct_messages(sandbox: Sandbox, visit: Visits) -> None:
    thread = sandbox.create_thread(sandbox.channel, "aside", sandbox.other)
    page = await visit(sandbox, sandbox.member)
    await sandbox.post(sandbox.other, thread, "psst")
    places = page.get_by_role("navigation", name="Places")
    await expect(places.get_by_role("button", name="aside unread")).to_be_visible()
    await places.get_by_role("button", name="aside").click()
    await expect(last(page)).to_contain_text("psst")
    await expect(places.locator(".dot")).to_have_count(0)
    await places.get_by_role("button", name="Direct messages").click()
    await expect(page.locator("#title")).to_have_text("AniWhois")


async def test_links_to_messages_stay_here(sandbox: Sandbox, visit: Visits) -> None:
    target = await sandbox.post(sandbox.other, sandbox.channel, "the one")
    for number in range(30):
        await sandbox.post(sandbox.other, sandbox.channel, f"line {number}")
    link = f"https://discord.com/channels/{sandbox.guild.id}/{sandbox.channel.id}/{target.id}"
    await sandbox.post(sandbox.other, sandbox.bots, f"see {link}")
    page = await visit(sandbox, sandbox.member)
    await page.get_by_role("navigation").get_by_role("button", name="bots").click()
    await last(page).get_by_role("link", name="#pictures › message").click()
    row = page.locator(f"[data-id='{target.id}']")
    await expect(row).to_be_focused()
    await expect(row).to_be_in_viewport()
    await expect(page.locator("#title")).to_have_text("pictures")


async def test_what_one_does_oneself_comes_into_view(sandbox: Sandbox, visit: Visits) -> None:
    for number in range(30):
        await sandbox.post(sandbox.other, sandbox.channel, f"line {number}")
    page = await visit(sandbox, sandbox.member, NARROW)
    await expect(last(page)).to_be_in_viewport()
    await page.evaluate("document.getElementById('pane').scrollTop = 0")
    await expect(last(page)).not_to_be_in_viewport()
    await sandbox.post(sandbox.other, sandbox.channel, "from somebody else")
    await expect(page.get_by_role("button", name="New messages")).to_be_visible()
    await expect(last(page)).not_to_be_in_viewport()
    await page.locator("#text").fill("mine")
    await page.keyboard.press("Enter")
    await expect(last(page)).to_contain_text("mine")
    await expect(last(page)).to_be_in_viewport()
    await last(page).get_by_role("button", name="Kai").click()
    await expect(page.get_by_role("menu", name="Kai")).to_be_visible()


CONTRAST = """() => {
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const rgba = (text) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = text;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const linear = (value) => (value /= 255) <= 0.04045 ? value / 12.92
        : ((value + 0.055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const behind = (element) => {
        const layers = [];
        for (let one = element; one; one = one.parentElement)
            layers.push(rgba(getComputedStyle(one).backgroundColor));
        const over = (under, [r, g, b, a]) =>
            [r, g, b].map((value, at) => value * a / 255 + under[at] * (1 - a / 255));
        return layers.reverse().reduce(over, [255, 255, 255]);
    };
    const weak = [];
    for (const element of document.querySelectorAll("body *")) {
        const own = [...element.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
        const seen = element.checkVisibility({checkOpacity: true, visibilityProperty: true});
        if (!own || !seen || element.closest(".veil, .picture, .hidden-text, .skip")) continue;
        const front = light(rgba(getComputedStyle(element).color));
        const back = light(behind(element));
        const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
        if (ratio < 4.5) weak.push(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
    }
    return [...new Set(weak)];
}"""
NAMELESS = """() => [...document.querySelectorAll("button, a, input, select, textarea")]
    .filter((one) => one.checkVisibility() && !one.ariaLabel && !one.textContent.trim()
        && !one.title && !(one.labels && one.labels.length))
    .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "380"])
async def test_every_size_and_theme_is_readable(
    sandbox: Sandbox, visit: Visits, size: tuple[int, int], dark: bool
) -> None:
    evil = "x" * 300 + " https://example.com/" + "y" * 200
    files = [("a.png", PNG, "a face"), ("notes.txt", b"text")]
    posted = await sandbox.post(sandbox.member, sandbox.channel, evil, files)
    field = {"name": "Series", "value": "z" * 200, "inline": True}
    embed = {"type": "rich", "title": "A card", "description": "words", "fields": [field] * 3}
    await sandbox.unfurl(posted, {**embed, "footer": {"text": "small print"}})
    await sandbox.post(sandbox.other, sandbox.channel, f"<@{sandbox.member.id}>", reply_to=posted)
    await sandbox.react(sandbox.member, posted, "👍")
    page = await visit(sandbox, sandbox.member, size, dark)
    assert await page.evaluate(CONTRAST) == []
    assert await page.evaluate(NAMELESS) == []
    wide = "e => document.querySelector(e).scrollWidth - document.querySelector(e).clientWidth"
    assert [await page.evaluate(wide, one) for one in ("html", "#pane", "#foot")] == [0, 0, 0]
    back = "getComputedStyle(document.body).backgroundColor"
    assert (await page.evaluate(back) == "rgb(32, 26, 33)") is dark


async def test_the_theme_can_be_chosen(sandbox: Sandbox, visit: Visits) -> None:
    page = await visit(sandbox, sandbox.member)
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_label("Dark").check()
    await page.keyboard.press("Escape")
    await page.reload()
    back = "getComputedStyle(document.body).backgroundColor"
    assert await page.evaluate(back) == "rgb(32, 26, 33)"


async def test_small_screens_have_a_drawer(sandbox: Sandbox, visit: Visits) -> None:
    page = await visit(sandbox, sandbox.member, NARROW, has_touch=True)
    places = page.get_by_role("navigation", name="Places")
    await expect(places).to_be_hidden()
    await page.get_by_role("button", name="Servers and channels").tap()
    await places.get_by_role("button", name="bots").tap()
    await expect(places).to_be_hidden()
    await expect(page.locator("#title")).to_have_text("bots")
