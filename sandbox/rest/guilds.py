"""Guild resource: the server and its members."""

from __future__ import annotations

from sandbox import errors, payloads
from sandbox.rest.routing import Call, Reply, route


@route("GET", "/guilds/{guild_id}")
def get_guild(call: Call) -> Reply:
    return Reply(body=payloads.guild(call.world.guild(call.id("guild_id"))))


@route("GET", "/guilds/{guild_id}/channels")
def get_guild_channels(call: Call) -> Reply:
    guild = call.world.guild(call.id("guild_id"))
    return Reply(body=[payloads.channel(call.world, one) for one in guild.channels.values()])


@route("GET", "/guilds/{guild_id}/roles")
def get_guild_roles(call: Call) -> Reply:
    guild = call.world.guild(call.id("guild_id"))
    return Reply(body=[payloads.role(one) for one in guild.roles.values()])


@route("GET", "/guilds/{guild_id}/members")
def get_members(call: Call) -> Reply:
    """Members by ascending id; needs the GUILD_MEMBERS intent in the portal (50001 without)."""
    guild = call.world.guild(call.id("guild_id"))
    if "GUILD_MEMBERS" not in call.world.application.privileged:
        raise errors.missing_access()
    after = call.query_id("after") or 0
    found = sorted(one for one in guild.members if one > after)[: call.limit(1, 1000)]
    return Reply(body=[payloads.member(guild.members[one]) for one in found])


@route("GET", "/guilds/{guild_id}/members/search")
def search_members(call: Call) -> Reply:
    guild = call.world.guild(call.id("guild_id"))
    start = call.query.get("query", "").lower()
    found = [
        one
        for one in guild.members.values()
        if one.user.username.lower().startswith(start) or (one.nick or "").lower().startswith(start)
    ]
    return Reply(body=[payloads.member(one) for one in found[: call.limit(1, 1000)]])


@route("GET", "/guilds/{guild_id}/members/{user_id}")
def get_member(call: Call) -> Reply:
    member = call.world.guild(call.id("guild_id")).members.get(call.id("user_id"))
    if member is None:
        raise errors.unknown_member()
    return Reply(body=payloads.member(member))
