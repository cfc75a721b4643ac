"""What the page is told: places, people, messages and commands, as one person sees them."""

from __future__ import annotations

import json
from typing import Any

from sandbox import availability, payloads, permissions
from sandbox.errors import Json
from sandbox.models import Channel, Guild, Interaction, Member, StoredMessage, User
from sandbox.state import World


def overview(world: World, user: User) -> Json:
    """People to be, servers and channels this person sees, and the bot."""
    bot = world.application.bot
    people = [one for one in world.users.values() if not one.bot]
    places = [server(world, one, user) for one in world.guilds.values() if user.id in one.members]
    own = world.create_private_channel(user, bot)
    private = [
        channel(world, one, user)
        for one in world.channels.values()
        if one.guild_id is None and user in one.recipients
    ]
    home = (
        str(own.id) if not places or not places[0]["channels"] else places[0]["channels"][0]["id"]
    )
    places.append({"id": "direct", "name": "Direct messages", "channels": private})
    return {
        "me": self_(user),
        "people": [{**person(one), "standing": _standing(world, one)} for one in people],
        "names": {str(one.id): one.name for one in world.users.values()},
        "channels": {str(one.id): one.name for one in world.channels.values() if one.name},
        "roles": {
            str(one.id): one.name for guild in world.guilds.values() for one in guild.roles.values()
        },
        "bot": person(bot),
        "places": places,
        "home": home,
    }


def server(world: World, guild: Guild, viewer: User) -> Json:
    """A server: the channels and threads that ``viewer`` sees, its members and roles."""
    everywhere = (*guild.channels.values(), *guild.threads.values())
    seen = [
        channel(world, one, viewer)
        for one in everywhere
        if world.permissions_in(viewer, one) & permissions.VIEW_CHANNEL
    ]
    members = [
        {**person(one.user), "standing": standing(guild, one)} for one in guild.members.values()
    ]
    roles = [{"id": str(one.id), "name": one.name} for one in guild.roles.values()]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "installed": guild.app_installed,
        "channels": seen,
        "members": members,
        "roles": roles,
    }


def standing(guild: Guild, member: Member) -> str:
    """What a member is in a server: owner, app, the name of their highest role, or member."""
    if member.user.id == guild.owner_id:
        return "Owner"
    if member.user.bot:
        return "App"
    own = [guild.roles[one] for one in member.roles if one != guild.id]
    return max(own, key=lambda role: role.position).name if own else "Member"


def _standing(world: World, user: User) -> str:
    """What somebody is in the first server that they are in."""
    for guild in world.guilds.values():
        if user.id in guild.members:
            return standing(guild, guild.members[user.id])
    return "Guest"


def person(user: User) -> Json:
    return {"id": str(user.id), "name": user.name, "username": user.username, "bot": user.bot}


def self_(user: User) -> Json:
    """A person with their own settings."""
    return {
        **person(user),
        "locale": user.locale,
        "installed": user.user_installed,
        "accepts_dms": user.accepts_dms,
    }


def channel(world: World, one: Channel, viewer: User) -> Json:
    """A place to talk, and what the viewer may do there."""
    others = [who.name for who in one.recipients if who is not viewer]
    bits = world.permissions_in(viewer, one)
    return {
        "id": str(one.id),
        "name": one.name or ", ".join(others) or "notes",
        "dm": one.guild_id is None,
        "nsfw": one.nsfw,
        "topic": one.topic,
        "type": int(one.type),
        "parent": str(one.parent.id) if one.parent else None,
        "people": [person(who) for who in one.recipients],
        "may_post": bool(bits & permissions.TO_SPEAK[one.is_thread]),
        "may_manage": bool(bits & permissions.MANAGE_MESSAGES),
    }


def message(world: World, one: StoredMessage) -> Json:
    """A message object whose file addresses are relative, so that any loopback name works."""
    shown = payloads.message(world, one)
    shown["author"]["name"] = one.author.name
    if shown.get("referenced_message") and one.reference:
        shown["referenced_message"]["author"]["name"] = one.reference.author.name
    for reaction in shown.get("reactions", []):
        people = one.reactions[reaction["emoji"]["name"]]
        reaction["people"] = [str(user_id) for user_id in sorted(people)]
    for sticker in shown.get("sticker_items", []):
        suffix = "gif" if sticker["format_type"] == 4 else "png"
        sticker["url"] = f"/cdn/stickers/{sticker['id']}.{suffix}"
    if one.interaction is not None:
        if "name" in one.interaction.data:
            shown["used"] = used(one.interaction)
        shown["used_by"] = str(one.interaction.user.id)
    relative: Json = json.loads(json.dumps(shown).replace(world.base_url + "/cdn/", "/cdn/"))
    return relative


def used(interaction: Interaction) -> str:
    """The line above the answer to a command: who used what."""
    name = interaction.data["name"]
    slash = "/" if interaction.data.get("type") == 1 else ""
    return f"{interaction.user.name} used {slash}{name}"


def commands(world: World, user: User, place: Channel) -> list[Json]:
    """The commands the client would offer, in the user's language; slash commands flattened to
    their sub-commands.

    ``name`` is what the bot hears, ``label`` and ``description`` are what the user reads.
    """
    found: list[Json] = []
    for one in availability.offered(world, user, place):
        label = _translated(one.data, "name", user.locale)
        if int(one.type) == 1:
            found += _flat(one.name, label, one.data, user.locale)
            continue
        plain = {"name": one.name, "label": label, "description": "", "options": []}
        found.append({"type": int(one.type), **plain})
    return sorted(found, key=lambda one: (one["type"], one["name"]))


def _translated(one: Json, key: str, locale: str) -> str:
    translations = one.get(f"{key}_localizations") or {}
    return str(translations.get(locale) or one.get(key) or "")


def _flat(path: str, label: str, data: Json, locale: str) -> list[Json]:
    options: list[Json] = data.get("options", [])
    inner = [one for one in options if one["type"] in (1, 2)]
    if inner:
        return [
            leaf
            for one in inner
            for leaf in _flat(
                f"{path} {one['name']}", f"{label} {_translated(one, 'name', locale)}", one, locale
            )
        ]
    shown = {"name": path, "label": label, "description": _translated(data, "description", locale)}
    return [{"type": 1, **shown, "options": [_option(one, locale) for one in options]}]


def _option(option: Json, locale: str) -> Json:
    shown = dict(option)
    shown["label"] = _translated(option, "name", locale)
    shown["description"] = _translated(option, "description", locale)
    if "choices" in option:
        shown["choices"] = [
            {**one, "name": _translated(one, "name", locale)} for one in option["choices"]
        ]
    return shown


def interaction(one: Interaction, state: str) -> Json:
    """How far a use of the bot got: "sent", "acked", "answered" or "failed", and its modal."""
    shown: dict[str, Any] = {"id": str(one.id), "state": state, "channel": str(one.channel.id)}
    shown["source"] = str(one.source.id) if one.source else None
    return {**shown, "modal": one.modal, "name": one.data.get("name", "")}
