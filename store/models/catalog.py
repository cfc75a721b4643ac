"""What was looked up elsewhere, and how often we may ask. Nothing here is about members."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base


class CacheRow(Base):
    """A looked-up value; an empty ``value`` means that there is no such thing."""

    __tablename__ = "catalog_cache"

    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    value: Mapped[dict[str, Any] | None]
    fetched_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class BudgetRow(Base):
    """When the next request to ``name`` would go out if requests were evenly spread."""

    __tablename__ = "budgets"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    free_at: Mapped[datetime]
    paused_until: Mapped[datetime | None]
