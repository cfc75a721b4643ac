"""Quizzes that are running, what members scored in those before, and what was asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Actor, Base, Member, Snowflake
from store.models.servers import Guild, GuildKey


class QuizRow(Base):
    """A quiz that has not ended. ``state`` names no member: whoever plays has a row of his own."""

    __tablename__ = "quizzes"
    __table_args__ = (UniqueConstraint("channel_id"), UniqueConstraint("guild_id", "id"))

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    guild_id: Mapped[Guild]
    channel_id: Mapped[Snowflake]
    host_id: Mapped[Actor]
    uploader_id: Mapped[Actor]
    locale: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime]
    version: Mapped[int]
    state: Mapped[dict[str, Any]]


class QuizPlayerRow(Base):
    """Who plays in a running quiz, and what he has."""

    __tablename__ = "quiz_players"
    __table_args__ = (
        ForeignKeyConstraint(
            ["guild_id", "quiz_id"], ["quizzes.guild_id", "quizzes.id"], ondelete="CASCADE"
        ),
    )

    guild_id: Mapped[Snowflake]
    quiz_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    member_id: Mapped[Member] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[dict[str, Any]]


class QuizSeasonRow(Base):
    """A season of a server. The one without an end is running; before the first quiz, none is."""

    __tablename__ = "quiz_seasons"

    guild_id: Mapped[GuildKey]
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class QuizScoreRow(Base):
    """What a member scored in a season. Times are milliseconds, of right answers alone."""

    __tablename__ = "quiz_scores"
    __table_args__ = (
        ForeignKeyConstraint(
            ["guild_id", "season"],
            ["quiz_seasons.guild_id", "quiz_seasons.number"],
            ondelete="CASCADE",
        ),
    )

    guild_id: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    season: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[Member] = mapped_column(primary_key=True, autoincrement=False)
    points: Mapped[int]
    quizzes: Mapped[int]
    wins: Mapped[int]
    answers: Mapped[int]
    correct: Mapped[int]
    total_ms: Mapped[int] = mapped_column(BigInteger())
    fastest_ms: Mapped[int | None]


class QuizAskedRow(Base):
    """A question that a server was asked, last. ``missed``: nobody knew it then."""

    __tablename__ = "quiz_asked"

    guild_id: Mapped[GuildKey]
    deck: Mapped[str] = mapped_column(String(32), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    missed: Mapped[bool]
