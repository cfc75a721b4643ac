"""What exists in the stand-in: people, servers, channels, messages, commands, interactions.

Ids are ``int``; times are aware ``datetime`` in UTC. JSON is made in :mod:`sandbox.payloads`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from sandbox.errors import Json


class ChannelType(IntEnum):
    GUILD_TEXT = 0
    DM = 1
    GROUP_DM = 3
    PUBLIC_THREAD = 11


class MessageType(IntEnum):
    DEFAULT = 0
    REPLY = 19
    CHAT_INPUT_COMMAND = 20
    CONTEXT_MENU_COMMAND = 23


class MessageFlag:
    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    HAS_SNAPSHOT = 1 << 14
    IS_COMPONENTS_V2 = 1 << 15


@dataclass(eq=False)
class User:
    """A person or a bot.

    ``user_installed``: they added the app to their own account. ``accepts_dms``: False where their
    privacy settings keep the bot out of their direct messages.
    """

    id: int
    username: str
    global_name: str | None = None
    bot: bool = False
    locale: str = "en-US"
    user_installed: bool = False
    accepts_dms: bool = True

    @property
    def name(self) -> str:
        """What others see."""
        return self.global_name or self.username


@dataclass(eq=False)
class Role:
    id: int
    name: str
    permissions: int
    position: int = 0
    color: int = 0
    managed: bool = False
    bot_id: int | None = None


@dataclass(eq=False)
class Member:
    user: User
    joined_at: datetime
    roles: list[int] = field(default_factory=list)
    nick: str | None = None


@dataclass
class Overwrite:
    """Permission changes in one channel for a role (``type`` 0) or a member (``type`` 1)."""

    id: int
    type: int
    allow: int = 0
    deny: int = 0


@dataclass(eq=False)
class Channel:
    """A text channel of a guild, a thread in one (``parent``, ``starter`` set), a DM or a group DM
    (``guild_id`` None, ``recipients`` set).
    """

    id: int
    type: ChannelType
    name: str | None = None
    guild_id: int | None = None
    position: int = 0
    topic: str | None = None
    nsfw: bool = False
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    recipients: list[User] = field(default_factory=list)
    last_message_id: int | None = None
    parent: Channel | None = None
    starter: User | None = None

    @property
    def is_thread(self) -> bool:
        return self.parent is not None


@dataclass(eq=False)
class Guild:
    """A server. ``app_installed`` False: the bot is not in it, only user-installed commands work
    there.
    """

    id: int
    name: str
    owner_id: int
    roles: dict[int, Role]
    joined_at: datetime
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    threads: dict[int, Channel] = field(default_factory=dict)
    locale: str = "en-US"
    app_installed: bool = True


@dataclass(eq=False)
class StoredFile:
    """A file on the CDN. ``path`` starts at ``/cdn`` and carries the signature of the link."""

    id: int
    filename: str
    data: bytes
    content_type: str
    path: str
    width: int | None = None
    height: int | None = None
    description: str | None = None
    title: str | None = None
    ephemeral: bool = False
    embedded: bool = False
    """Shown inside an embed or a component, hence absent from the message's ``attachments``."""
    marked_spoiler: bool = False

    @property
    def spoiler(self) -> bool:
        return self.marked_spoiler or self.filename.startswith("SPOILER_")

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.data)


class StickerFormat(IntEnum):
    PNG = 1
    GIF = 4


@dataclass(eq=False)
class Sticker:
    """A server's own sticker; its picture is on the CDN under ``/cdn/stickers``."""

    id: int
    name: str
    format: StickerFormat
    data: bytes
    guild_id: int
    description: str = ""

    @property
    def content_type(self) -> str:
        return "image/gif" if self.format is StickerFormat.GIF else "image/png"


@dataclass(eq=False)
class StoredMessage:
    """A message as the stand-in keeps it; ``embeds`` and ``components`` are Discord's JSON
    objects.
    """

    id: int
    channel: Channel
    author: User
    timestamp: datetime
    content: str = ""
    type: MessageType = MessageType.DEFAULT
    flags: int = 0
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    edited_timestamp: datetime | None = None
    reference: StoredMessage | None = None
    tts: bool = False
    nonce: str | int | None = None
    webhook_id: int | None = None
    interaction: Interaction | None = None
    visible_to: int | None = None
    stickers: list[Sticker] = field(default_factory=list)
    forwarded: StoredMessage | None = None
    """What was forwarded, as it was then."""
    reactions: dict[str, set[int]] = field(default_factory=dict)
    deleted: bool = False

    @property
    def ephemeral(self) -> bool:
        """Only the person who invoked the command sees it."""
        return bool(self.flags & MessageFlag.EPHEMERAL)

    @property
    def loading(self) -> bool:
        """The bot is "thinking": acknowledged, not answered."""
        return bool(self.flags & MessageFlag.LOADING)

    @property
    def attachments(self) -> list[StoredFile]:
        """The files Discord lists as attachments: those no embed or component shows (see
        ``files``).
        """
        return [file for file in self.files if not file.embedded]

    @property
    def has_answer(self) -> bool:
        """It carries something to read, and is still there."""
        something = self.content or self.embeds or self.files or self.components
        return bool(something) and not self.loading and not self.deleted

    def walk_components(self) -> Iterator[Json]:
        """Every component, nested ones included, in reading order."""
        yield from walk(self.components)


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component of a tree (rows, sections, containers, labels), in reading order."""
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        for single in ("accessory", "component"):
            if isinstance(component.get(single), dict):
                yield from walk([component[single]])


class CommandType(IntEnum):
    CHAT_INPUT = 1
    USER = 2
    MESSAGE = 3


class InteractionType(IntEnum):
    APPLICATION_COMMAND = 2
    MESSAGE_COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class Context(IntEnum):
    """Where an interaction happens (Application Commands docs, "Interaction Context Types")."""

    GUILD = 0
    BOT_DM = 1
    PRIVATE_CHANNEL = 2


@dataclass(eq=False)
class Command:
    """A synced application command; ``data`` is Discord's JSON object of it."""

    id: int
    name: str
    type: CommandType
    data: Json
    guild_id: int | None = None


@dataclass(eq=False)
class Interaction:
    """One use of the bot by a person, and what the bot made of it.

    Times ending in ``_at`` are seconds on the stand-in's monotonic clock.
    """

    id: int
    token: str
    type: InteractionType
    user: User
    channel: Channel
    guild: Guild | None
    context: Context
    data: Json
    owners: dict[str, str]
    invoked_at: float
    source: StoredMessage | None = None
    """The message whose button, select or modal this is."""
    parent: Interaction | None = None
    """For a modal submission: the interaction that opened the modal."""
    command: Command | None = None
    delivered: bool = False
    acked_at: float | None = None
    answered_at: float | None = None
    callback_type: int | None = None
    original: StoredMessage | None = None
    followups: list[StoredMessage] = field(default_factory=list)
    answer: StoredMessage | None = None
    modal: Json | None = None
    choices: list[Json] | None = None

    @property
    def messages(self) -> list[StoredMessage]:
        """The original response (if it is a message of its own or an update), then the
        follow-ups.
        """
        return ([self.original] if self.original else []) + self.followups
