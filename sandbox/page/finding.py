"""From the ids that the page sends to what they mean."""

from __future__ import annotations

from typing import Any

from sandbox.errors import UsageError
from sandbox.models import Channel, Role, StoredMessage, User
from sandbox.state import World


def number(value: Any) -> int:
    """An id, 0 if it is none."""
    return int(value) if str(value).isdecimal() else 0


class Finder:
    """Lookups; what is not there raises UsageError."""

    def __init__(self, world: World) -> None:
        self._world = world

    def default_user(self) -> User:
        """The newest person of the first server."""
        guild = next(iter(self._world.guilds.values()))
        return [one.user for one in guild.members.values() if not one.user.bot][-1]

    def user(self, user_id: Any) -> User:
        """A person, not a bot."""
        user = self._world.users.get(number(user_id))
        if user is None or user.bot:
            raise UsageError("no such person")
        return user

    def channel(self, channel_id: Any) -> Channel:
        channel = self._world.channels.get(number(channel_id))
        if channel is None:
            raise UsageError("no such channel")
        return channel

    def message(self, message_id: Any) -> StoredMessage:
        message = self._world.messages.get(number(message_id))
        if message is None:
            raise UsageError("no such message")
        return message

    def thing(self, given: Any) -> User | Channel | Role | Any:
        """``{"id": ...}`` becomes the person, channel or role; everything else stays itself."""
        if not isinstance(given, dict):
            return given
        wanted = number(given.get("id"))
        roles = {key: one for g in self._world.guilds.values() for key, one in g.roles.items()}
        found = self._world.users.get(wanted) or self._world.channels.get(wanted)
        return found or roles.get(wanted)
