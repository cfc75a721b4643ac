"""The plain REST resources through discord.py: channels, messages, reactions, members, commands."""

from __future__ import annotations

import discord
import pytest

from sandbox import CommandUnavailable, Sandbox
from tests.sandbox.bot import PNG, Club
from tests.sandbox.conftest import connected


def here(sandbox: Sandbox, bot: Club) -> discord.TextChannel:
    channel = bot.get_channel(sandbox.channel.id)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_history_pages_and_deletion(sandbox: Sandbox, bot: Club) -> None:
    posted = [await sandbox.post(sandbox.member, sandbox.channel, str(n)) for n in range(7)]
    channel = here(sandbox, bot)
    newest = [one.id async for one in channel.history(limit=3)]
    assert newest == [one.id for one in reversed(posted[-3:])]
    before = [one.id async for one in channel.history(limit=2, before=discord.Object(posted[3].id))]
    assert before == [posted[2].id, posted[1].id]
    after = [one.id async for one in channel.history(limit=2, after=discord.Object(posted[3].id))]
    assert after == [posted[4].id, posted[5].id]
    around = [one.id async for one in channel.history(limit=3, around=discord.Object(posted[3].id))]
    assert sorted(around) == [one.id for one in posted[2:5]]

    sent = await channel.send("mine")
    await sent.delete()
    with pytest.raises(discord.NotFound):
        await channel.fetch_message(sent.id)
    with pytest.raises(discord.Forbidden):
        await (await channel.fetch_message(posted[0].id)).delete()


async def test_history_without_the_content_intent() -> None:
    async with Sandbox(privileged=()) as sandbox, connected(sandbox, Club()) as bot:
        await sandbox.post(sandbox.member, sandbox.channel, "secret", [("a.png", PNG)])
        mention = f"<@{sandbox.application.id}> hi"
        await sandbox.post(sandbox.member, sandbox.channel, mention)
        seen = [one async for one in here(sandbox, bot).history(limit=2)]
        assert [one.content for one in seen] == [mention, ""]
        assert seen[1].attachments == []


async def test_replies_mentions_and_edits(sandbox: Sandbox, bot: Club) -> None:
    posted = await sandbox.post(sandbox.member, sandbox.channel, "who?")
    target = await here(sandbox, bot).fetch_message(posted.id)
    answer = await target.reply(f"ask <@{sandbox.other.id}>", mention_author=True)
    assert {one.id for one in answer.mentions} == {sandbox.member.id, sandbox.other.id}
    assert answer.reference is not None
    assert answer.reference.message_id == posted.id
    quiet = discord.AllowedMentions.none()
    silent = await target.reply(f"ask <@{sandbox.other.id}>", allowed_mentions=quiet)
    assert silent.mentions == []
    edited = await answer.edit(content="never mind")
    assert edited.content == "never mind"
    assert edited.edited_at is not None
    await sandbox.delete(sandbox.member, posted)
    with pytest.raises(discord.HTTPException, match="Unknown message"):
        await target.reply("too late")


async def test_reactions_and_typing(sandbox: Sandbox, bot: Club) -> None:
    posted = await sandbox.post(sandbox.member, sandbox.channel, "look")
    message = await here(sandbox, bot).fetch_message(posted.id)
    await message.add_reaction("👀")
    await sandbox.react(sandbox.other, posted, "👀")
    await sandbox.wait_for(lambda: bool(sandbox.transcript.events("MESSAGE_REACTION_ADD")))
    message = await message.fetch()
    assert [(str(one), one.count, one.me) for one in message.reactions] == [("👀", 2, True)]
    await message.remove_reaction("👀", discord.Object(sandbox.application.id))
    assert posted.reactions == {"👀": {sandbox.other.id}}
    async with message.channel.typing():
        pass
    assert list(sandbox.transcript.requests("POST", "/channels/{channel_id}/typing"))


async def test_guilds_members_and_direct_messages(sandbox: Sandbox, bot: Club) -> None:
    guild = await bot.fetch_guild(sandbox.guild.id)
    assert guild.name == "Anime Club"
    assert guild.approximate_member_count == 5
    assert [one.id async for one in bot.fetch_guilds()] == [sandbox.guild.id]
    member = await guild.fetch_member(sandbox.staff.id)
    assert [one.id for one in member.roles[1:]] == [sandbox.staff_role.id]
    listed = await bot.http.get_members(guild.id, 1000, None)
    assert {int(one["user"]["id"]) for one in listed} == set(sandbox.guild.members)
    user = await bot.fetch_user(sandbox.member.id)
    await user.send("psst")
    told = sandbox.messages(sandbox.dm(sandbox.member))
    assert [one.content for one in told] == ["psst"]


async def test_components_v2(sandbox: Sandbox, bot: Club) -> None:
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "layout")
    answer = await handle.wait_answer()
    assert answer.attachments == [], "shown inside components"
    assert answer.files[0].description == "three people"
    gallery = next(one for one in answer.walk_components() if one["type"] == 12)
    assert gallery["items"][0]["media"]["url"] == sandbox.page_url + answer.files[0].path
    identifiers = [one["id"] for one in answer.walk_components()]
    assert len(set(identifiers)) == len(identifiers)


async def test_user_command(sandbox: Sandbox, bot: Club) -> None:
    place = (sandbox.member, sandbox.channel)
    handle = await sandbox.user_command(*place, sandbox.other, "Wave")
    assert (await handle.wait_answer()).content == "hello yuki"


async def test_commands_of_one_server_and_of_staff(sandbox: Sandbox, bot: Club) -> None:
    guild = discord.Object(sandbox.guild.id)

    @bot.tree.command(description="For staff", guild=guild)
    @discord.app_commands.default_permissions(manage_guild=True)
    async def tidy(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("tidied")

    @bot.tree.command(description="Age-restricted", nsfw=True, guild=guild)
    async def dark(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("dark")

    synced = await bot.tree.sync(guild=guild)
    assert {one.name for one in synced} == {"tidy", "dark"}
    assert {one.name for one in await bot.tree.fetch_commands(guild=guild)} == {"tidy", "dark"}
    with pytest.raises(CommandUnavailable, match="permissions"):
        await sandbox.slash(sandbox.member, sandbox.channel, "tidy")
    handle = await sandbox.slash(sandbox.staff, sandbox.channel, "tidy")
    assert (await handle.wait_answer()).content == "tidied"
    with pytest.raises(CommandUnavailable, match="age-restricted"):
        await sandbox.slash(sandbox.member, sandbox.channel, "dark")
    handle = await sandbox.slash(sandbox.member, sandbox.nsfw, "dark")
    assert (await handle.wait_answer()).content == "dark"

    before = {one.name: one.id for one in sandbox.commands()}
    await bot.tree.sync()
    assert {one.name: one.id for one in sandbox.commands()} == before, "ids outlive a sync"


async def test_follow_ups_can_be_read_edited_and_deleted(sandbox: Sandbox, bot: Club) -> None:
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "hush")
    await sandbox.wait_for(lambda: len(handle.messages) == 2)
    token = handle.interaction.token
    webhook = discord.Webhook.partial(bot.application_id or 0, token, client=bot)
    second = await webhook.fetch_message(handle.messages[1].id)
    assert second.content == "again"
    await second.edit(content="changed")
    assert handle.messages[1].content == "changed"
    await second.delete()
    with pytest.raises(discord.NotFound):
        await webhook.fetch_message(second.id)
