"""Teaching, and asking for it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, update

from store.bundle import Bundle
from store.database import Changing, Database
from store.errors import LimitReached, ValueRefused
from store.models import ExemplarRow, LessonRow
from store.names import tidy
from store.repositories.audit import record
from store.repositories.learning import check_limit, find_or_create, keep_samples
from store.repositories.lesson_rows import read_lesson
from store.types import ActionKind, Lesson, LessonSource, LessonState, Limits, Sample, Subject


class LessonRepository:
    """What members teach. Who may is the caller's to check: staff `teach`, others `propose`."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    async def teach(
        self,
        guild_id: int,
        subject: Subject,
        samples: Sequence[Sample],
        *,
        actor_id: int,
        request_id: int | None = None,
        source: LessonSource = LessonSource.TEACH,
    ) -> Lesson:
        """Learns at once. When it returns, it is on the disk and every process is told.

        Args:
            samples: 1 to `Limits.exemplars_per_lesson`. Vectors that are known already count as
                duplicates.
            request_id: the interaction; the same one again changes nothing and returns the lesson
                that it gave the first time.

        Raises:
            ValueRefused, LimitReached: nothing was learned.
        """
        state = LessonState.LEARNED
        return await self._give(guild_id, subject, samples, actor_id, request_id, source, state)

    async def propose(
        self,
        guild_id: int,
        subject: Subject,
        samples: Sequence[Sample],
        *,
        actor_id: int,
        request_id: int | None = None,
        source: LessonSource = LessonSource.TEACH,
    ) -> Lesson:
        """Puts a lesson into the approval queue; arguments and errors as of `teach`."""
        state = LessonState.PENDING
        return await self._give(guild_id, subject, samples, actor_id, request_id, source, state)

    async def take_in(
        self, guild_id: int, bundle: Bundle, *, actor_id: int, request_id: int | None = None
    ) -> Lesson:
        """Learns everything of an imported gallery as one lesson. Raises as `teach` does."""
        if not bundle.characters:
            raise ValueRefused("samples", 0)
        async with self._database.changing(guild_id) as changing:
            name = bundle.characters[0][0].name if len(bundle.characters) == 1 else ""
            source, state = LessonSource.IMPORT, LessonState.LEARNED
            lesson_id = await self._begin(changing, name, actor_id, request_id, source, state)
            if lesson_id is not None:
                samples = [
                    (character_id, Sample(embedding))
                    for subject, embeddings in bundle.characters
                    for character_id in [
                        await find_or_create(self._database, changing, subject, self._limits)
                    ]
                    for embedding in embeddings
                ]
                await self._fill(changing, lesson_id, samples, active=True)
                detail = {"lesson": lesson_id, "characters": len(bundle.characters)}
                await record(changing, ActionKind.IMPORTED, actor_id, name, detail)
            return await self._given(changing, lesson_id, request_id)

    async def _give(
        self,
        guild_id: int,
        subject: Subject,
        samples: Sequence[Sample],
        actor_id: int,
        request_id: int | None,
        source: LessonSource,
        state: LessonState,
    ) -> Lesson:
        if not samples:
            raise ValueRefused("samples", 0)
        if len(samples) > self._limits.exemplars_per_lesson:
            limit = self._limits.exemplars_per_lesson
            raise LimitReached("exemplars_per_lesson", limit=limit, actual=len(samples))
        learned = state is LessonState.LEARNED
        async with self._database.changing(guild_id) as changing:
            lesson_id = await self._begin(
                changing, subject.name, actor_id, request_id, source, state
            )
            if lesson_id is not None:
                character_id = await find_or_create(self._database, changing, subject, self._limits)
                given = [(character_id, sample) for sample in samples]
                await self._fill(changing, lesson_id, given, active=learned)
                kind = ActionKind.TAUGHT if learned else ActionKind.PROPOSED
                detail = {"lesson": lesson_id, "character": character_id}
                await record(changing, kind, actor_id, subject.name, detail)
            return await self._given(changing, lesson_id, request_id)

    async def _begin(
        self,
        changing: Changing,
        name: str,
        actor_id: int,
        request_id: int | None,
        source: LessonSource,
        state: LessonState,
    ) -> int | None:
        """The id of a new lesson; None where this request has given one before."""
        statement = self._database.insert(LessonRow).values(
            guild_id=changing.guild_id,
            request_id=request_id,
            source=source.value,
            state=state.value,
            name=tidy("name", name, 100, empty=source is LessonSource.IMPORT),
            taught_by=actor_id,
            taught_at=changing.now,
            duplicates=0,
        )
        statement = statement.on_conflict_do_nothing(
            index_elements=[LessonRow.guild_id, LessonRow.request_id]
        )
        done = await changing.connection.execute(statement.returning(LessonRow.id))
        lesson_id: int | None = done.scalar_one_or_none()
        if lesson_id is not None and state is LessonState.PENDING:
            await self._check_queue(changing, actor_id)
        return lesson_id

    async def _check_queue(self, changing: Changing, actor_id: int) -> None:
        waiting = (LessonRow.guild_id == changing.guild_id, LessonRow.state == "pending")
        for what, extra in (
            ("pending_per_server", ()),
            ("pending_per_member", (LessonRow.taught_by == actor_id,)),
        ):
            counted = select(func.count()).select_from(LessonRow).where(*waiting, *extra)
            actual = (await changing.connection.execute(counted)).scalar_one()
            limit = getattr(self._limits, what)
            if actual > limit:
                raise LimitReached(what, limit=limit, actual=actual)

    async def _fill(
        self,
        changing: Changing,
        lesson_id: int,
        samples: Sequence[tuple[int, Sample]],
        *,
        active: bool,
    ) -> None:
        _, duplicates = await keep_samples(
            self._database, changing, lesson_id, samples, active=active
        )
        await check_limit(changing, ExemplarRow, "exemplars_per_server", self._limits)
        if duplicates:
            await changing.connection.execute(
                update(LessonRow)
                .where(LessonRow.guild_id == changing.guild_id, LessonRow.id == lesson_id)
                .values(duplicates=duplicates)
            )

    async def _given(
        self, changing: Changing, lesson_id: int | None, request_id: int | None
    ) -> Lesson:
        chosen = (
            LessonRow.request_id == request_id if lesson_id is None else LessonRow.id == lesson_id
        )
        return await read_lesson(changing.connection, changing.guild_id, chosen, request_id or 0)

    async def get(self, guild_id: int, lesson_id: int) -> Lesson:
        """One lesson. Raises UnknownLesson."""
        async with self._database.reading() as connection:
            return await read_lesson(connection, guild_id, LessonRow.id == lesson_id, lesson_id)
