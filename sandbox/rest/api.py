"""The REST front: authorization, parsing, faults, rate limits, transcript; then the route's
handler.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from aiohttp import BodyPartReader, web

from sandbox import errors
from sandbox.compose import Upload
from sandbox.errors import DiscordError, Json
from sandbox.faults import Faults
from sandbox.ratelimits import RateLimits, fault_headers, limited_body
from sandbox.rest.routing import Call, Reply, Route, find
from sandbox.state import World
from sandbox.transcript import Exchange, Transcript

PREFIX = "/api/v10"
_FILE_PART = re.compile(r"files\[(\d+)\]$")
_HARMLESS = {404, 403, 429}
"""Refusals that a careful bot can meet through no fault of its own (something was deleted
meanwhile).
"""


@dataclass
class _Parsed:
    payload: Any = None
    uploads: tuple[Upload, ...] = ()


class Api:
    """The REST API of the stand-in."""

    def __init__(self, world: World, faults: Faults, transcript: Transcript) -> None:
        self._world = world
        self._faults = faults
        self._transcript = transcript
        self._limits = RateLimits(world.clock)

    async def handle(self, request: web.Request) -> web.Response:
        """aiohttp handler for everything below /api/v10."""
        path = unquote(request.rel_url.raw_path.removeprefix(PREFIX))
        parsed = _Parsed()
        route: Route | None = None
        headers: dict[str, str] = {"Via": "1.1 sandbox"}
        is_fault = False
        try:
            route, params = find(request.method, path)
            await self._delay(request.method, route, path)
            fault = self._faults.take(
                ("rate_limit", "server_error"), request.method, route.template, path
            )
            parsed = await self._parse(request)
            if fault is not None:
                is_fault = True
                reply = _fault_reply(fault.status, fault.seconds, fault.is_global)
                if fault.status == 429:
                    headers |= fault_headers(fault.seconds, fault.is_global)
            else:
                reply = self._answer(request, route, params, parsed, headers)
        except DiscordError as refusal:
            reply = Reply(refusal.status, refusal.body())
            self._judge(request.method, path, refusal)
        self._record(request, path, route, parsed, reply, is_fault)
        if reply.body is None:
            return web.Response(status=reply.status, headers=headers)
        headers["Content-Type"] = "application/json"
        body = json.dumps(reply.body).encode()
        return web.Response(body=body, status=reply.status, headers=headers)

    def _answer(
        self,
        request: web.Request,
        route: Route,
        params: dict[str, str],
        parsed: _Parsed,
        headers: dict[str, str],
    ) -> Reply:
        authorization = request.headers.get("Authorization")
        wanted = f"Bot {self._world.application.token}"
        if route.needs_bot and authorization != wanted:
            raise errors.unauthorized()
        verdict = self._limits.take(request.method, route.template, params)
        headers |= verdict.headers
        if not verdict.passed:
            return Reply(429, limited_body(verdict.retry_after_s, verdict.is_global))
        query = dict(request.query)
        return route.handler(Call(self._world, params, query, parsed.payload, parsed.uploads))

    async def _delay(self, method: str, route: Route, path: str) -> None:
        fault = self._faults.take(("delay",), method, route.template, path)
        if fault is not None:
            await asyncio.sleep(fault.seconds)

    async def _parse(self, request: web.Request) -> _Parsed:
        if request.content_type == "multipart/form-data":
            return await _parse_multipart(request)
        raw = await request.read()
        if not raw:
            return _Parsed()
        if request.content_type != "application/json":
            raise errors.bad_request()
        return _Parsed(_load(raw))

    def _judge(self, method: str, path: str, refusal: DiscordError) -> None:
        is_unknown_route = refusal.status == 404 and refusal.code == 0
        if refusal.status in _HARMLESS and not is_unknown_route and refusal.code != 10062:
            return
        self._transcript.violation(f"{method} {path}: {refusal.status} {refusal.code} {refusal}")

    def _record(
        self,
        request: web.Request,
        path: str,
        route: Route | None,
        parsed: _Parsed,
        reply: Reply,
        is_fault: bool,
    ) -> None:
        files: tuple[Json, ...] = tuple(
            {"name": f"files[{one.index}]", "filename": one.filename, "bytes": len(one.data)}
            for one in parsed.uploads
        )
        self._transcript.add(
            Exchange(
                at=self._world.clock.monotonic(),
                method=request.method,
                path=path,
                query=dict(request.query),
                route=route.template if route else None,
                request=parsed.payload,
                files=files,
                status=reply.status,
                response=reply.body,
                fault=is_fault,
                content_type=request.content_type if request.body_exists else "",
            )
        )


def _fault_reply(status: int, wait_s: float, is_global: bool) -> Reply:
    if status == 429:
        return Reply(429, limited_body(wait_s, is_global))
    return Reply(status, {"message": f"{status}: Internal Server Error", "code": 0})


def _load(raw: bytes | str) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise errors.bad_request() from None


async def _parse_multipart(request: web.Request) -> _Parsed:
    payload: Any = None
    uploads: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise errors.bad_request()
        name = part.name or ""
        file = _FILE_PART.match(name)
        if file:
            data = bytes(await part.read(decode=True))
            uploads.append(Upload(int(file[1]), part.filename or "unknown", data))
        elif name == "payload_json":
            payload = _load(await part.text())
        else:
            raise errors.bad_request()
    return _Parsed(payload, tuple(uploads))
