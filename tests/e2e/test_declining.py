"""While a round shows a picture nobody is told who that is: not here, not elsewhere, not cut."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

from catalog import Catalog
from quizzing.watch import Watch
from recognition.images import decode_picture
from recognition.recognizer import Recognizer
from recognition.reveal import BLUR_PART, blurred
from sandbox import StoredMessage
from store.opening import open_store
from tests.e2e.conftest import Club, open_club

DECLINED = "A quiz is asking right now"


def encoded(image: Image.Image, suffix: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, suffix, **options)
    return out.getvalue()


def copies_of(picture: bytes) -> dict[str, bytes]:
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    w, h = image.size
    blur = Image.fromarray(blurred(decode_picture(picture), BLUR_PART))
    return {
        "the same": picture,
        "mirrored": encoded(ImageOps.mirror(image), "JPEG", quality=60),
        "small": encoded(image.resize((w // 3, h // 3))),
        "framed": encoded(ImageOps.expand(image, 120, "black")),
        "cut": encoded(image.crop((w // 10, h // 10, 9 * w // 10, 9 * h // 10))),
        "as posted": encoded(blur, "WEBP"),
    }


def names_in(message: StoredMessage, club: Club) -> list[str]:
    text = message.content + str(message.embeds)
    return [one.name for one in club.services.recognizer.gallery if one.name in text]


async def test_a_running_picture_is_declined_everywhere_and_answered_afterwards(
    club: Club, friends: bytes, portrait: bytes
) -> None:
    watch, sandbox = club.services.watch, club.sandbox
    assert watch is not None
    elsewhere = sandbox.create_channel(sandbox.create_guild("Elsewhere", sandbox.other), "general")
    await watch.put_up(sandbox.guild.id, "quiz", [friends, copies_of(friends)["as posted"]])
    for name, copy in copies_of(friends).items():
        answer = await club.answer(copy)
        assert answer.content.startswith(DECLINED), name
        assert not answer.embeds, name
        assert not answer.files, name
        assert names_in(answer, club) == []
    for place in (elsewhere, sandbox.dm(sandbox.other)):
        given = {"picture": ("a.png", friends)}
        handle = await sandbox.slash(sandbox.other, place, "whois", given)
        assert (await handle.wait_answer()).content.startswith(DECLINED)
    assert (await club.answer(portrait)).embeds  # nobody else has to wait
    await watch.take_down(sandbox.guild.id, "quiz")
    assert (await club.answer(friends)).embeds


async def test_of_several_pictures_only_that_one_is_declined(
    club: Club, friends: bytes, portrait: bytes
) -> None:
    sandbox, watch = club.sandbox, club.services.watch
    assert watch is not None
    await watch.put_up(sandbox.guild.id, "quiz", [friends])
    posted = await sandbox.post(
        sandbox.member, sandbox.channel, files=[("a.png", friends), ("b.png", portrait)]
    )
    handle = await sandbox.message_command(sandbox.member, posted, "Who is this?")
    answer = await handle.wait_answer()
    assert f"Picture 1: {DECLINED}" in answer.content
    assert "Picture 2:" in answer.content
    assert len(answer.files) == 1


async def test_another_process_declines_it_too(club: Club, friends: bytes, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/shared.db"
    async with (
        open_store(url) as here,
        open_club(club.services.recognizer, club.services.catalog, database_url=url) as there,
    ):
        other_process = Watch(club.services.recognizer, here)
        await other_process.put_up(1234, "quiz", [friends])
        assert (await there.answer(friends)).content.startswith(DECLINED)
        await other_process.take_down(1234, "quiz")
        assert (await there.answer(friends)).embeds


@pytest.mark.parametrize("mode", ["faces", "whole"])
async def test_no_way_of_looking_helps(club: Club, friends: bytes, mode: str) -> None:
    watch = club.services.watch
    assert watch is not None
    await watch.put_up(club.sandbox.guild.id, "quiz", [friends])
    face = Image.open(io.BytesIO(friends)).convert("RGB")
    for copy in (friends, encoded(ImageOps.mirror(face))):
        answer = await club.ask(picture=("a.png", copy), mode=mode)
        assert answer.content.startswith(DECLINED)


async def test_a_round_that_nobody_took_down_ends_by_itself(club: Club, friends: bytes) -> None:
    watch = club.services.watch
    assert watch is not None
    await watch.put_up(club.sandbox.guild.id, "quiz", [friends], for_s=0.05)
    await asyncio.sleep(0.1)
    assert (await club.answer(friends)).embeds


async def test_an_old_answer_tells_nothing_new_and_nothing_is_learned(
    club: Club, friends: bytes
) -> None:
    """The button, the correction and the lesson look again, or show whom a face resembles."""
    sandbox, watch = club.sandbox, club.services.watch
    assert watch is not None
    answer = await club.ask(sandbox.staff, picture=("a.png", friends))
    before = answer.content
    await watch.put_up(sandbox.guild.id, "quiz", [friends])
    handle = await sandbox.click(sandbox.staff, answer, "Whole picture")
    assert (await handle.wait_answer()).content.startswith(DECLINED)
    assert answer.content == before
    handle = await sandbox.click(sandbox.staff, answer, "That's wrong")
    await handle.wait_modal()
    form = {"Which one?": ["1"], "Who is it?": "asuka langley soryu"}
    sent = await sandbox.submit_modal(sandbox.staff, handle, form)
    await sandbox.wait_for(lambda: any("A quiz is asking" in one.content for one in sent.messages))
    options = {"character": "Somebody", "picture1": ("a.png", friends)}
    handle = await sandbox.slash(sandbox.staff, sandbox.channel, "teach add", options)
    assert (await handle.wait_answer()).content.startswith(DECLINED)
    assert await club.services.store.gallery.characters(sandbox.guild.id) == ()  # type: ignore[union-attr]


async def test_messages_and_listening_channels_decline(
    recognizer: Recognizer, catalog: Catalog, friends: bytes, portrait: bytes
) -> None:
    async with open_club(recognizer, catalog, message_content=True) as club:
        sandbox, services = club.sandbox, club.services
        assert services.watch is not None
        assert services.store is not None
        await services.watch.put_up(sandbox.guild.id, "quiz", [friends])
        mine = [("a.png", friends)]
        for words in (f"<@{sandbox.application.bot.id}>", "whois"):
            posted = await sandbox.post(sandbox.member, sandbox.channel, words, mine)
            answer = await sandbox.wait_message(sandbox.channel, after=posted, timeout=30)
            assert answer.content.startswith(DECLINED), words
        await services.store.settings.change(
            sandbox.guild.id, sandbox.owner.id, listening_channels=[sandbox.channel.id]
        )
        quiet = await sandbox.post(sandbox.member, sandbox.channel, "", mine)
        posted = await sandbox.post(sandbox.other, sandbox.channel, "", [("b.png", portrait)])
        answer = await sandbox.wait_message(sandbox.channel, after=posted, timeout=30)
        assert answer.reference is posted  # and the one before was passed over in silence
        assert all(one.reference is not quiet for one in sandbox.messages(sandbox.channel))
