"""The people: post pictures, type commands, click buttons, and see what the bot made of it.

::

    async with Sandbox() as sandbox:
        ...  # start a bot with sandbox.rest_url, .gateway_url, .token
        await sandbox.wait_ready(commands=["whois"])
        handle = await sandbox.slash(
            sandbox.member, sandbox.channel, "whois", {"picture": ("a.png", data)}
        )
        answer = await handle.wait_answer()
        print(answer.embeds, answer.files[0].description, handle.ack_ms)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from types import TracebackType

from sandbox import permissions
from sandbox.clock import Clock
from sandbox.errors import Json
from sandbox.events import InteractionCreated
from sandbox.handle import InteractionHandle, Watch
from sandbox.models import Channel, Command, Guild, Role, Sticker, StoredMessage, User
from sandbox.page import Page
from sandbox.payloads import message as message_payload
from sandbox.people import People
from sandbox.server import Server
from sandbox.state import PRIVILEGED, World
from sandbox.transcript import Transcript


class Sandbox(People):
    """A stand-in Discord with a small default world.

    The world: the server "Anime Club" (``guild``) with #pictures (``channel``), #bots (``bots``)
    and the age-restricted #after-dark (``nsfw``); Hana owns it (``owner``), Mori is staff
    (``staff``, may manage the server), Kai and Yuki are members (``member``, ``other``).

    Args:
        port: 0 takes a free one.
        application_name: the bot's user name.
        privileged: the privileged intents switched on in the developer portal; identifying with one
            that is not closes the connection with 4014.
        heartbeat_s: the heartbeat interval told to the bot.
        shards: the shard count recommended by GET /gateway/bot (None: by number of servers).
        keep: how many requests and frames the transcript keeps (None: all).
    """

    def __init__(
        self,
        *,
        port: int = 0,
        application_name: str = "AniWhois",
        privileged: Iterable[str] = PRIVILEGED,
        heartbeat_s: float = 41.25,
        shards: int | None = None,
        keep: int | None = None,
    ) -> None:
        self.clock = Clock()
        self.world = World(self.clock, recommended_shards=shards)
        self.transcript = Transcript(keep)
        self.application = self.world.found(application_name, privileged)
        self._server = Server(self.world, self.transcript, heartbeat_s)
        self._watch = Watch(self.world)
        Page(self).register(self._server.app)
        self._port = port
        self.faults = self._server.faults
        self.gateway = self._server.gateway
        self.world.listeners.append(self._remember)
        self._settle()

    def _settle(self) -> None:
        self.owner = self.application.owner
        self.staff = self.create_user("mori", "Mori")
        self.member = self.create_user("kai", "Kai")
        self.other = self.create_user("yuki", "Yuki")
        self.guild = self.create_guild("Anime Club", self.owner)
        self.staff_role = self.create_role(self.guild, "Staff", permissions.STAFF)
        self.world.join(self.guild, self.staff, self.staff_role)
        self.join(self.guild, self.member, self.other)
        self.channel = self.create_channel(self.guild, "pictures")
        self.bots = self.create_channel(self.guild, "bots")
        self.nsfw = self.create_channel(self.guild, "after-dark", nsfw=True)

    def _remember(self, event: object) -> None:
        if isinstance(event, InteractionCreated):
            self.transcript.interactions.append(event.interaction)

    async def __aenter__(self) -> Sandbox:
        await self._server.start(self._port)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._server.stop()

    # -- addresses -----------------------------------------------------------------------------

    @property
    def token(self) -> str:
        """The bot token."""
        return self.application.token

    @property
    def rest_url(self) -> str:
        """For ``discord.http.Route.BASE``."""
        return f"{self.page_url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """For ``discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY`` (wrapped in ``yarl.URL``)."""
        return f"ws://127.0.0.1:{self._server.port}/gateway"

    @property
    def cdn_url(self) -> str:
        """For ``discord.Asset.BASE``: stickers are fetched below it."""
        return f"{self.page_url}/cdn"

    @property
    def page_url(self) -> str:
        """The chat page."""
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def violations(self) -> list[str]:
        """What the bot did that Discord refuses and a careful bot avoids."""
        return self.transcript.violations

    # -- the world -----------------------------------------------------------------------------

    def create_user(
        self, username: str, name: str | None = None, *, user_installed: bool = False
    ) -> User:
        """A person in no server yet. ``user_installed``: they added the app to their account."""
        user = self.world.create_user(username, name)
        user.user_installed = user_installed
        return user

    def create_guild(self, name: str, owner: User, *, app_installed: bool = True) -> Guild:
        """A server. ``app_installed`` False: the bot is not in it."""
        return self.world.create_guild(name, owner, app_installed=app_installed)

    def create_role(self, guild: Guild, name: str, bits: int) -> Role:
        """A role with these permission bits (see ``sandbox.permissions``)."""
        return self.world.create_role(guild, name, bits)

    def create_channel(self, guild: Guild, name: str, *, nsfw: bool = False) -> Channel:
        """A text channel; ``nsfw``: age-restricted."""
        return self.world.create_channel(guild, name, nsfw=nsfw)

    def create_thread(self, channel: Channel, name: str, starter: User) -> Channel:
        """A public thread in a server's channel."""
        return self.world.create_thread(channel, name, starter)

    def create_sticker(self, guild: Guild, name: str, data: bytes) -> Sticker:
        """A sticker of a server (PNG or GIF), for ``post(stickers=[...])``."""
        return self.world.create_sticker(guild, name, data)

    def install(self, guild: Guild) -> None:
        """Invite the bot into a server."""
        self.world.install(guild)

    def uninstall(self, guild: Guild) -> None:
        """Throw the bot out of a server."""
        self.world.uninstall(guild)

    def assign(self, guild: Guild, user: User, *roles: Role) -> None:
        """Give a member exactly these roles."""
        self.world.join(guild, user, *roles)

    def join(self, guild: Guild, *users: User) -> None:
        """Make people members of a server."""
        for user in users:
            self.world.join(guild, user)

    def dm(self, user: User) -> Channel:
        """The direct messages of a person and the bot."""
        return self.world.create_private_channel(user, self.application.bot)

    def group(self, *users: User, name: str | None = None) -> Channel:
        """A private channel among people, without the bot (two: their DM, more: a group DM)."""
        return self.world.create_private_channel(*users, name=name)

    def messages(self, channel: Channel, viewer: User | None = None) -> list[StoredMessage]:
        """What ``viewer`` (default: a bystander who sees no ephemeral message) sees, oldest
        first.
        """
        return self.world.history(channel, viewer or User(0, "nobody"))

    def as_json(self, message: StoredMessage) -> Json:
        """A message as Discord's JSON object."""
        return message_payload(self.world, message)

    def commands(self) -> list[Command]:
        """Everything synced."""
        return list(self.world.commands.values())

    async def wait_ready(self, commands: Sequence[str] = (), timeout: float = 30.0) -> None:
        """Wait until a bot session is READY and these commands (names) are synced.

        Raises:
            NoAnswer: ``timeout`` real seconds went by.
        """

        def look() -> bool | None:
            synced = {one.name for one in self.world.commands.values()}
            return True if self.gateway.ready_sessions and synced >= set(commands) else None

        await self._watch.until(look, timeout, f"a ready bot with {list(commands)}")

    async def wait_message(
        self, channel: Channel, *, after: StoredMessage | None = None, timeout: float = 10.0
    ) -> StoredMessage:
        """Wait for a message of the bot in a channel, newer than ``after``. Raises NoAnswer."""
        since = after.id if after else 0

        def look() -> StoredMessage | None:
            for one in self.messages(channel):
                if one.id > since and one.author is self.application.bot and one.has_answer:
                    return one
            return None

        return await self._watch.until(look, timeout, f"a message of the bot in #{channel.name}")

    async def wait_for(self, look: Callable[[], bool], timeout: float = 10.0) -> None:
        """Wait until ``look()`` is true; it is asked again after everything that happens here.

        Raises:
            NoAnswer: ``timeout`` real seconds went by.
        """
        await self._watch.until(lambda: True if look() else None, timeout, "the condition")


__all__ = ["InteractionHandle", "Sandbox"]
