"""Taking back what the log tells of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, update

from store.database import Changing, Database
from store.errors import NameTaken, NothingToUndo, UndoConflict, UnknownAction, UnknownCharacter
from store.models import AuditRow, CharacterRow, ExemplarRow, LessonRow
from store.repositories.audit import read_action, record
from store.repositories.editing import seen, take_name
from store.repositories.learning import activate
from store.types import Action, ActionKind, LessonState
from store.types.audit import UNDOABLE


class UndoRepository:
    """Undoes lessons, renames, merges and removals, one entry of the log at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def undo(
        self,
        guild_id: int,
        action_id: int | None = None,
        *,
        actor_id: int,
        only_by: int | None = None,
    ) -> Action:
        """Undoes an entry and returns it.

        Args:
            action_id: which; None: the newest that can be undone.
            only_by: only an entry of this member (somebody who is no staff undoes his own).

        Raises:
            UnknownAction, NothingToUndo: there is none, or it is somebody else's.
            UndoConflict: it cannot be undone (any more); nothing was changed.
        """
        before: int | None = None
        while True:
            try:
                return await self._undo(guild_id, action_id, before, actor_id, only_by)
            except UndoConflict as conflict:
                # What was since deleted for good must not stand in the way of what is older.
                if action_id is not None or conflict.reason != "gone":
                    raise
                before = conflict.action_id

    async def _undo(
        self,
        guild_id: int,
        action_id: int | None,
        before: int | None,
        actor_id: int,
        only_by: int | None,
    ) -> Action:
        async with self._database.changing(guild_id) as changing:
            action = await self._find(changing, action_id, before, only_by)
            if action.undone_by is not None:
                raise UndoConflict(action.id, "undone")
            detail = {"action": action.id, "kind": action.kind.value}
            undo_id = await record(changing, ActionKind.UNDONE, actor_id, action.subject, detail)
            await changing.connection.execute(
                update(AuditRow)
                .where(AuditRow.guild_id == guild_id, AuditRow.id == action.id)
                .values(undone_by=undo_id)
            )
            match action.kind:
                case ActionKind.TAUGHT | ActionKind.IMPORTED | ActionKind.APPROVED:
                    await _unlearn(changing, action, actor_id, undo_id)
                case ActionKind.RENAMED:
                    await _rename_back(changing, action)
                case ActionKind.MERGED:
                    await _part(changing, action)
                case ActionKind.REMOVED:
                    await _bring_back(changing, action)
                case _:
                    raise UndoConflict(action.id, "kind")
        return action

    async def _find(
        self, changing: Changing, action_id: int | None, before: int | None, only_by: int | None
    ) -> Action:
        statement = select(AuditRow.__table__).where(AuditRow.guild_id == changing.guild_id)
        if only_by is not None:
            statement = statement.where(AuditRow.actor_id == only_by)
        if action_id is None:
            statement = statement.where(
                AuditRow.kind.in_(sorted(UNDOABLE)), AuditRow.undone_by.is_(None)
            )
            if before is not None:
                statement = statement.where(AuditRow.id < before)
        else:
            statement = statement.where(AuditRow.id == action_id)
        statement = statement.order_by(AuditRow.id.desc()).limit(1)
        row = (await changing.connection.execute(statement)).one_or_none()
        if row is None and action_id is None:
            raise NothingToUndo(changing.guild_id, "")
        if row is None:
            raise UnknownAction(changing.guild_id, action_id or "")
        return read_action(row)


async def _part(changing: Changing, action: Action) -> None:
    """The source of a merge is made again and gets back what is left of its vectors."""
    # With its old id, because older entries of the log name it by that.
    source_id, (name, series, catalog_id) = action.detail["source"], action.detail["was"]
    await changing.connection.execute(
        insert(CharacterRow).values(
            id=source_id,
            guild_id=changing.guild_id,
            key=None,
            catalog_id=catalog_id,
            name=name,
            series=series,
            created_at=changing.now,
        )
    )
    try:
        await take_name(changing, source_id, name, catalog_id, series)
    except NameTaken:
        raise UndoConflict(action.id, "name") from None
    moved = await changing.connection.execute(
        update(ExemplarRow)
        .where(
            ExemplarRow.guild_id == changing.guild_id,
            ExemplarRow.id.in_(action.detail["moved"]),
            ExemplarRow.character_id == action.detail["target"],
        )
        .values(character_id=source_id)
    )
    if moved.rowcount == 0:
        raise UndoConflict(action.id, "gone")
    await activate(changing, ExemplarRow.removed_by == action.id)


async def _unlearn(changing: Changing, action: Action, actor_id: int, undo_id: int) -> None:
    lesson_id = action.detail["lesson"]
    undone = await changing.connection.execute(
        update(LessonRow)
        .where(
            LessonRow.guild_id == changing.guild_id,
            LessonRow.id == lesson_id,
            LessonRow.state == LessonState.LEARNED.value,
        )
        .values(state=LessonState.UNDONE.value, decided_by=actor_id, decided_at=changing.now)
    )
    if undone.rowcount == 0:
        raise UndoConflict(action.id, "gone")
    await changing.connection.execute(
        update(ExemplarRow)
        .where(
            ExemplarRow.guild_id == changing.guild_id,
            ExemplarRow.lesson_id == lesson_id,
            ExemplarRow.active,
        )
        .values(active=False, removed_by=undo_id, removed_at=changing.now)
    )


async def _rename_back(changing: Changing, action: Action) -> None:
    try:
        row = await seen(changing, action.detail["character"])
        if [row.name, row.series] != list(action.detail["new"]):
            raise UndoConflict(action.id, "name")
        name, series = action.detail["old"]
        await take_name(changing, row.id, name, row.catalog_id, series)
    except NameTaken:
        raise UndoConflict(action.id, "name") from None
    except UnknownCharacter:
        raise UndoConflict(action.id, "gone") from None


async def _bring_back(changing: Changing, action: Action) -> None:
    found, _ = await activate(changing, ExemplarRow.removed_by == action.id)
    if found == 0:
        raise UndoConflict(action.id, "gone")
    # A removed character may have been merged, or lost its name to another one, in the meantime.
    lost: list[Any] = list(
        await changing.connection.execute(
            select(CharacterRow.id, CharacterRow.name, CharacterRow.catalog_id, CharacterRow.series)
            .distinct()
            .join(ExemplarRow, ExemplarRow.character_id == CharacterRow.id)
            .where(
                CharacterRow.guild_id == changing.guild_id,
                CharacterRow.key.is_(None),
                ExemplarRow.active,
            )
        )
    )
    for row in lost:
        try:
            await take_name(changing, row.id, row.name, row.catalog_id, row.series)
        except NameTaken:
            raise UndoConflict(action.id, "name") from None
