"""Using a bot on the page: commands, menus, buttons, choices, forms, and what only one sees."""

from __future__ import annotations

from typing import Any

from playwright.async_api import expect

from sandbox import Sandbox
from tests.browser.conftest import NARROW, Visits
from tests.sandbox.bot import PNG, Club


async def run(page: Any, name: str) -> None:
    """Type a command's name and take the first suggestion."""
    await page.locator("#text").click()
    await page.keyboard.type(f"/{name}")
    await expect(page.locator("#suggested [aria-selected=true]")).to_contain_text(f"/{name}")
    await page.keyboard.press("Enter")


def last(page: Any) -> Any:
    return page.locator("#messages .message").last


async def test_buttons_change_the_message_and_keep_the_focus(
    sandbox: Sandbox, bot: Club, visit: Visits
) -> None:
    page = await visit(sandbox, sandbox.member)
    await run(page, "panel")
    for count in ("1", "2", "3"):
        await last(page).get_by_role("button", name="Count").press("Enter")
        await expect(last(page).locator(".content").first).to_have_text(f"{count} (edited)")
    await expect(last(page).get_by_role("button", name="Count")).to_be_focused()
    assert sandbox.violations == []


async def test_a_menu_with_several_choices(sandbox: Sandbox, bot: Club, visit: Visits) -> None:
    page = await visit(sandbox, sandbox.member)
    await run(page, "panel")
    await last(page).get_by_role("button", name="Pick").click()
    options = page.get_by_role("listbox", name="Pick").get_by_role("option")
    await expect(options).to_have_count(2)
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Escape")
    await expect(last(page)).to_contain_text("r,Blue")
    await expect(last(page).locator(".above")).to_have_text("AniWhois0")
    await expect(last(page)).to_contain_text("Only you can see this")


async def test_menus_of_people_and_roles_links_and_disabled_buttons(
    sandbox: Sandbox, bot: Club, visit: Visits
) -> None:
    page = await visit(sandbox, sandbox.member)
    await run(page, "desk")
    desk = last(page)
    link = desk.get_by_role("link", name="Read more")
    await expect(link).to_have_attribute("href", "https://example.com/")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(desk.get_by_role("button", name="Not yet")).to_be_disabled()
    await desk.get_by_role("button", name="Which role").click()
    await page.get_by_role("option", name="@Staff").click()
    await page.get_by_role("button", name="Done").click()
    await expect(last(page)).to_contain_text("Staff")


async def test_a_modal_is_filled_in_and_refuses_what_does_not_fit(
    sandbox: Sandbox, bot: Club, visit: Visits
) -> None:
    page = await visit(sandbox, sandbox.member)
    await run(page, "panel")
    await last(page).get_by_role("button", name="Write").click()
    dialog = page.get_by_role("dialog", name="A note")
    field = dialog.get_by_label("Text")
    await expect(field).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_visible()
    await field.fill("x" * 60)
    await expect(field).to_have_value("x" * 50)
    await field.fill("hello <b>you</b>")
    await expect(dialog).to_contain_text("16 / 50")
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(last(page)).to_contain_text("noted: hello <b>you</b>")


async def test_a_form_opens_only_where_it_was_asked_for(
    sandbox: Sandbox, bot: Club, visit: Visits
) -> None:
    page, elsewhere = [await visit(sandbox, sandbox.member) for _ in range(2)]
    await run(page, "panel")
    await last(page).get_by_role("button", name="Write").click()
    await expect(page.get_by_role("dialog", name="A note")).to_be_visible()
    await expect(elsewhere.get_by_role("dialog", name="A note")).to_be_hidden()


async def test_ephemeral_answers_are_for_one_and_can_be_dismissed(
    sandbox: Sandbox, bot: Club, visit: Visits
) -> None:
    page = await visit(sandbox, sandbox.member)
    other = await visit(sandbox, sandbox.other)
    await run(page, "hush")
    await expect(last(page)).to_contain_text("again")
    await sandbox.post(sandbox.staff, sandbox.channel, "hello all")
    await expect(last(other)).to_contain_text("hello all")
    await expect(other.locator("#messages")).not_to_contain_text("psst")
    first = page.locator(".message", has_text="psst")
    await first.get_by_role("button", name="Dismiss message").click()
    await expect(first).to_have_count(0)


async def test_options_with_a_file_by_keyboard_alone(
    sandbox: Sandbox, bot: Club, visit: Visits
) -> None:
    page = await visit(sandbox, sandbox.member)
    await run(page, "echo")
    form = page.get_by_role("form", name="Command")
    await expect(form.get_by_label("picture")).to_be_focused()
    await form.get_by_label("picture").set_input_files(
        {"name": "cat.png", "mimeType": "image/png", "buffer": PNG}
    )
    await form.get_by_label("title").press("C")
    await page.keyboard.type("at")
    await page.keyboard.press("Enter")
    await expect(last(page).locator(".embed-title")).to_have_text("Cat")
    await expect(last(page).locator(".above")).to_have_text("Kai used /echo")
    await expect(page.locator("#text")).to_be_focused()
    await run(page, "echo")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("form", name="Command")).to_be_hidden()


async def test_a_picture_pasted_into_the_options(
    sandbox: Sandbox, bot: Club, visit: Visits
) -> None:
    page = await visit(sandbox, sandbox.member)
    await run(page, "echo")
    paste = """(bytes) => {
        const held = new DataTransfer();
        held.items.add(new File([new Uint8Array(bytes)], "cat.png", {type: "image/png"}));
        const event = new ClipboardEvent("paste", {clipboardData: held, bubbles: true});
        document.activeElement.dispatchEvent(event);
    }"""
    await page.evaluate(paste, list(PNG))
    await page.get_by_role("button", name="Run").click()
    await expect(last(page).locator(".embed-text")).to_have_text(f"{len(PNG)} bytes")


async def test_suggestions_while_typing(sandbox: Sandbox, bot: Club, visit: Visits) -> None:
    page = await visit(sandbox, sandbox.member, NARROW)
    await run(page, "shelf")
    suggested = page.locator("#command [role=option]")
    await expect(suggested).to_have_count(3)
    await page.keyboard.type("sa")
    await expect(suggested).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("combobox", name="name")).to_have_value("Saber")
    await page.keyboard.press("Enter")
    await expect(last(page)).to_contain_text("saber")


async def test_apps_of_messages_and_of_people(sandbox: Sandbox, bot: Club, visit: Visits) -> None:
    await sandbox.post(sandbox.other, sandbox.channel, "see", [("a.png", PNG)])
    page = await visit(sandbox, sandbox.member)
    await last(page).focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitem", name="Look at this").press("Enter")
    await expect(last(page)).to_contain_text(f"see: {len(PNG)}")
    members = page.get_by_role("complementary", name="Members")
    await members.get_by_role("button", name="Mori").click()
    await page.get_by_role("menuitem", name="Wave").click()
    await expect(last(page)).to_contain_text("hello mori")


async def test_a_bot_that_does_not_respond(sandbox: Sandbox, bot: Club, visit: Visits) -> None:
    page = await visit(sandbox, sandbox.member)
    await run(page, "slow")
    await page.keyboard.press("Enter")
    await sandbox.wait_for(lambda: len(sandbox.transcript.interactions) == 1)
    sandbox.clock.advance(4)
    await expect(last(page)).to_contain_text("The application did not respond.")


async def test_being_somebody_else(sandbox: Sandbox, bot: Club, visit: Visits) -> None:
    page = await visit(sandbox, sandbox.member)
    await page.get_by_role("button", name="You are Kai").click()
    await page.get_by_role("menuitemradio", name="Mori").click()
    await expect(page.get_by_role("button", name="You are Mori (Staff)")).to_be_visible()
    await page.locator("#text").fill("I am staff")
    await page.keyboard.press("Enter")
    await expect(last(page)).to_contain_text("Mori")
    await page.reload()
    await expect(page.get_by_role("button", name="You are Mori (Staff)")).to_be_visible()
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_label("Language that the bot is told").select_option("ja")
    await page.get_by_label("is added to my account").check()
    await sandbox.wait_for(lambda: sandbox.staff.user_installed)
    assert sandbox.staff.locale == "ja"


async def test_components_v2(sandbox: Sandbox, bot: Club, visit: Visits) -> None:
    page = await visit(sandbox, sandbox.member)
    await run(page, "layout")
    await expect(last(page).get_by_role("heading", name="Three people")).to_be_visible()
    await expect(last(page).get_by_role("img", name="three people")).to_be_visible()
    await expect(last(page).get_by_role("button", name="Again")).to_be_enabled()
