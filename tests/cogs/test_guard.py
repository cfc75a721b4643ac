"""Links lead to the open internet only, whatever names, redirects and numbers say."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from cogs.shared.download import Downloader
from cogs.shared.guard import Guard, GuardedResolver, is_public
from cogs.shared.picture_link import PictureLink
from cogs.shared.refusals import LinkRefused, LinkUnreachable
from recognition.errors import PictureTooLarge

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PUBLIC = "93.184.216.34"
LIMIT = 1000
ANY_PORT = range(1, 65536)


class Names(AbstractResolver):
    """A name server: for each name a list of answers, one a question; the last one is repeated."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked.append(host)
        known = self.answers.get(host.partition(".")[0])
        if known is None:
            raise OSError(f"no such name: {host}")
        found = known.pop(0) if len(known) > 1 else known[0]
        return [
            ResolveResult(
                hostname=host, host=one, port=port, proto=0, flags=socket.AI_NUMERICHOST,
                family=socket.AF_INET6 if ":" in one else socket.AF_INET,
            )
            for one in found
        ]  # fmt: skip

    async def close(self) -> None: ...


class Host:
    """A web server on loopback that counts who came."""

    def __init__(self) -> None:
        self.visits: list[str] = []
        self.answer: Handler = _picture
        self.port = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.visits.append(f"{request.host}{request.path}")
        return await self.answer(request)


async def _picture(request: web.Request) -> web.StreamResponse:
    return web.Response(body=b"picture")


def sending(location: str) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(location)

    return answer


async def serve(host: Host, address: str = "127.0.0.1") -> web.AppRunner:
    app = web.Application()
    app.router.add_get("/{tail:.*}", host.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, address, 0).start()
    host.port = runner.addresses[0][1]
    return runner


@pytest.fixture
async def outside() -> AsyncIterator[Host]:
    """Stands for a host on the internet: its port, and only it, may be reached."""
    host = Host()
    runner = await serve(host)
    yield host
    await runner.cleanup()


@pytest.fixture
async def inside() -> AsyncIterator[Host]:
    """Something in our own network that nobody may reach."""
    host = Host()
    runner = await serve(host)
    yield host
    await runner.cleanup()
    assert host.visits == []


def downloader(outside: Host, names: Names | None = None, limit_s: float = 2.0) -> Downloader:
    guard = Guard(allowed=[("127.0.0.1", outside.port)], ports=ANY_PORT)
    return Downloader(guard=guard, resolver=names, limit_bytes=LIMIT, limit_s=limit_s)


async def fetch(made: Downloader, url: str) -> bytes:
    async with made:
        return await made.fetch(PictureLink(url, outside=True))


# fmt: off
REFUSED = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.1", "192.0.2.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "192.88.99.1", "168.63.129.16", "::1", "::", "::ffff:127.0.0.1",
    "::ffff:1.1.1.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::1.1.1.1",
    "64:ff9b:1::1", "fe80::1", "fe80::1%1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1",
    "2001:db8::1", "2002:7f00:1::1", "2002:101:101::1", "2001:0:7f00:1::1", "100::1",
    "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost",
]
# fmt: on


@pytest.mark.parametrize("address", REFUSED)
def test_addresses_that_are_not_on_the_internet(address: str) -> None:
    assert not is_public(address)
    assert not Guard().permits(address, 443)


def test_a_host_of_ours_can_be_let_in() -> None:
    assert Guard(allowed=[("127.0.0.1", 81)]).permits("127.0.0.1", 81)
    assert not Guard(allowed=[("127.0.0.1", 81)]).permits("127.0.0.1", 82)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", PUBLIC, "172.32.0.1", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"]
)
def test_addresses_that_are(address: str) -> None:
    assert is_public(address)
    assert Guard().permits(address, 80)
    assert Guard().permits(address, 443)
    assert not Guard().permits(address, 22)
    assert not Guard().permits(address, 6379)


def test_an_own_address_is_refused_even_where_it_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cogs.shared.guard.is_public", lambda address: True)
    assert not Guard().permits("127.0.0.1", 443)
    assert Guard().permits("192.0.2.1", 443)


async def test_a_picture_on_the_internet_arrives(outside: Host) -> None:
    names = Names(pictures=[["127.0.0.1"]])
    url = f"http://pictures.example:{outside.port}/a.png"
    assert await fetch(downloader(outside, names), url) == b"picture"


def locations(port: int) -> list[str]:
    """Ways to write an address of ours."""
    return [
        f"http://127.0.0.1:{port}/",
        f"http://[::1]:{port}/",
        f"http://[::ffff:127.0.0.1]:{port}/",
        f"http://[::ffff:7f00:1]:{port}/",
        f"http://[64:ff9b::7f00:1]:{port}/",
        f"http://2130706433:{port}/",
        f"http://0x7f000001:{port}/",
        f"http://0x7f.0.0.1:{port}/",
        f"http://0177.0.0.1:{port}/",
        f"http://017700000001:{port}/",
        f"http://127.1:{port}/",
        f"http://0:{port}/",
        f"http://0.0.0.0:{port}/",
        f"http://[::]:{port}/",
        f"http://localhost:{port}/",
        f"http://LOCALHOST.:{port}/",
        f"http://①②⑦.⓪.⓪.①:{port}/",
        f"http://inside.example:{port}/",
        f"http://{socket.gethostname()}:{port}/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://2852039166/latest/meta-data/",
        "http://[fd00:ec2::254]/latest/meta-data/",
        "http://100.100.100.200/latest/meta-data/",
        "https://192.168.0.1/",
        "https://10.1.2.3/",
        f"http://{PUBLIC}:22/",
    ]


WAYS = len(locations(0))


@pytest.mark.parametrize("way", range(WAYS))
async def test_a_link_to_ourselves_is_refused(outside: Host, inside: Host, way: int) -> None:
    made = Downloader(guard=Guard(ports=ANY_PORT), limit_s=2.0)
    with pytest.raises(LinkUnreachable):
        await fetch(made, locations(inside.port)[way])


@pytest.mark.parametrize("way", range(WAYS))
async def test_a_redirect_to_ourselves_is_refused(outside: Host, inside: Host, way: int) -> None:
    outside.answer = sending(locations(inside.port)[way])
    names = Names(pictures=[["127.0.0.1"]], inside=[["127.0.0.1"]], localhost=[["127.0.0.1"]])
    with pytest.raises(LinkUnreachable):
        await fetch(downloader(outside, names), f"http://pictures.example:{outside.port}/moved.png")
    assert outside.visits == [f"pictures.example:{outside.port}/moved.png"]


@pytest.mark.parametrize(
    "answer",
    ["127.0.0.1", "::1", "169.254.169.254", "10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"],
)
async def test_a_name_that_means_ourselves_is_refused(
    outside: Host, inside: Host, answer: str
) -> None:
    for answers in ([answer], [PUBLIC, answer], [answer, PUBLIC]):
        made = downloader(outside, Names(evil=[answers]))
        with pytest.raises(LinkUnreachable):
            await fetch(made, f"http://evil.example:{inside.port}/")


async def test_a_name_that_changes_its_meaning_is_asked_again_and_refused(
    outside: Host, inside: Host
) -> None:
    """The first answer is good; by the second connection the name means something of ours."""
    names = Names(evil=[["127.0.0.1"], ["169.254.169.254"]])
    outside.answer = sending(f"http://evil.example:{outside.port}/again.png")
    with pytest.raises(LinkUnreachable):
        await fetch(downloader(outside, names), f"http://evil.example:{outside.port}/a.png")
    assert names.asked == ["evil.example"] * 2
    assert len(outside.visits) == 1


async def test_the_connection_itself_is_checked_not_only_the_name(
    outside: Host, inside: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should a resolver let an address through, the socket is still not opened."""

    async def careless(
        self: GuardedResolver, host: str, port: int, family: socket.AddressFamily
    ) -> list[ResolveResult]:
        return await self._resolver.resolve(host, port, family)

    monkeypatch.setattr(GuardedResolver, "resolve", careless)
    made = downloader(outside, Names(evil=[["127.0.0.1"]]))
    with pytest.raises(LinkUnreachable):
        await fetch(made, f"http://evil.example:{inside.port}/")


class Fickle(Guard):
    """Lets the name and the socket pass, and refuses the peer."""

    def __init__(self) -> None:
        super().__init__()
        self.left = 2

    def permits(self, address: str, port: int) -> bool:
        self.left -= 1
        return self.left >= 0


async def test_nothing_is_sent_to_a_peer_that_is_refused(inside: Host) -> None:
    made = Downloader(guard=Fickle(), resolver=Names(evil=[["127.0.0.1"]]), limit_s=2.0)
    with pytest.raises(LinkUnreachable):
        await fetch(made, f"http://evil.example:{inside.port}/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "picture",
        "//pictures.example/a.png",
        "ftp://pictures.example/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "gopher://127.0.0.1:70/",
        "javascript:alert(1)",
        "http://",
        "http://:80/",
        "http://[::1/",
        "http://pictures.example:99999/",
        "http://me:secret@pictures.example/",
        "https://pictures.example/" + "a" * 2000,
    ],
)
async def test_what_is_no_web_address_is_refused(outside: Host, url: str) -> None:
    with pytest.raises(LinkRefused):
        await fetch(downloader(outside), url)


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://x.example/", "http://me:x@x.example/", "http://[", ""]
)
async def test_a_redirect_to_no_web_address_is_refused(outside: Host, location: str) -> None:
    outside.answer = sending(location) if location else _moved_nowhere
    with pytest.raises(LinkUnreachable):
        await fetch(downloader(outside), f"http://127.0.0.1:{outside.port}/")


async def _moved_nowhere(request: web.Request) -> web.StreamResponse:
    return web.Response(status=302)


async def test_redirects_are_followed_but_not_for_ever(outside: Host) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        left = int(request.path.strip("/"))
        return web.Response(body=b"x") if not left else await sending(f"/{left - 1}")(request)

    outside.answer = answer
    assert await fetch(downloader(outside), f"http://127.0.0.1:{outside.port}/5") == b"x"
    with pytest.raises(LinkUnreachable):
        await fetch(downloader(outside), f"http://127.0.0.1:{outside.port}/6")


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 429, 500, 503])
async def test_every_status_but_one_is_the_same_failure(outside: Host, status: int) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status)

    outside.answer = answer
    with pytest.raises(LinkUnreachable):
        await fetch(downloader(outside), f"http://127.0.0.1:{outside.port}/")
    assert len(outside.visits) == 1


async def test_too_many_bytes_and_too_many_seconds(outside: Host) -> None:
    async def long(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"x" * (LIMIT + 1))

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * LIMIT)

    async def slow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.05)

    for answer in (long, endless):
        outside.answer = answer
        with pytest.raises(PictureTooLarge):
            await fetch(downloader(outside), f"http://127.0.0.1:{outside.port}/")
    outside.answer = slow
    with pytest.raises(LinkUnreachable):
        await fetch(downloader(outside, limit_s=0.4), f"http://127.0.0.1:{outside.port}/")


async def test_no_cookie_and_no_secret_is_sent(outside: Host) -> None:
    seen: list[dict[str, str]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append(dict(request.headers))
        if request.path == "/second":
            return web.Response(body=b"x")
        response = web.Response(status=302, headers={"Location": "/second"})
        response.set_cookie("track", "me")
        return response

    outside.answer = answer
    assert await fetch(downloader(outside), f"http://127.0.0.1:{outside.port}/") == b"x"
    assert len(seen) == 2
    for headers in seen:
        assert not {"Cookie", "Authorization", "Referer"} & set(headers)
