"""Which servers something is stored of: the operator's view, and the bot's when it joins or leaves.

No member reaches these methods with a server of his choice: the bot calls them with what Discord
tells it.
"""

from __future__ import annotations

from sqlalchemy import select, update

from store.database import Database
from store.models import ServerRow
from store.types import Server


class ServerRepository:
    """Servers, their revisions, and when the bot left them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def revision(self, guild_id: int) -> int:
        """Grows with each change of what is stored of the server; 0 where nothing is."""
        statement = select(ServerRow.revision).where(ServerRow.guild_id == guild_id)
        async with self._database.reading() as connection:
            return int((await connection.execute(statement)).scalar() or 0)

    async def revisions(self) -> dict[int, int]:
        """`revision` of every server."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(ServerRow.guild_id, ServerRow.revision))
            return {row.guild_id: row.revision for row in rows}

    async def known(self) -> tuple[Server, ...]:
        """Every server of which something is stored, by id.

        A bot that starts compares them with the servers that Discord names, and calls `left` for
        those of its shards that are not among them.
        """
        statement = select(ServerRow.__table__).order_by(ServerRow.guild_id)
        async with self._database.reading() as connection:
            rows = await connection.execute(statement)
            return tuple(
                Server(row.guild_id, row.revision, row.joined_at, row.left_at) for row in rows
            )

    async def left(self, guild_id: int) -> None:
        """The bot is not in the server any more: its days of grace begin, once."""
        await self._mark(guild_id, left=True)

    async def joined(self, guild_id: int) -> None:
        """The bot is (again) in the server: what is stored stays."""
        await self._mark(guild_id, left=False)

    async def _mark(self, guild_id: int, *, left: bool) -> None:
        statement = update(ServerRow).where(ServerRow.guild_id == guild_id)
        if left:
            statement = statement.where(ServerRow.left_at.is_(None))
        async with self._database.writing() as connection:
            await connection.execute(
                statement.values(left_at=self._database.clock() if left else None)
            )
