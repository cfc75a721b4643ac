"""Leaderboards and seasons of servers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Subquery, func, insert, select, update

from store.database import Database
from store.errors import ValueRefused
from store.models import QuizScoreRow, QuizSeasonRow
from store.repositories.audit import record
from store.types import ActionKind, Score, Season

MOST_SCORES = 100
_SUMS = ("points", "quizzes", "wins", "answers", "correct", "total_ms")


class QuizScoreRepository:
    """What members scored, by server. ``season`` None everywhere: all seasons together."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def season(self, guild_id: int) -> Season:
        """The running season."""
        statement = (
            select(QuizSeasonRow.__table__)
            .where(QuizSeasonRow.guild_id == guild_id)
            .order_by(QuizSeasonRow.number.desc())
            .limit(1)
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return Season(row.number, row.started_at, row.ended_at) if row else Season(1)

    async def board(
        self, guild_id: int, *, season: int | None, limit: int = 10, offset: int = 0
    ) -> tuple[Score, ...]:
        """The best members, best first; equals in the order of their right answers, then ids.

        Args:
            limit: 1 to 100.
        """
        if not 1 <= limit <= MOST_SCORES or offset < 0:
            raise ValueRefused("limit", limit)
        ranked = _ranked(guild_id, season)
        statement = select(ranked).order_by(
            ranked.c.rank, ranked.c.correct.desc(), ranked.c.member_id
        )
        async with self._database.reading() as connection:
            rows = await connection.execute(statement.limit(limit).offset(offset))
            return tuple(_score(row) for row in rows)

    async def of_member(self, guild_id: int, member_id: int, *, season: int | None) -> Score | None:
        """What one member scored, with his rank; None: nothing."""
        ranked = _ranked(guild_id, season)
        statement = select(ranked).where(ranked.c.member_id == member_id)
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return _score(row) if row else None

    async def reset(self, guild_id: int, actor_id: int, *, season: int) -> Season:
        """Ends the running season and begins the next; what was scored stays in the all-time list.

        Args:
            season: the one that the actor saw. Where it is over already, nothing happens: two
                members of staff who press at once begin one season, not two.

        Returns:
            The running season.
        """
        async with self._database.changing(guild_id) as changing:
            connection, now = changing.connection, changing.now
            found = await connection.execute(
                select(func.max(QuizSeasonRow.number)).where(QuizSeasonRow.guild_id == guild_id)
            )
            newest = found.scalar()
            if (newest or 1) == season:
                if newest is None:  # nobody has scored yet; the first season ends empty
                    await connection.execute(insert(QuizSeasonRow).values(_row(guild_id, 1, now)))
                await connection.execute(
                    update(QuizSeasonRow)
                    .where(QuizSeasonRow.guild_id == guild_id, QuizSeasonRow.number == season)
                    .values(ended_at=now)
                )
                await connection.execute(
                    insert(QuizSeasonRow).values(_row(guild_id, season + 1, now))
                )
                await record(changing, ActionKind.SEASON, actor_id, detail={"season": season + 1})
        return await self.season(guild_id)


def _row(guild_id: int, number: int, now: Any) -> dict[str, Any]:
    return {"guild_id": guild_id, "number": number, "started_at": now, "ended_at": None}


def _ranked(guild_id: int, season: int | None) -> Subquery:
    """Sums and ranks of all members of a server."""
    table = QuizScoreRow.__table__.c
    sums: Select[Any] = (
        select(
            table.member_id,
            *(func.sum(table[name]).label(name) for name in _SUMS),
            func.min(table.fastest_ms).label("fastest_ms"),
        )
        .where(table.guild_id == guild_id)
        .group_by(table.member_id)
    )
    if season is not None:
        sums = sums.where(table.season == season)
    summed = sums.subquery()
    rank = func.rank().over(order_by=summed.c.points.desc()).label("rank")
    return select(summed, rank).subquery()


def _score(row: Any) -> Score:
    return Score(
        member_id=row.member_id,
        rank=int(row.rank),
        **{name: int(getattr(row, name)) for name in _SUMS},
        fastest_ms=row.fastest_ms,
    )
