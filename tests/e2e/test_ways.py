"""Every way to ask with a command, and bad input on every option."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from catalog import Catalog
from cogs.shared.guard import Guard
from recognition.recognizer import Recognizer
from sandbox import Sandbox, StoredMessage, UsageError
from sandbox.models import Overwrite
from sandbox.permissions import READ_MESSAGE_HISTORY
from store.types import CardDetail, NameOrder
from tests.e2e.conftest import Club, open_club

NO_LINK = "I can't get a picture from that link."


def titles(message: StoredMessage) -> list[str]:
    return [str(embed["title"]) for embed in message.embeds]


async def test_nothing_given_takes_the_newest_picture_and_says_which(
    club: Club, portrait: bytes, friends: bytes
) -> None:
    sandbox = club.sandbox
    await sandbox.post(sandbox.member, sandbox.channel, "old", [("a.png", portrait)])
    newest = await sandbox.post(sandbox.other, sandbox.channel, "new", [("b.png", friends)])
    await sandbox.post(sandbox.member, sandbox.channel, "only words")
    first = await club.ask()
    assert len(first.files) == 1
    assert first.content.endswith(f"/{sandbox.guild.id}/{sandbox.channel.id}/{newest.id}")
    assert first.files[0].description.count(";") == 2  # type: ignore[union-attr]
    # The bot's own answer is the newest message with a picture now, and is not asked about.
    assert (await club.ask()).content == first.content


async def test_nothing_given_and_nothing_there(club: Club) -> None:
    sandbox = club.sandbox
    await sandbox.post(sandbox.member, sandbox.channel, "words", [("a.txt", b"words")])
    message = await club.ask()
    assert message.ephemeral
    assert message.content.startswith("I see no picture in the last 50 messages.")


async def test_nothing_given_where_the_bot_may_not_look_back(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    await sandbox.post(sandbox.member, sandbox.channel, "", [("a.png", portrait)])
    everyone = sandbox.guild.id
    sandbox.channel.overwrites[everyone] = Overwrite(everyone, 0, deny=READ_MESSAGE_HISTORY)
    message = await club.ask()
    assert message.ephemeral
    assert message.content.startswith("I can't read this channel.")


async def test_nothing_given_where_only_the_user_has_the_bot(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    person = sandbox.create_user("aki", "Aki", user_installed=True)
    elsewhere = sandbox.create_guild("Elsewhere", person, app_installed=False)
    room = sandbox.create_channel(elsewhere, "general")
    for channel in (room, sandbox.group(person, sandbox.other, sandbox.member)):
        posted = await sandbox.post(person, channel, "", [("a.png", portrait)])
        message = await (await sandbox.slash(person, channel, "whois")).wait_answer()
        assert message.content.startswith("I can't read this channel.")
        handle = await sandbox.message_command(person, posted, "Who is this?")
        assert (await handle.wait_answer()).files
    direct = sandbox.dm(person)
    await sandbox.post(person, direct, "", [("a.png", portrait)])
    assert (await (await sandbox.slash(person, direct, "whois")).wait_answer()).files


async def test_nothing_given_where_discord_hides_what_people_post(
    recognizer: Recognizer, catalog: Catalog, portrait: bytes
) -> None:
    async with open_club(recognizer, catalog, sandbox=Sandbox(privileged=())) as club:
        sandbox = club.sandbox
        await sandbox.post(sandbox.member, sandbox.channel, "", [("a.png", portrait)])
        message = await club.ask()
        assert message.ephemeral
        assert message.content.startswith("Discord doesn't show me that picture.")


async def test_stickers_and_forwards_and_previews_of_links(
    club: Club, portrait: bytes, friends: bytes
) -> None:
    sandbox = club.sandbox
    sticker = sandbox.create_sticker(sandbox.guild, "wave", portrait)
    stuck = await sandbox.post(sandbox.member, sandbox.channel, stickers=[sticker])
    original = await sandbox.post(
        sandbox.member, sandbox.bots, "", [("f.png", friends)], spoiler=True
    )
    forwarded = await sandbox.forward(sandbox.other, original, sandbox.channel)
    file_url = sandbox.as_json(original)["attachments"][0]["url"]
    linked = await sandbox.post(sandbox.member, sandbox.channel, "||https://a.example/x.png||")
    media = {"url": file_url, "proxy_url": file_url, "width": 1, "height": 1}
    await sandbox.unfurl(
        linked, {"type": "image", "url": "https://a.example/x.png", "thumbnail": media}
    )
    for message, hidden in ((stuck, False), (forwarded, True), (linked, True)):
        handle = await sandbox.message_command(sandbox.other, message, "Who is this?")
        answer = await handle.wait_answer()
        assert len(answer.files) == 1, answer.content
        assert answer.files[0].spoiler is hidden


async def test_in_a_thread(club: Club, portrait: bytes) -> None:
    sandbox = club.sandbox
    thread = sandbox.create_thread(sandbox.channel, "who", sandbox.member)
    await sandbox.post(sandbox.member, thread, "", [("a.png", portrait)])
    assert (await (await sandbox.slash(sandbox.other, thread, "whois")).wait_answer()).files


async def test_modes(club: Club, portrait: bytes, friends: bytes) -> None:
    whole = await club.ask(picture=("a.png", portrait), mode="whole")
    assert titles(whole)[0].startswith("Whole picture · ")
    assert "as you asked" in whole.embeds[0]["description"]
    faces = await club.ask(picture=("a.png", friends), mode="faces")
    assert faces.files[0].description.startswith("1: ")  # type: ignore[union-attr]
    auto = await club.ask(picture=("a.png", friends))
    assert auto.embeds == faces.embeds


async def test_faces_only_where_there_is_none(club: Club, picture: object) -> None:
    blank = picture("PNG", size=(200, 200))  # type: ignore[operator]
    message = await club.ask(picture=("a.png", blank), mode="faces")
    assert message.content == "I found no face in this picture."
    assert message.files


async def test_private_answers_are_for_the_asker(club: Club, portrait: bytes) -> None:
    message = await club.ask(picture=("a.png", portrait), private=True)
    assert message.ephemeral
    assert message.files
    assert not club.sandbox.messages(club.sandbox.channel)
    bad = await club.ask(picture=("a.png", b"no picture"), private=True)
    assert bad.ephemeral
    assert bad.content.startswith("I can't read that file")


async def test_what_discord_itself_refuses_to_send(club: Club, portrait: bytes) -> None:
    for options in (
        {"picture": "not a file"},
        {"link": ""},
        {"link": "x" * 2001},
        {"mode": "upside down"},
        {"private": "perhaps"},
        {"who": "me"},
    ):
        with pytest.raises(UsageError):
            await club.ask(**options)  # type: ignore[arg-type]
    await club.assert_goes_on(portrait)


@pytest.fixture
async def gallery(portrait: bytes) -> AsyncIterator[tuple[str, int]]:
    """A web site with pictures, and its port; it stands for one on the internet."""

    async def file(request: web.Request) -> web.Response:
        match request.path:
            case "/picture" | "/picture.png":
                return web.Response(body=portrait)
            case "/page":
                return web.Response(text="<html><img src=picture></html>", content_type="text/html")
            case "/inward":
                raise web.HTTPFound("http://169.254.169.254/latest/meta-data/")
            case "/loop":
                raise web.HTTPFound("/loop")
        raise web.HTTPNotFound

    app = web.Application()
    app.router.add_get("/{tail:.*}", file)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    yield f"http://127.0.0.1:{port}", port
    await runner.cleanup()


async def test_links(
    recognizer: Recognizer, catalog: Catalog, gallery: tuple[str, int], portrait: bytes
) -> None:
    site, port = gallery
    guard = Guard(allowed=[("127.0.0.1", port)])
    async with open_club(recognizer, catalog, guard=guard) as club:
        assert (await club.ask(link=f"<{site}/picture>")).files
        hidden = await club.ask(link=f"||{site}/picture||")
        assert hidden.files[0].spoiler
        both = await club.ask(picture=("a.png", portrait), link=f"{site}/picture")
        assert [file.filename for file in both.files] == ["whois-1.jpg", "whois-2.jpg"]
        page = await club.ask(link=f"{site}/page")
        assert page.ephemeral
        assert page.content.startswith("I can't read that file as a picture")
        for path in ("inward", "loop", "nothing"):
            refused = await club.ask(link=f"{site}/{path}")
            assert refused.ephemeral
            assert refused.content == NO_LINK


async def test_links_in_what_somebody_wrote(
    recognizer: Recognizer, catalog: Catalog, gallery: tuple[str, int]
) -> None:
    """Discord has shown no preview (yet): a link to a picture file counts all the same."""
    site, port = gallery
    guard = Guard(allowed=[("127.0.0.1", port)])
    async with open_club(recognizer, catalog, guard=guard) as club:
        sandbox = club.sandbox
        for text, hidden in ((f"see {site}/picture.png", False), (f"||{site}/picture.png||", True)):
            posted = await sandbox.post(sandbox.member, sandbox.channel, text)
            handle = await sandbox.message_command(sandbox.other, posted, "Who is this?")
            answer = await handle.wait_answer()
            assert [one.spoiler for one in answer.files] == [hidden], answer.content


async def test_links_that_lead_to_ourselves_all_get_the_same_sentence(
    club: Club, portrait: bytes
) -> None:
    sandbox = club.sandbox
    posted = await sandbox.post(sandbox.member, sandbox.channel, "", [("a.png", portrait)])
    own = sandbox.as_json(posted)["attachments"][0]["url"]
    assert own.startswith("http://127.0.0.1:")
    port = own.split(":")[2].split("/")[0]
    for link in (
        own,
        own.replace("127.0.0.1", "[::1]"),
        own.replace("127.0.0.1", "localhost"),
        own.replace("127.0.0.1", "2130706433"),
        own.replace("127.0.0.1", "0x7f000001"),
        own.replace("127.0.0.1", "[::ffff:127.0.0.1]"),
        f"http://127.0.0.1:{port}/api/v10/gateway",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
        "https://10.0.0.1/",
        "http://no-such-name.invalid/a.png",
    ):
        message = await club.ask(link=link)
        assert message.ephemeral
        assert message.content == NO_LINK, link
    for link in (
        "ftp://a.example/b.png",
        "picture",
        "http://me:x@a.example/",
        "file:///etc/passwd",
    ):
        message = await club.ask(link=link)
        assert message.ephemeral
        assert message.content.startswith("I can only follow links that begin with http")
    await club.assert_goes_on(portrait)


async def test_answers_are_as_staff_set_them(club: Club, portrait: bytes) -> None:
    assert club.services.store
    usual = await club.answer(portrait)
    assert usual.embeds[0]["title"] == "1 · Ayanami Rei"
    await club.services.store.settings.change(
        club.sandbox.guild.id,
        club.sandbox.owner.id,
        name_order=NameOrder.GIVEN_FIRST,
        card_detail=CardDetail.FULL,
    )
    turned = await club.answer(portrait)
    assert turned.embeds[0]["title"] == "1 · Rei Ayanami"
    assert turned.files[0].description.startswith("1: Rei Ayanami")  # type: ignore[union-attr]
    assert turned.files[0].data != usual.files[0].data
    assert "Hair: " in turned.embeds[0]["description"]
