"""Prints of the pictures that quizzes ask just now, for every process to look out for.

They are read with every picture that anybody shows the bot, so reading them without any costs one
look at an empty index.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from store.database import Database
from store.errors import ValueRefused
from store.models import RunningPictureRow, ServerRow

MOST_S = 24 * 3600.0
MOST_PRINTS = 12


class RunningPictureRepository:
    """Prints by server and by the quiz's own key. Nothing here is about members."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put_up(
        self, guild_id: int, key: str, prints: Sequence[bytes], *, for_s: float
    ) -> None:
        """Takes the place of what was up under `key`; it goes down by itself after `for_s`.

        Raises:
            ValueRefused: `key` is empty or too long, `for_s` is not within a day, or there are too
                many prints.
        """
        if not 1 <= len(key) <= 64:
            raise ValueRefused("key", key)
        if not 0 < for_s <= MOST_S:
            raise ValueRefused("for_s", for_s)
        if len(prints) > MOST_PRINTS:
            raise ValueRefused("prints", len(prints))
        now = self._database.clock()
        server = self._database.insert(ServerRow).values(
            guild_id=guild_id, revision=0, joined_at=now, left_at=None
        )
        until = now + timedelta(seconds=for_s)
        rows = [
            {"guild_id": guild_id, "key": key, "expires_at": until, "print": one} for one in prints
        ]
        async with self._database.writing() as connection:
            await connection.execute(server.on_conflict_do_nothing())
            await connection.execute(delete(RunningPictureRow).where(*_is(guild_id, key)))
            await connection.execute(
                delete(RunningPictureRow).where(
                    RunningPictureRow.guild_id == guild_id, RunningPictureRow.expires_at <= now
                )
            )
            if rows:
                await connection.execute(insert(RunningPictureRow), rows)

    async def take_down(self, guild_id: int, key: str) -> int:
        """The round is over; returns how many prints went. Asking again does no harm."""
        async with self._database.writing() as connection:
            gone = await connection.execute(delete(RunningPictureRow).where(*_is(guild_id, key)))
        return gone.rowcount

    async def up(self) -> tuple[int, ...]:
        """Ids of all prints that are up now, in all servers."""
        statement = select(RunningPictureRow.id).where(
            RunningPictureRow.expires_at > self._database.clock()
        )
        async with self._database.reading() as connection:
            rows = await connection.execute(statement.order_by(RunningPictureRow.id))
            return tuple(rows.scalars())

    async def prints(self, ids: Collection[int]) -> dict[int, bytes]:
        """Prints by id; those that have gone since are left out."""
        statement = select(RunningPictureRow.id, RunningPictureRow.print).where(
            RunningPictureRow.id.in_(ids)
        )
        async with self._database.reading() as connection:
            return {row.id: row.print for row in await connection.execute(statement)}


def _is(guild_id: int, key: str) -> tuple[Any, Any]:
    return RunningPictureRow.guild_id == guild_id, RunningPictureRow.key == key
