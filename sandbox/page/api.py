"""The page's HTTP handlers. Changes come as multipart: a ``payload`` JSON part, and files by option
name.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import BodyPartReader, web
from aiohttp.typedefs import Handler

from sandbox.errors import DiscordError, Json, NoAnswer, UsageError
from sandbox.handle import InteractionHandle
from sandbox.models import Channel, StoredMessage, User
from sandbox.page import views
from sandbox.page.live import Live
from sandbox.people import People

STATIC = Path(__file__).resolve().parents[1] / "static"


@dataclass
class Form:
    """A change somebody asks for."""

    payload: Json
    files: dict[str, list[tuple[str, bytes]]] = field(default_factory=dict)


Action = Callable[[User, Form], Awaitable[Json]]


class Page:
    """Serves ``sandbox/static`` and the API under /page."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._world = people.world
        self._live = Live(people.world)
        self._handles: dict[int, InteractionHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def register(self, app: web.Application) -> None:
        """Add the page's routes to the server."""
        router = app.router
        router.add_get("/", self._index)
        router.add_static("/static", STATIC)
        router.add_get("/page/overview", self._get_overview)
        router.add_get("/page/messages", self._get_messages)
        router.add_get("/page/commands", self._get_commands)
        router.add_get("/page/events", self._get_events)
        actions: dict[str, Action] = {
            "post": self._post,
            "slash": self._slash,
            "message-command": self._message_command,
            "click": self._click,
            "select": self._select,
            "modal": self._modal,
            "autocomplete": self._autocomplete,
        }
        for name, action in actions.items():
            router.add_post(f"/page/{name}", self._acting(action))
        app.on_shutdown.append(self._close)

    async def _close(self, _: web.Application) -> None:
        self._live.close()
        for task in self._tasks:
            task.cancel()

    async def _index(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})

    # -- reading -------------------------------------------------------------------------------

    def _viewer(self, request: web.Request) -> User:
        """The person in ``user``; without one, the newest person who is in a server."""
        wanted = request.query.get("user")
        return self._user(wanted) if wanted else self._default()

    def _default(self) -> User:
        guild = next(iter(self._world.guilds.values()))
        members = [one.user for one in guild.members.values() if not one.user.bot]
        return members[-1]

    def _user(self, user_id: Any) -> User:
        user = self._world.users.get(_number(user_id))
        if user is None or user.bot:
            raise UsageError("no such person")
        return user

    def _channel(self, channel_id: Any) -> Channel:
        channel = self._world.channels.get(_number(channel_id))
        if channel is None:
            raise UsageError("no such channel")
        return channel

    def _message(self, message_id: Any) -> StoredMessage:
        message = self._world.messages.get(_number(message_id))
        if message is None:
            raise UsageError("no such message")
        return message

    async def _get_overview(self, request: web.Request) -> web.Response:
        try:
            return web.json_response(views.overview(self._world, self._viewer(request)))
        except UsageError:
            return web.json_response(views.overview(self._world, self._default()))

    async def _get_messages(self, request: web.Request) -> web.Response:
        try:
            viewer = self._viewer(request)
            channel = self._channel(request.query.get("channel"))
        except UsageError as problem:
            return _refused(problem)
        if not self._world.permissions_in(viewer, channel):
            return _refused(UsageError("this person does not see that channel"))
        seen = self._world.history(channel, viewer)[-100:]
        return web.json_response([views.message(self._world, one) for one in seen])

    async def _get_commands(self, request: web.Request) -> web.Response:
        try:
            viewer = self._viewer(request)
            channel = self._channel(request.query.get("channel"))
        except UsageError as problem:
            return _refused(problem)
        return web.json_response(views.commands(self._world, viewer, channel))

    async def _get_events(self, request: web.Request) -> web.StreamResponse:
        try:
            viewer = self._viewer(request)
        except UsageError as problem:
            return _refused(problem)
        return await self._live.stream(request, viewer)

    # -- acting --------------------------------------------------------------------------------

    def _acting(self, action: Action) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                form = await _read(request)
                return web.json_response(await action(self._user(form.payload.get("user")), form))
            except (UsageError, DiscordError) as problem:
                return _refused(problem)

        return handle

    async def _post(self, user: User, form: Form) -> Json:
        channel = self._channel(form.payload.get("channel"))
        content, spoiler = str(form.payload.get("content", "")), bool(form.payload.get("spoiler"))
        alts = form.payload.get("alts") or []
        files = []
        for index, (name, data) in enumerate(form.files.get("files", [])):
            alt = str(alts[index]) if index < len(alts) and alts[index] else None
            files.append((name, data, alt) if alt else (name, data))
        target = form.payload.get("reply_to")
        reply_to = self._message(target) if target else None
        sent = await self._people.post(user, channel, content, files, reply_to, spoiler)
        return views.message(self._world, sent)

    def _options(self, form: Form) -> dict[str, Any]:
        """Option values; users, roles and channels come as ids, files as parts."""
        options: dict[str, Any] = {}
        for name, given in (form.payload.get("options") or {}).items():
            value = given
            if isinstance(given, dict):
                number = _number(given.get("id"))
                found = self._world.users.get(number) or self._world.channels.get(number)
                roles = {
                    key: one for g in self._world.guilds.values() for key, one in g.roles.items()
                }
                value = found or roles.get(number)
            options[name] = value
        return options | {name: files[0] for name, files in form.files.items()}

    async def _slash(self, user: User, form: Form) -> Json:
        channel, name = self._channel(form.payload.get("channel")), str(form.payload.get("name"))
        return self._follow(await self._people.slash(user, channel, name, self._options(form)))

    async def _message_command(self, user: User, form: Form) -> Json:
        message, name = self._message(form.payload.get("message")), str(form.payload.get("name"))
        return self._follow(await self._people.message_command(user, message, name))

    async def _click(self, user: User, form: Form) -> Json:
        message, key = self._message(form.payload.get("message")), str(form.payload.get("key"))
        return self._follow(await self._people.click(user, message, key))

    async def _select(self, user: User, form: Form) -> Json:
        message, key = self._message(form.payload.get("message")), str(form.payload.get("key"))
        values = [
            self._user(one["id"]) if isinstance(one, dict) else one
            for one in form.payload.get("values") or []
        ]
        return self._follow(await self._people.select(user, message, key, values))

    async def _modal(self, user: User, form: Form) -> Json:
        opened_by = self._handles.get(_number(form.payload.get("interaction")))
        if opened_by is None:
            raise UsageError("that form is closed")
        answers = dict(form.payload.get("answers") or {}) | form.files
        return self._follow(await self._people.submit_modal(user, opened_by, answers))

    async def _autocomplete(self, user: User, form: Form) -> Json:
        channel, name = self._channel(form.payload.get("channel")), str(form.payload.get("name"))
        option, typed = str(form.payload.get("option")), str(form.payload.get("typed", ""))
        choices = await self._people.autocomplete(user, channel, name, option, typed)
        return {"choices": choices}

    def _follow(self, handle: InteractionHandle) -> Json:
        """Tell the page how far it got; say so if the bot does not respond."""
        self._handles[handle.interaction.id] = handle
        task = asyncio.get_running_loop().create_task(self._report_failure(handle))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return views.interaction(handle.interaction, "sent")

    async def _report_failure(self, handle: InteractionHandle) -> None:
        try:
            await handle.wait_acked()
        except NoAnswer as failure:
            shown = {**views.interaction(handle.interaction, "failed"), "reason": str(failure)}
            event = {"type": "interaction", "interaction": shown}
            self._live.tell(handle.interaction.user, event)


def _number(value: Any) -> int:
    return int(value) if str(value).isdecimal() else 0


def _refused(problem: Exception) -> web.Response:
    return web.json_response({"error": str(problem)}, status=400)


async def _read(request: web.Request) -> Form:
    """The multipart body of a change.

    Raises:
        UsageError: it is something else.
    """
    if request.content_type != "multipart/form-data":
        raise UsageError("send multipart/form-data")
    form = Form({})
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            raise UsageError("nested parts make no sense here")
        if part.filename is not None:
            data = bytes(await part.read(decode=True))
            form.files.setdefault(part.name, []).append((part.filename, data))
        elif part.name == "payload":
            try:
                form.payload = json.loads(await part.text())
            except ValueError:
                raise UsageError("the payload is no JSON") from None
    if not isinstance(form.payload, dict):
        raise UsageError("the payload is no object")
    return form
