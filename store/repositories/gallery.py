"""Whom a server has taught."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from recognition.types import Embedding
from store.database import Database
from store.errors import UnknownCharacter
from store.models import CharacterRow, CropRow, ExemplarRow, LessonRow, ServerRow
from store.types import CharacterSummary, Crop, Exemplar, TaughtCharacter, TaughtGallery
from store.vectors import unpack_all


class GalleryRepository:
    """Reads what was learned; `LessonRepository` adds to it, `EditRepository` changes it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, guild_id: int, model_id: str) -> TaughtGallery:
        """Everybody with a vector of that model, by id; vectors in the order they were learned."""
        of_server = (ExemplarRow.guild_id == guild_id, ExemplarRow.active)
        crops = select(CropRow.exemplar_id).where(CropRow.guild_id == guild_id)
        statement = (
            select(
                CharacterRow.id.label("character_id"),
                CharacterRow.name,
                CharacterRow.series,
                CharacterRow.catalog_id,
                ExemplarRow.id,
                ExemplarRow.lesson_id,
                ExemplarRow.dtype,
                ExemplarRow.vector,
                LessonRow.taught_by,
                LessonRow.taught_at,
                ExemplarRow.id.in_(crops.scalar_subquery()).label("has_crop"),
            )
            .select_from(ExemplarRow)
            .join(CharacterRow, CharacterRow.id == ExemplarRow.character_id)
            .join(LessonRow, LessonRow.id == ExemplarRow.lesson_id)
            .where(*of_server, ExemplarRow.model_id == model_id)
            .order_by(CharacterRow.id, ExemplarRow.id)
        )
        others = select(func.count()).where(*of_server, ExemplarRow.model_id != model_id)
        async with self._database.reading() as connection:
            revision = await self._revision(connection, guild_id)
            rows = (await connection.execute(statement)).all()
            outdated = (await connection.execute(others)).scalar_one()
        embeddings = unpack_all([(row.vector, row.dtype) for row in rows], model_id)
        both = zip(rows, embeddings, strict=True)
        characters = [
            _character([*group])
            for _, group in groupby(both, key=lambda pair: pair[0].character_id)
        ]
        return TaughtGallery(guild_id, model_id, revision, tuple(characters), outdated)

    @staticmethod
    async def _revision(connection: AsyncConnection, guild_id: int) -> int:
        statement = select(ServerRow.revision).where(ServerRow.guild_id == guild_id)
        return int((await connection.execute(statement)).scalar() or 0)

    async def characters(self, guild_id: int) -> tuple[CharacterSummary, ...]:
        """Everybody who was taught here, by series and name, whatever model the vectors are of."""
        return await self._summaries(guild_id)

    async def character(self, guild_id: int, character_id: int) -> CharacterSummary:
        """One of `characters`. Raises UnknownCharacter."""
        found = await self._summaries(guild_id, character_id)
        if not found:
            raise UnknownCharacter(guild_id, character_id)
        return found[0]

    async def _summaries(
        self, guild_id: int, character_id: int | None = None
    ) -> tuple[CharacterSummary, ...]:
        statement = (
            select(
                CharacterRow.id,
                CharacterRow.name,
                CharacterRow.series,
                CharacterRow.catalog_id,
                func.count().label("n"),
                func.max(LessonRow.taught_at).label("last"),
            )
            .select_from(ExemplarRow)
            .join(CharacterRow, CharacterRow.id == ExemplarRow.character_id)
            .join(LessonRow, LessonRow.id == ExemplarRow.lesson_id)
            .where(ExemplarRow.guild_id == guild_id, ExemplarRow.active)
            .group_by(CharacterRow.id)
        )
        if character_id is not None:
            statement = statement.where(CharacterRow.id == character_id)
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        found = [
            CharacterSummary(row.id, row.name, row.series, row.catalog_id, row.n, row.last)
            for row in rows
        ]
        # Sorted here: the two databases do not order letters alike.
        return tuple(sorted(found, key=lambda one: (one.series.casefold(), one.name.casefold())))

    async def models(self, guild_id: int) -> dict[str, int]:
        """How many learned vectors there are by model, the most frequent model first."""
        statement = (
            select(ExemplarRow.model_id, func.count().label("n"))
            .where(ExemplarRow.guild_id == guild_id, ExemplarRow.active)
            .group_by(ExemplarRow.model_id)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        return {row.model_id: row.n for row in sorted(rows, key=lambda row: (-row.n, row.model_id))}

    async def crop(self, guild_id: int, exemplar_id: int) -> Crop | None:
        """The reference picture of a learned vector, where one is kept."""
        statement = (
            select(CropRow.data, CropRow.width_px, CropRow.height_px)
            .join(ExemplarRow, ExemplarRow.id == CropRow.exemplar_id)
            .where(CropRow.guild_id == guild_id, CropRow.exemplar_id == exemplar_id)
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return Crop(row.data, row.width_px, row.height_px) if row else None


def _character(learned: Sequence[tuple[Any, Embedding]]) -> TaughtCharacter:
    """The character of its rows, which come with their vectors."""
    first, _ = learned[0]
    exemplars = tuple(
        Exemplar(
            id=row.id,
            lesson_id=row.lesson_id,
            embedding=embedding,
            taught_by=row.taught_by,
            taught_at=row.taught_at,
            has_crop=bool(row.has_crop),
        )
        for row, embedding in learned
    )
    return TaughtCharacter(
        first.character_id, first.name, first.series, first.catalog_id, exemplars
    )
