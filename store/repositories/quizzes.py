"""Quizzes that are running: what has been acknowledged is in here, whatever happens to the bot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import Database
from store.errors import ChannelTaken, LimitReached, QuizChanged, UnknownQuiz
from store.models import QuizPlayerRow, QuizRow, QuizScoreRow, QuizSeasonRow, ServerRow
from store.types import Limits, QuizResult, RunningQuiz

KEEP = -1
"""Instead of a member's id: leave it as it is."""


class QuizRepository:
    """Running quizzes, one a channel.

    Each save is meant for the version that was read before, so that of two processes that play one
    quiz (one was taken for dead, say) only one goes on.
    """

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    async def start(
        self,
        guild_id: int,
        quiz_id: str,
        *,
        channel_id: int,
        host_id: int,
        locale: str,
        state: Mapping[str, Any],
    ) -> RunningQuiz:
        """Keeps a new quiz.

        Raises:
            ChannelTaken: there is a quiz in the channel.
            LimitReached: as many quizzes run in the server as is allowed.
        """
        async with self._database.writing() as connection:
            await self._lock_server(connection, guild_id)
            taken = await connection.execute(
                select(QuizRow.id).where(QuizRow.channel_id == channel_id)
            )
            if (found := taken.scalar()) is not None:
                raise ChannelTaken(channel_id, found)
            count = select(func.count()).select_from(QuizRow).where(QuizRow.guild_id == guild_id)
            n = (await connection.execute(count)).scalar_one() + 1
            if n > self._limits.quizzes_per_server:
                limit = self._limits.quizzes_per_server
                raise LimitReached("quizzes_per_server", limit=limit, actual=n)
            await connection.execute(
                insert(QuizRow).values(
                    id=quiz_id, guild_id=guild_id, channel_id=channel_id, host_id=host_id,
                    uploader_id=None, locale=locale, started_at=self._database.clock(),
                    version=1, state=dict(state),
                )
            )  # fmt: skip
            return await _read(connection, guild_id, quiz_id)

    async def get(self, guild_id: int, quiz_id: str) -> RunningQuiz:
        """One quiz. Raises UnknownQuiz."""
        async with self._database.reading() as connection:
            return await _read(connection, guild_id, quiz_id)

    async def everywhere(self) -> tuple[tuple[int, str], ...]:
        """Server and id of every running quiz, for a bot that starts."""
        statement = select(QuizRow.guild_id, QuizRow.id).order_by(QuizRow.started_at)
        async with self._database.reading() as connection:
            return tuple((row.guild_id, row.id) for row in await connection.execute(statement))

    async def save(
        self,
        guild_id: int,
        quiz_id: str,
        *,
        version: int,
        state: Mapping[str, Any],
        uploader_id: int | None = KEEP,
        players: Mapping[int, Mapping[str, Any]],
        joined: Collection[int] = (),
    ) -> frozenset[int]:
        """Keeps what has changed; the version is one higher then.

        Args:
            version: the one that the change was made to.
            uploader_id: who brought the picture that is asked now; he scores nothing. To be given
                once a question, so that whoever was forgotten since is not brought back.
            players: those that changed, or joined.
            joined: those of them who are new. Others have to be there, or have been forgotten.

        Returns:
            Those who were forgotten since; nothing of them was written.

        Raises:
            UnknownQuiz: it has ended, or the server was forgotten.
            QuizChanged: another process plays it.
        """
        async with self._database.writing() as connection:
            await _advance(connection, guild_id, quiz_id, version, dict(state), uploader_id)
            known = set(players) - set(joined)
            gone = known - await _present(connection, guild_id, quiz_id, known)
            rows = [
                {"guild_id": guild_id, "quiz_id": quiz_id, "member_id": one, "state": dict(doc)}
                for one, doc in players.items()
                if one not in gone
            ]
            if rows:
                statement = self._database.insert(QuizPlayerRow)
                await connection.execute(
                    statement.on_conflict_do_update(
                        index_elements=[QuizPlayerRow.quiz_id, QuizPlayerRow.member_id],
                        set_={"state": statement.excluded.state},
                    ),
                    rows,
                )
        return frozenset(gone)

    async def finish(
        self, guild_id: int, quiz_id: str, *, version: int, results: Iterable[QuizResult]
    ) -> None:
        """Ends a quiz and adds its points to the running season, both or neither. Whoever was
        forgotten meanwhile gets none.

        Raises:
            UnknownQuiz: it was ended before.
            QuizChanged: another process plays it.
        """
        scored = {one.member_id: one for one in results}
        async with self._database.writing() as connection:
            await self._lock_server(connection, guild_id)
            await _advance(connection, guild_id, quiz_id, version, None, KEEP)
            there = await _present(connection, guild_id, quiz_id, set(scored))
            await connection.execute(
                delete(QuizRow).where(QuizRow.guild_id == guild_id, QuizRow.id == quiz_id)
            )
            if not there:
                return
            season = await self._running_season(connection, guild_id)
            rows = [_score_row(guild_id, season, scored[one]) for one in sorted(there)]
            await connection.execute(self._adding(), rows)

    def _adding(self) -> Any:
        """INSERT … or add to what is there; the smaller fastest time stays."""
        statement = self._database.insert(QuizScoreRow)
        new, old = statement.excluded, QuizScoreRow.__table__.c
        sums = ("points", "quizzes", "wins", "answers", "correct", "total_ms")
        least = func.min if self._database.kind == "sqlite" else func.least
        fastest = least(
            func.coalesce(old.fastest_ms, new.fastest_ms),
            func.coalesce(new.fastest_ms, old.fastest_ms),
        )
        return statement.on_conflict_do_update(
            index_elements=["guild_id", "season", "member_id"],
            set_={**{name: old[name] + new[name] for name in sums}, "fastest_ms": fastest},
        )

    async def _running_season(self, connection: AsyncConnection, guild_id: int) -> int:
        found = await connection.execute(
            select(func.max(QuizSeasonRow.number)).where(QuizSeasonRow.guild_id == guild_id)
        )
        number = found.scalar()
        if number is None:
            number = 1
            await connection.execute(
                insert(QuizSeasonRow).values(
                    guild_id=guild_id, number=1, started_at=self._database.clock(), ended_at=None
                )
            )
        return int(number)

    async def _lock_server(self, connection: AsyncConnection, guild_id: int) -> None:
        """Makes the server's row and locks it. Its revision stays: nobody keeps copies of this."""
        now = self._database.clock()
        statement = self._database.insert(ServerRow).values(
            guild_id=guild_id, revision=0, joined_at=now, left_at=None
        )
        await connection.execute(statement.on_conflict_do_nothing())
        here = select(ServerRow.guild_id).where(ServerRow.guild_id == guild_id)
        await connection.execute(here.with_for_update())


async def _read(connection: AsyncConnection, guild_id: int, quiz_id: str) -> RunningQuiz:
    found = await connection.execute(
        select(QuizRow.__table__).where(QuizRow.guild_id == guild_id, QuizRow.id == quiz_id)
    )
    row = found.one_or_none()
    if row is None:
        raise UnknownQuiz(guild_id, quiz_id)
    players = await connection.execute(
        select(QuizPlayerRow.member_id, QuizPlayerRow.state)
        .where(QuizPlayerRow.guild_id == guild_id, QuizPlayerRow.quiz_id == quiz_id)
        .order_by(QuizPlayerRow.member_id)
    )
    documents = {one.member_id: one.state for one in players}
    return RunningQuiz(**row._asdict(), players=documents)


async def _advance(
    connection: AsyncConnection,
    guild_id: int,
    quiz_id: str,
    version: int,
    state: dict[str, Any] | None,
    uploader_id: int | None,
) -> None:
    """Raises the version, and so locks the quiz. Raises UnknownQuiz, QuizChanged."""
    values: dict[str, Any] = {"version": version + 1}
    if state is not None:
        values["state"] = state
    if uploader_id != KEEP:
        values["uploader_id"] = uploader_id
    here = (QuizRow.guild_id == guild_id, QuizRow.id == quiz_id)
    done = await connection.execute(
        update(QuizRow).where(*here, QuizRow.version == version).values(values)
    )
    if done.rowcount == 0:
        if (await connection.execute(select(exists().where(*here)))).scalar_one():
            raise QuizChanged(quiz_id, version)
        raise UnknownQuiz(guild_id, quiz_id)


async def _present(
    connection: AsyncConnection, guild_id: int, quiz_id: str, members: Collection[int]
) -> set[int]:
    """Those of the members who have a row; nobody can forget them until the transaction ends."""
    found = await connection.execute(
        select(QuizPlayerRow.member_id)
        .where(QuizPlayerRow.guild_id == guild_id, QuizPlayerRow.quiz_id == quiz_id)
        .where(QuizPlayerRow.member_id.in_(sorted(members)))
        .with_for_update()
    )
    return set(found.scalars())


def _score_row(guild_id: int, season: int, one: QuizResult) -> dict[str, Any]:
    return {
        "guild_id": guild_id,
        "season": season,
        "member_id": one.member_id,
        "points": one.points,
        "quizzes": 1,
        "wins": int(one.won),
        "answers": one.answers,
        "correct": one.correct,
        "total_ms": one.total_ms,
        "fastest_ms": one.fastest_ms,
    }
