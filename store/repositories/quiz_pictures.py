"""The pictures that a server keeps for its own quizzes."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from recognition.types import Box
from store.database import Database
from store.errors import LimitReached, PictureThere, UnknownQuizPicture, ValueRefused
from store.models import QuizPictureRow
from store.types import Limits, NewQuizPicture, QuizPicture, QuizPictureSummary

LONGEST_SIDE_PX = 768
MOST_BYTES = 2 * 2**20

_SUMMARY = (
    *(QuizPictureRow.id, QuizPictureRow.guild_id, QuizPictureRow.character_id),
    *(QuizPictureRow.name, QuizPictureRow.series, QuizPictureRow.added_by),
    *(QuizPictureRow.added_at, QuizPictureRow.consented_at, QuizPictureRow.width),
    *(QuizPictureRow.height, QuizPictureRow.face, QuizPictureRow.adult, QuizPictureRow.spoiler),
    *(QuizPictureRow.difficulty, func.length(QuizPictureRow.picture).label("n_bytes")),
)


class QuizPictureRepository:
    """Pictures by server. Who may add and remove is the caller's to check."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    async def add(self, guild_id: int, new: NewQuizPicture, *, actor_id: int) -> QuizPictureSummary:
        """Keeps a picture. That `actor_id` adds it notes that he said it may be shown.

        Raises:
            ValueRefused: it is larger than pictures of a quiz are, or a text is too long.
            PictureThere: the server has the very same picture.
            LimitReached: the server has as many as it may have.
        """
        _check(new)
        digest = hashlib.blake2b(new.picture, digest_size=16).hexdigest()
        async with self._database.changing(guild_id) as changing:
            connection = changing.connection
            here = QuizPictureRow.guild_id == guild_id
            same = select(QuizPictureRow.id).where(here, QuizPictureRow.digest == digest)
            if (found := (await connection.execute(same)).scalar()) is not None:
                raise PictureThere(found)
            counted = select(func.count()).select_from(QuizPictureRow).where(here)
            n = (await connection.execute(counted)).scalar_one()
            if n >= self._limits.quiz_pictures_per_server:
                limit = self._limits.quiz_pictures_per_server
                raise LimitReached("quiz_pictures_per_server", limit=limit, actual=n + 1)
            face = None if new.face is None else list(_corners(new.face))
            statement = insert(QuizPictureRow).values(
                guild_id=guild_id,
                added_by=actor_id,
                added_at=changing.now,
                consented_at=changing.now,
                character_id=new.character_id,
                name=new.name,
                series=new.series,
                adult=new.adult,
                spoiler=new.spoiler,
                difficulty=new.difficulty,
                face=face,
                width=new.size[0],
                height=new.size[1],
                digest=digest,
                picture=new.picture,
                print=new.print,
            )
            done = await connection.execute(statement.returning(QuizPictureRow.id))
            return await _summary(connection, guild_id, done.scalar_one())

    async def listed(self, guild_id: int) -> tuple[QuizPictureSummary, ...]:
        """All of a server, by series and name."""
        statement = select(*_SUMMARY).where(QuizPictureRow.guild_id == guild_id)
        statement = statement.order_by(QuizPictureRow.series, QuizPictureRow.name)
        async with self._database.reading() as connection:
            rows = await connection.execute(statement.order_by(QuizPictureRow.id))
            return tuple(_read(row) for row in rows)

    async def get(self, guild_id: int, picture_id: int) -> QuizPicture:
        """One with its bytes. Raises UnknownQuizPicture."""
        statement = select(QuizPictureRow.picture, QuizPictureRow.print)
        async with self._database.reading() as connection:
            summary = await _summary(connection, guild_id, picture_id)
            row = (await connection.execute(statement.where(*_is(guild_id, picture_id)))).one()
        return QuizPicture(summary, row.picture, row.print)

    async def remove(self, guild_id: int, picture_id: int) -> QuizPictureSummary:
        """Deletes one for good; returns what it was. Raises UnknownQuizPicture."""
        async with self._database.changing(guild_id) as changing:
            summary = await _summary(changing.connection, guild_id, picture_id)
            await changing.connection.execute(
                delete(QuizPictureRow).where(*_is(guild_id, picture_id))
            )
        return summary

    async def prints(self, guild_id: int) -> dict[int, bytes]:
        """The print of each picture of a server, by its id."""
        statement = select(QuizPictureRow.id, QuizPictureRow.print)
        async with self._database.reading() as connection:
            rows = await connection.execute(statement.where(QuizPictureRow.guild_id == guild_id))
            return {row.id: row.print for row in rows}


def _check(new: NewQuizPicture) -> None:
    if not 1 <= max(new.size) <= LONGEST_SIDE_PX or not 1 <= len(new.picture) <= MOST_BYTES:
        raise ValueRefused("picture", new.size)
    for what, text, most in (
        ("character_id", new.character_id, 100),
        ("name", new.name, 100),
        ("series", new.series, 200),
    ):
        if len(text) > most or (not text and what != "series"):
            raise ValueRefused(what, text[:most])
    if not 0 <= new.difficulty <= 1:
        raise ValueRefused("difficulty", new.difficulty)


def _is(guild_id: int, picture_id: int) -> tuple[Any, Any]:
    return QuizPictureRow.guild_id == guild_id, QuizPictureRow.id == picture_id


async def _summary(
    connection: AsyncConnection, guild_id: int, picture_id: int
) -> QuizPictureSummary:
    statement = select(*_SUMMARY).where(*_is(guild_id, picture_id))
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        raise UnknownQuizPicture(guild_id, picture_id)
    return _read(row)


def _read(row: Any) -> QuizPictureSummary:
    return QuizPictureSummary(
        id=row.id,
        guild_id=row.guild_id,
        character_id=row.character_id,
        name=row.name,
        series=row.series,
        added_by=row.added_by,
        added_at=row.added_at,
        consented_at=row.consented_at,
        size=(row.width, row.height),
        face=None if row.face is None else Box(*row.face),
        adult=row.adult,
        spoiler=row.spoiler,
        difficulty=row.difficulty,
        bytes=row.n_bytes,
    )


def _corners(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1
