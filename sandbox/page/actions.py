"""What people do on the page, as calls of :class:`sandbox.people.People`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.errors import Json, NoAnswer, UsageError
from sandbox.handle import InteractionHandle
from sandbox.limits.commands import LOCALES
from sandbox.models import User
from sandbox.page import views
from sandbox.page.finding import Finder, number
from sandbox.page.forms import Form
from sandbox.page.live import Live
from sandbox.people import People

Action = Callable[[User, Form], Awaitable[Json]]


class Actions:
    """One method an action; ``table`` has them by the last part of their address."""

    def __init__(self, people: People, live: Live) -> None:
        self._people = people
        self._world = people.world
        self._find = Finder(people.world)
        self._live = live
        self._handles: dict[int, InteractionHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.table: dict[str, Action] = {
            "post": self._post,
            "edit": self._edit,
            "delete": self._delete,
            "react": self._react,
            "forward": self._forward,
            "typing": self._typing,
            "me": self._me,
            "slash": self._slash,
            "message-command": self._message_command,
            "user-command": self._user_command,
            "click": self._click,
            "select": self._select,
            "modal": self._modal,
            "autocomplete": self._autocomplete,
        }

    def close(self) -> None:
        """Stop waiting for answers."""
        for task in self._tasks:
            task.cancel()

    # -- talking -------------------------------------------------------------------------------

    async def _post(self, user: User, form: Form) -> Json:
        channel = self._find.channel(form.payload.get("channel"))
        alts = form.payload.get("alts") or []
        files = []
        for index, (name, data) in enumerate(form.files.get("files", [])):
            alt = str(alts[index]) if index < len(alts) and alts[index] else None
            files.append((name, data, alt) if alt else (name, data))
        target = form.payload.get("reply_to")
        reply_to = self._find.message(target) if target else None
        content, spoiler = form.text("content"), form.flag("spoiler")
        ping = form.payload.get("ping") is not False
        sent = await self._people.post(user, channel, content, files, reply_to, spoiler, ping)
        return views.message(self._world, sent)

    async def _edit(self, user: User, form: Form) -> Json:
        message = self._find.message(form.payload.get("message"))
        edited = await self._people.edit(user, message, form.text("content"))
        return views.message(self._world, edited)

    async def _delete(self, user: User, form: Form) -> Json:
        await self._people.delete(user, self._find.message(form.payload.get("message")))
        return {}

    async def _react(self, user: User, form: Form) -> Json:
        message = self._find.message(form.payload.get("message"))
        emoji = form.text("emoji")
        if not emoji or emoji.isascii():
            raise UsageError("react with an emoji")
        await self._people.react(user, message, emoji, added=form.flag("added"))
        return {}

    async def _forward(self, user: User, form: Form) -> Json:
        message = self._find.message(form.payload.get("message"))
        channel = self._find.channel(form.payload.get("channel"))
        return views.message(self._world, await self._people.forward(user, message, channel))

    async def _typing(self, user: User, form: Form) -> Json:
        await self._people.type(user, self._find.channel(form.payload.get("channel")))
        return {}

    async def _me(self, user: User, form: Form) -> Json:
        """A person's own settings: language, and whether the app is on their account."""
        locale = form.payload.get("locale", user.locale)
        if locale not in LOCALES:
            raise UsageError("no such language")
        user.locale = locale
        user.user_installed = bool(form.payload.get("installed", user.user_installed))
        user.accepts_dms = bool(form.payload.get("accepts_dms", user.accepts_dms))
        return views.self_(user)

    # -- using the bot -------------------------------------------------------------------------

    def _options(self, form: Form) -> dict[str, Any]:
        """Option values; people, roles and channels come as ``{"id"}``, files as parts."""
        given = form.payload.get("options") or {}
        options = {name: self._find.thing(value) for name, value in given.items()}
        return options | {name: files[0] for name, files in form.files.items()}

    async def _slash(self, user: User, form: Form) -> Json:
        channel = self._find.channel(form.payload.get("channel"))
        name, options = form.text("name"), self._options(form)
        return self._follow(await self._people.slash(user, channel, name, options))

    async def _autocomplete(self, user: User, form: Form) -> Json:
        channel = self._find.channel(form.payload.get("channel"))
        option, typed = form.text("option"), form.text("typed")
        options = {key: value for key, value in self._options(form).items() if key != option}
        choices = await self._people.autocomplete(
            user, channel, form.text("name"), option, typed, options
        )
        return {"choices": choices}

    async def _message_command(self, user: User, form: Form) -> Json:
        message = self._find.message(form.payload.get("message"))
        return self._follow(await self._people.message_command(user, message, form.text("name")))

    async def _user_command(self, user: User, form: Form) -> Json:
        channel = self._find.channel(form.payload.get("channel"))
        target = self._world.users.get(number(form.payload.get("target")))
        if target is None:
            raise UsageError("no such person")
        name = form.text("name")
        return self._follow(await self._people.user_command(user, channel, target, name))

    async def _click(self, user: User, form: Form) -> Json:
        message = self._find.message(form.payload.get("message"))
        return self._follow(await self._people.click(user, message, form.text("key")))

    async def _select(self, user: User, form: Form) -> Json:
        message = self._find.message(form.payload.get("message"))
        values = [self._find.thing(one) for one in form.payload.get("values") or []]
        return self._follow(await self._people.select(user, message, form.text("key"), values))

    async def _modal(self, user: User, form: Form) -> Json:
        opened_by = self._handles.get(number(form.payload.get("interaction")))
        if opened_by is None:
            raise UsageError("that form is closed")
        given = dict(form.payload.get("answers") or {})
        answers = {
            name: [self._find.thing(one) for one in value] if isinstance(value, list) else value
            for name, value in given.items()
        }
        return self._follow(await self._people.submit_modal(user, opened_by, answers | form.files))

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
