"""One request to AniList, and every way it can end. No retries, no memory."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from catalog.anilist.errors import (
    AniListBusy,
    AniListMalformed,
    AniListRefused,
    AniListUnreachable,
)

MOST_BYTES = 2 * 1024 * 1024
_PAUSE_S, _LONGEST_PAUSE_S = 60.0, 3600.0
_HEADERS = {"Accept": "application/json", "User-Agent": "AniWhois (a Discord bot)"}


class Transport:
    """Posts GraphQL documents. Close it with `aclose`.

    Args:
        address: of the API.
        timeout_s: for one request, from connecting to the last byte.
    """

    def __init__(self, address: str, timeout_s: float) -> None:
        self._address = address
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=timeout_s), headers=_HEADERS
        )

    async def aclose(self) -> None:
        await self._session.close()

    async def post(self, document: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """``data`` of the answer. Where there is no such thing AniList says 404: that is ``{}``.

        Raises:
            AniListBusy, AniListUnreachable, AniListRefused, AniListMalformed
        """
        body = {"query": document, "variables": dict(variables)}
        try:
            async with self._session.post(
                self._address, json=body, allow_redirects=False
            ) as response:
                status, headers = response.status, response.headers
                content = await _read(response) if status == 200 else b""
        except TimeoutError as error:
            raise AniListUnreachable("timeout") from error
        except (aiohttp.ClientError, OSError) as error:
            raise AniListUnreachable(type(error).__name__) from error
        if status == 429:
            raise AniListBusy(_retry_after_s(headers.get("Retry-After")))
        if status == 404:
            return {}
        if status != 200:
            raise AniListRefused(status)
        return _data(content)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        content += chunk
        if len(content) > MOST_BYTES:
            raise AniListMalformed("size")
    return bytes(content)


def _data(content: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise AniListMalformed("json") from error
    if not isinstance(answer, Mapping):
        raise AniListMalformed("")
    data, errors = answer.get("data"), answer.get("errors")
    if errors and data is None:
        first = errors[0] if isinstance(errors, list) else None
        status = first.get("status") if isinstance(first, Mapping) else None
        raise AniListRefused(status if isinstance(status, int) else 200)
    if not isinstance(data, Mapping) or not data:
        raise AniListMalformed("data")
    return data


def _retry_after_s(header: str | None) -> float:
    """Seconds that ``Retry-After`` (a number or a date, RFC 9110) asks for."""
    wait_s = _PAUSE_S
    try:
        wait_s = float(header or "")
    except ValueError:
        with contextlib.suppress(ValueError, TypeError):  # no date, or one without a time zone
            wait_s = (parsedate_to_datetime(header or "") - datetime.now(tz=UTC)).total_seconds()
    return min(max(wait_s, 1.0), _LONGEST_PAUSE_S) if math.isfinite(wait_s) else _PAUSE_S
