"""Lessons as their rows tell them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.errors import UnknownLesson
from store.models import ExemplarRow, LessonRow
from store.types import Lesson, LessonSource, LessonState


async def read_lesson(connection: AsyncConnection, guild_id: int, chosen: Any, key: int) -> Lesson:
    """The lesson that fits `chosen`. Raises UnknownLesson."""
    row = (
        await connection.execute(
            select(LessonRow.__table__).where(LessonRow.guild_id == guild_id, chosen)
        )
    ).one_or_none()
    if row is None:
        raise UnknownLesson(guild_id, key)
    counted = await connection.execute(
        select(ExemplarRow.character_id, func.count().label("n"))
        .where(ExemplarRow.guild_id == guild_id, ExemplarRow.lesson_id == row.id)
        .group_by(ExemplarRow.character_id)
    )
    counts = counted.all()
    return Lesson(
        id=row.id,
        guild_id=row.guild_id,
        source=LessonSource(row.source),
        state=LessonState(row.state),
        name=row.name,
        character_id=counts[0].character_id if len(counts) == 1 else None,
        taught_by=row.taught_by,
        taught_at=row.taught_at,
        exemplars=sum(one.n for one in counts),
        duplicates=row.duplicates,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        channel_id=row.channel_id,
        message_id=row.message_id,
    )
