"""Fetches pictures within limits: from Discord's file host, and by links from the open internet."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from cogs.shared.guard import Guard, GuardedConnector
from cogs.shared.links import web_address
from cogs.shared.picture_link import PictureLink
from cogs.shared.refusals import (
    LinkRefused,
    LinkUnreachable,
    PictureGone,
    PictureTooSlow,
    PictureUnreachable,
)
from recognition.errors import PictureTooLarge

DISCORD_HOSTS = frozenset(
    {
        "cdn.discordapp.com",
        "media.discordapp.net",
        "images-ext-1.discordapp.net",
        "images-ext-2.discordapp.net",
    }
)
_CHUNK_BYTES = 64 * 1024
# Enough for everybody's pictures to arrive soon, few enough to bound what they take in memory.
_AT_ONCE = 8
# Links have places of their own: a slow host that somebody names must not hold up the others.
_LINKS_AT_ONCE = 4
_MAX_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_LONGEST_PAUSE_S = 3.0
# Encoded as sent, because the limit counts what arrives.
_HEADERS = {"Accept-Encoding": "identity"}
_LINK_HEADERS = {**_HEADERS, "Accept": "image/*", "User-Agent": "AniWhois (a Discord bot)"}


class Downloader:
    """Downloads with a size limit (the stated size first, then what arrives) and a time limit.

    Args:
        extra_hosts: ``host:port`` of file hosts beside Discord's own (a stand-in Discord).
        limit_bytes: the largest picture taken.
        limit_s: seconds for one picture, waiting for a free slot not counted.
        guard: which connections links may cause.
        resolver: asked for the addresses in links; None: the system's.
    """

    def __init__(
        self,
        *,
        extra_hosts: Collection[str] = (),
        limit_bytes: int = 20 * 1024 * 1024,
        limit_s: float = 20.0,
        guard: Guard | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.limit_bytes = limit_bytes
        self.limit_s = limit_s
        self._extra_hosts = frozenset(extra_hosts)
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._link_slots = asyncio.Semaphore(_LINKS_AT_ONCE)
        self._guard = guard or Guard()
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None
        self._outside: tuple[aiohttp.ClientSession, GuardedConnector] | None = None

    async def fetch(self, link: PictureLink) -> bytes:
        """The bytes behind `link`.

        Raises:
            PictureTooLarge: stated or arriving bytes exceed the limit.
            PictureGone: there is no such file any more.
            PictureTooSlow: the time is up.
            PictureUnreachable: Discord's file host fails twice, or the link leads somewhere else.
            LinkRefused, LinkUnreachable: a member's link is none, or gives nothing.
        """
        if link.outside:
            return await self._fetch_outside(link.url)
        self._check_host(link.url)
        if link.declared_bytes is not None:
            self._check_size(link.declared_bytes)
        async with self._slots:
            try:
                async with asyncio.timeout(self.limit_s):
                    return await self._fetch_twice(link.url)
            except TimeoutError as cause:
                raise PictureTooSlow(self.limit_s) from cause
            except aiohttp.ClientError as cause:
                raise PictureUnreachable(repr(cause)) from cause

    async def _fetch_twice(self, url: str) -> bytes:
        """One more try when the file host is having a bad moment: most of them are short."""
        pause_s = await self._try(url)
        if isinstance(pause_s, bytes):
            return pause_s
        await asyncio.sleep(pause_s)
        again = await self._try(url)
        if isinstance(again, bytes):
            return again
        raise PictureUnreachable("the file host failed twice")

    async def _try(self, url: str) -> bytes | float:
        """The bytes, or the seconds to wait before trying again."""
        # No redirects: the file host sends none, and a link must not lead us anywhere else.
        async with self._open_session().get(
            URL(url, encoded=True), allow_redirects=False, headers=_HEADERS
        ) as response:
            if response.status in (403, 404, 410):
                raise PictureGone
            if response.status == 429 or response.status >= 500:
                return _pause_s(response.headers.get("Retry-After"))
            if response.status != 200:
                raise PictureUnreachable(f"status {response.status}")
            return await self._read(response)

    async def _fetch_outside(self, url: str) -> bytes:
        """Follows a member's link; every step of it is checked as it is made.

        Every failure but the size is the same one: its reason would tell what our network holds.
        """
        start = web_address(url)
        async with self._link_slots:
            try:
                async with asyncio.timeout(self.limit_s):
                    return await self._follow(start)
            except (TimeoutError, OSError, ValueError, aiohttp.ClientError, LinkRefused) as cause:
                raise LinkUnreachable(repr(cause)) from cause

    async def _follow(self, at: URL) -> bytes:
        session = self._open_outside()
        for _ in range(_MAX_REDIRECTS + 1):
            async with session.get(at, allow_redirects=False, headers=_LINK_HEADERS) as response:
                if response.status in _REDIRECTS:
                    at = web_address(str(at.join(URL(response.headers.get("Location", "")))))
                    continue
                if response.status != 200:
                    raise LinkUnreachable(f"status {response.status}")
                return await self._read(response)
        raise LinkUnreachable("too many redirects")

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        if response.content_length is not None:
            self._check_size(response.content_length)
        data = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
            data += chunk
            self._check_size(len(data))
        return bytes(data)

    def _check_host(self, url: str) -> None:
        parsed = URL(url)
        host = parsed.host or ""
        own = parsed.scheme == "https" and host in DISCORD_HOSTS and parsed.explicit_port is None
        if not own and f"{host}:{parsed.port}" not in self._extra_hosts:
            raise PictureUnreachable(f"not Discord's file host: {host}")

    def _check_size(self, actual: int) -> None:
        if actual > self.limit_bytes:
            raise PictureTooLarge("bytes", limit=self.limit_bytes, actual=actual)

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(auto_decompress=False)
        return self._session

    def _open_outside(self) -> aiohttp.ClientSession:
        if self._outside is None:
            connector = GuardedConnector(self._guard, self._resolver)
            jar = aiohttp.DummyCookieJar()
            # trust_env stays off: a proxy would connect for us, and nobody would check its address.
            session = aiohttp.ClientSession(
                connector=connector, cookie_jar=jar, auto_decompress=False
            )
            self._outside = session, connector
        return self._outside[0]

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
        if self._outside is not None:
            session, connector = self._outside
            self._outside = None
            await session.close()
            await connector.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()


def _pause_s(retry_after: str | None) -> float:
    try:
        asked = float(retry_after or "")
    except ValueError:  # a date, or nothing
        asked = 0.5
    return min(max(asked, 0.1), _LONGEST_PAUSE_S)
