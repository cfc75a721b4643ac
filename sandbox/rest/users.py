"""User resource, and the gateway's address."""

from __future__ import annotations

from sandbox import errors, payloads, permissions
from sandbox.errors import Json
from sandbox.rest.routing import NO_CONTENT, Call, Reply, route

_COUNTS = ("approximate_member_count", "approximate_presence_count")


@route("GET", "/users/@me")
def get_me(call: Call) -> Reply:
    return Reply(body=payloads.me(call.world))


@route("GET", "/users/@me/guilds")
def get_my_guilds(call: Call) -> Reply:
    """The bot's servers by ascending id, up to 200."""
    bot, after = call.world.application.bot, call.query_id("after") or 0
    counts = call.query.get("with_counts", "").lower() in ("1", "true")
    shown: list[Json] = []
    for guild in call.world.guilds.values():
        if guild.app_installed and guild.id > after:
            bits = permissions.of_member(guild, guild.members[bot.id])
            known: Json = {"id": str(guild.id), "name": guild.name, "icon": None, "banner": None}
            if counts:
                known |= dict.fromkeys(_COUNTS, len(guild.members))
            shown.append({**known, "owner": False, "permissions": str(bits), "features": []})
    return Reply(body=shown[: call.limit(200, 200)])


@route("DELETE", "/users/@me/guilds/{guild_id}")
def leave_guild(call: Call) -> Reply:
    call.world.uninstall(call.world.guild(call.id("guild_id")))
    return NO_CONTENT


@route("POST", "/users/@me/channels")
def create_dm(call: Call) -> Reply:
    """Open the DM with a person; 50007 for another bot."""
    recipient = call.body().get("recipient_id")
    person = call.world.users.get(int(recipient or 0))
    if person is None:
        raise errors.unknown_user()
    if person.bot:
        raise errors.cannot_message_user()
    channel = call.world.create_private_channel(person, call.world.application.bot)
    return Reply(body=payloads.channel(call.world, channel))


@route("GET", "/users/{user_id}")
def get_user(call: Call) -> Reply:
    person = call.world.users.get(call.id("user_id"))
    if person is None:
        raise errors.unknown_user()
    return Reply(body=payloads.user(person))


def _gateway_url(call: Call) -> str:
    return call.world.base_url.replace("http://", "ws://") + "/gateway"


@route("GET", "/gateway", needs_bot=False)
def get_gateway(call: Call) -> Reply:
    return Reply(body={"url": _gateway_url(call)})


@route("GET", "/gateway/bot")
def get_bot_gateway(call: Call) -> Reply:
    """One shard per 1,000 servers, as Discord recommends, and room for a thousand sessions a
    day.
    """
    shards = 1 + sum(guild.app_installed for guild in call.world.guilds.values()) // 1000
    limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    shards = call.world.recommended_shards or shards
    body = {"url": _gateway_url(call), "shards": shards, "session_start_limit": limit}
    return Reply(body=body)
