"""What people do among themselves, as the bot sees it: stickers, forwards, links, threads."""

from __future__ import annotations

import discord
import pytest

from sandbox import CommandUnavailable, Sandbox, UsageError, permissions
from tests.sandbox.bot import PNG, Club
from tests.sandbox.conftest import connected
from tests.sandbox.contract import check_transcript

GIF = b"GIF89a" + (8).to_bytes(2, "little") * 2 + bytes(20)


def intents() -> discord.Intents:
    wanted = discord.Intents.default()
    wanted.message_content = True
    return wanted


async def test_stickers_and_where_their_pictures_are(
    sandbox: Sandbox, bot: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord.Asset, "BASE", sandbox.cdn_url)
    wave = sandbox.create_sticker(sandbox.guild, "wave", PNG)
    posted = await sandbox.post(sandbox.member, sandbox.channel, stickers=[wave])
    await sandbox.wait_for(lambda: bool(bot.seen))
    (item,) = bot.seen[0].stickers
    assert (item.name, item.format) == ("wave", discord.StickerFormatType.png)
    assert await item.read() == PNG
    assert (await item.fetch()).id == wave.id
    assert sandbox.create_sticker(sandbox.guild, "hop", GIF).content_type == "image/gif"
    assert posted.stickers == [wave]
    with pytest.raises(discord.NotFound):
        await bot.fetch_sticker(1)


async def test_a_forward_carries_the_picture_as_it_was() -> None:
    async with Sandbox() as sandbox, connected(sandbox, Club(intents())) as bot:
        posted = await sandbox.post(sandbox.other, sandbox.channel, "see", [("a.png", PNG)])
        again = await sandbox.forward(sandbox.member, posted, sandbox.bots)
        await sandbox.delete(sandbox.other, posted)
        await sandbox.wait_for(lambda: len(bot.seen) == 2)
        seen = bot.seen[1]
        assert (seen.content, seen.attachments) == ("", [])
        assert seen.flags.forwarded
        assert seen.reference is not None
        assert seen.reference.type is discord.MessageReferenceType.forward
        (snapshot,) = seen.message_snapshots
        assert snapshot.content == "see"
        assert await snapshot.attachments[0].read() == PNG, "it outlives the original"
        twice = await sandbox.forward(sandbox.other, again, sandbox.channel)
        assert twice.forwarded is not None
        assert twice.forwarded.content == "see", "a forward of a forward shows the first"
        assert check_transcript(sandbox.transcript) == []


async def test_a_forward_is_emptied_without_the_content_intent(sandbox: Sandbox, bot: Club) -> None:
    posted = await sandbox.post(sandbox.other, sandbox.channel, "see", [("a.png", PNG)])
    again = await sandbox.forward(sandbox.member, posted, sandbox.bots)
    await sandbox.wait_for(lambda: len(bot.seen) == 2)
    assert bot.seen[1].message_snapshots[0].attachments == []
    await (await sandbox.message_command(sandbox.member, again, "Look at this")).wait_answer()
    frame = sandbox.transcript.events("INTERACTION_CREATE")[0]
    shown = frame.data["data"]["resolved"]["messages"][str(again.id)]
    assert shown["message_snapshots"][0]["message"]["content"] == "see"


async def test_ephemeral_and_foreign_messages_are_not_forwarded(
    sandbox: Sandbox, bot: Club
) -> None:
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "hush")
    answer = await handle.wait_answer()
    for person in (sandbox.member, sandbox.other):
        with pytest.raises(UsageError):
            await sandbox.forward(person, answer, sandbox.bots)


async def test_links_become_embeds_a_moment_later() -> None:
    async with Sandbox() as sandbox, connected(sandbox, Club(intents())) as bot:
        address = "https://example.com/a.png"
        posted = await sandbox.post(sandbox.member, sandbox.channel, address)
        thumbnail = {"url": address, "proxy_url": address, "width": 40, "height": 30}
        embed = {"type": "image", "url": address, "thumbnail": thumbnail}
        await sandbox.unfurl(posted, embed)
        fetched = await bot.get_channel(sandbox.channel.id).fetch_message(posted.id)
        assert fetched.embeds[0].thumbnail.url == address
        assert fetched.edited_at is None
        updates = sandbox.transcript.events("MESSAGE_UPDATE")
        assert updates[0].data["embeds"] == [embed]


async def test_threads_have_their_parents_permissions(sandbox: Sandbox, bot: Club) -> None:
    thread = sandbox.create_thread(sandbox.channel, "who are they", sandbox.member)
    handle = await sandbox.slash(sandbox.member, thread, "echo", {"picture": ("a.png", PNG)})
    assert (await handle.wait_answer()).channel is thread
    seen = bot.get_channel(thread.id)
    assert isinstance(seen, discord.Thread)
    assert seen.parent_id == sandbox.channel.id
    await seen.send("hello")
    everyone = sandbox.guild.roles[sandbox.guild.id]
    everyone.permissions &= ~permissions.SEND_MESSAGES_IN_THREADS
    with pytest.raises(UsageError):
        await sandbox.post(sandbox.member, thread, "no")
    await sandbox.post(sandbox.member, sandbox.channel, "yes")


async def test_direct_messages_that_somebody_closed(sandbox: Sandbox, bot: Club) -> None:
    dm = await (await bot.fetch_user(sandbox.member.id)).create_dm()
    await dm.send("hello")
    sandbox.member.accepts_dms = False
    with pytest.raises(discord.Forbidden) as refusal:
        await dm.send("hello?")
    assert refusal.value.code == 50007


async def test_invited_and_thrown_out(sandbox: Sandbox, bot: Club) -> None:
    guild = sandbox.create_guild("Elsewhere", sandbox.owner, app_installed=False)
    channel = sandbox.create_channel(guild, "general")
    with pytest.raises(CommandUnavailable):
        await sandbox.slash(sandbox.owner, channel, "panel")
    sandbox.install(guild)
    handle = await sandbox.slash(sandbox.owner, channel, "panel")
    assert (await handle.wait_answer()).components
    known = bot.get_guild(guild.id)
    assert known is not None
    await known.leave()
    assert not guild.app_installed
    sandbox.uninstall(sandbox.guild)
    await sandbox.wait_for(lambda: len(sandbox.transcript.events("GUILD_DELETE")) == 2)
    assert [one.data["id"] for one in sandbox.transcript.events("GUILD_DELETE")] == [
        str(guild.id),
        str(sandbox.guild.id),
    ]


async def test_typing_is_shown(sandbox: Sandbox, bot: Club) -> None:
    await sandbox.type(sandbox.member, sandbox.channel)
    await sandbox.wait_for(lambda: bool(sandbox.transcript.events("TYPING_START")))
