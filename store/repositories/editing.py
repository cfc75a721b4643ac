"""Renaming, merging and removing taught characters."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from store.database import Changing, Database
from store.errors import NameTaken, UnknownCharacter, ValueRefused
from store.models import CharacterRow, ExemplarRow, LessonRow
from store.names import NAME_LENGTH, SERIES_LENGTH, key_of, tidy
from store.repositories.audit import record
from store.types import ActionKind, LessonState


class EditRepository:
    """What staff change of a taught character. Each method returns its entry in the log, which
    `UndoRepository.undo` takes back.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rename(
        self,
        guild_id: int,
        character_id: int,
        name: str,
        *,
        actor_id: int,
        series: str | None = None,
    ) -> int:
        """Gives a character another name and, where it is not None, another series.

        Raises:
            UnknownCharacter, ValueRefused
            NameTaken: merging with that character is what is wanted, perhaps.
        """
        name = tidy("name", name, NAME_LENGTH)
        async with self._database.changing(guild_id) as changing:
            row = await seen(changing, character_id)
            series = (
                row.series if series is None else tidy("series", series, SERIES_LENGTH, empty=True)
            )
            await take_name(changing, character_id, name, row.catalog_id, series)
            detail = {
                "character": character_id,
                "old": [row.name, row.series],
                "new": [name, series],
            }
            return await record(changing, ActionKind.RENAMED, actor_id, name, detail)

    async def merge(self, guild_id: int, source_id: int, target_id: int, *, actor_id: int) -> int:
        """Everything that was taught as the source belongs to the target; the source is no more.

        Raises:
            UnknownCharacter
            ValueRefused: source and target are one.
        """
        if source_id == target_id:
            raise ValueRefused("target_id", target_id)
        async with self._database.changing(guild_id) as changing:
            source = await seen(changing, source_id)
            target = await seen(changing, target_id)
            moved = await changing.connection.execute(
                select(ExemplarRow.id).where(
                    ExemplarRow.guild_id == guild_id, ExemplarRow.character_id == source_id
                )
            )
            detail = {
                "source": source_id,
                "was": [source.name, source.series, source.catalog_id],
                "target": target_id,
                "moved": list(moved.scalars()),
            }
            action_id = await record(changing, ActionKind.MERGED, actor_id, target.name, detail)
            await _put_twins_aside(changing, source_id, target_id, action_id)
            await changing.connection.execute(
                update(ExemplarRow)
                .where(ExemplarRow.guild_id == guild_id, ExemplarRow.character_id == source_id)
                .values(character_id=target_id)
            )
            await changing.connection.execute(
                delete(CharacterRow).where(
                    CharacterRow.guild_id == guild_id, CharacterRow.id == source_id
                )
            )
        return action_id

    async def remove(self, guild_id: int, character_id: int, *, actor_id: int) -> int:
        """Nobody is recognised as that character any more. Raises UnknownCharacter."""
        async with self._database.changing(guild_id) as changing:
            row = await seen(changing, character_id)
            detail = {"character": character_id}
            action_id = await record(changing, ActionKind.REMOVED, actor_id, row.name, detail)
            await changing.connection.execute(
                update(ExemplarRow)
                .where(
                    ExemplarRow.guild_id == guild_id,
                    ExemplarRow.character_id == character_id,
                    ExemplarRow.active,
                )
                .values(active=False, removed_by=action_id, removed_at=changing.now)
            )
        return action_id


async def seen(changing: Changing, character_id: int) -> Any:
    """The row of a character that has a learned vector. Raises UnknownCharacter."""
    row = (
        await changing.connection.execute(
            select(CharacterRow.__table__).where(
                CharacterRow.guild_id == changing.guild_id,
                CharacterRow.id == character_id,
                exists().where(
                    ExemplarRow.guild_id == changing.guild_id,
                    ExemplarRow.character_id == character_id,
                    ExemplarRow.active,
                ),
            )
        )
    ).one_or_none()
    if row is None:
        raise UnknownCharacter(changing.guild_id, character_id)
    return row


async def take_name(
    changing: Changing, character_id: int, name: str, catalog_id: str | None, series: str
) -> None:
    """Names a character. One that nobody sees and nobody proposes gives the name up to it.

    Raises:
        NameTaken
    """
    key = key_of(name, catalog_id)
    here = CharacterRow.guild_id == changing.guild_id
    found = await changing.connection.execute(
        select(CharacterRow.id).where(
            here, CharacterRow.key == key, CharacterRow.id != character_id
        )
    )
    holder = found.scalar_one_or_none()
    if holder is not None:
        in_use = exists().where(
            ExemplarRow.guild_id == changing.guild_id,
            ExemplarRow.character_id == holder,
            LessonRow.guild_id == changing.guild_id,
            LessonRow.id == ExemplarRow.lesson_id,
            ExemplarRow.active | (LessonRow.state == LessonState.PENDING.value),
        )
        freed = await changing.connection.execute(
            update(CharacterRow).where(here, CharacterRow.id == holder, ~in_use).values(key=None)
        )
        if freed.rowcount == 0:
            raise NameTaken(name, holder)
    try:
        await changing.connection.execute(
            update(CharacterRow)
            .where(here, CharacterRow.id == character_id)
            .values(name=name, series=series, key=key)
        )
    except IntegrityError:
        raise NameTaken(name, character_id) from None


async def _put_twins_aside(
    changing: Changing, source_id: int, target_id: int, action_id: int
) -> None:
    """Vectors of the source that the target has, too, would stand there twice."""
    twin = aliased(ExemplarRow)
    await changing.connection.execute(
        update(ExemplarRow)
        .where(
            ExemplarRow.guild_id == changing.guild_id,
            ExemplarRow.character_id == source_id,
            ExemplarRow.active,
            exists().where(
                twin.guild_id == changing.guild_id,
                twin.character_id == target_id,
                twin.digest == ExemplarRow.digest,
                twin.active,
            ),
        )
        .values(active=False, removed_by=action_id, removed_at=changing.now)
    )
