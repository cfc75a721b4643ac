"""What people do among themselves: post, reply, forward, edit, delete, react."""

from __future__ import annotations

from collections.abc import Sequence

from sandbox import compose, permissions
from sandbox.compose import Draft, Upload
from sandbox.errors import Json, UsageError
from sandbox.events import TypingStarted
from sandbox.limits import MAX_UPLOAD_BYTES
from sandbox.limits.messages import MAX_ATTACHMENTS, MAX_CONTENT
from sandbox.models import Channel, MessageType, Sticker, StoredMessage, User
from sandbox.rest.reactions import set_reaction
from sandbox.state import World

MAX_STICKERS = 3


class Talking:
    """Every method says who acts, then where; what the client would not do raises UsageError."""

    world: World

    async def post(
        self,
        user: User,
        channel: Channel,
        content: str = "",
        files: Sequence[tuple[str, bytes] | tuple[str, bytes, str]] = (),
        reply_to: StoredMessage | None = None,
        spoiler: bool = False,
        ping: bool = True,
        stickers: Sequence[Sticker] = (),
    ) -> StoredMessage:
        """Post a message. Files are (name, bytes) or (name, bytes, alt text).

        Raises:
            UsageError: the client would not send it (not allowed here, too long, too big, empty).
        """
        self._require(user, channel, permissions.TO_SPEAK[channel.is_thread])
        if len(content) > MAX_CONTENT or not (content or files or stickers):
            raise UsageError(f"a message has 1 to {MAX_CONTENT} characters, or files or stickers")
        if len(files) > MAX_ATTACHMENTS or len(stickers) > MAX_STICKERS:
            raise UsageError(f"{MAX_ATTACHMENTS} files and {MAX_STICKERS} stickers at most")
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
        return compose.create(
            self.world, channel, user, draft, kind=kind, reference=reply_to, stickers=stickers
        )

    async def forward(self, user: User, message: StoredMessage, channel: Channel) -> StoredMessage:
        """Forward a message to another channel; what it says is carried along as a snapshot.

        Raises:
            UsageError: an ephemeral or invisible message, or no right to post there.
        """
        self._require_visible(user, message)
        self._require(user, channel, permissions.TO_SPEAK[channel.is_thread])
        if message.ephemeral:
            raise UsageError("a message that only one person sees cannot be forwarded")
        return compose.forward(self.world, channel, user, message)

    async def unfurl(self, message: StoredMessage, *embeds: Json) -> StoredMessage:
        """What Discord makes of a link a moment after it was posted: embeds under the message.

        A link to a picture becomes ``{"type": "image", "url": ..., "thumbnail": {"url": ...}}``.
        """
        return compose.unfurl(self.world, message, list(embeds))

    async def edit(self, user: User, message: StoredMessage, content: str) -> StoredMessage:
        """Edit an own message's text. Raises UsageError for another's."""
        self._require_author(user, message)
        return compose.edit(self.world, message, Draft({"content": content}))

    async def delete(self, user: User, message: StoredMessage) -> None:
        """Delete an own message, or anybody's with MANAGE_MESSAGES."""
        if message.author is not user:
            self._require(user, message.channel, permissions.MANAGE_MESSAGES)
        compose.delete(self.world, message)

    async def type(self, user: User, channel: Channel) -> None:
        """Start typing."""
        self._require(user, channel, permissions.TO_SPEAK[channel.is_thread])
        self.world.publish(TypingStarted(channel, user))

    async def react(
        self, user: User, message: StoredMessage, emoji: str, *, added: bool = True
    ) -> None:
        """Add (or take away) a reaction."""
        self._require_visible(user, message)
        set_reaction(self.world, message, user, emoji, added=added)

    # -- what the client allows ----------------------------------------------------------------

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
