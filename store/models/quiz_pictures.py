"""Pictures that servers keep for their quizzes, and the prints of those that are asked just now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Document, Member, RowId
from store.models.servers import Guild


class QuizPictureRow(Base):
    """One picture of a server's quiz. ``consented_at``: when ``added_by`` said that it may be."""

    __tablename__ = "quiz_pictures"
    __table_args__ = (
        UniqueConstraint("guild_id", "digest"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    guild_id: Mapped[Guild]
    added_by: Mapped[Member]
    added_at: Mapped[datetime]
    consented_at: Mapped[datetime]
    character_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(100))
    series: Mapped[str] = mapped_column(String(200))
    adult: Mapped[bool]
    spoiler: Mapped[bool]
    difficulty: Mapped[float]
    face: Mapped[list[Any] | None] = mapped_column(Document)
    width: Mapped[int]
    height: Mapped[int]
    digest: Mapped[str] = mapped_column(String(32))
    picture: Mapped[bytes] = mapped_column(LargeBinary())
    print: Mapped[bytes] = mapped_column(LargeBinary())


class RunningPictureRow(Base):
    """The print of a picture that a quiz asks. It ends with the round, by itself at the latest."""

    __tablename__ = "running_pictures"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[RowId]
    guild_id: Mapped[Guild]
    key: Mapped[str] = mapped_column(String(64), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    print: Mapped[bytes] = mapped_column(LargeBinary())
