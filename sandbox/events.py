"""What happens in the stand-in. The gateway, the page and the people's handles listen."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.models import Channel, Guild, Interaction, Member, StoredMessage, User


@dataclass(frozen=True)
class MessageCreated:
    message: StoredMessage


@dataclass(frozen=True)
class MessageUpdated:
    message: StoredMessage


@dataclass(frozen=True)
class MessageDeleted:
    message: StoredMessage


@dataclass(frozen=True)
class ReactionChanged:
    message: StoredMessage
    user: User
    emoji: str
    added: bool


@dataclass(frozen=True)
class TypingStarted:
    channel: Channel
    user: User


@dataclass(frozen=True)
class InteractionCreated:
    interaction: Interaction


@dataclass(frozen=True)
class InteractionChanged:
    """Acknowledged, answered, or given a modal or choices."""

    interaction: Interaction


@dataclass(frozen=True)
class GuildCreated:
    guild: Guild


@dataclass(frozen=True)
class GuildRemoved:
    guild: Guild


@dataclass(frozen=True)
class ChannelCreated:
    channel: Channel


@dataclass(frozen=True)
class ThreadCreated:
    thread: Channel


@dataclass(frozen=True)
class MemberAdded:
    guild: Guild
    member: Member


@dataclass(frozen=True)
class CommandsSynced:
    guild_id: int | None


@dataclass(frozen=True)
class SessionsChanged:
    """A bot session became ready, lost its socket, or resumed."""


Event = (
    MessageCreated
    | MessageUpdated
    | MessageDeleted
    | ReactionChanged
    | TypingStarted
    | InteractionCreated
    | InteractionChanged
    | GuildCreated
    | GuildRemoved
    | ChannelCreated
    | ThreadCreated
    | MemberAdded
    | CommandsSynced
    | SessionsChanged
)
