"""What people try who mean harm: forged buttons, names that lead inward, huge and strange input."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from catalog import Catalog
from recognition.recognizer import Recognizer
from sandbox import Sandbox, UsageError
from sandbox.models import Overwrite
from sandbox.permissions import SEND_MESSAGES
from tests.cogs.test_guard import Names
from tests.e2e.conftest import Club, open_club
from tests.e2e.test_teaching import NAME, alone, names, part, taught

__all__ = ["alone"]

NO_LINK = "I can't get a picture from that link."
FORGED = (
    ("teach:approve:999999999999999999", "That is no longer waiting"),
    ("teach:reject:1", "That is no longer waiting"),
    ("teach:log:999999999999999999", None),
    ("whois:guesses:AAAAAAAAAAAA", "That answer is too old"),
    ("whois:wrong:AAAAAAAAAAAA", "That answer is too old"),
    ("whois:page:AAAAAAAAAAAA:999", "That answer is too old"),
    ("settings:nothing", "I can't take that value"),
    ("settings:crops", None),
    ("characters:page:1:all:999:<", None),
)


@pytest.mark.parametrize(("custom_id", "told"), FORGED)
async def test_forged_buttons(
    club: Club, portrait: bytes, custom_id: str, told: str | None
) -> None:
    """A button that we never posted, pressed by staff: a sentence, no apology, an unharmed bot."""
    sandbox = club.sandbox
    message = await sandbox.post(sandbox.application.bot, sandbox.channel, "forged")
    button = {"type": 2, "style": 1, "label": "Press", "custom_id": custom_id, "id": 2}
    message.components = [{"type": 1, "id": 1, "components": [button]}]
    handle = await sandbox.click(sandbox.staff, message, "Press")
    await handle.wait_acked()
    if told is not None:
        answer = await handle.wait_answer()
        assert answer.ephemeral
        assert answer.content.startswith(told)
    assert not any("something went wrong" in one.content for one in handle.messages)
    await club.assert_goes_on(portrait)


@pytest.mark.parametrize(
    "custom_id", [one for one, _ in FORGED if one.startswith(("teach", "settings"))]
)
async def test_forged_buttons_of_members_do_nothing(club: Club, custom_id: str) -> None:
    sandbox, store = club.sandbox, club.services.store
    assert store is not None
    before = await store.settings.get(sandbox.guild.id)
    message = await sandbox.post(sandbox.application.bot, sandbox.channel, "forged")
    button = {"type": 2, "style": 1, "label": "Press", "custom_id": custom_id, "id": 2}
    message.components = [{"type": 1, "id": 1, "components": [button]}]
    handle = await sandbox.click(sandbox.member, message, "Press")
    answer = await handle.wait_answer()
    assert answer.ephemeral
    assert answer.content.startswith("Only ")
    assert await store.settings.get(sandbox.guild.id) == before


async def test_a_proposal_is_decided_in_its_own_server_alone(club: Club, alone: bytes) -> None:
    """Staff of another server, with a button that carries this server's proposal."""
    sandbox, store = club.sandbox, club.services.store
    assert store is not None
    await store.settings.change(sandbox.guild.id, None, approval_channel=sandbox.bots.id)
    await taught(club, alone, user=sandbox.member)
    asked = await sandbox.wait_message(sandbox.bots)
    elsewhere = sandbox.create_guild("Elsewhere", sandbox.other)
    room = sandbox.create_channel(elsewhere, "general")
    copied = await sandbox.post(sandbox.application.bot, room, "a copy")
    copied.components = asked.components
    for label in ("Approve", "Reject"):
        refused = await (await sandbox.click(sandbox.other, copied, label)).wait_answer()
        assert refused.content.startswith("That is no longer waiting")
    (waiting,) = await store.proposals.pending(sandbox.guild.id)
    assert waiting.name == NAME


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["::1"],
        ["169.254.169.254"],
        ["10.0.0.7"],
        ["192.168.1.1", "1.1.1.1"],
        ["1.1.1.1", "127.0.0.1"],
        ["fe80::1"],
        ["fd00::1"],
        ["::ffff:127.0.0.1"],
        ["0.0.0.0"],
    ],
)
async def test_names_that_lead_inward(
    recognizer: Recognizer, catalog: Catalog, addresses: list[str]
) -> None:
    async with open_club(recognizer, catalog, resolver=Names(inward=[addresses])) as club:
        for link in ("http://inward.example/a.png", "https://inward.example:8443/a.png"):
            refused = await club.ask(link=link)
            assert refused.ephemeral
            assert refused.content == NO_LINK


async def test_the_permissions_of_the_invitation_are_enough(
    recognizer: Recognizer, catalog: Catalog, root: Path, portrait: bytes, alone: bytes
) -> None:
    """The bot has what the README's address asks for, and nobody's other rights."""
    (bits,) = re.findall(r"permissions=(\d+)", (root / "README.md").read_text())
    world = Sandbox()
    role = next(one for one in world.guild.roles.values() if one.bot_id)
    role.permissions = int(bits)
    everyone = world.guild.roles[world.guild.id]
    people = world.create_role(world.guild, "People", everyone.permissions)
    for one in (world.member, world.other):
        world.assign(world.guild, one, people)
    everyone.permissions = 0
    async with open_club(recognizer, catalog, sandbox=world) as club:
        store = club.services.store
        assert store is not None
        await store.settings.change(world.guild.id, None, approval_channel=world.bots.id)
        assert (await club.answer(portrait)).files
        await world.post(world.member, world.channel, "", [("a.png", portrait)])
        assert (await club.ask()).files  # the newest picture of the channel
        mention = f"<@{world.application.bot.id}>"
        for where in (world.channel, world.create_thread(world.channel, "a thread", world.member)):
            asked = await world.post(world.member, where, mention, [("a.png", portrait)])
            answer = await world.wait_message(where, after=asked, timeout=30)
            assert answer.files
            assert answer.embeds
        await taught(club, alone, user=world.member)
        assert (await world.wait_message(world.bots)).files


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"character": NAME},
        {"character": "", "picture1": ("a.png", b"x")},
        {"character": "x" * 101, "picture1": ("a.png", b"x")},
        {"character": NAME, "picture1": "no file"},
        {"character": NAME, "picture1": ("a.png", b"x"), "series": "x" * 201},
        {"character": NAME, "picture1": ("a.png", b"x"), "picture11": ("b.png", b"x")},
    ],
)
async def test_what_discord_does_not_let_through_of_teach(
    club: Club, options: dict[str, Any]
) -> None:
    with pytest.raises(UsageError):
        await club.sandbox.slash(club.sandbox.staff, club.sandbox.channel, "teach add", options)


@pytest.mark.parametrize(
    ("name", "series"),
    [
        ("\u202eesrever", ""),
        ("zero\u200bwidth", ""),
        ("line\nbreak\ttab", "\u0000"),
        ("綾波" * 50, "🎌" * 200),
        ("<@123> @here ```x``` ~~||**", "[a](https://evil.example)"),
    ],
)
async def test_strange_names(club: Club, alone: bytes, name: str, series: str) -> None:
    """Taken and shown as text, or refused with a sentence; either way nothing is obeyed."""
    more = {"series": series} if series else {}
    answer = await taught(club, alone, name=name, **more)
    assert answer.ephemeral
    assert answer.content.startswith(("I've learned", "I can't take that name"))
    assert not answer.mentions
    assert "https://evil" not in answer.content
    shown = await club.answer(alone)
    assert not shown.mention_everyone
    assert not shown.mentions
    text = str(shown.embeds) + shown.content
    assert "https://evil" not in text
    log = await club.sandbox.slash(club.sandbox.staff, club.sandbox.channel, "teach log")
    assert not (await log.wait_answer()).mentions


async def test_ten_pictures_at_once(club: Club, friends: bytes) -> None:
    """What Discord allows in one command; near-duplicates count once and are named."""
    pieces = [part(friends, (40 + 3 * n, 180 + n, 440 + 4 * n, 720 - 2 * n)) for n in range(10)]
    answer = await taught(club, *pieces)
    assert answer.content.startswith(f"I've learned **{NAME}** from ")
    assert answer.content.count("-# Picture ") >= 5
    assert len(answer.content) <= 2000
    assert (await names(club, friends))[0] == NAME


async def test_it_says_so_where_it_may_not_post(club: Club, portrait: bytes) -> None:
    """A command is answered even where the bot may not write; a mention is not."""
    sandbox = club.sandbox
    role = next(one for one in sandbox.guild.roles.values() if one.bot_id)
    sandbox.channel.overwrites[role.id] = Overwrite(role.id, 0, deny=SEND_MESSAGES)
    assert (await club.answer(portrait)).files
