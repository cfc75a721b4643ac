"""Application commands: listing, bulk overwrite, single create, edit and delete; global and per
server.
"""

from __future__ import annotations

from sandbox import errors, payloads
from sandbox.errors import Json, Problems
from sandbox.events import CommandsSynced
from sandbox.limits import check_command, check_commands
from sandbox.models import Command, CommandType
from sandbox.rest.application import require_own
from sandbox.rest.routing import NO_CONTENT, Call, Reply, route

_GLOBAL = "/applications/{application_id}/commands"
_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"


def _scope(call: Call) -> int | None:
    """The server a route is about, None for global commands."""
    require_own(call)
    if "guild_id" not in call.params:
        return None
    return call.world.guild(call.id("guild_id")).id


def _in_scope(call: Call, scope: int | None) -> list[Command]:
    return [one for one in call.world.commands.values() if one.guild_id == scope]


@route("GET", _GLOBAL)
@route("GET", _GUILD)
def get_commands(call: Call) -> Reply:
    found = _in_scope(call, _scope(call))
    return Reply(body=[payloads.command(call.world, one) for one in found])


@route("PUT", _GLOBAL)
@route("PUT", _GUILD)
def overwrite_commands(call: Call) -> Reply:
    """Replace all commands of the scope; a command of the same name and type keeps its id."""
    scope = _scope(call)
    check_commands(call.payload)
    before = {(one.type, one.name): one for one in _in_scope(call, scope)}
    for one in before.values():
        del call.world.commands[one.id]
    made = [_store(call, scope, data, before) for data in call.payload or []]
    call.world.publish(CommandsSynced(scope))
    return Reply(body=[payloads.command(call.world, one) for one in made])


@route("POST", _GLOBAL)
@route("POST", _GUILD)
def create_command(call: Call) -> Reply:
    """Add one command, or replace the one of that name and type (then 200 instead of 201)."""
    scope = _scope(call)
    _check_one(call.body())
    before = {(one.type, one.name): one for one in _in_scope(call, scope)}
    made = _store(call, scope, call.body(), before)
    call.world.publish(CommandsSynced(scope))
    is_new = (made.type, made.name) not in before
    return Reply(201 if is_new else 200, payloads.command(call.world, made))


@route("GET", _GLOBAL + "/{command_id}")
@route("GET", _GUILD + "/{command_id}")
def get_command(call: Call) -> Reply:
    return Reply(body=payloads.command(call.world, _find(call)))


@route("PATCH", _GLOBAL + "/{command_id}")
@route("PATCH", _GUILD + "/{command_id}")
def edit_command(call: Call) -> Reply:
    command = _find(call)
    data = {**command.data, **call.body()}
    _check_one(data)
    fresh = _store(call, command.guild_id, data, {(command.type, data["name"]): command})
    call.world.publish(CommandsSynced(command.guild_id))
    return Reply(body=payloads.command(call.world, fresh))


@route("DELETE", _GLOBAL + "/{command_id}")
@route("DELETE", _GUILD + "/{command_id}")
def delete_command(call: Call) -> Reply:
    command = _find(call)
    del call.world.commands[command.id]
    call.world.publish(CommandsSynced(command.guild_id))
    return NO_CONTENT


def _find(call: Call) -> Command:
    scope = _scope(call)
    command = call.world.commands.get(call.id("command_id"))
    if command is None or command.guild_id != scope:
        raise errors.unknown_command()
    return command


def _check_one(data: Json) -> None:
    problems = Problems()
    check_command(problems, (), data)
    problems.raise_if_any()


def _store(
    call: Call, scope: int | None, data: Json, before: dict[tuple[CommandType, str], Command]
) -> Command:
    kind = CommandType(data.get("type") or 1)
    old = before.get((kind, data["name"]))
    command_id = old.id if old else call.world.ids.next()
    shown: Json = {
        "version": str(call.world.ids.next()),
        "type": int(kind),
        "name": data["name"],
        "name_localizations": data.get("name_localizations"),
        "description": data.get("description") or "",
        "description_localizations": data.get("description_localizations"),
        "default_member_permissions": _bits(data.get("default_member_permissions")),
        "nsfw": bool(data.get("nsfw")),
    }
    options = data.get("options")
    if options:
        shown["options"] = [_tidy(option) for option in options]
    if scope is None:
        shown["contexts"] = data.get("contexts")
        shown["integration_types"] = data.get("integration_types") or [0]
        shown["dm_permission"] = data.get("dm_permission", True) is not False
    command = Command(command_id, data["name"], kind, shown, scope)
    call.world.commands[command_id] = command
    return command


def _bits(value: object) -> str | None:
    return None if value is None else str(value)


def _tidy(option: Json) -> Json:
    """An option as Discord answers it: no nulls, no ``required: false``."""
    kept = {key: value for key, value in option.items() if value is not None}
    if not kept.get("required"):
        kept.pop("required", None)
    if "options" in kept:
        kept["options"] = [_tidy(one) for one in kept["options"]]
    return kept
