"""Downloading: from Discord's hosts only, within bytes and seconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from cogs.shared.download import Downloader
from cogs.shared.picture_link import PictureLink
from cogs.shared.refusals import PictureGone, PictureTooSlow, PictureUnreachable
from recognition.errors import PictureTooLarge

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Handler], Awaitable[tuple[str, Downloader]]]
LIMIT = 1000


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a file host of one handler; returns its address and a downloader that trusts it."""
    opened: list[web.AppRunner | Downloader] = []

    async def start(handler: Handler) -> tuple[str, Downloader]:
        app = web.Application()
        app.router.add_get("/{tail:.*}", handler)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host = f"127.0.0.1:{runner.addresses[0][1]}"
        downloader = Downloader(extra_hosts=[host], limit_bytes=LIMIT, limit_s=0.6)
        opened.extend([downloader, runner])
        return f"http://{host}/a.png?ex=1%2F2&hm=ab&", downloader

    yield start
    for one in opened:
        await (one.aclose() if isinstance(one, Downloader) else one.cleanup())


async def test_bytes_arrive_by_exactly_the_signed_link(serve: Serve) -> None:
    asked: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        asked.append(request.raw_path)
        return web.Response(body=b"x" * LIMIT)

    url, downloader = await serve(handler)
    assert await downloader.fetch(PictureLink(url)) == b"x" * LIMIT
    assert asked == ["/a.png?ex=1%2F2&hm=ab&"]


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_gone(serve: Serve, status: int) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=status)

    url, downloader = await serve(handler)
    with pytest.raises(PictureGone):
        await downloader.fetch(PictureLink(url))


async def test_stated_size_is_refused_before_anything_is_asked(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        raise AssertionError("nobody should ask")

    url, downloader = await serve(handler)
    with pytest.raises(PictureTooLarge) as caught:
        await downloader.fetch(PictureLink(url, declared_bytes=LIMIT + 1))
    assert (caught.value.what, caught.value.limit, caught.value.actual) == ("bytes", 1000, 1001)


async def test_announced_length_is_refused_before_it_is_read(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=b"x" * (LIMIT + 1))

    url, downloader = await serve(handler)
    with pytest.raises(PictureTooLarge):
        await downloader.fetch(PictureLink(url, declared_bytes=5))


async def test_an_endless_body_is_cut(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        with_room = 100
        for _ in range(with_room):
            await response.write(b"x" * LIMIT)
        return response

    url, downloader = await serve(handler)
    with pytest.raises(PictureTooLarge):
        await downloader.fetch(PictureLink(url))


async def test_a_slow_body_ends_in_time(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(50):
            await response.write(b"x")
            await asyncio.sleep(0.1)
        return response

    url, downloader = await serve(handler)
    with pytest.raises(PictureTooSlow):
        await downloader.fetch(PictureLink(url))


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_one_bad_moment_is_forgiven_and_two_are_not(serve: Serve, status: int) -> None:
    answers = [status, 200, status, status]

    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=answers.pop(0), body=b"x", headers={"Retry-After": "0"})

    url, downloader = await serve(handler)
    assert await downloader.fetch(PictureLink(url)) == b"x"
    with pytest.raises(PictureUnreachable):
        await downloader.fetch(PictureLink(url))


async def test_a_redirect_is_not_followed(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        raise web.HTTPFound("/elsewhere.png")

    url, downloader = await serve(handler)
    with pytest.raises(PictureUnreachable):
        await downloader.fetch(PictureLink(url))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/a.png",
        "http://169.254.169.254/latest",
        "http://cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com:8443/a.png",
        "https://cdn.discordapp.com.evil.example/a.png",
        "https://cdn.discordapp.com@evil.example/a.png",
        "file:///etc/passwd",
        "attachment://a.png",
        "",
    ],
)
async def test_other_hosts_are_never_asked(url: str) -> None:
    async with Downloader() as downloader:
        with pytest.raises(PictureUnreachable):
            await downloader.fetch(PictureLink(url))


async def test_a_closed_door_is_unreachable(serve: Serve) -> None:
    async with Downloader(extra_hosts=["127.0.0.1:9"]) as downloader:
        with pytest.raises(PictureUnreachable):
            await downloader.fetch(PictureLink("http://127.0.0.1:9/a.png"))
