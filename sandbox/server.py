"""One loopback port for REST, gateway, CDN and page."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.cdn import Cdn
from sandbox.faults import Faults
from sandbox.gateway import Gateway
from sandbox.page.guard import page_guard
from sandbox.rest import Api
from sandbox.rest.api import PREFIX
from sandbox.state import World
from sandbox.transcript import Transcript

HOST = "127.0.0.1"
MAX_REQUEST_BYTES = 128 * 1024 * 1024
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests that reached us under a foreign name (DNS rebinding)."""
    name = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if name not in _LOOPBACK:
        return web.Response(status=421, text="This server answers only to its loopback address.\n")
    return await handler(request)


class Server:
    """The listening half: start it, read ``port``, stop it."""

    def __init__(self, world: World, transcript: Transcript, heartbeat_s: float) -> None:
        self.gateway = Gateway(world, transcript, heartbeat_s)
        self.faults = Faults(self.gateway)
        self._world = world
        api, cdn = Api(world, self.faults, transcript), Cdn(world, self.faults)
        self.app = web.Application(
            client_max_size=MAX_REQUEST_BYTES, middlewares=[loopback_only, page_guard]
        )
        self.app.router.add_get("/gateway", self.gateway.handle)
        self.app.router.add_get("/gateway/", self.gateway.handle)
        for folder in ("attachments", "ephemeral-attachments"):
            self.app.router.add_get(f"/cdn/{folder}/{{holder}}/{{file_id}}/{{name}}", cdn.handle)
        self.app.router.add_get("/cdn/stickers/{name}", cdn.sticker)
        self.app.router.add_route("*", PREFIX + "/{tail:.*}", api.handle)
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; ``port`` 0 takes a free one.

        Raises:
            OSError: the port is taken.
        """
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._world.base_url = f"http://{HOST}:{self.port}"

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        for connection in list(self.gateway.connections):
            connection.abort()
        if self._runner is not None:
            await self._runner.cleanup()
