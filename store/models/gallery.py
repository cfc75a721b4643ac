"""Taught characters.

Rows name their neighbours by ``(guild_id, id)``: the database itself refuses a vector of one server
in a character of another.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, LargeBinary, String, text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Actor, Base, Member, RowId, Snowflake
from store.models.servers import Guild

_NEVER_AGAIN = {"sqlite_autoincrement": True}  # the id of a deleted row is not given out again


class CharacterRow(Base):
    """Somebody taught. ``key`` makes two rows for one character impossible.

    It is empty where another character has taken the name since this one lost all its vectors. A
    character is shown only while it has a learned vector.
    """

    __tablename__ = "characters"
    __table_args__ = (Unique("guild_id", "id"), Unique("guild_id", "key"), _NEVER_AGAIN)

    id: Mapped[RowId]
    guild_id: Mapped[Guild]
    key: Mapped[str | None] = mapped_column(String(400))
    catalog_id: Mapped[str | None] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(100))
    series: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class LessonRow(Base):
    """One act of teaching. ``request_id`` (the interaction) makes a repeated request the same."""

    __tablename__ = "lessons"
    __table_args__ = (
        Unique("guild_id", "id"),
        Unique("guild_id", "request_id"),
        Index(None, "guild_id", "state"),
        _NEVER_AGAIN,
    )

    id: Mapped[RowId]
    guild_id: Mapped[Guild]
    request_id: Mapped[int | None] = mapped_column(BigInteger())
    source: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(100))
    taught_by: Mapped[Member]
    taught_at: Mapped[datetime]
    duplicates: Mapped[int]
    decided_by: Mapped[Actor]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(500))
    channel_id: Mapped[int | None] = mapped_column(BigInteger())
    message_id: Mapped[int | None] = mapped_column(BigInteger())


class ExemplarRow(Base):
    """One vector. ``active``: learned, and neither undone nor removed (by entry ``removed_by``)."""

    __tablename__ = "exemplars"
    __table_args__ = (
        Unique("guild_id", "id"),
        ForeignKeyConstraint(
            ("guild_id", "character_id"),
            ("characters.guild_id", "characters.id"),
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ("guild_id", "lesson_id"), ("lessons.guild_id", "lessons.id"), ondelete="CASCADE"
        ),
        Index(
            "uq_exemplars_active",
            "guild_id",
            "character_id",
            "digest",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
        Index(None, "guild_id", "lesson_id"),
        Index(None, "guild_id", "character_id"),
        _NEVER_AGAIN,
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    character_id: Mapped[Snowflake]
    lesson_id: Mapped[Snowflake]
    model_id: Mapped[str] = mapped_column(String(200))
    dtype: Mapped[str] = mapped_column(String(8))
    vector: Mapped[bytes] = mapped_column(LargeBinary())
    digest: Mapped[str] = mapped_column(String(32))
    active: Mapped[bool]
    evidence: Mapped[dict[str, Any] | None]
    removed_by: Mapped[int | None] = mapped_column(BigInteger())
    removed_at: Mapped[datetime | None]


class CropRow(Base):
    """The small picture of a vector, where the server wants them kept."""

    __tablename__ = "crops"
    __table_args__ = (
        ForeignKeyConstraint(
            ("guild_id", "exemplar_id"), ("exemplars.guild_id", "exemplars.id"), ondelete="CASCADE"
        ),
    )

    guild_id: Mapped[int] = mapped_column(BigInteger(), primary_key=True)
    exemplar_id: Mapped[int] = mapped_column(BigInteger(), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary())
    width_px: Mapped[int]
    height_px: Mapped[int]
