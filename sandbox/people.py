"""What people do with the bot: its commands, menus, buttons and forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox import availability, forms, interactions, permissions
from sandbox.errors import Json, UsageError
from sandbox.handle import InteractionHandle, Watch
from sandbox.models import (
    Channel,
    Command,
    CommandType,
    InteractionType,
    StoredMessage,
    User,
)
from sandbox.options import Filler, descend, nest
from sandbox.payloads import message as message_payload
from sandbox.payloads import user as user_payload
from sandbox.talking import Talking


class People(Talking):
    """The acting half of the sandbox. Every method says who acts, then where."""

    _watch: Watch

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
