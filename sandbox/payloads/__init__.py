"""The JSON objects Discord sends, made from the world. Field by field after the docs' object
tables.
"""

from sandbox.payloads.apps import application, command
from sandbox.payloads.messages import attachment, interaction_metadata, message
from sandbox.payloads.people import me, member, role, user
from sandbox.payloads.places import (
    channel,
    guild,
    guild_create,
    interaction_channel,
    interaction_member,
)

__all__ = [
    "application",
    "attachment",
    "channel",
    "command",
    "guild",
    "guild_create",
    "interaction_channel",
    "interaction_member",
    "interaction_metadata",
    "me",
    "member",
    "message",
    "role",
    "user",
]
