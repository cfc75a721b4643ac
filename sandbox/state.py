"""The world of the stand-in: everything that exists, in memory, and who is told when it changes."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sandbox import errors, permissions
from sandbox.clock import Clock
from sandbox.events import (
    ChannelCreated,
    Event,
    GuildCreated,
    GuildRemoved,
    MemberAdded,
    ThreadCreated,
)
from sandbox.files import LinkSigner, safe_name, sniff
from sandbox.models import (
    Channel,
    ChannelType,
    Command,
    Guild,
    Interaction,
    Member,
    Role,
    Sticker,
    StickerFormat,
    StoredFile,
    StoredMessage,
    User,
)
from sandbox.snowflakes import Snowflakes

MESSAGE_CONTENT = "MESSAGE_CONTENT"
PRIVILEGED = frozenset({"GUILD_PRESENCES", "GUILD_MEMBERS", MESSAGE_CONTENT})
"""The privileged intents, by their names in the Gateway docs."""


@dataclass
class Application:
    """The app under test. ``privileged``: the intents switched on in its (imaginary) developer
    portal.
    """

    id: int
    name: str
    token: str
    bot: User
    owner: User
    privileged: frozenset[str] = PRIVILEGED


@dataclass
class World:
    """All state. Lookups raise the DiscordError that the REST API answers with."""

    clock: Clock = field(default_factory=Clock)
    base_url: str = ""
    users: dict[int, User] = field(default_factory=dict)
    guilds: dict[int, Guild] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    messages: dict[int, StoredMessage] = field(default_factory=dict)
    files: dict[int, StoredFile] = field(default_factory=dict)
    stickers: dict[int, Sticker] = field(default_factory=dict)
    commands: dict[int, Command] = field(default_factory=dict)
    interactions: dict[int, Interaction] = field(default_factory=dict)
    listeners: list[Callable[[Event], None]] = field(default_factory=list)
    recommended_shards: int | None = None

    def __post_init__(self) -> None:
        self.ids = Snowflakes(self.clock)
        self.links = LinkSigner(secrets.token_bytes(16))

    def found(self, name: str, privileged: Iterable[str] = PRIVILEGED) -> Application:
        """Register the application, its bot and its owner; call once, before anything else."""
        owner = self.create_user("hana", "Hana")
        bot = self.create_user(name, bot=True)
        head = base64.urlsafe_b64encode(str(bot.id).encode()).decode().rstrip("=")
        token = f"{head}.{secrets.token_urlsafe(4)}.{secrets.token_urlsafe(28)}"
        self.application = Application(bot.id, name, token, bot, owner, frozenset(privileged))
        return self.application

    def publish(self, event: Event) -> None:
        """Tell every listener, in the order in which they subscribed."""
        for listener in list(self.listeners):
            listener(event)

    # -- people and places ---------------------------------------------------------------------

    def create_user(
        self, username: str, global_name: str | None = None, *, bot: bool = False
    ) -> User:
        user = User(self.ids.next(), username, global_name, bot=bot)
        self.users[user.id] = user
        return user

    def create_guild(
        self, name: str, owner: User, *, app_installed: bool = True, locale: str = "en-US"
    ) -> Guild:
        """A server with its @everyone role, the owner, and the bot (if the app is installed)."""
        guild_id = self.ids.next()
        everyone = Role(guild_id, "@everyone", permissions.EVERYONE)
        guild = Guild(guild_id, name, owner.id, {guild_id: everyone}, self.clock.now())
        guild.app_installed, guild.locale = app_installed, locale
        self.guilds[guild_id] = guild
        self.join(guild, owner)
        if app_installed:
            self.install(guild)
        return guild

    def install(self, guild: Guild) -> None:
        """Bring the bot into a server, with a role of its own."""
        bot = self.application.bot
        guild.app_installed = True
        role = self.create_role(guild, bot.username, permissions.EVERYONE)
        role.managed, role.bot_id = True, bot.id
        self.join(guild, bot, role)
        self.publish(GuildCreated(guild))

    def uninstall(self, guild: Guild) -> None:
        """The bot leaves a server, or is removed from it; its commands there are gone."""
        guild.app_installed = False
        guild.members.pop(self.application.bot.id, None)
        for role in [one for one in guild.roles.values() if one.managed]:
            del guild.roles[role.id]
        for command in [one for one in self.commands.values() if one.guild_id == guild.id]:
            del self.commands[command.id]
        self.publish(GuildRemoved(guild))

    def create_role(self, guild: Guild, name: str, bits: int, color: int = 0) -> Role:
        role = Role(self.ids.next(), name, bits, position=len(guild.roles), color=color)
        guild.roles[role.id] = role
        return role

    def join(self, guild: Guild, user: User, *roles: Role) -> Member:
        """Make ``user`` a member (again with these roles if they already are)."""
        member = Member(user, self.clock.now(), [role.id for role in roles])
        is_new = user.id not in guild.members
        guild.members[user.id] = member
        if is_new and guild.app_installed and user is not self.application.bot:
            self.publish(MemberAdded(guild, member))
        return member

    def create_channel(
        self, guild: Guild, name: str, *, nsfw: bool = False, topic: str | None = None
    ) -> Channel:
        """A text channel; ``nsfw`` makes it age-restricted."""
        position = len(guild.channels)
        channel = Channel(
            self.ids.next(), ChannelType.GUILD_TEXT, name, guild.id, position, topic, nsfw
        )
        guild.channels[channel.id] = self.channels[channel.id] = channel
        self.publish(ChannelCreated(channel))
        return channel

    def create_thread(self, channel: Channel, name: str, starter: User) -> Channel:
        """A public thread in a text channel of a server."""
        kind = ChannelType.PUBLIC_THREAD
        thread = Channel(self.ids.next(), kind, name, channel.guild_id, nsfw=channel.nsfw)
        thread.parent, thread.starter = channel, starter
        guild = self.guild_of(channel)
        assert guild is not None, "threads are in servers"
        guild.threads[thread.id] = self.channels[thread.id] = thread
        self.publish(ThreadCreated(thread))
        return thread

    def create_sticker(self, guild: Guild, name: str, data: bytes) -> Sticker:
        """A sticker of a server; a PNG, or a GIF by its bytes."""
        is_gif = sniff(data, name)[0] == "image/gif"
        kind = StickerFormat.GIF if is_gif else StickerFormat.PNG
        sticker = Sticker(self.ids.next(), name, kind, data, guild.id)
        self.stickers[sticker.id] = sticker
        return sticker

    def create_private_channel(self, *people: User, name: str | None = None) -> Channel:
        """The DM of two people (the same one every time), or a group DM of more."""
        wanted = {user.id for user in people}
        if len(people) == 2:
            for channel in self.channels.values():
                here = {user.id for user in channel.recipients}
                if channel.type is ChannelType.DM and here == wanted:
                    return channel
        kind = ChannelType.DM if len(people) == 2 else ChannelType.GROUP_DM
        channel = Channel(self.ids.next(), kind, name, recipients=list(people))
        self.channels[channel.id] = channel
        return channel

    def guild_of(self, channel: Channel) -> Guild | None:
        return None if channel.guild_id is None else self.guilds[channel.guild_id]

    def bot_in(self, channel: Channel) -> bool:
        """Whether the bot user itself is present where the channel is."""
        guild = self.guild_of(channel)
        if guild is None:
            return self.application.bot in channel.recipients
        return guild.app_installed

    def permissions_in(self, user: User, channel: Channel) -> int:
        """A user's permission bits in a channel; 0 if they are not in its server."""
        guild = self.guild_of(channel)
        if guild is None:
            return permissions.DIRECT_MESSAGE if user in channel.recipients else 0
        member = guild.members.get(user.id)
        return permissions.of_member(guild, member, channel) if member else 0

    # -- files and messages --------------------------------------------------------------------

    def store_file(
        self, channel: Channel, filename: str, data: bytes, *, ephemeral: bool = False
    ) -> StoredFile:
        """Put a file on the CDN; ``ephemeral`` files hang on no channel (command options)."""
        file_id, name = self.ids.next(), safe_name(filename)
        folder = "ephemeral-attachments" if ephemeral else "attachments"
        holder = self.application.id if ephemeral else channel.id
        kind, width, height = sniff(data, name)
        path = self.links.sign(f"/cdn/{folder}/{holder}/{file_id}/{name}", self.clock.time())
        file = StoredFile(file_id, name, data, kind, path, width, height, ephemeral=ephemeral)
        self.files[file_id] = file
        return file

    def history(self, channel: Channel, viewer: User) -> list[StoredMessage]:
        """The messages of a channel that ``viewer`` sees, oldest first."""
        return [
            message
            for message in self.messages.values()
            if message.channel is channel
            and not message.deleted
            and message.visible_to in (None, viewer.id)
        ]

    # -- lookups for the REST API --------------------------------------------------------------

    def channel(self, channel_id: int, *, need: int = 0) -> Channel:
        """A channel the bot may use; ``need``: the permission bits it takes.

        Raises:
            DiscordError: 10003, 50001 (not there, cannot see it) or 50013 (lacks ``need``).
        """
        channel = self.channels.get(channel_id)
        if channel is None:
            raise errors.unknown_channel()
        if not self.bot_in(channel):
            raise errors.missing_access()
        bits = self.permissions_in(self.application.bot, channel)
        if not bits & permissions.VIEW_CHANNEL:
            raise errors.missing_access()
        if need & ~bits:
            raise errors.missing_permissions()
        return channel

    def message(self, channel: Channel, message_id: int) -> StoredMessage:
        """A message of a channel that everybody there sees; 10008 otherwise (ephemeral ones
        included).
        """
        message = self.messages.get(message_id)
        if message is None or message.deleted or message.channel is not channel:
            raise errors.unknown_message()
        if message.ephemeral:
            raise errors.unknown_message()
        return message

    def guild(self, guild_id: int) -> Guild:
        """A server the bot is in; 10004 if there is none, 50001 if the app is not installed
        there.
        """
        guild = self.guilds.get(guild_id)
        if guild is None:
            raise errors.unknown_guild()
        if not guild.app_installed:
            raise errors.missing_access()
        return guild
