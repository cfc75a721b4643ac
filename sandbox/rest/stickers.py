"""Sticker resource: a server's stickers, by id."""

from __future__ import annotations

from sandbox import errors
from sandbox.errors import Json
from sandbox.models import Sticker
from sandbox.rest.routing import Call, Reply, route

GUILD = 2
"""Sticker Types: uploaded to a server."""


def _sticker(one: Sticker) -> Json:
    return {
        "id": str(one.id),
        "name": one.name,
        "tags": "",
        "type": GUILD,
        "format_type": int(one.format),
        "description": one.description,
        "available": True,
        "guild_id": str(one.guild_id),
    }


@route("GET", "/stickers/{sticker_id}")
def get_sticker(call: Call) -> Reply:
    found = call.world.stickers.get(call.id("sticker_id"))
    if found is None:
        raise errors.unknown_sticker()
    return Reply(body=_sticker(found))


@route("GET", "/guilds/{guild_id}/stickers")
def get_guild_stickers(call: Call) -> Reply:
    guild = call.world.guild(call.id("guild_id"))
    found = [one for one in call.world.stickers.values() if one.guild_id == guild.id]
    return Reply(body=[_sticker(one) for one in found])
