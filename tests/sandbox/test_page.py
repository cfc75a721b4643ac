"""The page's API: what it shows, what it lets people do, and whom it turns away."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import sandbox as package
from sandbox import Sandbox
from tests.sandbox.bot import PNG, Club

STATIC = Path(package.__file__).parent / "static"
OWN = {"X-Sandbox-Page": "1"}


@pytest.fixture
async def browser(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(sandbox.page_url) as session:
        yield session


async def act(
    browser: aiohttp.ClientSession,
    path: str,
    payload: dict[str, Any],
    headers: dict[str, str] = OWN,
    **files: tuple[str, bytes],
) -> tuple[int, Any]:
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("payload", json.dumps(payload))
    for name, (filename, data) in files.items():
        form.add_field(name, data, filename=filename)
    async with browser.post(f"/page/{path}", data=form, headers=headers) as response:
        return response.status, await response.json()


async def read(browser: aiohttp.ClientSession, path: str, **query: Any) -> Any:
    async with browser.get(f"/page/{path}", params=query) as response:
        assert response.status == 200, await response.text()
        return await response.json()


@asynccontextmanager
async def events(browser: aiohttp.ClientSession, user_id: int) -> AsyncIterator[Any]:
    """``await hear(test)``: the first live event that ``test`` accepts."""
    async with browser.get("/page/events", params={"user": user_id}) as stream:
        assert stream.content_type == "text/event-stream"
        await stream.content.readuntil(b"\n\n")

        async def hear(test: Any) -> Any:
            async with asyncio.timeout(5):
                while True:
                    block = await stream.content.readuntil(b"\n\n")
                    event = json.loads(block.removeprefix(b"data: "))
                    if test(event):
                        return event

        yield hear


async def test_the_page_and_its_files(browser: aiohttp.ClientSession) -> None:
    async with browser.get("/") as response:
        text = await response.text()
        policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    for name in re.findall(r'(?:src|href)="(/static/[^"]+)"', text):
        async with browser.get(name) as response:
            assert response.status == 200


@pytest.mark.parametrize("file", sorted(STATIC.iterdir()), ids=lambda file: file.name)
def test_no_outside_resources_and_no_html_from_strings(file: Path) -> None:
    text = file.read_text()
    assert not re.search(r"(src|href|import|url\()\s*=?\s*[\"'(]?https?:", text)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)


async def test_foreign_sites_are_turned_away(
    sandbox: Sandbox, browser: aiohttp.ClientSession
) -> None:
    body = {"user": str(sandbox.member.id), "channel": str(sandbox.channel.id), "content": "x"}
    evil = {"Origin": "https://evil.example"}
    for headers in ({}, evil, OWN | evil, OWN | {"Sec-Fetch-Site": "cross-site"}):
        assert (await act(browser, "post", body, headers))[0] == 403
    for headers in (evil, {"Sec-Fetch-Site": "same-site"}):
        async with browser.get("/page/overview", headers=headers) as response:
            assert response.status == 403
    async with browser.get("/page/overview", headers={"Host": "evil.example"}) as response:
        assert response.status == 421
    assert sandbox.messages(sandbox.channel) == []
    assert (await act(browser, "post", body, OWN | {"Origin": sandbox.page_url}))[0] == 200


async def test_overview_is_what_this_person_sees(
    sandbox: Sandbox, browser: aiohttp.ClientSession
) -> None:
    stranger = sandbox.create_user("aoi", "Aoi")
    seen = await read(browser, "overview", user=sandbox.member.id)
    assert seen["me"]["name"] == "Kai"
    assert [place["name"] for place in seen["places"]] == ["Anime Club", "Direct messages"]
    assert [one["name"] for one in seen["places"][0]["channels"]][:2] == ["pictures", "bots"]
    seen = await read(browser, "overview", user=stranger.id)
    assert [place["name"] for place in seen["places"]] == ["Direct messages"]
    async with browser.get(
        "/page/messages", params={"user": stranger.id, "channel": sandbox.channel.id}
    ) as response:
        assert response.status == 400


async def test_post_with_alt_text_and_spoiler(
    sandbox: Sandbox, browser: aiohttp.ClientSession
) -> None:
    place = {"user": str(sandbox.member.id), "channel": str(sandbox.channel.id)}
    body = {**place, "content": "see", "alts": ["a face"], "spoiler": True}
    async with events(browser, sandbox.other.id) as hear:
        status, sent = await act(browser, "post", body, files=("a.png", PNG))
        assert status == 200
        heard = await hear(lambda event: event["type"] == "message")
    assert heard["message"]["id"] == sent["id"]
    attachment = sent["attachments"][0]
    assert (attachment["filename"], attachment["description"]) == ("SPOILER_a.png", "a face")
    assert attachment["url"].startswith("/cdn/")
    async with browser.get(attachment["url"]) as response:
        assert await response.read() == PNG
    shown = await read(browser, "messages", user=sandbox.other.id, channel=sandbox.channel.id)
    assert [one["id"] for one in shown] == [sent["id"]]


async def test_a_slash_command_from_the_page(
    sandbox: Sandbox, bot: Club, browser: aiohttp.ClientSession
) -> None:
    place = {"user": str(sandbox.member.id), "channel": str(sandbox.channel.id)}
    offered = await read(browser, "commands", **place)
    assert {"echo", "panel", "shelf show", "Look at this"} <= {one["name"] for one in offered}
    async with events(browser, sandbox.member.id) as hear:
        body = {**place, "name": "echo", "options": {"title": "Cat"}}
        status, sent = await act(browser, "slash", body, picture=("a.png", PNG))
        assert (status, sent["state"]) == (200, "sent")
        done = await hear(
            lambda event: (
                event["type"] == "interaction" and event["interaction"]["state"] == "answered"
            )
        )
        assert done["interaction"]["id"] == sent["id"]
    shown = await read(browser, "messages", **place)
    assert shown[-1]["embeds"][0]["title"] == "Cat"
    assert shown[-1]["used"] == "Kai used /echo"
    status, problem = await act(browser, "slash", {**place, "name": "echo"})
    assert status == 400
    assert "required" in problem["error"]


async def test_menus_buttons_selects_modals_and_autocomplete(
    sandbox: Sandbox, bot: Club, browser: aiohttp.ClientSession
) -> None:
    user = {"user": str(sandbox.member.id)}
    posted = await sandbox.post(sandbox.other, sandbox.channel, "see", [("a.png", PNG)])
    panel = await (await sandbox.slash(sandbox.other, sandbox.channel, "panel")).wait_answer()
    target = {**user, "message": str(panel.id)}

    body = {**user, "message": str(posted.id), "name": "Look at this"}
    assert (await act(browser, "message-command", body))[0] == 200
    assert (await act(browser, "click", {**target, "key": "count"}))[0] == 200
    assert (await act(browser, "select", {**target, "key": "pick", "values": ["r"]}))[0] == 200
    async with events(browser, sandbox.member.id) as hear:
        await act(browser, "click", {**target, "key": "write"})
        opened = await hear(
            lambda event: event["type"] == "interaction" and event["interaction"]["modal"]
        )
        answers = {"interaction": opened["interaction"]["id"], "answers": {"Text": "hello"}}
        assert (await act(browser, "modal", {**user, **answers}))[0] == 200
        await hear(
            lambda event: (
                event["type"] == "message" and event["message"]["content"] == "noted: hello"
            )
        )
    typed = {"name": "shelf show", "option": "name", "typed": "re"}
    place = {**user, "channel": str(sandbox.channel.id)}
    status, found = await act(browser, "autocomplete", {**place, **typed})
    assert (status, found) == (200, {"choices": [{"name": "Rei", "value": "rei"}]})


async def test_the_page_says_when_the_bot_does_not_respond(
    sandbox: Sandbox, bot: Club, browser: aiohttp.ClientSession
) -> None:
    place = {"user": str(sandbox.member.id), "channel": str(sandbox.channel.id)}
    async with events(browser, sandbox.member.id) as hear:
        await act(browser, "slash", {**place, "name": "slow"})
        sandbox.clock.advance(4)
        failed = await hear(lambda event: event["type"] == "interaction")
    assert failed["interaction"]["state"] == "failed"
    assert "did not respond" in failed["interaction"]["reason"]


async def test_nonsense_is_refused(sandbox: Sandbox, browser: aiohttp.ClientSession) -> None:
    user = {"user": str(sandbox.member.id)}
    for path, body in (
        ("post", {"user": "x"}),
        ("post", {**user, "channel": "1"}),
        ("click", {**user, "message": "1", "key": "x"}),
        ("modal", {**user, "interaction": "1"}),
        ("slash", {**user, "channel": str(sandbox.channel.id), "name": "nothing"}),
    ):
        status, answer = await act(browser, path, body)
        assert status == 400
        assert answer["error"]
    async with browser.post("/page/post", json={}, headers=OWN) as response:
        assert response.status == 400


async def test_it_runs_alone() -> None:
    command = (sys.executable, "-m", "sandbox", "--port", "0")
    root = STATIC.parents[1]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=root, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(20):
        lines = [(await process.stdout.readline()).decode().split() for _ in range(4)]
        shown = dict(lines)
        async with (
            aiohttp.ClientSession(headers={"Authorization": f"Bot {shown['token']}"}) as session,
            session.get(shown["REST"] + "/users/@me") as response,
        ):
            assert (await response.json())["bot"] is True
        process.terminate()
        assert await process.wait() == 0
