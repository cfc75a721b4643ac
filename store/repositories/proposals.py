"""The approval queue."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from store.database import Changing, Database
from store.errors import AlreadyDecided, UnknownLesson
from store.models import CropRow, ExemplarRow, LessonRow
from store.repositories.audit import record
from store.repositories.learning import activate, sweep
from store.repositories.lesson_rows import read_lesson
from store.types import ActionKind, Evidence, Lesson, LessonState, Proposal, ProposedSample
from store.vectors import unpack


class ProposalRepository:
    """What waits for staff. Who is staff is the caller's to check."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pending(self, guild_id: int, limit: int = 25) -> tuple[Lesson, ...]:
        """The approval queue, oldest first."""
        async with self._database.reading() as connection:
            ids = await connection.execute(
                select(LessonRow.id)
                .where(LessonRow.guild_id == guild_id, LessonRow.state == "pending")
                .order_by(LessonRow.id)
                .limit(limit)
            )
            return tuple(
                [
                    await read_lesson(connection, guild_id, LessonRow.id == one, one)
                    for one in ids.scalars().all()
                ]
            )

    async def proposal(self, guild_id: int, lesson_id: int) -> Proposal:
        """A lesson in the queue with its evidence. Raises UnknownLesson, AlreadyDecided."""
        crops = select(CropRow.exemplar_id).where(CropRow.guild_id == guild_id)
        statement = (
            select(
                ExemplarRow.__table__, ExemplarRow.id.in_(crops.scalar_subquery()).label("has_crop")
            )
            .where(ExemplarRow.guild_id == guild_id, ExemplarRow.lesson_id == lesson_id)
            .order_by(ExemplarRow.id)
        )
        async with self._database.reading() as connection:
            lesson = await read_lesson(connection, guild_id, LessonRow.id == lesson_id, lesson_id)
            if lesson.state is not LessonState.PENDING:
                raise AlreadyDecided(lesson_id, lesson.state.value, lesson.decided_by)
            rows = (await connection.execute(statement)).all()
        return Proposal(
            lesson,
            tuple(
                ProposedSample(
                    row.id,
                    unpack(row.vector, row.dtype, row.model_id),
                    Evidence(**(row.evidence or {})),
                    bool(row.has_crop),
                )
                for row in rows
            ),
        )

    async def approve(self, guild_id: int, lesson_id: int, *, actor_id: int) -> Lesson:
        """A proposal is learned, as by `teach`.

        Raises:
            UnknownLesson, AlreadyDecided: somebody was faster, or it has expired.
        """
        async with self._database.changing(guild_id) as changing:
            name = await self._decide(changing, lesson_id, actor_id, LessonState.LEARNED, None)
            of_it = ExemplarRow.lesson_id == lesson_id
            _, duplicates = await activate(changing, of_it)
            if duplicates:
                here = (ExemplarRow.guild_id == guild_id, of_it, ~ExemplarRow.active)
                await changing.connection.execute(delete(ExemplarRow).where(*here))
                await changing.connection.execute(
                    update(LessonRow)
                    .where(LessonRow.guild_id == guild_id, LessonRow.id == lesson_id)
                    .values(duplicates=LessonRow.duplicates + duplicates)
                )
            await record(changing, ActionKind.APPROVED, actor_id, name, {"lesson": lesson_id})
            return await read_lesson(
                changing.connection, guild_id, LessonRow.id == lesson_id, lesson_id
            )

    async def reject(
        self, guild_id: int, lesson_id: int, *, actor_id: int, reason: str | None = None
    ) -> Lesson:
        """A proposal is refused; its vectors and crops are deleted. Raises as `approve` does."""
        async with self._database.changing(guild_id) as changing:
            name = await self._decide(
                changing, lesson_id, actor_id, LessonState.REJECTED, reason and reason[:500]
            )
            await changing.connection.execute(
                delete(ExemplarRow).where(
                    ExemplarRow.guild_id == guild_id, ExemplarRow.lesson_id == lesson_id
                )
            )
            await sweep(changing)
            await record(changing, ActionKind.REJECTED, actor_id, name, {"lesson": lesson_id})
            return await read_lesson(
                changing.connection, guild_id, LessonRow.id == lesson_id, lesson_id
            )

    async def _decide(
        self,
        changing: Changing,
        lesson_id: int,
        actor_id: int,
        state: LessonState,
        reason: str | None,
    ) -> str:
        """Takes the proposal out of the queue, once, and returns its subject's name."""
        here = (LessonRow.guild_id == changing.guild_id, LessonRow.id == lesson_id)
        done = await changing.connection.execute(
            update(LessonRow)
            .where(*here, LessonRow.state == LessonState.PENDING.value)
            .values(state=state.value, decided_by=actor_id, decided_at=changing.now, reason=reason)
            .returning(LessonRow.name)
        )
        name = done.scalar_one_or_none()
        if name is None:
            found = await read_lesson(changing.connection, changing.guild_id, here[1], lesson_id)
            raise AlreadyDecided(lesson_id, found.state.value, found.decided_by)
        return str(name)

    async def asked(
        self, guild_id: int, lesson_id: int, *, channel_id: int, message_id: int
    ) -> None:
        """Notes the message in which staff are asked. Raises UnknownLesson."""
        statement = (
            update(LessonRow)
            .where(LessonRow.guild_id == guild_id, LessonRow.id == lesson_id)
            .values(channel_id=channel_id, message_id=message_id)
        )
        async with self._database.writing() as connection:
            if (await connection.execute(statement)).rowcount == 0:
                raise UnknownLesson(guild_id, lesson_id)
