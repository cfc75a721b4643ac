"""Deleting what has been kept for long enough."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, or_, select

from store.database import Changing, Database
from store.models import (
    AnswerRow,
    AuditRow,
    CacheRow,
    ExemplarRow,
    LessonRow,
    QuizAskedRow,
    RunningPictureRow,
    ServerRow,
)
from store.repositories.audit import record
from store.repositories.learning import sweep
from store.repositories.privacy import PrivacyRepository
from store.types import ActionKind, LessonState, Purged, Retention


class Keeper:
    """Purges all servers; several processes may do so at once. Call it once a day."""

    def __init__(self, database: Database, retention: Retention) -> None:
        self._database = database
        self.retention = retention

    async def purge(self) -> Purged:
        """Deletes what is older than the retention allows, and says how much that was."""
        counts: Counter[str] = Counter()
        counts["left"] = await self._left_servers()
        for guild_id in await self._servers_with_old():
            async with self._database.changing(guild_id) as changing:
                counts["proposals"] += await self._proposals(changing)
                counts["undone"] += await self._undone(changing)
                await sweep(changing)
        for what, column, days in (
            ("answers", AnswerRow.asked_at, self.retention.answers),
            ("log", AuditRow.at, self.retention.log),
            ("stale", CacheRow.expires_at, self.retention.stale),
            ("asked", QuizAskedRow.asked_at, self.retention.asked),
        ):
            async with self._database.writing() as connection:
                gone = await connection.execute(
                    delete(column.class_).where(column < self._before(days))
                )
                counts[what] = gone.rowcount
        async with self._database.writing() as connection:
            # They end with their round; these are left over from a crash.
            await connection.execute(
                delete(RunningPictureRow).where(
                    RunningPictureRow.expires_at <= self._database.clock()
                )
            )
        return Purged(dict(counts))

    def _before(self, days: int) -> datetime:
        return self._database.clock() - timedelta(days=days)

    async def _left_servers(self) -> int:
        statement = select(ServerRow.guild_id).where(
            ServerRow.left_at < self._before(self.retention.left)
        )
        async with self._database.reading() as connection:
            left = (await connection.execute(statement)).scalars().all()
        privacy = PrivacyRepository(self._database)
        for guild_id in left:
            await privacy.forget_server(guild_id)
        return len(left)

    async def _servers_with_old(self) -> list[int]:
        async with self._database.reading() as connection:
            lessons = await connection.execute(
                select(LessonRow.guild_id).distinct().where(or_(self._expired(), self._over()))
            )
            vectors = await connection.execute(
                select(ExemplarRow.guild_id).distinct().where(self._removed())
            )
            return sorted({*lessons.scalars(), *vectors.scalars()})

    def _expired(self) -> Any:
        pending = LessonRow.state == LessonState.PENDING.value
        return pending & (LessonRow.taught_at < self._before(self.retention.proposals))

    def _over(self) -> Any:
        """Lessons that came to nothing, or of which nothing is left."""
        before = self._before(self.retention.undone)
        ended = LessonRow.state.in_([LessonState.REJECTED.value, LessonState.UNDONE.value])
        left = exists().where(
            ExemplarRow.guild_id == LessonRow.guild_id, ExemplarRow.lesson_id == LessonRow.id
        )
        learned = LessonRow.state == LessonState.LEARNED.value
        return (ended & (LessonRow.decided_at < before)) | (
            learned & ~left & (LessonRow.taught_at < before)
        )

    def _removed(self) -> Any:
        return ExemplarRow.removed_at < self._before(self.retention.undone)

    async def _proposals(self, changing: Changing) -> int:
        gone = await changing.connection.execute(
            delete(LessonRow)
            .where(LessonRow.guild_id == changing.guild_id, self._expired())
            .returning(LessonRow.id, LessonRow.name)
        )
        rows = gone.all()
        for row in rows:
            await record(changing, ActionKind.EXPIRED, None, row.name, {"lesson": row.id})
        return len(rows)

    async def _undone(self, changing: Changing) -> int:
        vectors = await changing.connection.execute(
            delete(ExemplarRow).where(ExemplarRow.guild_id == changing.guild_id, self._removed())
        )
        await changing.connection.execute(
            delete(LessonRow).where(LessonRow.guild_id == changing.guild_id, self._over())
        )
        return vectors.rowcount
