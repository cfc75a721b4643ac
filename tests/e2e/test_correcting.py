"""**That's wrong**: a member says who it is, staff decide, and nobody else's server hears of it."""

from __future__ import annotations

import asyncio

import pytest

from sandbox import InteractionHandle, StoredMessage, User
from sandbox.models import Overwrite
from sandbox.permissions import SEND_MESSAGES
from store.types import LessonSource, Subject
from tests.e2e.conftest import Club
from tests.e2e.test_buttons import kept, until
from tests.e2e.test_teaching import NAME, alone, names, part, second_server, taught

__all__ = ["alone"]


async def choose_channel(club: Club) -> None:
    sandbox, store = club.sandbox, club.services.store
    assert store is not None
    await store.settings.change(sandbox.guild.id, None, approval_channel=sandbox.bots.id)


async def opened(club: Club, message: StoredMessage, user: User | None = None) -> InteractionHandle:
    handle = await club.sandbox.click(user or club.sandbox.member, message, "That's wrong")
    await handle.wait_modal()
    return handle


async def corrected(
    club: Club, message: StoredMessage, user: User | None = None, **form: object
) -> StoredMessage:
    """What a member is told who filled in the form."""
    user = user or club.sandbox.member
    handle = await opened(club, message, user)
    fields = form or {"Who is it?": NAME}
    done = await club.sandbox.submit_modal(user, handle, fields)

    def told() -> list[StoredMessage]:
        return [one for one in done.messages if one.ephemeral and one.id != message.id]

    await until(lambda: bool(told()))
    return told()[0]


async def suggested(club: Club, message: StoredMessage, **form: object) -> StoredMessage:
    """What staff see of a member's correction."""
    thanks = await corrected(club, message, **form)
    assert f"shown the face to staff in <#{club.sandbox.bots.id}>" in thanks.content
    return await club.sandbox.wait_message(club.sandbox.bots)


def offered(handle: InteractionHandle) -> dict[str, list[str]]:
    """The menus of a form: label → the labels in it."""
    assert handle.modal is not None
    rows = handle.modal["components"]
    return {
        row["label"]: [one["label"] for one in row["component"]["options"]]
        for row in rows
        if row["component"]["type"] == 3
    }


async def test_a_member_corrects_and_staff_approve(
    club: Club, alone: bytes, friends: bytes
) -> None:
    sandbox, store = club.sandbox, club.services.store
    elsewhere = second_server(club)
    await choose_channel(club)
    message = await club.answer(alone)
    form = await opened(club, message)
    assert "Staff see the face and decide." in str(form.modal)
    asked = await suggested(club, message)
    assert asked.content.startswith(f"<@{sandbox.member.id}> says that this is **{NAME}**")
    assert asked.content.endswith(f"/{sandbox.guild.id}/{sandbox.channel.id}/{message.id}")
    assert not asked.mentions
    assert asked.files[0].description == "The face in picture 1, small."
    assert "Picture 1: most like **" in asked.embeds[0]["description"]
    assert f"**{NAME}**" in message.content
    assert NAME not in await names(club, friends)

    refused = await (await sandbox.click(sandbox.member, asked, "Approve")).wait_answer()
    assert refused.ephemeral
    assert refused.content == "Only staff can do that here."
    assert NAME not in await names(club, friends)

    await (await sandbox.click(sandbox.staff, asked, "Approve")).wait_acked()
    await until(lambda: f"Approved by <@{sandbox.staff.id}>" in asked.content)
    assert not asked.components
    assert (await names(club, friends))[0] == NAME
    assert NAME not in await names(club, friends, elsewhere)
    assert store is not None
    known = await store.gallery.load(sandbox.guild.id, club.services.recognizer.gallery.model_id)
    lesson = known.characters[0].exemplars[0].lesson_id
    found = await store.lessons.get(sandbox.guild.id, lesson)
    assert found.source is LessonSource.CORRECTION
    assert found.taught_by == sandbox.member.id


async def test_what_staff_reject_is_noted_and_not_learned(
    club: Club, alone: bytes, friends: bytes
) -> None:
    sandbox, store = club.sandbox, club.services.store
    await choose_channel(club)
    message = await club.answer(alone)
    asked = await suggested(club, message)
    refused = await (await sandbox.click(sandbox.other, asked, "Reject")).wait_answer()
    assert refused.content == "Only staff can do that here."
    await (await sandbox.click(sandbox.staff, asked, "Reject")).wait_acked()
    await until(lambda: "Rejected by" in asked.content)
    assert not asked.attachments
    assert NAME not in await names(club, friends)
    assert f"**{NAME}**" in message.content
    (noted,) = (await kept(club, message)).corrections
    assert noted.truth == NAME
    assert store is not None
    assert await store.proposals.pending(sandbox.guild.id) == ()
    assert await store.gallery.characters(sandbox.guild.id) == ()


async def test_two_members_of_staff_decide_at_once(club: Club, alone: bytes) -> None:
    sandbox = club.sandbox
    await choose_channel(club)
    asked = await suggested(club, await club.answer(alone))
    first, second = await asyncio.gather(
        sandbox.click(sandbox.staff, asked, "Approve"),
        sandbox.click(sandbox.owner, asked, "Reject"),
    )
    await until(lambda: "by <@" in asked.content)
    await asyncio.gather(first.wait_acked(), second.wait_acked())
    told = [one for handle in (first, second) for one in handle.messages if one.ephemeral]
    await until(lambda: any(h.answer and h.answer.ephemeral for h in (first, second)) or told)
    loser = next(h.answer for h in (first, second) if h.answer and h.answer.ephemeral)
    assert loser.content.startswith("Somebody was faster")


async def test_without_a_channel_it_is_noted_and_said(club: Club, alone: bytes) -> None:
    sandbox, store = club.sandbox, club.services.store
    message = await club.answer(alone)
    form = await opened(club, message)
    assert "Staff see" not in str(form.modal)
    thanks = await corrected(club, message)
    assert thanks.content.startswith("Thank you, I've noted it. I learn from it only where staff")
    assert store is not None
    assert await store.proposals.pending(sandbox.guild.id) == ()
    assert (await kept(club, message)).corrections
    # A channel that is gone is as good as none.
    await store.settings.change(sandbox.guild.id, None, approval_channel=12345)
    thanks = await corrected(club, message)
    assert thanks.content.startswith("Thank you, I've noted it. I learn from it only where staff")


async def test_the_form_suggests_the_other_guesses_and_whom_the_server_taught(
    club: Club, alone: bytes, portrait: bytes
) -> None:
    sandbox = club.sandbox
    await taught(club, alone)
    message = await club.answer(portrait)
    form = await opened(club, message, sandbox.member)
    (shown,) = offered(form).values()
    assert "Ayanami Rei" not in shown  # it said that
    assert len(shown) >= 4
    assert NAME in shown
    await choose_channel(club)
    asked = await suggested(club, message, **{"Or one of these": [NAME]})
    assert f"**{NAME}**, and not **Ayanami Rei** as I said." in asked.content
    assert "most like **Ayanami Rei**" in asked.embeds[0]["description"]
    assert asked.embeds[0]["description"].startswith("⚠️")
    assert (await kept(club, message)).corrections[0].truth == NAME


async def test_a_name_that_is_nearly_somebodys_asks_whom_is_meant(
    club: Club, alone: bytes, friends: bytes
) -> None:
    sandbox = club.sandbox
    message = await club.answer(alone)
    question = await corrected(club, message, sandbox.staff, **{"Who is it?": "Ayanami Rey"})
    assert question.content == "I don't know **Ayanami Rey**. Whom do you mean?"
    assert "Corrected" not in message.content
    await sandbox.select(sandbox.staff, question, "Who is it?", ["Ayanami Rei"])
    await until(lambda: "I've learned that this is **Ayanami Rei**" in question.content)
    assert "**Ayanami Rei**" in message.content
    assert not question.components
    (noted,) = (await kept(club, message)).corrections
    assert noted.catalog_id == "ayanami_rei"
    assert (await names(club, friends))[0] == "Ayanami Rei"


async def test_who_lost_the_right_while_the_menu_was_open(club: Club, alone: bytes) -> None:
    sandbox = club.sandbox
    message = await club.answer(alone)
    question = await corrected(club, message, sandbox.staff, **{"Who is it?": "Ayanami Rey"})
    sandbox.assign(sandbox.guild, sandbox.staff)  # no role any more
    handle = await sandbox.select(sandbox.staff, question, "Who is it?", ["Ayanami Rei"])
    await until(lambda: any("Only whoever asked" in one.content for one in handle.messages))
    assert "Corrected" not in message.content


async def test_hidden_pictures_stay_hidden_from_staff(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    await choose_channel(club)
    files = [("a.png", portrait)]
    posted = await sandbox.post(sandbox.member, sandbox.channel, "", files, spoiler=True)
    handle = await sandbox.message_command(sandbox.member, posted, "Who is this?")
    asked = await suggested(club, await handle.wait_answer())
    assert asked.files[0].spoiler


async def test_a_private_answer_is_not_linked_to(club: Club, portrait: bytes) -> None:
    await choose_channel(club)
    message = await club.ask(picture=("a.png", portrait), private=True)
    asked = await suggested(club, message)
    assert "discord.com" not in asked.content


@pytest.mark.parametrize("typed", ["bell\u0007", "@everyone [x](https://evil.example) <@1>"])
async def test_hostile_names(club: Club, portrait: bytes, typed: str) -> None:
    await choose_channel(club)
    message = await club.answer(portrait)
    if "\u0007" in typed:
        refused = await corrected(club, message, **{"Who is it?": typed})
        assert refused.content.startswith("I can't take that name.")
        assert not (await kept(club, message)).corrections
        return
    asked = await suggested(club, message, **{"Who is it?": typed})
    assert not asked.mention_everyone
    assert not asked.mentions
    assert "https://evil" not in asked.content


async def test_the_eleventh_suggestion_waits_for_staff(club: Club, portrait: bytes) -> None:
    await choose_channel(club)
    message = await club.answer(portrait)
    teacher, sandbox = club.services.teacher, club.sandbox
    assert teacher is not None
    (looked,) = await teacher.look(sandbox.guild.id, [portrait])
    for number in range(10):
        subject, faces = Subject(f"Quxu Number{number}"), {0: looked.faces[0]}
        await teacher.propose(sandbox.guild.id, subject, faces, actor_id=sandbox.member.id)
    told = await corrected(club, message, **{"Who is it?": "Zorvald Wixham"})
    assert told.content.startswith("Thank you, I've noted it, but could not show it to staff.")
    assert "Staff still have to look" in told.content
    assert (await kept(club, message)).corrections[0].truth == "Zorvald Wixham"
    await club.assert_goes_on(portrait)


async def test_where_the_bot_may_not_write_nothing_waits(club: Club, portrait: bytes) -> None:
    sandbox, store = club.sandbox, club.services.store
    await choose_channel(club)
    role = next(one for one in sandbox.guild.roles.values() if one.bot_id)
    sandbox.bots.overwrites[role.id] = Overwrite(role.id, 0, deny=SEND_MESSAGES)
    told = await corrected(club, await club.answer(portrait))
    assert told.content.startswith("Thank you, I've noted it, but could not show it to staff.")
    assert store is not None
    assert await store.proposals.pending(sandbox.guild.id) == ()
    sandbox.violations.clear()  # that Discord refuses it is the point


async def test_saying_it_twice_asks_staff_once(club: Club, portrait: bytes, alone: bytes) -> None:
    sandbox, store = club.sandbox, club.services.store
    await choose_channel(club)
    message = await club.answer(portrait)
    await suggested(club, message)
    told = await corrected(club, message)
    assert told.content == "Thank you, I've noted it. Staff are asked about this one already."
    # Another name, and another face of the same name, are something else.
    await corrected(club, message, **{"Who is it?": "Zorvald Wixham"})
    await corrected(club, await club.answer(alone))
    assert store is not None
    waiting = await store.proposals.pending(sandbox.guild.id)
    assert [one.name for one in waiting] == [NAME, "Zorvald Wixham", NAME]


async def test_undoing_an_approval_forgets_it(club: Club, alone: bytes, friends: bytes) -> None:
    sandbox = club.sandbox
    await choose_channel(club)
    asked = await suggested(club, await club.answer(alone))
    await (await sandbox.click(sandbox.staff, asked, "Approve")).wait_acked()
    await until(lambda: "Approved by" in asked.content)
    assert (await names(club, friends))[0] == NAME
    handle = await sandbox.slash(sandbox.staff, sandbox.channel, "teach undo")
    assert (await handle.wait_answer()).content.startswith("Undone:")
    assert NAME not in await names(club, friends)


async def test_a_suggestion_that_was_forgotten_meanwhile(
    club: Club, alone: bytes, portrait: bytes
) -> None:
    """The form suggests somebody whom staff remove before it is sent."""
    sandbox = club.sandbox
    await taught(club, alone)
    message = await club.answer(portrait)
    form = await opened(club, message)
    remove = {"character": NAME}
    handle = await sandbox.slash(sandbox.staff, sandbox.channel, "teach remove", remove)
    await handle.wait_answer()
    done = await sandbox.submit_modal(sandbox.member, form, {"Or one of these": [NAME]})
    await until(lambda: any(one.ephemeral for one in done.messages))
    told = next(one for one in done.messages if one.ephemeral)
    assert told.content == "Nobody of that name was taught here any more."
    assert "Corrected" not in message.content


async def test_a_picture_in_which_no_face_was_found(club: Club, portrait: bytes) -> None:
    """Asked for faces alone, it found none: whoever knows may say who it is all the same."""
    sandbox = club.sandbox
    below = part(portrait, (200, 720, 700, 1000))
    handle = await sandbox.slash(
        sandbox.staff, sandbox.channel, "whois", {"picture": ("a.png", below), "mode": "faces"}
    )
    message = await handle.wait_answer()
    assert message.content == "I found no face in this picture."
    told = await corrected(club, message, sandbox.staff)
    assert told.content.startswith(f"Thank you, I've learned that this is **{NAME}**")
    assert f"-# Corrected. Whole picture: **{NAME}**" in message.content
    again = await sandbox.slash(
        sandbox.other, sandbox.channel, "whois", {"picture": ("a.png", below), "mode": "whole"}
    )
    assert NAME in (await again.wait_answer()).content
