"""Which pictures a message means. The messages are discord.py's own, made from Discord's JSON."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from cogs.shared.picture_link import PictureLink
from cogs.shared.pictures import attachment_link, is_hidden, link_option, pictures_in
from cogs.shared.refusals import LinkRefused
from tests.cogs.made import attachment, attachment_json, offline_state

PROXY = "https://images-ext-1.discordapp.net/external/x/"


def message(**fields: Any) -> discord.Message:
    state = offline_state()
    usual = {
        "id": "10",
        "type": 0,
        "content": "",
        "channel_id": "11",
        "author": {"id": "12", "username": "kai", "discriminator": "0", "avatar": None},
        "attachments": [],
        "embeds": [],
        "edited_timestamp": None,
        "timestamp": "2026-01-01T00:00:00+00:00",
        "pinned": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "tts": False,
    }
    channel = discord.PartialMessageable(state=state, id=11)
    return discord.Message(state=state, channel=channel, data={**usual, **fields})  # type: ignore


def urls(found: list[PictureLink]) -> list[str]:
    return [link.url.rsplit("/", 1)[-1] for link in found]


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({"content_type": "image/png"}, True),
        ({"content_type": "image/svg+xml"}, True),
        ({"content_type": "video/mp4", "filename": "a.mp4"}, False),
        ({"content_type": "text/plain; charset=utf-8", "filename": "a.txt"}, False),
        ({"content_type": None, "filename": "scan.JPG"}, True),
        ({"content_type": None, "filename": "picture"}, True),
        ({"content_type": None, "filename": "a.exe"}, False),
        ({"content_type": "application/octet-stream", "filename": "a.avif"}, True),
        ({"content_type": "application/zip", "filename": "a.zip"}, False),
    ],
)
def test_attachments_that_may_be_pictures(fields: dict[str, Any], taken: bool) -> None:
    found = pictures_in(message(attachments=[attachment_json(**fields)]))
    assert bool(found) is taken


def test_everything_in_reading_order_and_each_once() -> None:
    one = attachment_json(url="https://cdn.discordapp.com/1.png")
    embeds = [
        {"type": "image", "url": "https://a/", "thumbnail": {"url": "x", "proxy_url": PROXY + "2"}},
        {"type": "rich", "image": {"url": "x", "proxy_url": PROXY + "3"}},
        {"type": "rich", "image": {"url": "x", "proxy_url": PROXY + "3"}},
        {"type": "gifv", "thumbnail": {"url": "x", "proxy_url": PROXY + "film"}},
        {"type": "rich", "image": {"url": "https://anywhere.example/not-fetched.png"}},
        {"type": "rich", "title": "only text"},
    ]
    stickers = [
        {"id": "4", "name": "wave", "format_type": 1},
        {"id": "5", "name": "vector", "format_type": 3},
    ]
    found = pictures_in(message(attachments=[one, one], embeds=embeds, sticker_items=stickers))
    assert urls(found) == ["1.png", "2", "3", "4.png"]


def test_forwarded_messages_count() -> None:
    snapshot = {
        "type": 0,
        "content": "",
        "embeds": [],
        "attachments": [attachment_json(url="https://cdn.discordapp.com/f.png")],
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
    }
    assert urls(pictures_in(message(message_snapshots=[{"message": snapshot}]))) == ["f.png"]


def test_spoilers_are_seen_in_names_and_around_links() -> None:
    hidden = attachment_json(filename="SPOILER_a.png")
    assert attachment_link(attachment(filename="SPOILER_a.png")).spoiler
    link = "https://example.org/p.png"
    embed = {"type": "image", "url": link, "thumbnail": {"url": link, "proxy_url": PROXY + "p"}}
    found = pictures_in(message(attachments=[hidden], embeds=[embed], content=f"see ||{link}||"))
    assert [one.spoiler for one in found] == [True, True]
    found = pictures_in(message(embeds=[embed], content=link))
    assert [one.spoiler for one in found] == [False]


def test_a_message_without_pictures_has_none() -> None:
    assert pictures_in(message(content="https://example.org/p.html")) == []


def test_links_to_picture_files_count_where_discord_shows_none() -> None:
    text = "https://example.org/a.png ||https://example.org/b.JPG?x=1|| https://example.org/page"
    found = pictures_in(message(content=text))
    assert [(one.url, one.outside, one.spoiler) for one in found] == [
        ("https://example.org/a.png", True, False),
        ("https://example.org/b.JPG?x=1", True, True),
    ]
    link = "https://example.org/a.png"
    embed = {"type": "image", "url": link, "thumbnail": {"url": link, "proxy_url": PROXY + "a"}}
    found = pictures_in(message(content=text, embeds=[embed]))
    assert [one.outside for one in found] == [False, True]


def test_galleries_of_other_bots_count() -> None:
    media = {"url": "https://x/", "proxy_url": PROXY + "1", "content_type": "image/png"}
    items = [{"media": media, "spoiler": True}]
    components = [{"type": 17, "id": 1, "components": [{"type": 12, "id": 2, "items": items}]}]
    found = pictures_in(message(components=components, flags=1 << 15))
    assert [(one.url, one.spoiler, one.outside) for one in found] == [(PROXY + "1", True, False)]


def test_it_is_told_where_an_attachment_lies() -> None:
    (found,) = pictures_in(message(attachments=[attachment_json()]))
    assert (found.channel_id, found.message_id, found.attachment_id) == (11, 10, 1)
    assert attachment_link(attachment()).message_id is None


def test_a_message_that_discord_hides_from_us() -> None:
    assert is_hidden(message())
    assert not is_hidden(message(content="hello"))
    assert not is_hidden(message(type=7))  # somebody joined
    assert not is_hidden(message(sticker_items=[{"id": "5", "name": "v", "format_type": 3}]))


@pytest.mark.parametrize("text", ["picture", "http://me:x@example.org/a.png", "file:///a.png", ""])
def test_an_option_that_is_no_link(text: str) -> None:
    with pytest.raises(LinkRefused):
        link_option(text)
