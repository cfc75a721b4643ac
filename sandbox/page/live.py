"""Live events for the page, as server-sent events: one stream a person."""

from __future__ import annotations

import asyncio
import json

from aiohttp import web

from sandbox import events, permissions
from sandbox.errors import Json
from sandbox.models import Channel, StoredMessage, User
from sandbox.page import views
from sandbox.state import World

_STILL_HERE_S = 15.0


class Live:
    """Who listens, and what each of them is told."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._streams: dict[asyncio.Queue[Json | None], User] = {}
        world.listeners.append(self._on_event)

    def tell(self, user: User, event: Json) -> None:
        """Send an event to every stream of a person."""
        for queue, listener in self._streams.items():
            if listener is user:
                queue.put_nowait(event)

    def close(self) -> None:
        """End every stream."""
        for queue in self._streams:
            queue.put_nowait(None)

    def _tell_channel(self, channel: Channel, only: int | None, event: Json) -> None:
        for queue, listener in self._streams.items():
            sees = self._world.permissions_in(listener, channel) & permissions.VIEW_CHANNEL
            if sees and only in (None, listener.id):
                queue.put_nowait({**event, "channel": str(channel.id)})

    def _on_event(self, event: events.Event) -> None:
        match event:
            case events.MessageCreated(message) | events.MessageUpdated(message):
                self._show(message)
            case events.ReactionChanged(message):
                self._show(message)
            case events.MessageDeleted(message):
                gone: Json = {"type": "gone", "id": str(message.id)}
                self._tell_channel(message.channel, message.visible_to, gone)
            case events.TypingStarted(channel, user):
                self._tell_channel(
                    channel, None, {"type": "typing", "name": user.name, "id": str(user.id)}
                )
            case events.InteractionChanged(one):
                state = "answered" if one.answer else "acked"
                shown = views.interaction(one, state)
                self.tell(one.user, {"type": "interaction", "interaction": shown})
            case (
                events.ChannelCreated()
                | events.ThreadCreated()
                | events.GuildCreated()
                | events.GuildRemoved()
                | events.CommandsSynced()
            ):
                for queue in self._streams:
                    queue.put_nowait({"type": "reload"})
            case _:
                return

    def _show(self, message: StoredMessage) -> None:
        shown: Json = {"type": "message", "message": views.message(self._world, message)}
        self._tell_channel(message.channel, message.visible_to, shown)

    async def stream(self, request: web.Request, user: User) -> web.StreamResponse:
        """Answer with an endless event stream."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        response.headers["Cache-Control"] = "no-store"
        await response.prepare(request)
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._streams[queue] = user
        try:
            await response.write(b": hello\n\n")
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), _STILL_HERE_S)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if event is None:
                    return response
                await response.write(b"data: " + json.dumps(event).encode() + b"\n\n")
        except ConnectionError:
            return response
        finally:
            del self._streams[queue]
