"""What the page is told: places, people, messages and commands, as one person sees them."""

from __future__ import annotations

import json
from typing import Any

from sandbox import availability, payloads, permissions
from sandbox.errors import Json
from sandbox.models import Channel, Interaction, StoredMessage, User
from sandbox.state import World


def overview(world: World, user: User) -> Json:
    """People to be, servers and channels this person sees, and the bot."""
    bot = world.application.bot
    people = [one for one in world.users.values() if not one.bot]
    places = []
    for guild in world.guilds.values():
        if user.id not in guild.members:
            continue
        seen = [
            channel(world, one, user)
            for one in (*guild.channels.values(), *guild.threads.values())
            if world.permissions_in(user, one) & permissions.VIEW_CHANNEL
        ]
        places.append({"name": guild.name, "channels": seen})
    own = world.create_private_channel(user, bot)
    private = [
        channel(world, one, user)
        for one in world.channels.values()
        if one.guild_id is None and user in one.recipients
    ]
    places.append({"name": "Direct messages", "channels": private})
    return {
        "me": person(user),
        "people": [person(one) for one in people],
        "names": {str(one.id): one.name for one in world.users.values()},
        "channels": {str(one.id): one.name for one in world.channels.values() if one.name},
        "bot": person(bot),
        "places": places,
        "home": str(next(iter(world.channels))) if places[:-1] else str(own.id),
    }


def person(user: User) -> Json:
    return {"id": str(user.id), "name": user.name, "bot": user.bot}


def channel(world: World, one: Channel, viewer: User) -> Json:
    others = [who.name for who in one.recipients if who is not viewer]
    is_dm = one.guild_id is None
    name = one.name or ", ".join(others) or "notes"
    return {"id": str(one.id), "name": name, "dm": is_dm, "nsfw": one.nsfw}


def message(world: World, one: StoredMessage) -> Json:
    """A message object whose file addresses are relative, so that any loopback name works."""
    shown = payloads.message(world, one)
    shown["author"]["name"] = one.author.name
    if one.interaction is not None:
        shown["used"] = used(one.interaction)
    relative: Json = json.loads(json.dumps(shown).replace(world.base_url + "/cdn/", "/cdn/"))
    return relative


def used(interaction: Interaction) -> str:
    """The line above an answer: who used what."""
    name = interaction.data.get("name")
    if name is None:
        return f"{interaction.user.name} used a component"
    slash = "/" if interaction.data.get("type") == 1 else ""
    return f"{interaction.user.name} used {slash}{name}"


def commands(world: World, user: User, place: Channel) -> list[Json]:
    """The commands the client would offer; slash commands flattened to their sub-commands."""
    found: list[Json] = []
    for one in availability.offered(world, user, place):
        kind = int(one.type)
        if kind != 1:
            found.append({"type": kind, "name": one.name, "description": "", "options": []})
            continue
        found += _flat(one.name, one.data)
    return sorted(found, key=lambda one: (one["type"], one["name"]))


def _flat(path: str, data: Json) -> list[Json]:
    options: list[Json] = data.get("options", [])
    inner = [one for one in options if one["type"] in (1, 2)]
    if inner:
        return [leaf for one in inner for leaf in _flat(f"{path} {one['name']}", one)]
    shown = {"name": path, "description": data.get("description", ""), "options": options}
    return [{"type": 1, **shown}]


def interaction(one: Interaction, state: str) -> Json:
    """How far a use of the bot got: "sent", "acked", "answered" or "failed", and its modal."""
    shown: dict[str, Any] = {"id": str(one.id), "state": state, "channel": str(one.channel.id)}
    return {**shown, "modal": one.modal, "name": one.data.get("name", "")}
