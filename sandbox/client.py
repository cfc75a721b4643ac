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

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any

from sandbox import availability, compose, forms, interactions, permissions
from sandbox.clock import Clock
from sandbox.compose import Draft, Upload
from sandbox.errors import Json, UsageError
from sandbox.events import InteractionCreated
from sandbox.handle import InteractionHandle, Watch
from sandbox.limits import MAX_UPLOAD_BYTES
from sandbox.limits.messages import MAX_CONTENT
from sandbox.models import (
    Channel,
    Command,
    CommandType,
    Guild,
    InteractionType,
    MessageType,
    Role,
    StoredMessage,
    User,
)
from sandbox.options import File, Filler, descend, nest
from sandbox.payloads import message as message_payload
from sandbox.payloads import user as user_payload
from sandbox.rest.reactions import set_reaction
from sandbox.server import Server
from sandbox.state import PRIVILEGED, World
from sandbox.transcript import Transcript


class Sandbox:
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

    # -- talking -------------------------------------------------------------------------------

    async def post(
        self,
        user: User,
        channel: Channel,
        content: str = "",
        files: Sequence[tuple[str, bytes] | tuple[str, bytes, str]] = (),
        reply_to: StoredMessage | None = None,
        spoiler: bool = False,
        ping: bool = True,
    ) -> StoredMessage:
        """Post a message. Files are (name, bytes) or (name, bytes, alt text).

        Raises:
            UsageError: the client would not send it (not allowed here, too long, too big, empty).
        """
        self._require(user, channel, permissions.SEND_MESSAGES)
        if len(content) > MAX_CONTENT or not (content or files):
            raise UsageError(f"a message has 1 to {MAX_CONTENT} characters, or files")
        if any(len(file[1]) > MAX_UPLOAD_BYTES for file in files):
            raise UsageError(f"files are at most {MAX_UPLOAD_BYTES} bytes")
        entries, uploads = [], []
        for index, file in enumerate(files):
            name = f"SPOILER_{file[0]}" if spoiler else file[0]
            alt = file[2] if len(file) == 3 else None
            entries.append({"id": index, "filename": name, "description": alt})
            uploads.append(Upload(index, name, file[1]))
        body: Json = {"content": content, "attachments": entries}
        body["allowed_mentions"] = {"parse": ["users", "roles"], "replied_user": ping}
        kind = MessageType.REPLY if reply_to else MessageType.DEFAULT
        draft = Draft(body, tuple(uploads))
        return compose.create(self.world, channel, user, draft, kind=kind, reference=reply_to)

    async def edit(self, user: User, message: StoredMessage, content: str) -> StoredMessage:
        """Edit an own message's text. Raises UsageError for another's."""
        self._require_author(user, message)
        return compose.edit(self.world, message, Draft({"content": content}))

    async def delete(self, user: User, message: StoredMessage) -> None:
        """Delete an own message, or anybody's with MANAGE_MESSAGES."""
        if message.author is not user:
            self._require(user, message.channel, permissions.MANAGE_MESSAGES)
        compose.delete(self.world, message)

    async def react(
        self, user: User, message: StoredMessage, emoji: str, *, added: bool = True
    ) -> None:
        """Add (or take away) a reaction."""
        self._require_visible(user, message)
        set_reaction(self.world, message, user, emoji, added=added)

    # -- using the bot -------------------------------------------------------------------------

    async def slash(
        self,
        user: User,
        channel: Channel,
        name: str,
        options: Mapping[str, Any] | None = None,
    ) -> InteractionHandle:
        """Run a slash command; sub-commands follow the name ("character show").

        Option values: text, numbers, booleans, (name, bytes) for attachments, User, Channel or
        Role.

        Raises:
            UnknownCommand: never synced.
            CommandUnavailable: not offered to this person here.
            UsageError: wrong options.
        """
        command, path = self._chat_command(user, channel, name)
        declared, chain = descend(command.data, path)
        filler = Filler(self.world, channel)
        filled = filler.fill(declared, options or {})
        data = self._command_data(command, nest(chain, filled), filler.resolved)
        return self._use(InteractionType.APPLICATION_COMMAND, user, channel, data, command=command)

    async def autocomplete(
        self,
        user: User,
        channel: Channel,
        name: str,
        option: str,
        typed: str,
        options: Mapping[str, Any] | None = None,
        timeout: float = 5.0,
    ) -> list[Json]:
        """Type into an option; returns the choices ({"name", "value"}) the bot offers.

        Raises:
            UsageError: the option has no autocompletion; as for ``slash``.
            NoAnswer: the bot sent none in time.
        """
        command, path = self._chat_command(user, channel, name)
        declared, chain = descend(command.data, path)
        asked = next((one for one in declared if one["name"] == option), None)
        if asked is None or not asked.get("autocomplete"):
            raise UsageError(f"/{name} has no option {option!r} with autocompletion")
        filler = Filler(self.world, channel)
        filled = filler.fill(declared, {**(options or {}), option: typed}, focused=option)
        data = self._command_data(command, nest(chain, filled), filler.resolved)
        handle = self._use(InteractionType.AUTOCOMPLETE, user, channel, data, command=command)
        return await handle.wait_choices(timeout)

    async def message_command(
        self, user: User, message: StoredMessage, name: str
    ) -> InteractionHandle:
        """Right-click a message → Apps → ``name``. Raises as ``slash`` does."""
        self._require_visible(user, message)
        channel = message.channel
        command = availability.find_command(self.world, user, channel, name, CommandType.MESSAGE)
        shown = message_payload(self.world, message)
        data = self._command_data(command, [], {"messages": {str(message.id): shown}})
        data["target_id"] = str(message.id)
        return self._use(InteractionType.APPLICATION_COMMAND, user, channel, data, command=command)

    async def user_command(
        self, user: User, channel: Channel, target: User, name: str
    ) -> InteractionHandle:
        """Right-click a person → Apps → ``name``. Raises as ``slash`` does."""
        command = availability.find_command(self.world, user, channel, name, CommandType.USER)
        filler = Filler(self.world, channel)
        filler.resolve(target)
        data = self._command_data(command, [], filler.resolved)
        data["target_id"] = user_payload(target)["id"]
        return self._use(InteractionType.APPLICATION_COMMAND, user, channel, data, command=command)

    async def click(self, user: User, message: StoredMessage, button: str) -> InteractionHandle:
        """Click a button, named by ``custom_id`` or by label. Raises UsageError if it cannot be."""
        self._require_visible(user, message)
        data = forms.click_data(message, button)
        return self._use(
            InteractionType.MESSAGE_COMPONENT, user, message.channel, data, source=message
        )

    async def select(
        self, user: User, message: StoredMessage, menu: str, values: Sequence[Any]
    ) -> InteractionHandle:
        """Choose in a select menu, named by ``custom_id`` or placeholder; options by value or
        label.
        """
        self._require_visible(user, message)
        data = forms.select_data(Filler(self.world, message.channel), message, menu, values)
        return self._use(
            InteractionType.MESSAGE_COMPONENT, user, message.channel, data, source=message
        )

    async def submit_modal(
        self, user: User, opened_by: InteractionHandle, answers: Mapping[str, Any]
    ) -> InteractionHandle:
        """Fill in and submit the modal that ``opened_by`` got; fields by ``custom_id`` or label.

        Raises:
            UsageError: no modal, not this person's, or a field the client would not accept.
        """
        opener = opened_by.interaction
        if opener.modal is None or opener.user is not user:
            raise UsageError("this person has no open modal here")
        filler = Filler(self.world, opener.channel)
        data = forms.modal_data(filler, opener.modal, answers)
        return self._use(
            InteractionType.MODAL_SUBMIT,
            user,
            opener.channel,
            data,
            source=opener.source,
            parent=opener,
        )

    # -- inner ---------------------------------------------------------------------------------

    def _chat_command(self, user: User, channel: Channel, name: str) -> tuple[Command, list[str]]:
        head, *path = name.removeprefix("/").split(" ")
        kind = CommandType.CHAT_INPUT
        return availability.find_command(self.world, user, channel, head, kind), path

    def _command_data(self, command: Command, options: list[Json], resolved: Json) -> Json:
        data: Json = {"id": str(command.id), "name": command.name, "type": int(command.type)}
        if command.type is CommandType.CHAT_INPUT:
            data["options"] = options
        if resolved:
            data["resolved"] = resolved
        if command.guild_id is not None:
            data["guild_id"] = str(command.guild_id)
        return data

    def _use(
        self, kind: InteractionType, user: User, channel: Channel, data: Json, **links: Any
    ) -> InteractionHandle:
        self._require(user, channel, permissions.VIEW_CHANNEL)
        made = interactions.start(self.world, kind, user, channel, data, **links)
        return InteractionHandle(self.world, self._watch, made)

    def _require(self, user: User, channel: Channel, bits: int) -> None:
        if bits & ~self.world.permissions_in(user, channel):
            raise UsageError(f"{user.name} may not do that in {channel.name or 'this DM'}")

    def _require_visible(self, user: User, message: StoredMessage) -> None:
        self._require(user, message.channel, permissions.VIEW_CHANNEL)
        if message.deleted or message.visible_to not in (None, user.id):
            raise UsageError(f"{user.name} does not see that message")

    def _require_author(self, user: User, message: StoredMessage) -> None:
        if message.author is not user:
            raise UsageError(f"{user.name} did not write that message")


__all__ = ["File", "InteractionHandle", "Sandbox"]
