"""From a request body and its uploads to a stored message: files, mentions, embeds and components
resolved.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sandbox import errors, permissions
from sandbox.decorate import place_components, place_embeds
from sandbox.errors import Json, Path, Problems
from sandbox.events import MessageCreated, MessageDeleted, MessageUpdated
from sandbox.files import safe_name
from sandbox.limits import MAX_UPLOAD_BYTES, check_message
from sandbox.models import (
    Channel,
    Interaction,
    MessageFlag,
    MessageType,
    Sticker,
    StoredFile,
    StoredMessage,
    User,
)
from sandbox.state import World

_MENTION = re.compile(r"<@!?(\d+)>")
_ROLE_MENTION = re.compile(r"<@&(\d+)>")
SETTABLE_FLAGS = (
    MessageFlag.SUPPRESS_EMBEDS
    | MessageFlag.EPHEMERAL
    | MessageFlag.SUPPRESS_NOTIFICATIONS
    | MessageFlag.IS_COMPONENTS_V2
)


@dataclass(frozen=True)
class Upload:
    """One ``files[index]`` part of a multipart request."""

    index: int
    filename: str
    data: bytes


@dataclass(frozen=True)
class Draft:
    """A message body as it came over the wire; ``path`` is where it sits in the request."""

    payload: Json
    uploads: tuple[Upload, ...] = ()
    path: Path = ()

    def check(self, existing: StoredMessage | None = None) -> None:
        """Refuse the body for its sizes and limits.

        Raises:
            DiscordError: 40005 (a file over 10 MiB).
            InvalidFormBody: 50035.
        """
        if any(len(upload.data) > MAX_UPLOAD_BYTES for upload in self.uploads):
            raise errors.request_too_large()
        kept = existing.files if existing else []
        names = {file.filename for file in kept} | set(self._names().values())
        check_message(
            self.payload,
            files=names | {safe_name(name) for name in names},
            uploads=[upload.index for upload in self.uploads],
            existing=[file.id for file in kept],
            path=self.path,
            flags=existing.flags if existing else 0,
        )

    def _names(self) -> dict[int, str]:
        """Upload index → file name; an ``attachments`` entry may rename the part."""
        names = {upload.index: upload.filename for upload in self.uploads}
        for entry in self.entries():
            if entry.get("filename") and str(entry["id"]).isdigit() and int(entry["id"]) in names:
                names[int(entry["id"])] = entry["filename"]
        return names

    def entries(self) -> list[Json]:
        """The ``attachments`` list, empty if absent."""
        listed = self.payload.get("attachments") or []
        return [one for one in listed if isinstance(one, dict) and "id" in one]

    def store(self, world: World, channel: Channel, *, ephemeral: bool) -> list[StoredFile]:
        """Put the uploads on the CDN, with names, titles and alt texts from ``attachments``."""
        by_index = {str(entry["id"]): entry for entry in self.entries()}
        names, stored = self._names(), []
        for upload in sorted(self.uploads, key=lambda one: one.index):
            name = names[upload.index]
            file = world.store_file(channel, name, upload.data, ephemeral=ephemeral)
            entry = by_index.get(str(upload.index), {})
            file.description, file.title = entry.get("description"), entry.get("title")
            file.marked_spoiler = bool(entry.get("is_spoiler"))
            stored.append(file)
        return stored


def create(
    world: World,
    channel: Channel,
    author: User,
    draft: Draft,
    *,
    kind: MessageType = MessageType.DEFAULT,
    interaction: Interaction | None = None,
    reference: StoredMessage | None = None,
    stickers: Sequence[Sticker] = (),
    extra_flags: int = 0,
) -> StoredMessage:
    """Check a body, store the message and announce it.

    Raises:
        DiscordError: 50006 for an empty message, and everything ``Draft.check`` raises.
    """
    draft.check()
    payload = draft.payload
    flags = (int(payload.get("flags") or 0) & SETTABLE_FLAGS) | extra_flags
    ephemeral = bool(flags & MessageFlag.EPHEMERAL) and interaction is not None
    if interaction is None:
        flags &= ~MessageFlag.EPHEMERAL
    message = StoredMessage(
        world.ids.next(), channel, author, world.clock.now(), type=kind, flags=flags
    )
    message.reference, message.interaction = reference, interaction
    message.tts, message.nonce = bool(payload.get("tts")), payload.get("nonce")
    if interaction is not None:
        message.webhook_id = world.application.id
        message.visible_to = interaction.user.id if ephemeral else None
    if not flags & MessageFlag.LOADING:
        _refuse_empty(payload, bool(draft.uploads or stickers))
    message.stickers = list(stickers)
    message.files = draft.store(world, channel, ephemeral=ephemeral)
    _fill(world, message, payload)
    return _announce(world, message)


def _announce(world: World, message: StoredMessage) -> StoredMessage:
    world.messages[message.id] = message
    if message.visible_to is None:
        message.channel.last_message_id = message.id
    world.publish(MessageCreated(message))
    return message


def forward(world: World, channel: Channel, author: User, target: StoredMessage) -> StoredMessage:
    """Repeat a message in another place, as it is now."""
    message = StoredMessage(world.ids.next(), channel, author, world.clock.now())
    message.flags = MessageFlag.HAS_SNAPSHOT
    message.forwarded = replace(target.forwarded or target)
    return _announce(world, message)


def unfurl(world: World, message: StoredMessage, embeds: list[Json]) -> StoredMessage:
    """Show embeds under a message that somebody posted, as happens to links a moment later."""
    message.embeds = message.embeds + embeds
    world.publish(MessageUpdated(message))
    return message


def edit(world: World, message: StoredMessage, draft: Draft) -> StoredMessage:
    """Apply an edit: absent fields stay, ``attachments`` lists the files to keep and the new ones.

    Raises:
        DiscordError: 50006 if nothing would be left, and everything ``Draft.check`` raises.
    """
    draft.check(message)
    payload = dict(draft.payload)
    kept = message.files
    if payload.get("attachments") is not None:
        wanted = {str(entry["id"]): entry for entry in draft.entries()}
        kept = [file for file in message.files if str(file.id) in wanted]
        for file in kept:
            file.description = wanted[str(file.id)].get("description", file.description)
    flags = message.flags & ~MessageFlag.LOADING
    if payload.get("flags") is not None:
        changeable = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.IS_COMPONENTS_V2
        flags |= int(payload["flags"]) & changeable
    left: Json = {"content": message.content, "embeds": message.embeds}
    left["components"] = message.components
    left.update(payload)
    _refuse_empty(left, bool(kept or draft.uploads))
    message.flags = flags
    message.files = kept + draft.store(world, message.channel, ephemeral=message.ephemeral)
    _fill(world, message, payload)
    message.edited_timestamp = world.clock.now()
    world.publish(MessageUpdated(message))
    return message


def delete(world: World, message: StoredMessage) -> None:
    """Remove a message; its files are gone from the CDN as well, unless a forward shows them."""
    message.deleted = True
    forwards = [one.forwarded for one in world.messages.values() if one.forwarded]
    kept = {file.id for one in forwards for file in one.files}
    for file in message.files:
        if file.id not in kept:
            world.files.pop(file.id, None)
    world.publish(MessageDeleted(message))


def _refuse_empty(payload: Json, has_files: bool) -> None:
    told = ("content", "embeds", "components", "sticker_ids", "poll")
    if not has_files and not any(payload.get(name) for name in told):
        raise errors.empty_message()


def _fill(world: World, message: StoredMessage, payload: Json) -> None:
    if "content" in payload:
        message.content = payload["content"] or ""
    if "embeds" in payload:
        bits = world.permissions_in(message.author, message.channel)
        from_webhook = message.interaction is not None
        allowed = from_webhook or bits & permissions.EMBED_LINKS
        message.embeds = list(payload["embeds"] or []) if allowed else []
    if "components" in payload:
        message.components = list(payload["components"] or [])
    for file in message.files:
        file.embedded = False
    message.embeds = place_embeds(world, message.embeds, message.files)
    message.components = place_components(world, message.components, message.files)
    _mention(world, message, payload.get("allowed_mentions"))


def _mention(world: World, message: StoredMessage, allowed: Json | None) -> None:
    """Who is pinged (Message resource, "Allowed Mentions Object")."""
    rule = allowed if allowed is not None else {"parse": ["users", "roles", "everyone"]}
    parse, replied = rule.get("parse") or [], rule.get("replied_user", allowed is None)
    ids = [int(found) for found in _MENTION.findall(message.content)]
    listed = {int(one) for one in rule.get("users") or []}
    people = [one for one in ids if "users" in parse or one in listed]
    if message.reference is not None and replied:
        people.append(message.reference.author.id)
    known = dict.fromkeys(one for one in people if one in world.users)
    message.mentions = [world.users[one] for one in known]
    roles = [int(found) for found in _ROLE_MENTION.findall(message.content)]
    listed = {int(one) for one in rule.get("roles") or []}
    message.mention_roles = [one for one in roles if "roles" in parse or one in listed]
    message.mention_everyone = "everyone" in parse and "@everyone" in message.content


def referenced(world: World, channel: Channel, payload: Json) -> StoredMessage | None:
    """The message a body replies to.

    Raises:
        InvalidFormBody: REPLIES_UNKNOWN_MESSAGE, unless ``fail_if_not_exists`` is false.
    """
    reference = payload.get("message_reference")
    if not reference:
        return None
    try:
        return world.message(channel, int(reference.get("message_id") or 0))
    except errors.DiscordError:
        if reference.get("fail_if_not_exists") is False:
            return None
        problems = Problems()
        problems.add(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        problems.raise_if_any()
        raise
