"""Filling in a slash command as the Discord client does: names, types, ranges, and the ``resolved``
objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox import payloads, permissions
from sandbox.errors import Json, UsageError
from sandbox.limits import MAX_UPLOAD_BYTES
from sandbox.models import Channel, Member, Role, User
from sandbox.state import World

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL = 1, 2, 3, 4, 5, 6, 7
ROLE, MENTIONABLE, NUMBER, ATTACHMENT = 8, 9, 10, 11
File = tuple[str, bytes]
_ENTITIES = {
    USER: ("User",),
    CHANNEL: ("Channel",),
    ROLE: ("Role",),
    MENTIONABLE: ("User", "Role"),
}


class Filler:
    """Builds ``data.options`` and ``data.resolved`` of one invocation."""

    def __init__(self, world: World, channel: Channel) -> None:
        self._world = world
        self._channel = channel
        self.resolved: Json = {}

    def fill(
        self, declared: list[Json], given: Mapping[str, Any], *, focused: str | None = None
    ) -> list[Json]:
        """The ``options`` list, in the order of declaration.

        ``focused`` names the option being typed (autocomplete): it may be incomplete, others may be
        missing.

        Raises:
            UsageError: an unknown or missing option, or a value the client would not accept.
        """
        names = {option["name"] for option in declared}
        unknown = sorted(set(given) - names)
        if unknown:
            raise UsageError(f"no option {unknown[0]!r}; the command has {sorted(names)}")
        filled = []
        for option in declared:
            name = option["name"]
            if given.get(name) is None:
                if option.get("required") and focused is None:
                    raise UsageError(f"the option {name!r} is required")
                continue
            is_typed = name == focused
            value = given[name] if is_typed else self._value(option, given[name])
            shown = {"name": name, "type": option["type"], "value": value}
            filled.append({**shown, "focused": True} if is_typed else shown)
        return filled

    def _value(self, option: Json, value: Any) -> Any:
        kind = option["type"]
        if kind == STRING:
            return _string(option, value)
        if kind in (INTEGER, NUMBER):
            return _number(option, value)
        if kind == BOOLEAN:
            if not isinstance(value, bool):
                raise UsageError(f"{option['name']!r} takes True or False, not {value!r}")
            return value
        if kind == ATTACHMENT:
            return self._attachment(option, value)
        return self._entity(option, kind, value)

    def _attachment(self, option: Json, value: Any) -> str:
        fits = isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], bytes)
        if not fits:
            raise UsageError(f"{option['name']!r} takes a file: (name, bytes)")
        return self.attach(*value)

    def attach(self, filename: str, data: bytes) -> str:
        """Upload a file to the CDN and put it into ``resolved``; returns its id.

        Raises:
            UsageError: it is larger than the upload limit.
        """
        if len(data) > MAX_UPLOAD_BYTES:
            raise UsageError(f"{filename} is larger than {MAX_UPLOAD_BYTES} bytes")
        file = self._world.store_file(self._channel, filename, data, ephemeral=True)
        shown = payloads.attachment(self._world, file)
        self.resolved.setdefault("attachments", {})[str(file.id)] = shown
        return str(file.id)

    def _entity(self, option: Json, kind: int, value: Any) -> str:
        allowed = _ENTITIES[kind]
        if not isinstance(value, (User, Channel, Role)) or type(value).__name__ not in allowed:
            raise UsageError(f"{option['name']!r} takes a {' or '.join(allowed)}, not {value!r}")
        self.resolve(value)
        return str(value.id)

    def resolve(self, value: User | Channel | Role) -> None:
        """Put the object into ``resolved``."""
        if isinstance(value, Role):
            self.resolved.setdefault("roles", {})[str(value.id)] = payloads.role(value)
        elif isinstance(value, Channel):
            shown = payloads.interaction_channel(self._world, value, self._world.application.bot)
            self.resolved.setdefault("channels", {})[str(value.id)] = shown
        else:
            self.resolved.setdefault("users", {})[str(value.id)] = payloads.user(value)
            guild = self._world.guild_of(self._channel)
            member = guild.members.get(value.id) if guild else None
            if guild is not None and member is not None:
                self._add_member(member, permissions.of_member(guild, member, self._channel))

    def _add_member(self, member: Member, bits: int) -> None:
        shown = payloads.member(member, with_user=False)
        for name in ("mute", "deaf"):
            del shown[name]
        found = self.resolved.setdefault("members", {})
        found[str(member.user.id)] = {**shown, "permissions": str(bits)}


def _string(option: Json, value: Any) -> str:
    name = option["name"]
    if not isinstance(value, str):
        raise UsageError(f"{name!r} takes text, not {value!r}")
    least, most = option.get("min_length", 0), option.get("max_length", 6000)
    if not least <= len(value) <= most:
        raise UsageError(f"{name!r} takes {least} to {most} characters")
    return str(_chosen(option, value))


def _number(option: Json, value: Any) -> int | float:
    name = option["name"]
    wanted = int if option["type"] == INTEGER else (int, float)
    if isinstance(value, bool) or not isinstance(value, wanted):
        raise UsageError(f"{name!r} takes a number, not {value!r}")
    least, most = option.get("min_value", -(2**53)), option.get("max_value", 2**53)
    if not least <= value <= most:
        raise UsageError(f"{name!r} takes {least} to {most}")
    chosen = _chosen(option, value)
    assert isinstance(chosen, (int, float))
    return chosen


def _chosen(option: Json, value: str | int | float) -> str | int | float:
    """With fixed choices: the value of the one given by name or by value."""
    choices = option.get("choices")
    if not choices:
        return value
    for one in choices:
        if value in (one["name"], one["value"]):
            found: str | int | float = one["value"]
            return found
    raise UsageError(f"{option['name']!r} takes one of {[one['name'] for one in choices]}")


def descend(command: Json, path: list[str]) -> tuple[list[Json], list[Json]]:
    """Follow sub-command names.

    Returns: the declared options at the end, and the chain of (sub-command group, sub-command)
        options.

    Raises:
        UsageError: there is no such sub-command, or one has to be named.
    """
    options: list[Json] = command.get("options", [])
    chain: list[Json] = []
    for name in path:
        found = next(
            (one for one in options if one["name"] == name and one["type"] in (SUBCOMMAND, GROUP)),
            None,
        )
        if found is None:
            raise UsageError(f"/{command['name']} has no sub-command {name!r}")
        chain.append(found)
        options = found.get("options", [])
    if any(one["type"] in (SUBCOMMAND, GROUP) for one in options):
        raise UsageError(
            f"/{command['name']} needs a sub-command: {[one['name'] for one in options]}"
        )
    return options, chain


def nest(chain: list[Json], filled: list[Json]) -> list[Json]:
    """Wrap filled options into their sub-commands."""
    for one in reversed(chain):
        filled = [{"name": one["name"], "type": one["type"], "options": filled}]
    return filled
