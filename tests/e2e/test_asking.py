"""The main road: somebody asks, and one annotated answer comes back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sandbox import StoredMessage
from scripts.demo import read_answer
from tests.e2e.conftest import Club


def numbers_of(message: StoredMessage) -> list[int]:
    return [one.number for one in read_answer(message)]


def assert_accessible(message: StoredMessage) -> None:
    """One annotated picture each, described, and cards for what is on it."""
    assert message.files
    for file in message.files:
        assert file.content_type == "image/jpeg"
        assert file.description
        assert len(file.description) <= 1024
    assert message.embeds
    assert message.content


async def test_whois_answers_with_picture_alt_text_and_cards(club: Club, friends: bytes) -> None:
    handle = await club.whois(friends, "friends.png")
    message = await handle.wait_answer()
    assert handle.ack_ms is not None
    assert handle.ack_ms < 1000
    assert not message.ephemeral
    assert_accessible(message)
    assert numbers_of(message) == [1, 2, 3]
    alt = message.files[0].description or ""
    assert [part.split(":")[0] for part in alt.split("; ")] == ["1", "2", "3"]
    assert len(handle.messages) == 1


async def test_the_same_picture_gets_the_same_answer(club: Club, friends: bytes) -> None:
    first, second = await club.answer(friends), await club.answer(friends, "renamed.png")
    assert first.content == second.content
    assert first.embeds == second.embeds
    assert first.files[0].data == second.files[0].data


async def test_the_message_command_takes_all_pictures_and_nothing_else(
    club: Club, friends: bytes, portrait: bytes
) -> None:
    sandbox = club.sandbox
    files = [("a.png", portrait), ("notes.txt", b"hello"), ("b.png", friends)]
    posted = await sandbox.post(sandbox.member, sandbox.channel, "who?", files)
    handle = await sandbox.message_command(sandbox.other, posted, "Who is this?")
    message = await handle.wait_answer()
    assert_accessible(message)
    assert [file.filename for file in message.files] == ["whois-1.jpg", "whois-2.jpg"]
    footers = {embed["footer"]["text"] for embed in message.embeds}
    assert footers == {"Picture 1 of 2", "Picture 2 of 2"}
    assert len(handle.messages) == 1


async def test_four_pictures_at_most_and_it_says_so(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    files = [(f"{number}.png", portrait) for number in range(6)]
    posted = await sandbox.post(sandbox.member, sandbox.channel, "", files)
    handle = await sandbox.message_command(sandbox.other, posted, "Who is this?")
    message = await handle.wait_answer()
    assert len(message.files) == 4
    assert "2 more are left" in message.content


async def test_a_message_without_pictures_is_told_privately(club: Club) -> None:
    sandbox = club.sandbox
    posted = await sandbox.post(sandbox.member, sandbox.channel, "just words")
    handle = await sandbox.message_command(sandbox.other, posted, "Who is this?")
    message = await handle.wait_answer()
    assert message.ephemeral
    assert message.content == "I can't find a picture in that message."


async def test_spoiler_in_spoiler_out(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    posted = await sandbox.post(
        sandbox.member, sandbox.channel, "", [("a.png", portrait)], spoiler=True
    )
    handle = await sandbox.message_command(sandbox.other, posted, "Who is this?")
    message = await handle.wait_answer()
    assert message.files[0].spoiler


async def test_one_bad_picture_does_not_spoil_the_others(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    files = [("a.png", portrait), ("b.png", b"no picture"), ("c.png", portrait)]
    posted = await sandbox.post(sandbox.member, sandbox.channel, "", files)
    handle = await sandbox.message_command(sandbox.other, posted, "Who is this?")
    message = await handle.wait_answer()
    assert [file.filename for file in message.files] == ["whois-1.jpg", "whois-3.jpg"]
    assert "Picture 2: I can't read that file as a picture" in message.content


async def test_it_works_where_only_the_user_has_it(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    person = sandbox.create_user("aki", "Aki", user_installed=True)
    elsewhere = sandbox.create_guild("Elsewhere", person, app_installed=False)
    room = sandbox.create_channel(elsewhere, "general")
    for channel in (room, sandbox.group(person, sandbox.other, sandbox.member), sandbox.dm(person)):
        options = {"picture": ("a.png", portrait)}
        message = await (await sandbox.slash(person, channel, "whois", options)).wait_answer()
        assert_accessible(message)


async def test_nobody_is_pinged_and_no_file_name_is_repeated(club: Club, portrait: bytes) -> None:
    message = await club.answer(portrait, "@everyone [x](https://evil.example) <@1>.png")
    assert not message.mentions
    assert not message.mention_everyone
    said = f"{message.content}{message.embeds}{[file.filename for file in message.files]}"
    assert "evil" not in said
    assert "everyone" not in said


@pytest.mark.shared
async def test_the_seed_pictures(club: Club, shared_data: Path) -> None:
    """Nine of ten faces, and the pilots of neon.jpg by name."""
    folder = shared_data / "seed_pictures"
    with (folder / "faces.csv").open() as file:
        people = list(csv.DictReader(file))
    seen = 0
    for name in sorted({row["file"] for row in people}):
        message = await club.answer((folder / name).read_bytes(), name)
        assert_accessible(message)
        found = [one for one in read_answer(message) if one.number]
        seen += min(len(found), sum(row["file"] == name for row in people))
        if name == "neon.jpg":
            assert {"Ayanami Rei", "Asuka Langley Soryu"} <= {one.name for one in found}
    assert seen >= 9
