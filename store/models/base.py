"""What all tables share: column types, names of constraints, and the marks of personal data.

A column that names a member carries a mark that says what ``/forget me`` does with its row:
``Member`` deletes the row, ``Actor`` empties the column and keeps the row. A table with a column
``guild_id`` belongs to that server and goes with it. ``store.repositories.privacy`` reads the marks
from the metadata, so a new table needs no code there.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

MARK = "member"
"""Key of a column's ``info``; its value is ``"delete"`` or ``"erase"``."""


class Utc(TypeDecorator[datetime]):
    """Aware datetimes in UTC on every database; SQLite stores them without the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Document = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

RowId = Annotated[
    int,
    mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
]
Snowflake = Annotated[int, mapped_column(BigInteger())]
Member = Annotated[int, mapped_column(BigInteger(), index=True, info={MARK: "delete"})]
Actor = Annotated[int | None, mapped_column(BigInteger(), index=True, info={MARK: "erase"})]


class Base(DeclarativeBase):
    """Root of all tables. ``tests/store/test_migrations.py`` holds them against the migrations."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - how SQLAlchemy wants it
        datetime: Utc(),
        dict[str, Any]: Document,
        list[Any]: Document,
    }
