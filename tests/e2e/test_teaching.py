"""Staff teach, members suggest: by real discord.py, with the shipped networks and drawn faces."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from catalog import Catalog
from recognition.recognizer import Recognizer
from sandbox import Channel, InteractionHandle, Sandbox, StoredMessage, User
from sandbox.permissions import STAFF
from scripts.demo import read_answer
from tests.e2e.conftest import Club, open_club

NAME, SERIES = "Hoshino Quxu", "Drawn for Tests"


def part(picture: bytes, box: tuple[int, int, int, int]) -> bytes:
    """A piece of a picture."""
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).crop(box).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def alone(friends: bytes) -> bytes:
    """The first of the three friends, alone in a picture."""
    return part(friends, (40, 180, 440, 720))


async def teach(
    club: Club,
    *pictures: bytes,
    name: str = NAME,
    user: User | None = None,
    channel: Channel | None = None,
    **more: Any,
) -> InteractionHandle:
    sandbox = club.sandbox
    files = {f"picture{i}": (f"{i}.png", one) for i, one in enumerate(pictures, 1)}
    options = {"character": name, **files, **more}
    who, where = user or sandbox.staff, channel or sandbox.channel
    return await sandbox.slash(who, where, "teach add", options)


async def taught(club: Club, *pictures: bytes, **more: Any) -> StoredMessage:
    return await (await teach(club, *pictures, **more)).wait_answer()


async def command(
    club: Club, name: str, options: dict[str, Any] | None = None, user: User | None = None
) -> StoredMessage:
    sandbox = club.sandbox
    handle = await sandbox.slash(user or sandbox.staff, sandbox.channel, name, options or {})
    return await handle.wait_answer()


async def names(club: Club, picture: bytes, channel: Channel | None = None) -> list[str | None]:
    sandbox = club.sandbox
    options = {"picture": ("a.png", picture)}
    where = channel or sandbox.channel
    handle = await sandbox.slash(sandbox.other, where, "whois", options)
    return [one.name for one in read_answer(await handle.wait_answer())]


def second_server(club: Club) -> Channel:
    sandbox = club.sandbox
    guild = sandbox.create_guild("Another Club", sandbox.owner)
    role = sandbox.create_role(guild, "Staff", STAFF)
    sandbox.assign(guild, sandbox.staff, role)
    sandbox.join(guild, sandbox.member, sandbox.other)
    return sandbox.create_channel(guild, "pictures")


async def until(message: StoredMessage, text: str, club: Club) -> None:
    await club.sandbox.wait_for(lambda: text in message.content, 20)


async def test_a_taught_face_is_named_at_once_and_in_this_server_only(
    club: Club, alone: bytes, friends: bytes
) -> None:
    elsewhere = second_server(club)
    assert NAME not in await names(club, friends)
    answer = await taught(club, alone, series=SERIES)
    assert answer.ephemeral
    assert answer.content.startswith(f"I've learned **{NAME}** from 1 picture (1 look).")
    assert (await names(club, friends))[0] == NAME
    assert NAME not in await names(club, friends, elsewhere)


async def test_two_servers_teach_one_name_and_do_not_see_each_other(
    club: Club, alone: bytes, friends: bytes
) -> None:
    elsewhere = second_server(club)
    other = part(friends, (780, 180, 1160, 720))
    await taught(club, alone, series=SERIES)
    await taught(club, other, channel=elsewhere)
    here, there = await names(club, friends), await names(club, friends, elsewhere)
    assert (here[0], NAME in here[1:]) == (NAME, False)
    assert (there[-1], NAME in there[:-1]) == (NAME, False)
    suggested = await club.sandbox.autocomplete(
        club.sandbox.staff, elsewhere, "teach add", "character", "hoshino"
    )
    assert [one["name"] for one in suggested if NAME in one["name"]] == [NAME]


async def test_of_several_faces_one_is_chosen_by_number(club: Club, friends: bytes) -> None:
    question = await taught(club, friends)
    assert "Picture 1 shows several people" in question.content
    assert question.files[0].description
    sandbox = club.sandbox
    chosen = await sandbox.select(sandbox.staff, question, "Which face is it?", ["Face 2"])
    await chosen.wait_acked()
    await until(question, "I've learned", club)
    assert not question.files
    assert (await names(club, friends))[1] == NAME


async def test_none_of_the_faces_leaves_nothing(club: Club, friends: bytes) -> None:
    question = await taught(club, friends)
    sandbox = club.sandbox
    await sandbox.select(sandbox.staff, question, "Which face is it?", ["None of these"])
    await until(question, "That leaves nothing", club)


async def test_duplicates_bad_files_and_people_who_look_like_others_are_told(
    club: Club, alone: bytes, friends: bytes, portrait: bytes
) -> None:
    wider = part(friends, (20, 150, 460, 760))
    tighter = part(friends, (70, 210, 400, 640))
    answer = await taught(club, alone, alone, b"no picture", portrait, wider, tighter)
    lines = answer.content.splitlines()
    assert lines[0].startswith(f"I've learned **{NAME}**")
    assert "-# Picture 2 shows the same as picture 1." in lines
    assert any(line.startswith("Picture 3: I can't read that file") for line in lines)
    assert "Picture 4 looks more like **Ayanami Rei** than like the others. I left it out." in lines
    sandbox = club.sandbox
    await sandbox.click(sandbox.staff, answer, "Learn it anyway")
    await until(answer, "from 1 picture", club)
    assert "I've learned it all the same" in answer.content
    assert NAME in await names(club, portrait)


async def test_what_is_known_already_is_not_learned_again(club: Club, alone: bytes) -> None:
    await taught(club, alone)
    again = await taught(club, alone)
    assert again.content.startswith(f"There was nothing new about **{NAME}**")


async def test_a_misspelt_name_asks_whom_is_meant(club: Club, alone: bytes) -> None:
    question = await taught(club, alone, name="Ayanami Rey")
    assert "Whom do you mean?" in question.content
    sandbox = club.sandbox
    await sandbox.select(sandbox.staff, question, "Who is it?", ["Ayanami Rei"])
    await until(question, "I've learned **Ayanami Rei**", club)


@pytest.mark.parametrize("name", ["bell\u0007", "   "])
async def test_names_that_cannot_be(club: Club, alone: bytes, name: str) -> None:
    answer = await taught(club, alone, name=name)
    assert answer.ephemeral
    assert answer.content.startswith("I can't take that name.")


async def test_names_are_shown_and_never_obeyed(club: Club, alone: bytes) -> None:
    answer = await taught(club, alone, name="@everyone [x](https://evil.example)")
    assert "I've learned" in answer.content
    assert not answer.mention_everyone
    assert "https://" not in answer.content


async def test_nothing_readable_is_refused(club: Club, alone: bytes) -> None:
    answer = await taught(club, b"words", b"no picture")
    assert answer.ephemeral
    assert answer.content.startswith("I can't read that file")
    await club.assert_goes_on(alone)


async def test_undo_log_rename_merge_and_remove(club: Club, alone: bytes, friends: bytes) -> None:
    other = part(friends, (780, 180, 1160, 720))
    await taught(club, alone, series=SERIES)
    await taught(club, other, name="Somebody Quite Else")
    renamed = await command(club, "teach rename", {"character": NAME, "name": "Hoshino Mix"})
    assert "**Hoshino Mix**" in renamed.content
    assert (await names(club, friends))[0] == "Hoshino Mix"
    merge = {"source": "somebody quite else", "target": "Hoshino Mix"}
    await command(club, "teach merge", merge)
    found = await names(club, friends)
    assert "Somebody Quite Else" not in found
    assert found[0] == "Hoshino Mix"
    undone = await command(club, "teach undo")
    assert undone.content.startswith("Undone:")
    assert "Somebody Quite Else" in await names(club, friends)
    await command(club, "teach remove", {"character": "Hoshino Mix"})
    assert "Hoshino Mix" not in await names(club, friends)
    await command(club, "teach undo")
    assert "Hoshino Mix" in await names(club, friends)
    log = await command(club, "teach log")
    assert log.ephemeral
    assert len(log.content.splitlines()) == 7
    assert log.content.count("~~") == 4


async def test_the_log_has_pages(club: Club, alone: bytes) -> None:
    for _ in range(6):
        await taught(club, alone)
        await command(club, "teach undo")
    log = await command(club, "teach log")
    assert len(log.content.splitlines()) == 10
    sandbox = club.sandbox
    await sandbox.click(sandbox.staff, log, "Older")
    await sandbox.wait_for(lambda: len(log.content.splitlines()) == 2, 10)


async def test_bad_values_of_the_other_commands(club: Club, alone: bytes) -> None:
    await taught(club, alone)
    for name, options, told in (
        ("teach undo", {"entry": 999_999}, "There is no such entry"),
        ("teach remove", {"character": "nobody at all"}, "Nobody of that name"),
        ("teach rename", {"character": "own:99", "name": "X"}, "Nobody of that name"),
        ("teach rename", {"character": NAME, "name": "\u0007"}, "I can't take that name"),
        ("teach merge", {"source": NAME, "target": NAME}, "one and the same"),
        ("teach import", {"file": ("a.zip", b"PK no zip")}, "no file of `/teach export`"),
        ("teach import", {"file": ("a.zip", b"")}, "no file of `/teach export`"),
    ):
        answer = await command(club, name, options)
        assert answer.ephemeral
        assert told in answer.content, (name, answer.content)
    await command(club, "teach undo")
    assert "nothing to undo" in (await command(club, "teach undo")).content


async def test_only_staff_change_things(club: Club, alone: bytes) -> None:
    await taught(club, alone)
    member = club.sandbox.member
    for name, options in (
        ("teach undo", {}),
        ("teach log", {}),
        ("teach remove", {"character": NAME}),
        ("teach rename", {"character": NAME, "name": "X"}),
        ("teach merge", {"source": NAME, "target": NAME}),
        ("teach export", {}),
        ("teach import", {"file": ("a.zip", b"")}),
    ):
        answer = await command(club, name, options, member)
        assert answer.content == "Only staff can do that here."
        assert answer.ephemeral
    refused = await taught(club, alone, user=member)
    assert "only staff can teach me" in refused.content


async def test_a_teaching_role_is_staff(
    recognizer: Recognizer, catalog: Catalog, alone: bytes, friends: bytes
) -> None:
    world = Sandbox()
    role = world.create_role(world.guild, "Teachers", 0)
    world.assign(world.guild, world.member, role)
    async with open_club(recognizer, catalog, sandbox=world) as club:
        assert club.services.store is not None
        await club.services.store.settings.change(world.guild.id, None, teaching_roles=[role.id])
        await taught(club, alone, user=world.member)
        assert NAME in await names(club, friends)
        refused = await taught(club, alone, user=world.other)
        assert "only staff can teach me" in refused.content


async def proposed(club: Club, *pictures: bytes) -> StoredMessage:
    """What staff see of a member's suggestion."""
    sandbox, store = club.sandbox, club.services.store
    assert store is not None
    await store.settings.change(sandbox.guild.id, None, approval_channel=sandbox.bots.id)
    answer = await taught(club, *pictures, user=sandbox.member)
    assert answer.ephemeral
    assert f"to staff in <#{sandbox.bots.id}>" in answer.content
    return await sandbox.wait_message(sandbox.bots)


async def test_a_member_suggests_and_staff_approve(
    club: Club, alone: bytes, friends: bytes
) -> None:
    sandbox = club.sandbox
    asked = await proposed(club, alone)
    assert NAME in asked.content
    assert not asked.mentions
    assert asked.files[0].description == "The face in picture 1, small."
    assert max(Image.open(io.BytesIO(asked.files[0].data)).size) <= 128
    assert "Picture 1: most like **" in asked.embeds[0]["description"]
    assert NAME not in await names(club, friends)
    refused = await (await sandbox.click(sandbox.member, asked, "Approve")).wait_answer()
    assert refused.ephemeral
    assert refused.content == "Only staff can do that here."
    assert NAME not in await names(club, friends)
    await (await sandbox.click(sandbox.staff, asked, "Approve")).wait_acked()
    await until(asked, f"Approved by <@{sandbox.staff.id}>", club)
    assert not asked.components
    assert asked.attachments
    assert (await names(club, friends))[0] == NAME


async def test_staff_reject_and_nothing_of_it_stays(
    club: Club, alone: bytes, friends: bytes
) -> None:
    sandbox, store = club.sandbox, club.services.store
    asked = await proposed(club, alone)
    await (await sandbox.click(sandbox.staff, asked, "Reject")).wait_acked()
    await until(asked, "Rejected by", club)
    assert not asked.attachments
    assert NAME not in await names(club, friends)
    assert store is not None
    assert await store.proposals.pending(sandbox.guild.id) == ()


async def test_a_channel_that_is_gone_leaves_no_suggestion_behind(club: Club, alone: bytes) -> None:
    sandbox, store = club.sandbox, club.services.store
    assert store is not None
    await store.settings.change(sandbox.guild.id, None, approval_channel=12345)
    answer = await taught(club, alone, user=sandbox.member)
    assert "only staff can teach me" in answer.content
    assert await store.proposals.pending(sandbox.guild.id) == ()


async def test_teach_this_asks_who_it_is(club: Club, alone: bytes, friends: bytes) -> None:
    sandbox = club.sandbox
    posted = await sandbox.post(sandbox.member, sandbox.channel, "", [("a.png", alone)])
    handle = await sandbox.message_command(sandbox.staff, posted, "Teach this…")
    await handle.wait_modal()
    sent = await sandbox.submit_modal(
        sandbox.staff, handle, {"Who is it?": NAME, "Where are they from?": SERIES}
    )
    assert "I've learned" in (await sent.wait_answer()).content
    assert (await names(club, friends))[0] == NAME
    again = await sandbox.message_command(sandbox.staff, posted, "Teach this…")
    await again.wait_modal()
    sent = await sandbox.submit_modal(
        sandbox.staff, again, {"Or somebody who was taught here": [NAME]}
    )
    assert "nothing new" in (await sent.wait_answer()).content
    empty = await sandbox.message_command(sandbox.staff, posted, "Teach this…")
    await empty.wait_modal()
    sent = await sandbox.submit_modal(sandbox.staff, empty, {})
    assert "I can't take that name" in (await sent.wait_answer()).content
    words = await sandbox.post(sandbox.member, sandbox.channel, "just words")
    handle = await sandbox.message_command(sandbox.staff, words, "Teach this…")
    assert "can't find a picture" in (await handle.wait_answer()).content
    handle = await sandbox.message_command(sandbox.member, posted, "Teach this…")
    assert "only staff can teach me" in (await handle.wait_answer()).content


async def test_a_gallery_goes_to_another_server_as_a_file(
    club: Club, alone: bytes, friends: bytes
) -> None:
    sandbox, elsewhere = club.sandbox, second_server(club)
    empty = await command(club, "teach export")
    assert "nothing to put into a file" in empty.content
    await taught(club, alone)
    exported = await command(club, "teach export")
    (file,) = exported.files
    options = {"file": (file.filename, file.data)}
    handle = await sandbox.slash(sandbox.staff, elsewhere, "teach import", options)
    assert "I've learned 1 character from 1 picture" in (await handle.wait_answer()).content
    assert (await names(club, friends, elsewhere))[0] == NAME
