"""A server, its settings and its log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Actor, Base, RowId, Snowflake

Guild = Annotated[
    int, mapped_column(BigInteger(), ForeignKey("servers.guild_id", ondelete="CASCADE"))
]
GuildKey = Annotated[
    int,
    mapped_column(
        BigInteger(), ForeignKey("servers.guild_id", ondelete="CASCADE"), primary_key=True
    ),
]


class ServerRow(Base):
    """One server. Each change of what is stored of it raises ``revision`` in its transaction."""

    __tablename__ = "servers"

    guild_id: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    revision: Mapped[Snowflake]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class SettingsRow(Base):
    """What staff set; there is no row before the first change."""

    __tablename__ = "settings"

    guild_id: Mapped[GuildKey]
    listening_per_minute: Mapped[int]
    approval_channel: Mapped[int | None] = mapped_column(BigInteger())
    keep_crops: Mapped[bool]
    language: Mapped[str | None] = mapped_column(String(10))
    name_order: Mapped[str] = mapped_column(String(16))
    card_detail: Mapped[str] = mapped_column(String(16))
    naming_confidence: Mapped[float | None]
    quiz: Mapped[dict[str, Any]]


class ListeningChannelRow(Base):
    """A channel whose pictures are all answered."""

    __tablename__ = "listening_channels"

    guild_id: Mapped[GuildKey]
    channel_id: Mapped[int] = mapped_column(BigInteger(), primary_key=True)


class TeachingRoleRow(Base):
    """A role whose members teach without asking."""

    __tablename__ = "teaching_roles"

    guild_id: Mapped[GuildKey]
    role_id: Mapped[int] = mapped_column(BigInteger(), primary_key=True)


class AuditRow(Base):
    """One entry of the log. ``kind`` is free text here, so that new kinds need no migration."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "guild_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[RowId]
    guild_id: Mapped[Guild]
    kind: Mapped[str] = mapped_column(String(32))
    actor_id: Mapped[Actor]
    at: Mapped[datetime] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(String(200))
    detail: Mapped[dict[str, Any]]
    undone_by: Mapped[int | None] = mapped_column(BigInteger())
