"""Users, members and roles."""

from __future__ import annotations

from sandbox.clock import isoformat
from sandbox.errors import Json
from sandbox.models import Member, Role, User
from sandbox.state import World


def user(person: User) -> Json:
    """User object."""
    shown: Json = {
        "id": str(person.id),
        "username": person.username,
        "global_name": person.global_name,
        "discriminator": "0",
        "avatar": None,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        "public_flags": 0,
        "flags": 0,
    }
    return {**shown, "bot": True} if person.bot else shown


def me(world: World) -> Json:
    """The bot's own user object, with its private fields."""
    private = {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}
    return {**user(world.application.bot), **private}


def member(member_: Member, *, with_user: bool = True) -> Json:
    """Guild Member object; in a message the user stands beside it, not in it."""
    shown: Json = {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "flags": 0,
        "joined_at": isoformat(member_.joined_at),
        "nick": member_.nick,
        "pending": False,
        "premium_since": None,
        "roles": [str(role) for role in member_.roles],
        "mute": False,
        "deaf": False,
    }
    return {**shown, "user": user(member_.user)} if with_user else shown


def role(role_: Role) -> Json:
    """Role object."""
    shown: Json = {
        "id": str(role_.id),
        "name": role_.name,
        "permissions": str(role_.permissions),
        "position": role_.position,
        "color": role_.color,
        "colors": {"primary_color": role_.color, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": role_.managed,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    if role_.bot_id:
        shown["tags"] = {"bot_id": str(role_.bot_id)}
    return shown
