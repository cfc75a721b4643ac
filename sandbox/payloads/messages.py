"""Messages and what hangs on them: attachments, reactions, references, the use they answer."""

from __future__ import annotations

from sandbox.clock import isoformat
from sandbox.errors import Json
from sandbox.models import (
    Interaction,
    InteractionType,
    MessageType,
    Sticker,
    StoredFile,
    StoredMessage,
)
from sandbox.payloads.people import user
from sandbox.state import World

ATTACHMENT_IS_SPOILER = 1 << 5
REPLY, FORWARD = 0, 1
"""Message Reference Types."""


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
    if message_.stickers:
        shown["sticker_items"] = [sticker_item(one) for one in message_.stickers]
    if message_.reference is not None:
        _add_reference(world, shown, message_.reference, nested)
    if message_.forwarded is not None:
        shown["message_reference"] = _reference(message_.forwarded, FORWARD)
        shown["message_snapshots"] = [{"message": _snapshot(world, message_.forwarded)}]
    return shown


def sticker_item(sticker: Sticker) -> Json:
    """Sticker Item object: all that a message says of a sticker."""
    return {"id": str(sticker.id), "name": sticker.name, "format_type": int(sticker.format)}


_IN_SNAPSHOT = (
    "type",
    "content",
    "mentions",
    "mention_roles",
    "attachments",
    "embeds",
    "timestamp",
    "edited_timestamp",
    "flags",
    "components",
    "sticker_items",
)


def _snapshot(world: World, message_: StoredMessage) -> Json:
    """The part of a message that a forward carries (Message resource, "Message Snapshot")."""
    shown = message(world, message_, nested=True)
    return {name: shown[name] for name in _IN_SNAPSHOT if name in shown}


def _reference(target: StoredMessage, kind: int) -> Json:
    reference: Json = {"type": kind}
    reference.update(channel_id=str(target.channel.id), message_id=str(target.id))
    if target.channel.guild_id:
        reference["guild_id"] = str(target.channel.guild_id)
    return reference


def _add_reference(world: World, shown: Json, target: StoredMessage, nested: bool) -> None:
    shown["message_reference"] = _reference(target, REPLY)
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
