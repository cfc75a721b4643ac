"""Which commands a person is offered where (Application Commands docs, "Contexts",
"Permissions").
"""

from __future__ import annotations

from sandbox import interactions, permissions
from sandbox.errors import UsageError
from sandbox.models import Channel, Command, CommandType, Context, User
from sandbox.state import World


class UnknownCommand(UsageError):
    """No such command was ever synced."""


class CommandUnavailable(UsageError):
    """The command exists but is not offered to this person in this place."""


def find_command(
    world: World, user: User, channel: Channel, name: str, kind: CommandType
) -> Command:
    """The command a person means; a server's own wins over a global one.

    Raises:
        UnknownCommand: never synced (for this server).
        CommandUnavailable: the reason is in the message.
    """
    named = [one for one in world.commands.values() if one.name == name and one.type is kind]
    here = [one for one in named if one.guild_id in (None, channel.guild_id)]
    if not here:
        synced = sorted(one.name for one in world.commands.values() if one.type is kind)
        raise UnknownCommand(f"{name!r} was never synced here; synced: {synced}")
    command = max(here, key=lambda one: one.guild_id is not None)
    reason = why_not(world, user, channel, command)
    if reason:
        raise CommandUnavailable(f"{name!r} is not offered here: {reason}")
    return command


def offered(world: World, user: User, channel: Channel) -> list[Command]:
    """Every command the client would list for this person in this channel."""
    return [
        one
        for one in world.commands.values()
        if one.guild_id in (None, channel.guild_id) and not why_not(world, user, channel, one)
    ]


def why_not(world: World, user: User, channel: Channel, command: Command) -> str | None:
    """Why a command is not offered, None if it is."""
    context = interactions.context_of(world, channel)
    types = command.data.get("integration_types") or [0]
    by_server = 0 in types and world.bot_in(channel)
    by_user = 1 in types and user.user_installed
    if not by_server and not by_user:
        return "the app is installed neither here nor (for this command) by the user"
    contexts = command.data.get("contexts")
    if contexts is not None and context not in contexts:
        return f"its contexts are {contexts}, this is {int(context)}"
    servers_only = command.guild_id is not None or command.data.get("dm_permission") is False
    if contexts is None and context is not Context.GUILD and servers_only:
        return "it is for servers only"
    bits = world.permissions_in(user, channel)
    if not bits & permissions.USE_APPLICATION_COMMANDS:
        return "the user may not use application commands here"
    needed = command.data.get("default_member_permissions")
    if needed is not None and context is Context.GUILD:
        need = int(needed) or permissions.ADMINISTRATOR
        if need & ~bits:
            return f"the user lacks the permissions {need & ~bits}"
    if command.data.get("nsfw") and context is Context.GUILD and not channel.nsfw:
        return "it is age-restricted, the channel is not"
    return None
