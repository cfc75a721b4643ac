"""Answers and their vectors as their rows tell them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.documents import read_pictures
from store.errors import UnknownAnswer
from store.models import AnswerRow, CorrectionRow
from store.types import Answer, Correction, Looked
from store.vectors import pack

WHOLE = -1
"""What stands for "the whole picture" in the column ``face``."""


def is_answer(guild_id: int | None, answer_id: str) -> tuple[Any, Any]:
    """The condition that finds an answer, in its own place alone."""
    return AnswerRow.id == answer_id, AnswerRow.guild_id.is_not_distinct_from(guild_id)


async def read_answer(connection: AsyncConnection, guild_id: int | None, answer_id: str) -> Answer:
    """An answer with its corrections. Raises UnknownAnswer."""
    row = (
        await connection.execute(select(AnswerRow.__table__).where(*is_answer(guild_id, answer_id)))
    ).one_or_none()
    if row is None:
        raise UnknownAnswer(guild_id, answer_id)
    corrections = await connection.execute(
        select(CorrectionRow.__table__)
        .where(CorrectionRow.answer_id == answer_id)
        .order_by(CorrectionRow.picture, CorrectionRow.face)
    )
    return Answer(
        id=row.id,
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        message_id=row.message_id,
        asker_id=row.asker_id,
        asked_at=row.asked_at,
        private=row.private,
        locale=row.locale,
        version=row.version,
        pictures=read_pictures(row.pictures),
        corrections=tuple(
            Correction(
                picture=one.picture,
                face=None if one.face == WHOLE else one.face,
                said=one.said,
                truth=one.truth,
                catalog_id=one.catalog_id,
                corrected_by=one.corrected_by,
                corrected_at=one.corrected_at,
            )
            for one in corrections
        ),
    )


def vector_rows(answer_id: str, looked: Looked) -> list[dict[str, Any]]:
    """The rows of an answer's vectors. Raises ValueRefused."""
    rows = []
    for (picture, face), embedding in looked.items():
        packed = pack(embedding)
        rows.append(
            {
                "answer_id": answer_id,
                "picture": picture,
                "face": WHOLE if face is None else face,
                "model_id": packed.model_id,
                "dtype": packed.dtype,
                "vector": packed.vector,
            }
        )
    return rows
