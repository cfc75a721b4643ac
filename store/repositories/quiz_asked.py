"""Which questions a server was asked, so that they do not come again soon, or come for review."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from store.database import Database
from store.models import QuizAskedRow, ServerRow


class QuizAskedRepository:
    """Questions by server and deck. Nothing here is about members."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def asked(self, guild_id: int, deck: str, question_id: str) -> None:
        """Notes that a question has been posted."""
        now = self._database.clock()
        server = self._database.insert(ServerRow).values(
            guild_id=guild_id, revision=0, joined_at=now, left_at=None
        )
        statement = self._database.insert(QuizAskedRow).values(
            guild_id=guild_id, deck=deck, question_id=question_id, asked_at=now, missed=False
        )
        async with self._database.writing() as connection:
            await connection.execute(server.on_conflict_do_nothing())
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["guild_id", "deck", "question_id"], set_={"asked_at": now}
                )
            )

    async def answered(self, guild_id: int, deck: str, question_id: str, *, missed: bool) -> None:
        """Notes whether anybody knew it; does nothing where it was never asked."""
        statement = update(QuizAskedRow).where(
            QuizAskedRow.guild_id == guild_id,
            QuizAskedRow.deck == deck,
            QuizAskedRow.question_id == question_id,
        )
        async with self._database.writing() as connection:
            await connection.execute(statement.values(missed=missed))

    async def recent(self, guild_id: int, deck: str, *, days: int = 30) -> frozenset[str]:
        """Ids of the questions that were asked in the last `days`."""
        since = self._database.clock() - timedelta(days=days)
        statement = select(QuizAskedRow.question_id).where(
            QuizAskedRow.guild_id == guild_id,
            QuizAskedRow.deck == deck,
            QuizAskedRow.asked_at > since,
        )
        async with self._database.reading() as connection:
            return frozenset((await connection.execute(statement)).scalars())

    async def missed(self, guild_id: int, deck: str) -> frozenset[str]:
        """Ids of the questions that nobody knew when they were asked last."""
        statement = select(QuizAskedRow.question_id).where(
            QuizAskedRow.guild_id == guild_id, QuizAskedRow.deck == deck, QuizAskedRow.missed
        )
        async with self._database.reading() as connection:
            return frozenset((await connection.execute(statement)).scalars())
