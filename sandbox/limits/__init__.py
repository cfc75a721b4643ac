"""Every limit Discord puts on what an app sends, refused with 50035 and one code per field.

``check_*`` functions note problems; callers raise. Numbers come from the API docs: Message
resource, "Embed Limits", "Component Reference", "Application Commands", "Interactions".
"""

from sandbox.limits.commands import check_command, check_commands
from sandbox.limits.components import check_components
from sandbox.limits.embeds import check_embeds, embed_length
from sandbox.limits.messages import MAX_UPLOAD_BYTES, check_message
from sandbox.limits.modals import check_choices, check_modal

__all__ = [
    "MAX_UPLOAD_BYTES",
    "check_choices",
    "check_command",
    "check_commands",
    "check_components",
    "check_embeds",
    "check_message",
    "check_modal",
    "embed_length",
]
