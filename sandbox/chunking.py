"""Guild members on request (Gateway docs, "Request Guild Members")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox import payloads
from sandbox.dispatch import Audience
from sandbox.errors import Json
from sandbox.models import Member
from sandbox.state import World


def member_chunks(world: World, to: Audience, data: Any, size: int) -> Iterator[Json]:
    """GUILD_MEMBERS_CHUNK events of at most ``size`` members, at least one, with the request's
    nonce.

    A request for everybody needs the GUILD_MEMBERS intent; without it, or for a server this shard
    does not carry, Discord stays silent and so do we.
    """
    if not isinstance(data, dict) or not str(data.get("guild_id", "")).isdecimal():
        return
    guild = world.guilds.get(int(data["guild_id"]))
    if guild is None or not guild.app_installed or not to.covers(guild.id):
        return
    wants_all = data.get("query") == "" and not data.get("limit") and not data.get("user_ids")
    if wants_all and not to.has("GUILD_MEMBERS"):
        return
    found, missing = _find(list(guild.members.values()), data)
    pages = [found[at : at + size] for at in range(0, len(found), size)] or [[]]
    for index, page in enumerate(pages):
        chunk: Json = {
            "guild_id": str(guild.id),
            "members": [payloads.member(one) for one in page],
            "chunk_index": index,
            "chunk_count": len(pages),
        }
        if index == 0 and missing:
            chunk["not_found"] = missing
        if data.get("nonce"):
            chunk["nonce"] = data["nonce"]
        yield chunk


def _find(members: list[Member], data: Json) -> tuple[list[Member], list[str]]:
    if data.get("user_ids"):
        listed = data["user_ids"] if isinstance(data["user_ids"], list) else [data["user_ids"]]
        wanted = [str(one) for one in listed][:100]
        by_id = {str(one.user.id): one for one in members}
        missing = [one for one in wanted if one not in by_id]
        return [by_id[one] for one in wanted if one in by_id], missing
    start = str(data.get("query") or "").lower()
    found = [one for one in members if (one.nick or one.user.name).lower().startswith(start)]
    limit = int(data.get("limit") or 0)
    return (found[: min(limit, 100)] if limit else found), []
