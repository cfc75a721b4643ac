"""Answers that were given. They may lie outside servers, so ``guild_id`` can be empty."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Member, Snowflake

AnswerKey = Annotated[
    str, mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True)
]


class AnswerRow(Base):
    """One answer; ``pictures`` is written and read by ``store.documents``."""

    __tablename__ = "answers"
    __table_args__ = (Index(None, "channel_id", "message_id"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    guild_id: Mapped[int | None] = mapped_column(BigInteger(), index=True)
    channel_id: Mapped[Snowflake]
    message_id: Mapped[int | None] = mapped_column(BigInteger())
    asker_id: Mapped[Member]
    asked_at: Mapped[datetime] = mapped_column(index=True)
    private: Mapped[bool]
    locale: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    pictures: Mapped[list[Any]]


class AnswerVectorRow(Base):
    """The vector of a face in an answer (``face`` -1: of the whole picture), to teach it from."""

    __tablename__ = "answer_vectors"

    answer_id: Mapped[AnswerKey]
    picture: Mapped[int] = mapped_column(primary_key=True)
    face: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[str] = mapped_column(String(200))
    dtype: Mapped[str] = mapped_column(String(8))
    vector: Mapped[bytes] = mapped_column(LargeBinary())


class CorrectionRow(Base):
    """What a face should have been called; the latest word counts."""

    __tablename__ = "corrections"

    answer_id: Mapped[AnswerKey]
    picture: Mapped[int] = mapped_column(primary_key=True)
    face: Mapped[int] = mapped_column(primary_key=True)
    guild_id: Mapped[int | None] = mapped_column(BigInteger(), index=True)
    said: Mapped[str | None] = mapped_column(String(100))
    truth: Mapped[str | None] = mapped_column(String(100))
    catalog_id: Mapped[str | None] = mapped_column(String(100))
    corrected_by: Mapped[Member]
    corrected_at: Mapped[datetime]
