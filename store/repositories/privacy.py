"""What is kept about a member, and forgetting: members, servers, and what has grown old.

Which columns name a member, and what becomes of their rows, is marked in ``store.models.base``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import Database
from store.models import MARK, Base, ServerRow
from store.repositories.audit import record
from store.repositories.learning import sweep
from store.types import ActionKind, Held

DELETE, ERASE = "delete", "erase"


def marked(what: str) -> Iterator[tuple[Table, Column[Any]]]:
    """Tables and columns with a mark, children before their parents."""
    for table in reversed(Base.metadata.sorted_tables):
        for column in table.columns:
            if column.info.get(MARK) == what:
                yield table, column


class PrivacyRepository:
    """Tells and forgets. Who may ask (oneself; the owner of a server) is the caller's to check."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def held(self, guild_id: int, member_id: int) -> Held:
        """What is kept of a member in one server, and `forget_member` deletes."""
        return await self._held(member_id, guild_id)

    async def held_everywhere(self, member_id: int) -> Held:
        """The same in all servers and in direct messages. For the member alone."""
        return await self._held(member_id, None)

    async def _held(self, member_id: int, guild_id: int | None) -> Held:
        counts: Counter[str] = Counter()
        async with self._database.reading() as connection:
            for table, column in marked(DELETE):
                statement = select(func.count()).select_from(table).where(column == member_id)
                if guild_id is not None:
                    statement = statement.where(table.c.guild_id == guild_id)
                counts[table.name] += (await connection.execute(statement)).scalar_one()
        return Held(dict(+counts))

    async def forget_member(self, guild_id: int, member_id: int) -> Held:
        """Deletes what a member taught, asked, corrected and scored in one server, and takes his
        name out of the log. Returns how many rows went, without those that hung on them. Asking
        again does no harm.
        """
        if not await self._is_known(guild_id):
            async with self._database.writing() as connection:
                return Held(await _forget(connection, member_id, guild_id))
        async with self._database.changing(guild_id) as changing:
            counts = await _forget(changing.connection, member_id, guild_id)
            await sweep(changing)
            if counts:
                await record(changing, ActionKind.MEMBER_FORGOTTEN, None, detail=counts)
        return Held(counts)

    async def forget_member_everywhere(self, member_id: int) -> Held:
        """The same in all servers and in direct messages. For the member alone."""
        total: Counter[str] = Counter()
        for guild_id in await self._servers_of(member_id):
            total.update((await self.forget_member(guild_id, member_id)).counts)
        async with self._database.writing() as connection:
            total.update(await _forget(connection, member_id, None))
        return Held(dict(total))

    async def forget_server(self, guild_id: int) -> Held:
        """Deletes everything that is kept of a server. Asking again does no harm."""
        counts: Counter[str] = Counter()
        async with self._database.forgetting(guild_id) as connection:
            for table in reversed(Base.metadata.sorted_tables):
                if "guild_id" in table.columns:
                    gone = await connection.execute(
                        delete(table).where(table.c.guild_id == guild_id)
                    )
                    counts[table.name] += gone.rowcount
        return Held(dict(+counts))

    async def _is_known(self, guild_id: int) -> bool:
        statement = select(ServerRow.guild_id).where(ServerRow.guild_id == guild_id)
        async with self._database.reading() as connection:
            return (await connection.execute(statement)).first() is not None

    async def _servers_of(self, member_id: int) -> list[int]:
        found: set[int] = set()
        async with self._database.reading() as connection:
            for what in (DELETE, ERASE):
                for table, column in marked(what):
                    statement = select(table.c.guild_id).distinct().where(column == member_id)
                    found.update((await connection.execute(statement)).scalars())
        return sorted(one for one in found if one is not None)


async def _forget(
    connection: AsyncConnection, member_id: int, guild_id: int | None
) -> dict[str, int]:
    """Forgets within a server, or (None) outside all of them; returns the deleted rows by table."""

    def where(table: Table, column: Column[Any]) -> tuple[ColumnElement[bool], ...]:
        return column == member_id, table.c.guild_id.is_not_distinct_from(guild_id)

    counts: Counter[str] = Counter()
    for table, column in marked(DELETE):
        gone = await connection.execute(delete(table).where(*where(table, column)))
        counts[table.name] += gone.rowcount
    for table, column in marked(ERASE):
        await connection.execute(
            update(table).where(*where(table, column)).values({column.name: None})
        )
    return dict(+counts)
