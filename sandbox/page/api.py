"""The page's HTTP handlers: its files, what it reads, and the actions of ``actions.py``."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox import permissions
from sandbox.errors import DiscordError, UsageError
from sandbox.models import User
from sandbox.page import views
from sandbox.page.actions import Action, Actions
from sandbox.page.finding import Finder
from sandbox.page.forms import read_form
from sandbox.page.live import Live
from sandbox.people import People

STATIC = Path(__file__).resolve().parents[1] / "static"
_SHOWN = 200
"""Messages of a channel that the page gets."""


class Page:
    """Serves ``sandbox/static`` and the API under /page."""

    def __init__(self, people: People) -> None:
        self._world = people.world
        self._find = Finder(people.world)
        self._live = Live(people.world)
        self._actions = Actions(people, self._live)

    def register(self, app: web.Application) -> None:
        """Add the page's routes to the server."""
        router = app.router
        router.add_get("/", self._index)
        router.add_static("/static", STATIC)
        router.add_get("/page/overview", self._get_overview)
        router.add_get("/page/messages", self._get_messages)
        router.add_get("/page/commands", self._get_commands)
        router.add_get("/page/events", self._get_events)
        for name, action in self._actions.table.items():
            router.add_post(f"/page/{name}", self._acting(action))
        app.on_shutdown.append(self._close)

    async def _close(self, _: web.Application) -> None:
        self._live.close()
        self._actions.close()

    async def _index(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})

    def _viewer(self, request: web.Request) -> User:
        """The person in ``user``; without one, the newest person who is in a server."""
        wanted = request.query.get("user")
        return self._find.user(wanted) if wanted else self._find.default_user()

    async def _get_overview(self, request: web.Request) -> web.Response:
        try:
            viewer = self._viewer(request)
        except UsageError:
            viewer = self._find.default_user()
        return web.json_response(views.overview(self._world, viewer))

    async def _get_messages(self, request: web.Request) -> web.Response:
        try:
            viewer = self._viewer(request)
            channel = self._find.channel(request.query.get("channel"))
        except UsageError as problem:
            return _refused(problem)
        if not self._world.permissions_in(viewer, channel) & permissions.VIEW_CHANNEL:
            return _refused(UsageError("this person does not see that channel"))
        seen = self._world.history(channel, viewer)[-_SHOWN:]
        return web.json_response([views.message(self._world, one) for one in seen])

    async def _get_commands(self, request: web.Request) -> web.Response:
        try:
            viewer = self._viewer(request)
            channel = self._find.channel(request.query.get("channel"))
        except UsageError as problem:
            return _refused(problem)
        return web.json_response(views.commands(self._world, viewer, channel))

    async def _get_events(self, request: web.Request) -> web.StreamResponse:
        try:
            viewer = self._viewer(request)
        except UsageError as problem:
            return _refused(problem)
        return await self._live.stream(request, viewer)

    def _acting(self, action: Action) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                form = await read_form(request)
                user = self._find.user(form.payload.get("user"))
                return web.json_response(await action(user, form))
            except (UsageError, DiscordError) as problem:
                return _refused(problem)

        return handle


def _refused(problem: Exception) -> web.Response:
    return web.json_response({"error": str(problem)}, status=400)
