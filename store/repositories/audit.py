"""The log of a server."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import insert, select

from store.database import Changing, Database
from store.errors import UnknownAction, ValueRefused
from store.models import AuditRow
from store.types import Action, ActionKind

PAGE_LIMIT = 100


class AuditRepository:
    """Reads the log; what changes something writes its entry with the change."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self,
        guild_id: int,
        *,
        kinds: Collection[ActionKind] | None = None,
        before: int | None = None,
        limit: int = 20,
    ) -> tuple[Action, ...]:
        """Entries, newest first.

        Args:
            kinds: only these (`store.types.audit.GALLERY` for teaching); None: all.
            before: only entries older than the one with this id, for the next page.
            limit: 1 to 100.
        """
        if not 1 <= limit <= PAGE_LIMIT:
            raise ValueRefused("limit", limit)
        statement = select(AuditRow.__table__).where(AuditRow.guild_id == guild_id)
        if kinds is not None:
            statement = statement.where(AuditRow.kind.in_(sorted(kinds)))
        if before is not None:
            statement = statement.where(AuditRow.id < before)
        statement = statement.order_by(AuditRow.id.desc()).limit(limit)
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        return tuple(read_action(row) for row in rows)

    async def get(self, guild_id: int, action_id: int) -> Action:
        """One entry. Raises UnknownAction."""
        statement = select(AuditRow.__table__).where(
            AuditRow.guild_id == guild_id, AuditRow.id == action_id
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is None:
            raise UnknownAction(guild_id, action_id)
        return read_action(row)


async def record(
    changing: Changing,
    kind: ActionKind,
    actor_id: int | None,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Writes an entry within a change and returns its id. `detail` must hold no member's id."""
    statement = insert(AuditRow).values(
        guild_id=changing.guild_id,
        kind=kind.value,
        actor_id=actor_id,
        at=changing.now,
        subject=subject[:200],
        detail=dict(detail or {}),
    )
    done = await changing.connection.execute(statement.returning(AuditRow.id))
    return int(done.scalar_one())


def read_action(row: Any) -> Action:
    """The value of a row of the log."""
    return Action(
        id=row.id,
        guild_id=row.guild_id,
        kind=ActionKind(row.kind),
        actor_id=row.actor_id,
        at=row.at,
        subject=row.subject,
        detail=row.detail,
        undone_by=row.undone_by,
    )
