"""The buttons under an answer: who may press them, what they show; and they outlive the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

import bot
from catalog import Catalog
from cogs.shared.services import Services
from recognition.recognizer import Recognizer
from recognition.types import Box, Embedding, EncodedPicture, FaceEncoding
from sandbox import InteractionHandle, Sandbox, StoredMessage, User
from store.errors import UnknownAnswer
from store.types import Answer
from tests.e2e.conftest import Club, open_club, running

NOT_YOURS = "Only whoever asked, and staff, can change that answer."


def labels(message: StoredMessage) -> list[str]:
    return [str(one["label"]) for one in message.walk_components() if one["type"] == 2]


async def press(club: Club, user: User, message: StoredMessage, label: str) -> InteractionHandle:
    return await club.sandbox.click(user, message, label)


async def told(club: Club, user: User, message: StoredMessage, label: str) -> StoredMessage:
    """What somebody is told after pressing a button."""
    return await (await press(club, user, message, label)).wait_answer()


async def until(condition: Callable[[], bool], within_s: float = 15) -> None:
    for _ in range(int(within_s / 0.05)):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen")


def text_of(message: StoredMessage) -> str:
    return "\n".join(
        [message.content, *(str(one.get("description", "")) for one in message.embeds)]
    )


async def test_everybody_may_look(club: Club, friends: bytes) -> None:
    message = await club.answer(friends)
    assert labels(message) == ["Other guesses", "Whole picture", "Details", "That's wrong"]
    before = (message.content, message.embeds)
    for who in (club.sandbox.member, club.sandbox.other, club.sandbox.staff):
        guesses = await told(club, who, message, "Other guesses")
        assert guesses.ephemeral
        (embed,) = guesses.embeds
        for number in (1, 2, 3):
            assert f"**Face {number}**" in embed["description"]
        assert embed["description"].count(" %") == 15
        details = await told(club, who, message, "Details")
        assert details.ephemeral
        assert "1200 × 800 pixels, 3 faces found" in details.embeds[0]["description"]
    assert (message.content, message.embeds) == before


async def test_the_whole_picture_and_back(club: Club, friends: bytes) -> None:
    message = await club.answer(friends)
    before = message.content
    await press(club, club.sandbox.member, message, "Whole picture")
    await until(lambda: "Faces" in labels(message))
    assert len(message.embeds) == 1
    assert message.embeds[0]["title"].startswith("Whole picture · ")
    assert len(message.files) == 1
    assert message.files[0].description.startswith("No single face")  # type: ignore[union-attr]
    await press(club, club.sandbox.staff, message, "Faces")
    await until(lambda: "Whole picture" in labels(message))
    assert message.content == before


@pytest.mark.parametrize("label", ["Whole picture", "That's wrong"])
async def test_others_may_not_change_it(club: Club, portrait: bytes, label: str) -> None:
    message = await club.answer(portrait)
    before = (message.content, message.embeds, labels(message))
    handle = await press(club, club.sandbox.other, message, label)
    refusal = await handle.wait_answer()
    assert refusal.ephemeral
    assert refusal.content.startswith(NOT_YOURS)
    assert handle.modal is None
    assert (message.content, message.embeds, labels(message)) == before
    assert not message.deleted


async def test_a_teaching_role_makes_staff(
    recognizer: Recognizer, catalog: Catalog, portrait: bytes
) -> None:
    sandbox = Sandbox()
    role = sandbox.create_role(sandbox.guild, "Teachers", 0)
    sandbox.assign(sandbox.guild, sandbox.other, role)
    async with open_club(recognizer, catalog, sandbox=sandbox) as club:
        message = await club.answer(portrait)
        assert club.services.store
        await club.services.store.settings.change(
            sandbox.guild.id, sandbox.owner.id, teaching_roles=[role.id]
        )
        handle = await press(club, sandbox.other, message, "That's wrong")
        assert await handle.wait_modal()


async def test_a_correction_is_noted_and_shown(club: Club, friends: bytes) -> None:
    sandbox = club.sandbox
    message = await club.answer(friends)
    handle = await press(club, sandbox.member, message, "That's wrong")
    await handle.wait_modal()
    form = {"Which one?": ["1"], "Who is it?": "asuka langley SORYU"}
    thanks = await (await sandbox.submit_modal(sandbox.member, handle, form)).wait_answer()
    await until(lambda: "Corrected." in message.content)
    assert "Face 2: **Asuka Langley Soryu**" in message.content
    assert thanks
    answer = await kept(club, message)
    (correction,) = answer.corrections
    assert (correction.picture, correction.face) == (0, 1)
    assert correction.truth == "Asuka Langley Soryu"
    assert correction.catalog_id == "asuka_langley_soryu"
    assert correction.corrected_by == sandbox.member.id


async def kept(club: Club, message: StoredMessage) -> Answer:
    """The stored answer behind a message."""
    button = next(one for one in message.walk_components() if one.get("custom_id"))
    assert club.services.store
    answer_id = button["custom_id"].split(":")[2]
    return await club.services.store.answers.get(club.sandbox.guild.id, answer_id)


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "@everyone [x](https://evil.example) <@1>", "x" * 100, "綾波レイ", "||hidden||"],
)
async def test_whatever_is_typed_into_the_form(club: Club, portrait: bytes, typed: str) -> None:
    sandbox = club.sandbox
    message = await club.answer(portrait)
    handle = await press(club, sandbox.member, message, "That's wrong")
    await handle.wait_modal()
    await sandbox.submit_modal(sandbox.member, handle, {"Who is it?": typed})
    await until(lambda: "Corrected." in message.content)
    assert not message.mention_everyone
    assert not message.mentions
    assert "https://" not in message.content
    (correction,) = (await kept(club, message)).corrections
    assert (correction.truth is None) == (not typed.strip())


async def test_who_lost_the_right_while_the_form_was_open(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    message = await club.answer(portrait)
    handle = await press(club, sandbox.staff, message, "That's wrong")
    await handle.wait_modal()
    sandbox.assign(sandbox.guild, sandbox.staff)  # no role any more
    refusal = await (
        await sandbox.submit_modal(sandbox.staff, handle, {"Who is it?": "Somebody"})
    ).wait_answer()
    assert refusal.ephemeral
    assert refusal.content.startswith(NOT_YOURS)
    assert "Corrected" not in message.content


async def test_spoilers_stay_hidden_behind_every_button(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    posted = await sandbox.post(
        sandbox.member, sandbox.channel, "", [("a.png", portrait)], spoiler=True
    )
    handle = await sandbox.message_command(sandbox.member, posted, "Who is this?")
    message = await handle.wait_answer()
    for label in ("Other guesses", "Details"):
        shown = await told(club, sandbox.member, message, label)
        assert "Rei" not in "".join(text_of(shown).split("||")[::2])
    form = await press(club, sandbox.member, message, "That's wrong")
    await form.wait_modal()
    await sandbox.submit_modal(sandbox.member, form, {"Who is it?": "Ayanami Rei"})
    await until(lambda: "Corrected." in message.content)
    assert "Rei" not in "".join(text_of(message).split("||")[::2])
    await press(club, sandbox.member, message, "Whole picture")
    await until(lambda: "Faces" in labels(message))
    assert message.files[0].spoiler
    assert "Rei" not in "".join(text_of(message).split("||")[::2])


async def test_a_picture_that_is_gone_changes_nothing(club: Club, portrait: bytes) -> None:
    message = await club.answer(portrait)
    before = (message.content, labels(message))
    club.sandbox.faults.cdn_missing()
    refusal = await told_after_update(club, message)
    assert refusal.ephemeral
    assert "gone" in refusal.content
    assert (message.content, labels(message)) == before
    assert not message.deleted


async def told_after_update(club: Club, message: StoredMessage) -> StoredMessage:
    handle = await press(club, club.sandbox.member, message, "Whole picture")
    await until(lambda: len(handle.messages) > 1)
    return handle.messages[-1]


async def test_the_buttons_survive_a_restart(
    club: Club, catalog: Catalog, friends: bytes, recognizer: Recognizer
) -> None:
    message = await club.answer(friends)
    await club.services.work.drain(2.0)
    await club.bot.close()
    old = club.services
    again = Services(
        old.recognizer, catalog, old.downloader, cooldown_s=0.0, store=old.store,
        progress_after_s=60.0,
    )  # fmt: skip
    async with running(bot.create_bot(club.bot.settings, again), club.sandbox):
        guesses = await told(club, club.sandbox.other, message, "Other guesses")
        assert "**Face 3**" in guesses.embeds[0]["description"]
        await press(club, club.sandbox.member, message, "Whole picture")
        await until(lambda: "Faces" in labels(message))
        await club.services.work.drain(0.1)


async def test_an_answer_that_is_forgotten(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    message = await club.answer(portrait)
    assert club.services.store
    await until_posted(club, message)
    await club.services.store.answers.message_deleted(
        sandbox.guild.id, sandbox.channel.id, message.id
    )
    for label in ("Other guesses", "Whole picture", "Details", "That's wrong"):
        refusal = await told(club, sandbox.member, message, label)
        assert refusal.ephemeral
        assert refusal.content.startswith("That answer is too old")
    await club.assert_goes_on(portrait)


async def until_posted(club: Club, message: StoredMessage) -> None:
    for _ in range(100):
        if (await kept(club, message)).message_id == message.id:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("its message was never noted")


async def test_an_answer_is_forgotten_with_its_message(club: Club, portrait: bytes) -> None:
    message = await club.answer(portrait)
    await until_posted(club, message)
    await club.sandbox.delete(club.sandbox.staff, message)
    for _ in range(100):
        try:
            await kept(club, message)
        except UnknownAnswer:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it is still kept")


async def test_an_id_of_another_server_opens_nothing(club: Club, portrait: bytes) -> None:
    """A message of the bot with a button that carries another server's answer."""
    sandbox = club.sandbox
    message = await club.answer(portrait)
    elsewhere = sandbox.create_guild("Elsewhere", sandbox.other)
    room = sandbox.create_channel(elsewhere, "general")
    copied = await sandbox.post(sandbox.application.bot, room, "a copy")
    copied.components = message.components
    refusal = await told(club, sandbox.other, copied, "Other guesses")
    assert refusal.content.startswith("That answer is too old")


@pytest.fixture
async def crowd(club: Club, recognizer: Recognizer, friends: bytes) -> StoredMessage:
    """The answer to a picture of 23 characters."""
    gallery = recognizer.gallery
    who = [one.id for one in gallery][:23]
    faces = tuple(
        FaceEncoding(
            Box(50 * n, 100, 50 * n + 40, 140), 0.9,
            Embedding(gallery.centres_of(one)[0], gallery.model_id),
        )
        for n, one in enumerate(who)
    )  # fmt: skip
    club.encoder.instead = EncodedPicture((1200, 800), faces, None, gallery.model_id)
    return await club.answer(friends)


async def test_more_than_ten_faces_have_pages(club: Club, crowd: StoredMessage) -> None:
    assert labels(crowd)[4:] == ["◀", "1/3", "▶"]
    assert len(crowd.embeds) == 10
    names = {embed["title"] for embed in crowd.embeds}
    await press(club, club.sandbox.member, crowd, "▶")
    await until(lambda: "2/3" in labels(crowd))
    names |= {embed["title"] for embed in crowd.embeds}
    assert len(crowd.files) == 1
    await press(club, club.sandbox.staff, crowd, "▶")
    await until(lambda: "3/3" in labels(crowd))
    names |= {embed["title"] for embed in crowd.embeds}
    assert len(names) == 23
    await press(club, club.sandbox.member, crowd, "◀")
    await until(lambda: "2/3" in labels(crowd))


async def test_others_turn_pages_for_themselves(club: Club, crowd: StoredMessage) -> None:
    before = (crowd.content, crowd.embeds, labels(crowd))
    own = await told(club, club.sandbox.other, crowd, "▶")
    assert own.ephemeral
    assert labels(own) == ["◀", "2/3", "▶"]
    await press(club, club.sandbox.other, own, "▶")
    await until(lambda: "3/3" in labels(own))
    assert (crowd.content, crowd.embeds, labels(crowd)) == before


async def test_what_staff_put_right_is_learned_at_once_and_what_members_say_is_noted(
    club: Club, friends: bytes
) -> None:
    sandbox = club.sandbox
    message = await club.answer(friends)
    form = {"Which one?": ["2"], "Who is it?": "Mika of the Club"}
    for who, said in (
        (sandbox.member, "Thank you, I've noted it. I learn from it only where staff"),
        (sandbox.staff, "Thank you, I've learned that this is **Mika of the Club**"),
    ):
        handle = await press(club, who, message, "That's wrong")
        await handle.wait_modal()
        done = await sandbox.submit_modal(who, handle, form)
        await until(lambda done=done: any(one.ephemeral for one in done.messages))
        (thanks,) = [one for one in done.messages if one.ephemeral]
        assert thanks.content.startswith(said)
        again = await club.answer(friends)
        assert ("Mika of the Club" in again.content) is (who is sandbox.staff)


async def test_a_correction_whose_picture_is_gone_is_noted_all_the_same(
    club: Club, portrait: bytes
) -> None:
    sandbox = club.sandbox
    message = await club.answer(portrait)
    handle = await press(club, sandbox.staff, message, "That's wrong")
    await handle.wait_modal()
    sandbox.faults.cdn_missing()
    done = await sandbox.submit_modal(sandbox.staff, handle, {"Who is it?": "Somebody"})
    await until(lambda: any(one.ephemeral for one in done.messages))
    assert "could not learn from it. The picture is gone" in done.messages[-1].content
    assert (await kept(club, message)).corrections


async def test_a_second_look_follows_no_link_that_the_first_one_refused(
    club: Club, portrait: bytes
) -> None:
    """The stand-in's own host hands over attachments, but never because a member says so."""
    sandbox = club.sandbox
    posted = await sandbox.post(sandbox.member, sandbox.channel, "", [("b.png", portrait)])
    own = sandbox.as_json(posted)["attachments"][0]["url"]
    message = await club.ask(picture=("a.png", portrait), link=own)
    assert "Picture 2: I can't get a picture from that link." in message.content
    await press(club, sandbox.member, message, "Whole picture")
    await until(lambda: "Faces" in labels(message))
    assert "Picture 2: I can't get a picture from that link." in message.content
    assert len(message.files) == 1


async def test_buttons_where_only_the_user_has_the_bot(club: Club, friends: bytes) -> None:
    sandbox = club.sandbox
    person = sandbox.create_user("aki", "Aki", user_installed=True)
    elsewhere = sandbox.create_guild("Elsewhere", person, app_installed=False)
    room = sandbox.create_channel(elsewhere, "general")
    sandbox.join(elsewhere, sandbox.other)
    for channel in (room, sandbox.group(person, sandbox.other, sandbox.member), sandbox.dm(person)):
        options = {"picture": ("a.png", friends)}
        message = await (await sandbox.slash(person, channel, "whois", options)).wait_answer()
        if channel.guild_id or len(channel.recipients) > 2:
            looked = await told(club, sandbox.other, message, "Other guesses")
            assert "**Face 3**" in looked.embeds[0]["description"]
            refusal = await told(club, sandbox.other, message, "Whole picture")
            assert refusal.content.startswith(NOT_YOURS)
        await press(club, person, message, "Whole picture")
        await until(lambda message=message: "Faces" in labels(message))
        form = await press(club, person, message, "That's wrong")
        await form.wait_modal()
        await sandbox.submit_modal(person, form, {"Who is it?": "Somebody"})
        await until(lambda message=message: "Corrected." in message.content)
