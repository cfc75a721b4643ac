"""What an app without the message-content intent gets to see (Gateway docs, "Message Content
Intent").
"""

from __future__ import annotations

from sandbox.errors import Json
from sandbox.models import ChannelType, StoredMessage, User


def may_read(message: StoredMessage, bot: User) -> bool:
    """Own messages, DMs with the app, and messages that mention it are always readable."""
    if message.author is bot or bot in message.mentions:
        return True
    return message.channel.type is ChannelType.DM and bot in message.channel.recipients


_EMPTY: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


def _emptied_snapshots(shown: Json) -> Json:
    if "message_snapshots" not in shown:
        return {}
    emptied = [{"message": {**one["message"], **_EMPTY}} for one in shown["message_snapshots"]]
    return {"message_snapshots": emptied}


def without_content(shown: Json, message: StoredMessage, bot: User) -> Json:
    """A message object emptied of what the app may not read, the replied-to message as well."""
    kept = dict(shown)
    if not may_read(message, bot):
        kept.update(_EMPTY)
        kept.update(_emptied_snapshots(shown))
    target = message.reference
    if target is not None and kept.get("referenced_message"):
        kept["referenced_message"] = without_content(kept["referenced_message"], target, bot)
    return kept
