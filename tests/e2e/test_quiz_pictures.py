"""Pictures of a quiz by real discord.py: added, asked, declined, revealed; hosted; and who may."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator

import pytest
from PIL import Image, ImageOps

from catalog import Catalog
from recognition.recognizer import Recognizer
from sandbox import InteractionHandle, StoredMessage, User
from tests.e2e.conftest import Club, open_club
from tests.e2e.quiz import Night, PushedClock, limits_of_pushed_time, people, text_of

DECLINED = "A quiz is asking right now"
REI = "catalog:ayanami_rei"


@pytest.fixture
def clock() -> PushedClock:
    return PushedClock()


@pytest.fixture(autouse=True)
def _limits(monkeypatch: pytest.MonkeyPatch) -> None:
    limits_of_pushed_time(monkeypatch)


@pytest.fixture
async def club(recognizer: Recognizer, catalog: Catalog, clock: PushedClock) -> AsyncIterator[Club]:
    async with open_club(recognizer, catalog, clock=clock) as opened:
        yield opened


@pytest.fixture
def night(club: Club, clock: PushedClock) -> Night:
    return Night(club, clock, club.sandbox.channel, people(club, 2), club.sandbox.member)


async def offer(
    club: Club, picture: bytes, command: str = "add", user: User | None = None, **more: object
) -> InteractionHandle:
    sandbox = club.sandbox
    options = {"picture": ("rei_ayanami.png", picture), **more}
    return await sandbox.slash(user or sandbox.staff, sandbox.channel, f"quiz {command}", options)


async def confirm(club: Club, handle: InteractionHandle, label: str = "Keep it") -> str:
    """Presses the button of a private question; returns what it says then."""
    sandbox = club.sandbox
    message = await handle.wait_answer()
    assert message.ephemeral
    await sandbox.click(sandbox.staff, message, label)
    await sandbox.wait_for(lambda: not list(message.walk_components()), timeout=30)
    return message.content


async def keep(club: Club, picture: bytes, character: str = REI, **more: object) -> str:
    return await confirm(club, await offer(club, picture, character=character, **more))


async def pictures(club: Club, command: str, **options: object) -> StoredMessage:
    sandbox = club.sandbox
    handle = await sandbox.slash(
        sandbox.staff, sandbox.channel, f"quiz pictures {command}", options
    )
    return await handle.wait_answer()


def mirrored(picture: bytes) -> bytes:
    out = io.BytesIO()
    ImageOps.mirror(Image.open(io.BytesIO(picture)).convert("RGB")).save(out, "JPEG", quality=60)
    return out.getvalue()


async def test_a_round_with_a_picture_of_ours(
    club: Club, night: Night, portrait: bytes, friends: bytes
) -> None:
    sandbox = club.sandbox
    assert (await keep(club, portrait)).startswith("Kept as number 1: **Ayanami Rei**.")
    await night.start(deck="pictures", rounds=1, answers="buttons")
    question = await night.question(1)
    (posted,) = question.files
    # What a client can read of it says nothing: the name is always the same, the pixels are all.
    shown = json.dumps(sandbox.as_json(question), ensure_ascii=False).casefold()
    for word in ("rei_ayanami", "ayanami_rei", "evangelion"):
        assert word not in shown
    assert posted.filename == "picture.webp"
    opened = Image.open(io.BytesIO(posted.data))
    assert not opened.getexif()
    assert "exif" not in opened.info
    assert "xmp" not in opened.info
    elsewhere = sandbox.create_channel(sandbox.create_guild("Elsewhere", sandbox.other), "general")
    for place in (sandbox.channel, elsewhere, sandbox.dm(sandbox.other)):
        for copy in (posted.data, portrait, mirrored(portrait)):
            handle = await sandbox.slash(
                sandbox.other, place, "whois", {"picture": ("a.png", copy)}
            )
            answer = await handle.wait_answer()
            assert answer.content.startswith(DECLINED)
            assert "Rei" not in text_of(answer)
    assert (await club.answer(friends)).embeds  # and nothing else is declined
    kai = night.players[0]
    await night.press(kai, question, night.right())
    await night.bell()
    (reveal,) = night.reveals()
    assert "Ayanami Rei" in text_of(reveal)
    assert {one.filename for one in reveal.files} == {"picture.webp", "answer.jpg"}
    handle = await sandbox.slash(
        sandbox.other, sandbox.channel, "whois", {"picture": ("a.png", portrait)}
    )
    assert (await handle.wait_answer()).embeds


async def test_buttons_of_older_answers_tell_nothing_of_what_is_asked(
    club: Club, night: Night, portrait: bytes, friends: bytes
) -> None:
    sandbox = club.sandbox
    before, other = await club.answer(portrait), await club.answer(friends)
    await keep(club, portrait)

    async def told(message: StoredMessage, label: str) -> StoredMessage:
        said = await (await sandbox.click(sandbox.other, message, label)).wait_answer()
        assert said.ephemeral
        return said

    await night.start(deck="pictures", rounds=1)
    await night.question(1)
    for label in ("Other guesses", "Details"):
        declined = await told(before, label)
        assert declined.content.startswith(DECLINED)
        assert "Rei" not in text_of(declined)
        assert (await told(other, label)).embeds  # what is not asked goes on as ever
    handle = await sandbox.click(sandbox.member, before, "Whole picture")
    assert (await handle.wait_answer()).content.startswith(DECLINED)
    await night.command("stop")
    await night.until(lambda: not night.running)
    assert "Ayanami Rei" in text_of(await told(before, "Other guesses"))


async def test_a_deleted_picture_is_posted_anew_and_stays_declined(
    club: Club, night: Night, portrait: bytes
) -> None:
    sandbox = club.sandbox
    await keep(club, portrait)
    await night.start(deck="pictures", rounds=1, answers="buttons")
    first = await night.question(1)
    kai, yuki = night.players
    await night.press(kai, first, night.right())
    await sandbox.delete(sandbox.staff, first)
    await night.until(lambda: night.session.game.message_id != first.id)
    second = await night.question(1)
    assert [one.filename for one in second.files] == ["picture.webp"]
    for copy in (portrait, second.files[0].data):
        assert (await club.answer(copy)).content.startswith(DECLINED)
    assert "One answer a round" in await night.press(kai, second, night.right())
    assert "Noted" in await night.press(yuki, second, night.right())
    await night.bell()
    (reveal,) = night.reveals()
    assert all(str(one.id) in text_of(reveal) for one in (kai, yuki))
    assert {one.filename for one in reveal.files} == {"picture.webp", "answer.jpg"}


async def test_a_quiz_that_is_stopped_gives_its_picture_free(
    club: Club, night: Night, portrait: bytes
) -> None:
    await keep(club, portrait)
    await night.start(deck="pictures", rounds=1)
    await night.question(1)
    assert (await club.answer(portrait)).content.startswith(DECLINED)
    await night.command("stop")
    await night.until(lambda: not night.running)
    assert (await club.answer(portrait)).embeds


async def test_of_several_people_one_is_chosen_by_number(club: Club, friends: bytes) -> None:
    sandbox = club.sandbox
    posted = await sandbox.post(sandbox.member, sandbox.channel, files=[("a.png", friends)])
    handle = await sandbox.message_command(sandbox.staff, posted, "Add to quiz")
    question = await handle.wait_answer()
    assert question.ephemeral
    assert question.content == "I see 3 people I don't know. Whom do you mean?"
    assert len(question.files) == 1
    await sandbox.select(sandbox.staff, question, "Choose by number", ["2"])
    await sandbox.wait_for(lambda: "I don't know who that is" in question.content, timeout=30)
    handle = await offer(club, friends, character="Somebody New")
    question = await handle.wait_answer()
    await sandbox.select(sandbox.staff, question, "Choose by number", ["2"])
    await sandbox.wait_for(lambda: "**Somebody New**" in question.content, timeout=30)
    assert "you say that you may share it" in question.content
    await sandbox.click(sandbox.staff, question, "Keep it")
    await sandbox.wait_for(lambda: "Kept as number 1" in question.content, timeout=30)
    store = club.services.store
    assert store is not None
    (kept,) = await store.quiz_pictures.listed(sandbox.guild.id)
    assert (kept.name, kept.added_by) == ("Somebody New", sandbox.staff.id)
    assert max(kept.size) == 768
    assert kept.face is not None
    assert 250 < kept.face.center[0] < 500  # the second of three, in the middle


async def test_no_is_no(club: Club, portrait: bytes) -> None:
    handle = await offer(club, portrait, character=REI)
    assert await confirm(club, handle, "No") == "Nothing was kept."
    assert "no pictures yet" in (await pictures(club, "list")).content


async def test_copies_are_kept_once_and_pictures_can_be_taken_out(
    club: Club, portrait: bytes, friends: bytes
) -> None:
    await keep(club, portrait)
    handle = await offer(club, mirrored(portrait), character=REI)
    message = await handle.wait_answer()
    pressed = await club.sandbox.click(club.sandbox.staff, message, "Keep it")
    await club.sandbox.wait_for(
        lambda: any("already: it is number 1" in one.content for one in pressed.messages),
        timeout=30,
    )
    listing = await pictures(club, "list")
    assert listing.ephemeral
    assert "1 picture:" in listing.content
    assert "**Ayanami Rei**" in listing.content
    exported = await pictures(club, "export")
    archive = zipfile.ZipFile(io.BytesIO(exported.files[0].data))
    table = json.loads(archive.read("pictures.json"))
    assert table["pictures"][0]["added_by"] == str(club.sandbox.staff.id)
    assert Image.open(io.BytesIO(archive.read(table["pictures"][0]["file"]))).format == "WEBP"
    assert "is deleted" in (await pictures(club, "remove", number=1)).content
    assert "no picture with that number" in (await pictures(club, "remove", number=1)).content


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("quiz add", {"picture": ("a.png", b"x"), "character": "Rei"}),
        ("quiz pictures list", {}),
        ("quiz pictures remove", {"number": 1}),
        ("quiz pictures export", {}),
    ],
)
async def test_members_may_not(club: Club, command: str, options: dict[str, object]) -> None:
    sandbox = club.sandbox
    handle = await sandbox.slash(sandbox.member, sandbox.channel, command, options)
    answer = await handle.wait_answer()
    assert answer.ephemeral
    assert answer.content.startswith("Only staff can do that here.")


async def test_who_lost_the_right_meanwhile_keeps_nothing(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    handle = await offer(club, portrait, character=REI)
    message = await handle.wait_answer()
    sandbox.assign(sandbox.guild, sandbox.staff)  # no role any more
    pressed = await sandbox.click(sandbox.staff, message, "Keep it")
    await sandbox.wait_for(
        lambda: any("Only staff" in one.content for one in pressed.messages), timeout=30
    )
    assert club.services.store is not None
    assert await club.services.store.quiz_pictures.listed(sandbox.guild.id) == ()


async def test_the_host_shows_pictures_live_and_scores_nothing_for_them(
    club: Club, night: Night, portrait: bytes
) -> None:
    sandbox, host = club.sandbox, club.sandbox.staff
    early = await (await offer(club, portrait, "host", character=REI)).wait_answer()
    assert "No quiz with the deck *Host* is running here." in early.content
    await night.start(host, deck="host", rounds=1, answers="buttons")
    refused = await (await offer(club, portrait, "host", night.players[0])).wait_answer()
    assert refused.ephemeral
    assert refused.content.startswith("Only whoever started the quiz, and staff")
    handle = await offer(club, portrait, "host", character=REI)
    message = await handle.wait_answer()
    assert "The answer will be **Ayanami Rei**." in message.content
    assert not night.messages() or "Ayanami" not in text_of(night.messages()[-1])
    await sandbox.click(host, message, "Ask it")
    question = await night.question(1)
    assert (await club.answer(portrait)).content.startswith(DECLINED)
    await night.press(night.players[0], question, night.right())
    told = await night.press(host, question, night.right())
    assert told
    await night.bell()
    points = {one: player.points for one, player in night.session.game.players.items()}
    assert points[night.players[0].id] > 0
    assert points.get(host.id, 0) == 0


async def test_pictures_of_an_adult_channel_stay_in_such_channels(
    club: Club, night: Night, portrait: bytes
) -> None:
    sandbox = club.sandbox
    adult = sandbox.create_channel(sandbox.guild, "late", nsfw=True)
    options = {"picture": ("a.png", portrait), "character": REI, "spoiler": True}
    handle = await sandbox.slash(sandbox.staff, adult, "quiz add", options)
    said = await confirm(club, handle)
    assert "Kept as number 1" in said
    assert "18+ · spoiler" in (await pictures(club, "list")).content
    handle = await sandbox.slash(
        sandbox.member, sandbox.channel, "quiz start", {"deck": "pictures", "rounds": 1}
    )
    assert not night.running
    late = Night(club, night.clock, adult, night.players, sandbox.member)
    await late.start(deck="pictures", rounds=1)
    question = await late.question(1)
    assert question.files[0].filename == "SPOILER_picture.webp"


async def test_the_bot_plays_by_its_own_eyes_on_what_all_see(
    club: Club, night: Night, portrait: bytes
) -> None:
    """The picture is looked at as it is shown, and the watch does not stop the bot's own look."""
    await keep(club, portrait)
    looked = club.encoder.arrived
    await night.start(deck="pictures", rounds=1, answers="buttons", mode="bot")
    question = await night.question(1)
    await night.press(night.players[0], question, night.right())
    await night.until(lambda: club.encoder.arrived > looked + 1, within_s=30)
    await night.bell()
    assert "Ayanami Rei" in text_of(night.reveals()[0])


async def test_a_picture_that_is_removed_does_not_come_and_the_quiz_ends(
    club: Club, night: Night, portrait: bytes, friends: bytes
) -> None:
    await keep(club, portrait)
    handle = await offer(club, friends, character="Somebody New")
    question = await handle.wait_answer()
    await club.sandbox.select(club.sandbox.staff, question, "Choose by number", ["1"])
    await club.sandbox.wait_for(lambda: "Somebody New" in question.content, timeout=30)
    await club.sandbox.click(club.sandbox.staff, question, "Keep it")
    await club.sandbox.wait_for(lambda: "Kept as number 2" in question.content, timeout=30)
    await night.start(deck="pictures", rounds=2, answers="buttons")
    await night.question(1)
    asked = night.session.game.asked
    assert asked is not None
    left = 3 - int(asked.id)
    assert "is deleted" in (await pictures(club, "remove", number=left)).content
    await night.bell()
    night.clock.push(8.0)
    await night.until(lambda: not night.running, within_s=20)
    assert (await club.answer(portrait)).embeds
    assert (await club.answer(friends)).embeds


async def test_forgetting_takes_a_members_pictures_out_of_the_quiz(
    club: Club, portrait: bytes
) -> None:
    await keep(club, portrait)
    store = club.services.store
    assert store is not None
    staff, guild = club.sandbox.staff, club.sandbox.guild
    held = await store.privacy.held(guild.id, staff.id)
    assert held.counts["quiz_pictures"] == 1
    await store.privacy.forget_member(guild.id, staff.id)
    assert "no pictures yet" in (await pictures(club, "list")).content
