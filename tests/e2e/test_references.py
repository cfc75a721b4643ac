"""Where a server keeps small pictures, the nearest one is shown beside the name."""

from __future__ import annotations

import io

from PIL import Image

from sandbox import StoredMessage
from tests.e2e.conftest import Club
from tests.e2e.test_buttons import kept, press, until
from tests.e2e.test_teaching import NAME, alone, part, second_server, taught

__all__ = ["alone"]


async def keep(club: Club, *, on: bool = True) -> None:
    assert club.services.store is not None
    await club.services.store.settings.change(club.sandbox.guild.id, None, keep_crops=on)


def thumbnails(message: StoredMessage) -> list[str]:
    return [one["thumbnail"]["url"] for one in message.embeds if "thumbnail" in one]


def references(message: StoredMessage) -> list[str]:
    return [one.filename for one in message.files if one.filename.startswith("known-")]


async def test_the_nearest_kept_picture_stands_on_the_card(
    club: Club, alone: bytes, friends: bytes
) -> None:
    await keep(club)
    wider = part(friends, (20, 150, 460, 760))
    await taught(club, wider, alone)
    message = await club.answer(friends)
    assert references(message) == ["known-1-1.jpg"]
    (file,) = [one for one in message.files if one.filename.startswith("known-")]
    assert (
        file.description == f"A picture from which this server taught me {NAME}, to compare with."
    )
    assert max(Image.open(io.BytesIO(file.data)).size) <= 128
    card = next(one for one in message.embeds if NAME in one["title"])
    assert "known-1-1.jpg" in card["thumbnail"]["url"]
    assert len(thumbnails(message)) == 1

    # What is put right about another face leaves it where it is.
    form = await press(club, club.sandbox.member, message, "That's wrong")
    await form.wait_modal()
    fields = {"Which one?": ["1"], "Who is it?": "Somebody Quite Else"}
    await club.sandbox.submit_modal(club.sandbox.member, form, fields)
    await until(lambda: "Corrected." in message.content)
    assert len(thumbnails(message)) == 1
    assert (await kept(club, message)).corrections

    # A second look makes them anew.
    await press(club, club.sandbox.member, message, "Whole picture")
    await until(lambda: message.embeds[0]["title"].startswith("Whole picture"))
    await press(club, club.sandbox.member, message, "Faces")
    await until(lambda: not message.embeds[0]["title"].startswith("Whole picture"))
    assert references(message) == ["known-1-1.jpg"]


async def test_none_without_kept_pictures(club: Club, alone: bytes, friends: bytes) -> None:
    await taught(club, alone)
    message = await club.answer(friends)
    assert NAME in message.content
    assert references(message) == []
    await keep(club)
    await taught(club, part(friends, (780, 180, 1160, 720)), name="Somebody Quite Else")
    assert references(await club.answer(friends)) == ["known-1-3.jpg"]
    await keep(club, on=False)  # deletes them
    assert references(await club.answer(friends)) == []


async def test_none_beside_a_hidden_picture(club: Club, alone: bytes) -> None:
    await keep(club)
    await taught(club, alone)
    sandbox = club.sandbox
    files = [("a.png", alone)]
    posted = await sandbox.post(sandbox.member, sandbox.channel, "", files, spoiler=True)
    handle = await sandbox.message_command(sandbox.member, posted, "Who is this?")
    message = await handle.wait_answer()
    assert all(one.spoiler for one in message.files)
    assert thumbnails(message) == []


async def test_another_servers_pictures_are_not_shown(
    club: Club, alone: bytes, friends: bytes
) -> None:
    elsewhere = second_server(club)
    await keep(club)
    await taught(club, alone)
    options = {"picture": ("a.png", friends)}
    handle = await club.sandbox.slash(club.sandbox.other, elsewhere, "whois", options)
    message = await handle.wait_answer()
    assert references(message) == []


async def test_none_of_what_a_quiz_is_asking(club: Club, alone: bytes) -> None:
    """The name beside it would be the answer to the quiz."""
    await keep(club)
    await taught(club, alone)
    other, watch = leaning(alone), club.services.watch
    assert watch is not None
    assert references(await club.answer(other)) == ["known-1-1.jpg"]
    await watch.put_up(club.sandbox.guild.id, "quiz", [alone])
    message = await club.answer(other)
    assert NAME in message.content  # another drawing of whom the quiz asks may be asked about
    assert references(message) == []
    assert thumbnails(message) == []
    await watch.take_down(club.sandbox.guild.id, "quiz")
    assert references(await club.answer(other)) == ["known-1-1.jpg"]


def leaning(picture: bytes) -> bytes:
    """So much changed that it passes for another picture of the same character."""
    image, out = Image.open(io.BytesIO(picture)).convert("RGB"), io.BytesIO()
    matrix = (1, 0.25, -60, 0, 1, 0)
    image.transform(image.size, Image.Transform.AFFINE, matrix, fillcolor="white").save(out, "PNG")
    return out.getvalue()
