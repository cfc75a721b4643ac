"""The log of a server: who changed what, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class ActionKind(StrEnum):
    """What was done. Those of `UNDOABLE` can be undone."""

    TAUGHT = "taught"
    IMPORTED = "imported"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    RENAMED = "renamed"
    MERGED = "merged"
    REMOVED = "removed"
    UNDONE = "undone"
    SETTINGS = "settings"
    SEASON = "season"
    MEMBER_FORGOTTEN = "member_forgotten"


UNDOABLE = frozenset(
    {
        ActionKind.TAUGHT,
        ActionKind.IMPORTED,
        ActionKind.APPROVED,
        ActionKind.RENAMED,
        ActionKind.MERGED,
        ActionKind.REMOVED,
    }
)
GALLERY = UNDOABLE | {
    ActionKind.PROPOSED,
    ActionKind.REJECTED,
    ActionKind.EXPIRED,
    ActionKind.UNDONE,
    ActionKind.MEMBER_FORGOTTEN,
}
"""What ``/teach log`` shows."""


@dataclass(frozen=True, slots=True)
class Action:
    """One entry of the log.

    ``actor_id`` is None where the bot acted by itself or the member asked to be forgotten;
    ``subject`` is whom or what it was about, as text; ``detail`` holds values by kind and never a
    member's id. ``undone_by`` is the entry that undid this one.
    """

    id: int
    guild_id: int
    kind: ActionKind
    actor_id: int | None
    at: datetime
    subject: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    undone_by: int | None = None
