"""Answers that were given, so that their buttons work after a restart."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from recognition.types import Embedding
from store.database import Database
from store.documents import write_pictures
from store.errors import AnswerChanged, NotYours, UnknownAnswer, ValueRefused
from store.models import AnswerRow, AnswerVectorRow, CorrectionRow
from store.repositories.answer_rows import WHOLE, is_answer, read_answer, vector_rows
from store.types import Answer, AnsweredPicture, Looked
from store.vectors import unpack

MOST_PICTURES = 10


def new_answer_id() -> str:
    """12 characters that nobody can guess, fit for a custom id."""
    return secrets.token_urlsafe(9)


class AnswerRepository:
    """Answers and their corrections. ``guild_id`` None: outside servers.

    Everyone may look at an answer. Only its asker and staff may change or correct it; that somebody
    is staff is the caller's to find out, that nobody else changes anything is checked here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        answer_id: str,
        guild_id: int | None,
        *,
        channel_id: int,
        asker_id: int,
        pictures: Sequence[AnsweredPicture],
        looked: Looked | None = None,
        private: bool = False,
        locale: str = "en-US",
    ) -> Answer:
        """Keeps an answer before it is posted: whoever is quick with its buttons finds it.

        Args:
            answer_id: from `new_answer_id`.
            looked: vectors to teach or correct from after the picture is gone.

        Raises:
            ValueRefused: too many pictures, or a vector that is none.
        """
        if not 1 <= len(pictures) <= MOST_PICTURES:
            raise ValueRefused("pictures", len(pictures))
        vectors = vector_rows(answer_id, looked or {})
        async with self._database.writing() as connection:
            await connection.execute(
                insert(AnswerRow).values(
                    id=answer_id,
                    guild_id=guild_id,
                    channel_id=channel_id,
                    message_id=None,
                    asker_id=asker_id,
                    asked_at=self._database.clock(),
                    private=private,
                    locale=locale,
                    version=1,
                    pictures=write_pictures(pictures),
                )
            )
            if vectors:
                await connection.execute(insert(AnswerVectorRow), vectors)
            return await read_answer(connection, guild_id, answer_id)

    async def posted(self, guild_id: int | None, answer_id: str, message_id: int) -> None:
        """Notes the message that shows the answer. Raises UnknownAnswer."""
        statement = update(AnswerRow).where(*is_answer(guild_id, answer_id))
        async with self._database.writing() as connection:
            done = await connection.execute(statement.values(message_id=message_id))
            if done.rowcount == 0:
                raise UnknownAnswer(guild_id, answer_id)

    async def get(self, guild_id: int | None, answer_id: str) -> Answer:
        """An answer with its corrections. Raises UnknownAnswer."""
        async with self._database.reading() as connection:
            return await read_answer(connection, guild_id, answer_id)

    async def embedding(
        self, guild_id: int | None, answer_id: str, picture: int, face: int | None
    ) -> Embedding | None:
        """The vector of a face (None: of the whole picture), where one is kept."""
        statement = (
            select(AnswerVectorRow.vector, AnswerVectorRow.dtype, AnswerVectorRow.model_id)
            .join(AnswerRow, AnswerRow.id == AnswerVectorRow.answer_id)
            .where(
                *is_answer(guild_id, answer_id),
                AnswerVectorRow.picture == picture,
                AnswerVectorRow.face == (WHOLE if face is None else face),
            )
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return unpack(row.vector, row.dtype, row.model_id) if row else None

    async def change(
        self,
        guild_id: int | None,
        answer_id: str,
        pictures: Sequence[AnsweredPicture],
        *,
        version: int,
        actor_id: int,
        staff: bool,
        looked: Looked | None = None,
    ) -> Answer:
        """Puts other content into an answer (the whole picture instead of faces, say).

        Args:
            version: of the answer that the actor saw.
            looked: vectors to keep instead of the old ones; None: the old ones stay.

        Raises:
            UnknownAnswer, NotYours
            AnswerChanged: somebody was faster.
        """
        vectors = None if looked is None else vector_rows(answer_id, looked)
        async with self._database.writing() as connection:
            done = await connection.execute(
                update(AnswerRow)
                .where(*is_answer(guild_id, answer_id), AnswerRow.version == version)
                .where(*_may(actor_id, staff))
                .values(pictures=write_pictures(pictures), version=version + 1)
            )
            if done.rowcount == 0:
                await _why_not(connection, guild_id, answer_id, actor_id, staff, version)
            if vectors is not None:
                await connection.execute(
                    delete(AnswerVectorRow).where(AnswerVectorRow.answer_id == answer_id)
                )
                if vectors:
                    await connection.execute(insert(AnswerVectorRow), vectors)
            return await read_answer(connection, guild_id, answer_id)

    async def correct(
        self,
        guild_id: int | None,
        answer_id: str,
        *,
        picture: int,
        face: int | None,
        said: str | None,
        truth: str | None,
        catalog_id: str | None = None,
        actor_id: int,
        staff: bool,
    ) -> Answer:
        """Notes what a face should have been called; see `Correction`. The latest word counts.

        Raises:
            UnknownAnswer, NotYours
            ValueRefused: the answer has no such face, or the name is too long.
        """
        if truth is not None and not 1 <= len(truth) <= 100:
            raise ValueRefused("truth", truth)
        words = {
            "said": said,
            "truth": truth,
            "catalog_id": catalog_id,
            "corrected_by": actor_id,
            "corrected_at": self._database.clock(),
        }
        statement = self._database.insert(CorrectionRow).values(
            answer_id=answer_id,
            guild_id=guild_id,
            picture=picture,
            face=WHOLE if face is None else face,
            **words,
        )
        statement = statement.on_conflict_do_update(
            index_elements=[CorrectionRow.answer_id, CorrectionRow.picture, CorrectionRow.face],
            set_=words,
        )
        async with self._database.writing() as connection:
            # The new version takes the row's lock: the answer cannot change or vanish meanwhile.
            done = await connection.execute(
                update(AnswerRow)
                .where(*is_answer(guild_id, answer_id), *_may(actor_id, staff))
                .values(version=AnswerRow.version + 1)
            )
            if done.rowcount == 0:
                await _why_not(connection, guild_id, answer_id, actor_id, staff, None)
            answer = await read_answer(connection, guild_id, answer_id)
            if not 0 <= picture < len(answer.pictures):
                raise ValueRefused("picture", picture)
            if face is not None and not (
                0 <= face < len(answer.pictures[picture].recognition.faces)
            ):
                raise ValueRefused("face", face)
            await connection.execute(statement)
            return await read_answer(connection, guild_id, answer_id)

    async def message_deleted(self, guild_id: int | None, channel_id: int, message_id: int) -> int:
        """Deletes the answer that a deleted message showed; returns how many (0 or 1)."""
        async with self._database.writing() as connection:
            done = await connection.execute(
                delete(AnswerRow).where(
                    AnswerRow.guild_id.is_not_distinct_from(guild_id),
                    AnswerRow.channel_id == channel_id,
                    AnswerRow.message_id == message_id,
                )
            )
        return done.rowcount


def _may(actor_id: int, staff: bool) -> tuple[Any, ...]:
    return () if staff else (AnswerRow.asker_id == actor_id,)


async def _why_not(
    connection: AsyncConnection,
    guild_id: int | None,
    answer_id: str,
    actor_id: int,
    staff: bool,
    version: int | None,
) -> None:
    """Raises what kept an answer from being changed."""
    answer = await read_answer(connection, guild_id, answer_id)
    if not staff and answer.asker_id != actor_id:
        raise NotYours(answer_id, actor_id)
    if version is not None:
        raise AnswerChanged(answer_id, expected=version, actual=answer.version)
