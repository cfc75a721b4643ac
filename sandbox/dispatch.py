"""Which session hears of which event, and in what words: intents, shards, message content.

Source: Gateway docs, "List of Intents"; Gateway Events.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox import events, interactions, payloads, permissions
from sandbox.clock import isoformat
from sandbox.errors import Json
from sandbox.models import Channel, Guild, Member, StoredMessage
from sandbox.privacy import without_content
from sandbox.snowflakes import shard_of
from sandbox.state import World

INTENTS = {
    "GUILDS": 0,
    "GUILD_MEMBERS": 1,
    "GUILD_PRESENCES": 8,
    "GUILD_MESSAGES": 9,
    "GUILD_MESSAGE_REACTIONS": 10,
    "GUILD_MESSAGE_TYPING": 11,
    "DIRECT_MESSAGES": 12,
    "DIRECT_MESSAGE_REACTIONS": 13,
    "DIRECT_MESSAGE_TYPING": 14,
    "MESSAGE_CONTENT": 15,
}
LAST_INTENT_BIT = 25


@dataclass(frozen=True)
class Audience:
    """What decides whether a session hears something."""

    intents: int
    shard: tuple[int, int] = (0, 1)

    def has(self, intent: str) -> bool:
        return bool(self.intents >> INTENTS[intent] & 1)

    def covers(self, guild_id: int | None) -> bool:
        """Its shard carries this server (DMs go to shard 0)."""
        number, count = self.shard
        return number == (0 if guild_id is None else shard_of(guild_id, count))


def translate(world: World, event: events.Event, to: Audience) -> Iterator[tuple[str, Json]]:
    """The dispatches (name, data) that a session gets for an event."""
    match event:
        case events.MessageCreated(message) | events.MessageUpdated(message):
            name = (
                "MESSAGE_CREATE" if isinstance(event, events.MessageCreated) else "MESSAGE_UPDATE"
            )
            if _hears(world, message, to, "MESSAGES"):
                yield name, message_event(world, message, to)
        case events.MessageDeleted(message):
            if _hears(world, message, to, "MESSAGES"):
                yield "MESSAGE_DELETE", {"id": str(message.id), **_where(message.channel)}
        case events.ReactionChanged(message, user, emoji, added):
            if _hears(world, message, to, "MESSAGE_REACTIONS"):
                name = "MESSAGE_REACTION_ADD" if added else "MESSAGE_REACTION_REMOVE"
                yield name, _reaction(world, message, user.id, emoji)
        case events.TypingStarted(channel, user):
            if world.bot_in(channel) and _intent(channel, to, "MESSAGE_TYPING"):
                stamp = int(world.clock.time())
                yield (
                    "TYPING_START",
                    {**_where(channel), "user_id": str(user.id), "timestamp": stamp},
                )
        case events.InteractionCreated(interaction):
            guild = interaction.guild
            if to.covers(guild.id if guild else None):
                yield "INTERACTION_CREATE", interactions.event_payload(world, interaction)
        case events.GuildCreated(guild):
            if to.has("GUILDS") and to.covers(guild.id):
                yield "GUILD_CREATE", guild_event(world, guild, to)
        case events.GuildRemoved(guild):
            if to.has("GUILDS") and to.covers(guild.id):
                yield "GUILD_DELETE", {"id": str(guild.id)}
        case events.ChannelCreated(channel):
            known = channel.guild_id is not None and world.bot_in(channel)
            if known and to.has("GUILDS") and to.covers(channel.guild_id):
                yield "CHANNEL_CREATE", payloads.channel(world, channel)
        case events.ThreadCreated(thread):
            if world.bot_in(thread) and to.has("GUILDS") and to.covers(thread.guild_id):
                shown = {**payloads.channel(world, thread), "newly_created": True}
                yield "THREAD_CREATE", shown
        case events.MemberAdded(guild, member):
            if to.has("GUILD_MEMBERS") and to.covers(guild.id):
                yield "GUILD_MEMBER_ADD", {"guild_id": str(guild.id), **payloads.member(member)}
        case _:
            return


def _intent(channel: Channel, to: Audience, kind: str) -> bool:
    """``kind``: MESSAGES, MESSAGE_REACTIONS or MESSAGE_TYPING."""
    if not to.covers(channel.guild_id):
        return False
    return to.has(f"GUILD_{kind}" if channel.guild_id else f"DIRECT_{kind}")


def _hears(world: World, message: StoredMessage, to: Audience, kind: str) -> bool:
    """Ephemeral messages are announced to nobody; others where the bot is and may look."""
    channel = message.channel
    if message.ephemeral or not world.bot_in(channel):
        return False
    sees = world.permissions_in(world.application.bot, channel) & permissions.VIEW_CHANNEL
    return bool(sees) and _intent(channel, to, kind)


def _where(channel: Channel) -> Json:
    shown: Json = {"channel_id": str(channel.id)}
    if channel.guild_id is not None:
        shown["guild_id"] = str(channel.guild_id)
    return shown


def message_event(world: World, message: StoredMessage, to: Audience) -> Json:
    """MESSAGE_CREATE and MESSAGE_UPDATE: the message with its server and the author's
    membership.
    """
    shown = payloads.message(world, message)
    shown["channel_type"] = int(message.channel.type)
    guild = world.guild_of(message.channel)
    if guild is not None:
        shown["guild_id"] = str(guild.id)
        author = guild.members.get(message.author.id)
        if author is not None:
            shown["member"] = payloads.member(author, with_user=False)
        for person in shown["mentions"]:
            mentioned = guild.members.get(int(person["id"]))
            if mentioned is not None:
                person["member"] = payloads.member(mentioned, with_user=False)
    if not to.has("MESSAGE_CONTENT"):
        shown = without_content(shown, message, world.application.bot)
    return shown


def _reaction(world: World, message: StoredMessage, user_id: int, emoji: str) -> Json:
    shown = {
        "user_id": str(user_id),
        "message_id": str(message.id),
        "message_author_id": str(message.author.id),
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
        **_where(message.channel),
    }
    guild = world.guild_of(message.channel)
    if guild is not None and user_id in guild.members:
        shown["member"] = payloads.member(guild.members[user_id])
    return shown


def guild_event(world: World, guild: Guild, to: Audience) -> Json:
    """GUILD_CREATE: without the presences intent a session learns only of the bot's own
    membership.
    """
    bot = guild.members.get(world.application.bot.id)
    members: list[Member] = [bot] if bot else []
    if to.has("GUILD_PRESENCES"):
        members = list(guild.members.values())
    return payloads.guild_create(world, guild, members)


def ready_event(world: World, to: Audience, session_id: str, gateway_url: str) -> Json:
    """READY: the bot, and its servers as unavailable stubs."""
    guilds = [one for one in world.guilds.values() if one.app_installed and to.covers(one.id)]
    flags = payloads.application(world)["flags"]
    return {
        "v": 10,
        "user": payloads.me(world),
        "guilds": [{"id": str(one.id), "unavailable": True} for one in guilds],
        "session_id": session_id,
        "resume_gateway_url": gateway_url,
        "shard": list(to.shard),
        "application": {"id": str(world.application.id), "flags": flags},
        "session_type": "normal",
        "private_channels": [],
        "relationships": [],
        "presences": [],
        "user_settings": {},
        "geo_ordered_rtc_regions": [],
        "_trace": [isoformat(world.clock.now())],
    }
