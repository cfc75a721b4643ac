"""The ways a bot answers, by a real discord.py bot: commands, menus, buttons, modals,
autocompletion.
"""

from __future__ import annotations

import discord
import pytest

from sandbox import Sandbox, UsageError
from tests.sandbox.bot import PNG, Club


async def test_slash_with_attachment_is_deferred_and_answered(sandbox: Sandbox, bot: Club) -> None:
    given = {"picture": ("my cat.png", PNG), "title": "Cat"}
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "echo", given)
    answer = await handle.wait_answer()

    assert handle.acked
    assert handle.ack_ms is not None
    assert handle.answer_ms is not None
    assert handle.ack_ms <= handle.answer_ms
    assert handle.messages == [answer]
    assert answer.embeds[0]["title"] == "Cat"
    assert answer.files[0].data == PNG
    assert answer.files[0].description == "what it was"
    assert answer.files[0].filename == "my_cat.png"
    assert (answer.files[0].width, answer.files[0].height) == (40, 30)
    assert not answer.loading
    assert not handle.ephemeral
    assert sandbox.violations == []


async def test_message_command_gets_the_whole_message(sandbox: Sandbox, bot: Club) -> None:
    pictures = [("a.png", PNG), ("b.png", PNG + b"more")]
    posted = await sandbox.post(sandbox.member, sandbox.channel, "two", pictures)
    handle = await sandbox.message_command(sandbox.other, posted, "Look at this")
    answer = await handle.wait_answer()

    assert answer.content == f"two: {len(PNG)}, {len(PNG) + 4}"
    assert bot.seen[0].content == "", "no message-content intent, no content over the gateway"


async def test_ten_embeds_with_the_picture_inside(sandbox: Sandbox, bot: Club) -> None:
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "cards")
    answer = await handle.wait_answer()

    assert len(answer.embeds) == 10
    assert answer.attachments == [], "a file inside an embed leaves the attachments"
    assert answer.embeds[0]["image"]["description"] == "ten people"
    assert answer.files[0].data == PNG


async def test_ephemeral_answers_are_seen_by_their_owner_alone(sandbox: Sandbox, bot: Club) -> None:
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "hush")
    answer = await handle.wait_answer()
    await sandbox.wait_for(lambda: len(handle.messages) == 2)

    assert handle.ephemeral
    assert [one.content for one in handle.messages] == ["psst", "again"]
    assert answer in sandbox.messages(sandbox.channel, sandbox.member)
    assert sandbox.messages(sandbox.channel, sandbox.other) == []
    with pytest.raises(UsageError):
        await sandbox.react(sandbox.other, answer, "👍")
    channel = bot.get_partial_messageable(sandbox.channel.id)
    with pytest.raises(discord.NotFound):
        await channel.fetch_message(answer.id)


async def test_buttons_update_defer_and_open_modals(sandbox: Sandbox, bot: Club) -> None:
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "panel")
    shown = await handle.wait_answer()

    clicked = await sandbox.click(sandbox.other, shown, "Count")
    assert await clicked.wait_answer() is shown
    assert shown.content == "1"

    later = await sandbox.click(sandbox.other, shown, "later")
    assert (await later.wait_answer()).content == "later"

    opened = await sandbox.click(sandbox.member, shown, "write")
    assert (await opened.wait_modal())["title"] == "A note"
    with pytest.raises(UsageError, match="0 to 50 characters"):
        await sandbox.submit_modal(sandbox.member, opened, {"Text": "x" * 51})
    sent = await sandbox.submit_modal(sandbox.member, opened, {"Text": "hello"})
    assert (await sent.wait_answer()).content == "noted: hello"
    assert sent.ephemeral


async def test_select_menu(sandbox: Sandbox, bot: Club) -> None:
    shown = await (await sandbox.slash(sandbox.member, sandbox.channel, "panel")).wait_answer()
    handle = await sandbox.select(sandbox.other, shown, "Pick", ["Red", "Blue"])
    assert (await handle.wait_answer()).content == "r,Blue"
    with pytest.raises(UsageError, match="choose 1 to 2"):
        await sandbox.select(sandbox.other, shown, "pick", [])


async def test_menus_of_people_roles_and_channels(sandbox: Sandbox, bot: Club) -> None:
    shown = await (await sandbox.slash(sandbox.member, sandbox.channel, "desk")).wait_answer()

    async def choose(menu: str, *values: object) -> str:
        handle = await sandbox.select(sandbox.member, shown, menu, values)
        return (await handle.wait_answer()).content

    assert await choose("Who", sandbox.other, sandbox.staff) == "Yuki,Mori"
    assert await choose("Which role", sandbox.staff_role) == "Staff"
    assert await choose("Which role") == "none"
    assert await choose("Where", sandbox.bots) == str(sandbox.bots.id)
    thread = sandbox.create_thread(sandbox.channel, "aside", sandbox.member)
    for menu, wrong in (("Who", sandbox.bots), ("Which role", sandbox.other), ("Where", thread)):
        with pytest.raises(UsageError):
            await choose(menu, wrong)
    for button in ("Read more", "Not yet"):
        with pytest.raises(UsageError):
            await sandbox.click(sandbox.member, shown, button)
    with pytest.raises(UsageError):
        await sandbox.select(sandbox.other, shown, "Who", [sandbox.other])


async def test_autocomplete_and_subcommand(sandbox: Sandbox, bot: Club) -> None:
    user, channel = sandbox.member, sandbox.channel
    choices = await sandbox.autocomplete(user, channel, "shelf show", "name", "as")
    assert choices == [{"name": "Asuka", "value": "asuka"}]
    handle = await sandbox.slash(user, channel, "shelf show", {"name": choices[0]["value"]})
    assert (await handle.wait_answer()).content == "asuka"


async def test_direct_messages(sandbox: Sandbox, bot: Club) -> None:
    dm = sandbox.dm(sandbox.member)
    handle = await sandbox.slash(sandbox.member, dm, "echo", {"picture": ("a.png", PNG)})
    assert (await handle.wait_answer()).channel is dm
    await sandbox.post(sandbox.member, dm, "hello")
    await sandbox.wait_for(lambda: bool(bot.seen))
    assert bot.seen[0].content == "hello", "direct messages are always readable"


async def test_user_installed_app_works_where_the_bot_is_not(sandbox: Sandbox, bot: Club) -> None:
    guest = sandbox.create_user("aoi", "Aoi", user_installed=True)
    guild = sandbox.create_guild("Elsewhere", sandbox.owner, app_installed=False)
    sandbox.join(guild, guest)
    channel = sandbox.create_channel(guild, "general")
    private = sandbox.group(guest, sandbox.other)
    for place in (channel, private):
        handle = await sandbox.slash(guest, place, "echo", {"picture": ("a.png", PNG)})
        answer = await handle.wait_answer()
        assert answer.channel is place
        assert handle.interaction.owners == {"1": str(guest.id)}


async def test_mentions_open_the_content_and_replies_do_not(sandbox: Sandbox, bot: Club) -> None:
    picture = await sandbox.post(sandbox.other, sandbox.channel, "see", [("a.png", PNG)])
    mention = f"<@{sandbox.application.id}> who?"
    await sandbox.post(sandbox.member, sandbox.channel, mention, reply_to=picture)
    await sandbox.wait_for(lambda: len(bot.seen) == 2)
    reply = bot.seen[1]
    assert reply.content == mention
    assert reply.reference is not None
    target = reply.reference.resolved
    assert isinstance(target, discord.Message)
    assert target.attachments == []


async def test_spoilers_and_alt_text_of_uploads(sandbox: Sandbox, bot: Club) -> None:
    files = [("a.png", PNG, "a face")]
    posted = await sandbox.post(sandbox.member, sandbox.channel, files=files, spoiler=True)
    handle = await sandbox.message_command(sandbox.member, posted, "Look at this")
    await handle.wait_answer()
    seen = sandbox.transcript.events("INTERACTION_CREATE")[0].data["data"]["resolved"]["messages"]
    attachment = seen[str(posted.id)]["attachments"][0]
    assert attachment["filename"] == "SPOILER_a.png"
    assert attachment["description"] == "a face"
    assert posted.files[0].spoiler
