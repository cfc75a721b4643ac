"""The JSON objects Discord sends, made from the world. Field by field after the API docs' object
tables.
"""

from __future__ import annotations

from sandbox import permissions
from sandbox.clock import isoformat
from sandbox.errors import Json
from sandbox.models import (
    Channel,
    ChannelType,
    Command,
    Guild,
    Interaction,
    InteractionType,
    Member,
    MessageType,
    Role,
    StoredFile,
    StoredMessage,
    User,
)
from sandbox.state import World

ATTACHMENT_IS_SPOILER = 1 << 5


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


def channel(world: World, channel_: Channel) -> Json:
    """Channel object: a guild text channel, a DM or a group DM, as the bot gets it."""
    last = str(channel_.last_message_id) if channel_.last_message_id else None
    shown: Json = {
        "id": str(channel_.id),
        "type": int(channel_.type),
        "flags": 0,
        "last_message_id": last,
    }
    if channel_.type is not ChannelType.GUILD_TEXT:
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
    }
    empty = ["voice_states", "threads", "presences", "stage_instances", "guild_scheduled_events"]
    extras.update({name: [] for name in (*empty, "soundboard_sounds")})
    return {**guild(guild_), **extras}


def attachment(world: World, file: StoredFile) -> Json:
    """Attachment object."""
    url = world.base_url + file.path
    shown: Json = {
        "id": str(file.id),
        "filename": file.filename,
        "size": file.size,
        "url": url,
        "proxy_url": url,
        "content_type": file.content_type,
    }
    if file.width is not None and file.height is not None:
        shown.update(width=file.width, height=file.height)
    if file.description is not None:
        shown["description"] = file.description
    if file.title is not None:
        shown["title"] = file.title
    if file.ephemeral:
        shown["ephemeral"] = True
    if file.spoiler:
        shown["flags"] = ATTACHMENT_IS_SPOILER
    return shown


def message(world: World, message_: StoredMessage, *, nested: bool = False) -> Json:
    """Message object as REST answers it (``nested``: inside another, without its own reference)."""
    shown: Json = {
        "id": str(message_.id),
        "type": int(message_.type),
        "channel_id": str(message_.channel.id),
        "author": user(message_.author),
        "content": message_.content,
        "timestamp": isoformat(message_.timestamp),
        "edited_timestamp": None,
        "tts": message_.tts,
        "mention_everyone": message_.mention_everyone,
        "mentions": [user(one) for one in message_.mentions],
        "mention_roles": [str(one) for one in message_.mention_roles],
        "attachments": [attachment(world, file) for file in message_.attachments],
        "embeds": message_.embeds,
        "components": message_.components,
        "pinned": False,
        "flags": message_.flags,
    }
    if message_.edited_timestamp:
        shown["edited_timestamp"] = isoformat(message_.edited_timestamp)
    if message_.nonce is not None:
        shown["nonce"] = message_.nonce
    if message_.webhook_id is not None:
        shown["webhook_id"] = str(message_.webhook_id)
        shown["application_id"] = str(world.application.id)
    if message_.reactions:
        shown["reactions"] = [_reaction(world, *item) for item in message_.reactions.items()]
    if message_.interaction is not None:
        shown["interaction_metadata"] = interaction_metadata(message_.interaction)
        if message_.interaction.type is InteractionType.APPLICATION_COMMAND:
            shown["interaction"] = _legacy_interaction(message_.interaction)
    if message_.reference is not None:
        _add_reference(world, shown, message_.reference, nested)
    return shown


def _add_reference(world: World, shown: Json, target: StoredMessage, nested: bool) -> None:
    reference = {
        "type": 0,
        "channel_id": str(target.channel.id),
        "message_id": str(target.id),
    }
    if target.channel.guild_id:
        reference["guild_id"] = str(target.channel.guild_id)
    shown["message_reference"] = reference
    if not nested and shown["type"] == MessageType.REPLY:
        gone = target.deleted
        shown["referenced_message"] = None if gone else message(world, target, nested=True)


def _reaction(world: World, emoji: str, people: set[int]) -> Json:
    return {
        "emoji": {"id": None, "name": emoji},
        "count": len(people),
        "count_details": {"burst": 0, "normal": len(people)},
        "burst_colors": [],
        "me_burst": False,
        "burst_me": False,
        "burst_count": 0,
        "me": world.application.bot.id in people,
    }


def interaction_metadata(interaction: Interaction) -> Json:
    """Message Interaction Metadata object."""
    shown: Json = {
        "id": str(interaction.id),
        "type": int(interaction.type),
        "user": user(interaction.user),
        "authorizing_integration_owners": interaction.owners,
    }
    if interaction.type is InteractionType.APPLICATION_COMMAND:
        shown["name"] = interaction.data["name"]
        shown["command_type"] = interaction.data["type"]
        if interaction.data["type"] == 3:
            shown["target_message_id"] = interaction.data["target_id"]
    elif interaction.type is InteractionType.MESSAGE_COMPONENT and interaction.source:
        shown["interacted_message_id"] = str(interaction.source.id)
    elif interaction.parent is not None:
        shown["triggering_interaction_metadata"] = interaction_metadata(interaction.parent)
    return shown


def _legacy_interaction(interaction: Interaction) -> Json:
    return {
        "id": str(interaction.id),
        "type": int(interaction.type),
        "name": interaction.data["name"],
        "user": user(interaction.user),
    }


def command(world: World, command_: Command) -> Json:
    """Application Command object."""
    owner = {"id": str(command_.id), "application_id": str(world.application.id)}
    if command_.guild_id is not None:
        owner["guild_id"] = str(command_.guild_id)
    return {**command_.data, **owner}


def application(world: World) -> Json:
    """Application object as ``/applications/@me`` answers it; ``flags`` shows the intents switched
    on.
    """
    app = world.application
    bits = {"GUILD_PRESENCES": 13, "GUILD_MEMBERS": 15, "MESSAGE_CONTENT": 19}
    flags = sum(1 << bits[name] for name in app.privileged)
    installed = [one for one in world.guilds.values() if one.app_installed]
    return {
        "id": str(app.id),
        "name": app.name,
        "icon": None,
        "description": "",
        "type": None,
        "verify_key": "0" * 64,
        "flags": flags,
        "flags_new": str(flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(app.owner),
        "bot": user(app.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "integration_types_config": {"0": {}, "1": {}},
        "approximate_guild_count": len(installed),
        "approximate_user_install_count": sum(one.user_installed for one in world.users.values()),
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    }


def interaction_channel(world: World, channel_: Channel, viewer: User) -> Json:
    """The partial channel in an interaction, with the viewer's permissions."""
    bits = world.permissions_in(viewer, channel_)
    return {**channel(world, channel_), "permissions": str(bits)}


def interaction_member(world: World, guild_: Guild, viewer: User, channel_: Channel) -> Json:
    """The invoking member, with their computed permissions."""
    bits = permissions.of_member(guild_, guild_.members[viewer.id], channel_)
    return {**member(guild_.members[viewer.id]), "permissions": str(bits)}
