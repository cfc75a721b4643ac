"""The CDN: every file anybody uploaded, behind signed links; slow, missing or lying on demand."""

from __future__ import annotations

import asyncio

from aiohttp import web

from sandbox.faults import Fault, Faults
from sandbox.models import StoredFile
from sandbox.state import World

_GONE = "This content is no longer available."
_BLOCK = 64 * 1024


class Cdn:
    """aiohttp handlers of /cdn/attachments, /cdn/ephemeral-attachments and /cdn/stickers."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """GET (and HEAD) a file: 404 for a bad or expired signature, a deleted file, or on
        demand.
        """
        path = request.path
        if self._faults.take(("cdn_missing",), "GET", path):
            return web.Response(status=404, text=_GONE)
        file = self._find(request)
        if file is None:
            return web.Response(status=404, text=_GONE)
        slow = self._faults.take(("cdn_slow",), "GET", path)
        length = self._faults.take(("cdn_length",), "GET", path)
        if slow is None and length is None:
            return web.Response(body=file.data, headers=_headers(file))
        return await _misbehave(request, file, slow, length)

    async def sticker(self, request: web.Request) -> web.StreamResponse:
        """GET a sticker's picture, ``<id>.png`` or ``<id>.gif``."""
        name = request.match_info["name"].split(".")[0]
        found = self._world.stickers.get(int(name)) if name.isdecimal() else None
        if found is None:
            return web.Response(status=404, text=_GONE)
        return web.Response(body=found.data, content_type=found.content_type)

    def _find(self, request: web.Request) -> StoredFile | None:
        file_id = request.match_info["file_id"]
        file = self._world.files.get(int(file_id)) if file_id.isdecimal() else None
        query = request.query
        expires, issued, mac = (query.get(name, "") for name in ("ex", "is", "hm"))
        now_s = self._world.clock.time()
        try:
            valid = self._world.links.valid(request.path, expires, issued, mac, now_s)
        except ValueError:
            return None
        return file if valid else None


def _headers(file: StoredFile) -> dict[str, str]:
    shown = file.content_type.split("/")[0] in ("image", "video", "audio")
    kind = "inline" if shown else "attachment"
    name = file.filename.encode("ascii", "replace").decode()
    return {
        "Content-Type": file.content_type,
        "Content-Disposition": f'{kind}; filename="{name}"',
        "Cache-Control": "public, max-age=31536000",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }


async def _misbehave(
    request: web.Request, file: StoredFile, slow: Fault | None, length: Fault | None
) -> web.StreamResponse:
    response = web.StreamResponse(headers=_headers(file))
    body = file.data
    if length is None:
        response.content_length = len(body)
    elif length.lie:
        response.content_length = len(body) + length.extra_bytes
    else:
        response.enable_chunked_encoding()
    if slow is not None and not slow.drip_bytes:
        await asyncio.sleep(slow.seconds)
    await response.prepare(request)
    step = slow.drip_bytes if slow is not None and slow.drip_bytes else _BLOCK
    extra = length.extra_bytes if length is not None and not length.lie else 0
    try:
        for at in range(0, len(body), step):
            if at and slow is not None and slow.drip_bytes:
                await asyncio.sleep(slow.seconds)
            await response.write(body[at : at + step])
        for at in range(0, extra, _BLOCK):
            await response.write(bytes(min(_BLOCK, extra - at)))
    except ConnectionError:
        return response
    if length is not None and length.lie and request.transport is not None:
        request.transport.close()
    return response
