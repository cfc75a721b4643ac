"""Fetches pictures from Discord's file host, and from nowhere else, within limits."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from cogs.shared.pictures import PictureLink
from cogs.shared.refusals import PictureGone, PictureTooSlow, PictureUnreachable
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
_LONGEST_PAUSE_S = 3.0


class Downloader:
    """Downloads with a size limit (the stated size first, then what arrives) and a time limit.

    Args:
        extra_hosts: ``host:port`` of file hosts beside Discord's own (a stand-in Discord).
        limit_bytes: the largest picture taken.
        limit_s: seconds for one picture, waiting for a free slot not counted.
    """

    def __init__(
        self,
        *,
        extra_hosts: Collection[str] = (),
        limit_bytes: int = 20 * 1024 * 1024,
        limit_s: float = 20.0,
    ) -> None:
        self.limit_bytes = limit_bytes
        self.limit_s = limit_s
        self._extra_hosts = frozenset(extra_hosts)
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, link: PictureLink) -> bytes:
        """The bytes behind `link`.

        Raises:
            PictureTooLarge: stated or arriving bytes exceed the limit.
            PictureGone: there is no such file any more.
            PictureTooSlow: the time is up.
            PictureUnreachable: the file host fails twice, or the link leads somewhere else.
        """
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
        # Encoded as sent, because the limit counts what arrives.
        headers = {"Accept-Encoding": "identity"}
        async with self._open_session().get(
            URL(url, encoded=True), allow_redirects=False, headers=headers
        ) as response:
            if response.status in (403, 404, 410):
                raise PictureGone
            if response.status == 429 or response.status >= 500:
                return _pause_s(response.headers.get("Retry-After"))
            if response.status != 200:
                raise PictureUnreachable(f"status {response.status}")
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

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

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
