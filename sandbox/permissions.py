"""Permission bits and how roles and channel overwrites combine (Discord docs, "Permissions")."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.models import Channel, Guild, Member

KICK_MEMBERS = 1 << 1
ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
ADD_REACTIONS = 1 << 6
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
USE_EXTERNAL_EMOJIS = 1 << 18
MANAGE_ROLES = 1 << 28
USE_APPLICATION_COMMANDS = 1 << 31
SEND_MESSAGES_IN_THREADS = 1 << 38
MODERATE_MEMBERS = 1 << 40
USE_EXTERNAL_APPS = 1 << 50

ALL = (1 << 53) - 1

EVERYONE = (
    VIEW_CHANNEL
    | SEND_MESSAGES
    | SEND_MESSAGES_IN_THREADS
    | ADD_REACTIONS
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_EXTERNAL_EMOJIS
    | USE_APPLICATION_COMMANDS
    | USE_EXTERNAL_APPS
)
STAFF = (
    EVERYONE | MANAGE_GUILD | MANAGE_CHANNELS | MANAGE_MESSAGES | MODERATE_MEMBERS | KICK_MEMBERS
)
TO_SPEAK = (SEND_MESSAGES, SEND_MESSAGES_IN_THREADS)
"""What it takes to post: in a channel, in a thread."""

DIRECT_MESSAGE = EVERYONE
"""What everybody may do in a DM."""


def of_member(guild: Guild, member: Member, channel: Channel | None = None) -> int:
    """A member's permission bits in a guild, or in one of its channels when given; a thread has
    those of its parent.
    """
    if member.user.id == guild.owner_id:
        return ALL
    base = guild.roles[guild.id].permissions
    for role_id in member.roles:
        base |= guild.roles[role_id].permissions
    if base & ADMINISTRATOR:
        return ALL
    if channel is None:
        return base
    return _with_overwrites(base, channel.parent or channel, guild.id, member.roles, member.user.id)


def _with_overwrites(
    base: int, channel: Channel, guild_id: int, roles: Iterable[int], user_id: int
) -> int:
    def apply(bits: int, allow: int, deny: int) -> int:
        return (bits & ~deny) | allow

    everyone = channel.overwrites.get(guild_id)
    if everyone:
        base = apply(base, everyone.allow, everyone.deny)
    allow = deny = 0
    for role_id in roles:
        overwrite = channel.overwrites.get(role_id)
        if overwrite:
            allow, deny = allow | overwrite.allow, deny | overwrite.deny
    base = apply(base, allow, deny)
    own = channel.overwrites.get(user_id)
    return apply(base, own.allow, own.deny) if own else base
