"""Channels and guilds."""

from __future__ import annotations

from sandbox import permissions
from sandbox.clock import isoformat
from sandbox.errors import Json
from sandbox.models import Channel, ChannelType, Guild, Member, User
from sandbox.payloads.people import member, role, user
from sandbox.snowflakes import created_at
from sandbox.state import World


def channel(world: World, channel_: Channel) -> Json:
    """Channel object: a guild text channel, a thread, a DM or a group DM, as the bot gets it."""
    last = str(channel_.last_message_id) if channel_.last_message_id else None
    shown: Json = {
        "id": str(channel_.id),
        "type": int(channel_.type),
        "flags": 0,
        "last_message_id": last,
    }
    if channel_.parent is not None:
        return {**shown, **_thread(world, channel_, channel_.parent)}
    if channel_.guild_id is None:
        others = [one for one in channel_.recipients if one is not world.application.bot]
        shown["recipients"] = [user(one) for one in others]
        if channel_.type is ChannelType.GROUP_DM:
            owner = str(channel_.recipients[0].id)
            shown.update(name=channel_.name, icon=None, owner_id=owner)
        return shown
    overwrites = [
        {"id": str(one.id), "type": one.type, "allow": str(one.allow), "deny": str(one.deny)}
        for one in channel_.overwrites.values()
    ]
    shown.update(
        guild_id=str(channel_.guild_id),
        name=channel_.name,
        position=channel_.position,
        topic=channel_.topic,
        nsfw=channel_.nsfw,
        parent_id=None,
        rate_limit_per_user=0,
        permission_overwrites=overwrites,
        last_pin_timestamp=None,
    )
    return shown


def _thread(world: World, thread: Channel, parent: Channel) -> Json:
    said = sum(one.channel is thread and not one.deleted for one in world.messages.values())
    starter = thread.starter or world.application.bot
    return {
        "guild_id": str(thread.guild_id),
        "name": thread.name,
        "parent_id": str(parent.id),
        "owner_id": str(starter.id),
        "rate_limit_per_user": 0,
        "last_pin_timestamp": None,
        "message_count": said,
        "total_message_sent": said,
        "member_count": 1,
        "thread_metadata": {
            "archived": False,
            "archive_timestamp": isoformat(created_at(thread.id)),
            "auto_archive_duration": 4320,
            "locked": False,
        },
    }


def guild(guild_: Guild) -> Json:
    """Guild object, with counts."""
    members = len(guild_.members)
    return {
        **dict.fromkeys(_ABSENT),
        "id": str(guild_.id),
        "name": guild_.name,
        "owner_id": str(guild_.owner_id),
        "features": [],
        "region": "deprecated",
        "afk_timeout": 300,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "verification_level": 0,
        "roles": [role(one) for one in guild_.roles.values()],
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": guild_.locale,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "approximate_member_count": members,
        "approximate_presence_count": members,
    }


_ABSENT = (
    "icon",
    "description",
    "home_header",
    "splash",
    "discovery_splash",
    "banner",
    "application_id",
    "afk_channel_id",
    "system_channel_id",
    "widget_channel_id",
    "max_presences",
    "vanity_url_code",
    "rules_channel_id",
    "safety_alerts_channel_id",
    "public_updates_channel_id",
    "incidents_data",
)


def guild_create(world: World, guild_: Guild, members: list[Member]) -> Json:
    """The GUILD_CREATE event: the guild, its channels, and the members this session is told of."""
    extras: Json = {
        "joined_at": isoformat(guild_.joined_at),
        "large": len(guild_.members) > 250,
        "unavailable": False,
        "member_count": len(guild_.members),
        "members": [member(one) for one in members],
        "channels": [channel(world, one) for one in guild_.channels.values()],
        "threads": [channel(world, one) for one in guild_.threads.values()],
    }
    empty = ["voice_states", "presences", "stage_instances", "guild_scheduled_events"]
    extras.update({name: [] for name in (*empty, "soundboard_sounds")})
    return {**guild(guild_), **extras}


def interaction_channel(world: World, channel_: Channel, viewer: User) -> Json:
    """The partial channel in an interaction, with the viewer's permissions."""
    bits = world.permissions_in(viewer, channel_)
    return {**channel(world, channel_), "permissions": str(bits)}


def interaction_member(world: World, guild_: Guild, viewer: User, channel_: Channel) -> Json:
    """The invoking member, with their computed permissions."""
    bits = permissions.of_member(guild_, guild_.members[viewer.id], channel_)
    return {**member(guild_.members[viewer.id]), "permissions": str(bits)}
