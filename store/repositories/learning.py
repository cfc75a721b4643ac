"""Steps that lessons, edits and undoing share; each works within an open change of one server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, exists, func, insert, select, text, update
from sqlalchemy.orm import aliased

from store.database import Changing, Database
from store.errors import LimitReached
from store.models import CharacterRow, CropRow, ExemplarRow, LessonRow, SettingsRow
from store.names import NAME_LENGTH, SERIES_LENGTH, key_of, tidy
from store.types import Crop, Evidence, LessonState, Limits, Sample, Subject
from store.vectors import pack


async def find_or_create(
    database: Database, changing: Changing, subject: Subject, limits: Limits
) -> int:
    """The id of the subject's character. Raises ValueRefused, LimitReached."""
    name = tidy("name", subject.name, NAME_LENGTH)
    key = key_of(name, subject.catalog_id)
    statement = database.insert(CharacterRow).values(
        guild_id=changing.guild_id,
        key=key,
        catalog_id=subject.catalog_id,
        name=name,
        series=tidy("series", subject.series, SERIES_LENGTH, empty=True),
        created_at=changing.now,
    )
    statement = statement.on_conflict_do_nothing(
        index_elements=[CharacterRow.guild_id, CharacterRow.key]
    )
    made = await changing.connection.execute(statement.returning(CharacterRow.id))
    created = made.scalar_one_or_none()
    if created is not None:
        await check_limit(changing, CharacterRow, "characters_per_server", limits)
        return int(created)
    here = CharacterRow.guild_id == changing.guild_id
    found = await changing.connection.execute(
        select(CharacterRow.id).where(here, CharacterRow.key == key)
    )
    return int(found.scalar_one())


async def check_limit(changing: Changing, table: type[Any], what: str, limits: Limits) -> None:
    """Raises LimitReached where the server now has more rows than `what` allows."""
    limit = getattr(limits, what)
    counted = select(func.count()).select_from(table).where(table.guild_id == changing.guild_id)
    actual = (await changing.connection.execute(counted)).scalar_one()
    if actual > limit:
        raise LimitReached(what, limit=limit, actual=actual)


async def keep_samples(
    database: Database,
    changing: Changing,
    lesson_id: int,
    samples: Iterable[tuple[int, Sample]],
    *,
    active: bool,
) -> tuple[int, int]:
    """Stores vectors as ``(character_id, sample)`` and returns how many are new, how many not.

    A vector that its character has learned already is left out; so is a repetition among the given
    ones. Crops are kept where the server wants them.

    Raises:
        ValueRefused: a vector cannot be used; the change has to be rolled back.
    """
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    crops: dict[tuple[int, str], Crop] = {}
    given = 0
    for character_id, sample in samples:
        given += 1
        packed = pack(sample.embedding)
        rows[character_id, packed.digest] = {
            "guild_id": changing.guild_id,
            "character_id": character_id,
            "lesson_id": lesson_id,
            "model_id": packed.model_id,
            "dtype": packed.dtype,
            "vector": packed.vector,
            "digest": packed.digest,
            "active": active,
            "evidence": None if active else write_evidence(sample.evidence),
        }
        if sample.crop is not None:
            crops[character_id, packed.digest] = sample.crop
    statement = database.insert(ExemplarRow).on_conflict_do_nothing(
        index_elements=[ExemplarRow.guild_id, ExemplarRow.character_id, ExemplarRow.digest],
        index_where=text("active"),
    )
    # Without RETURNING, and the ids asked for afterwards: so thousands of rows go in quickly.
    await changing.connection.execute(statement, list(rows.values()))
    done = await changing.connection.execute(
        select(ExemplarRow.id, ExemplarRow.character_id, ExemplarRow.digest).where(
            ExemplarRow.guild_id == changing.guild_id, ExemplarRow.lesson_id == lesson_id
        )
    )
    kept = {(row.character_id, row.digest): int(row.id) for row in done}
    if crops and await _wants_crops(changing):
        await _keep_crops(changing, [(kept[one], crops[one]) for one in kept if one in crops])
    return len(kept), given - len(kept)


async def _wants_crops(changing: Changing) -> bool:
    wanted = select(SettingsRow.keep_crops).where(SettingsRow.guild_id == changing.guild_id)
    return bool((await changing.connection.execute(wanted)).scalar())


async def _keep_crops(changing: Changing, crops: Sequence[tuple[int, Crop]]) -> None:
    rows = [
        {
            "guild_id": changing.guild_id,
            "exemplar_id": exemplar_id,
            "data": crop.data,
            "width_px": crop.width_px,
            "height_px": crop.height_px,
        }
        for exemplar_id, crop in crops
    ]
    if rows:
        await changing.connection.execute(insert(CropRow), rows)


async def activate(changing: Changing, *which: Any) -> tuple[int, int]:
    """Makes the chosen vectors take part, save those whose twin does already.

    Only vectors of learned lessons; which of the others there are does not matter. Returns how many
    became active, and how many did not because of a twin.
    """
    twin = aliased(ExemplarRow)
    here = ExemplarRow.guild_id == changing.guild_id
    learned = exists().where(
        LessonRow.guild_id == changing.guild_id,
        LessonRow.id == ExemplarRow.lesson_id,
        LessonRow.state == LessonState.LEARNED.value,
    )
    has_twin = exists().where(
        twin.guild_id == changing.guild_id,
        twin.character_id == ExemplarRow.character_id,
        twin.digest == ExemplarRow.digest,
        twin.active,
    )
    chosen = (here, ~ExemplarRow.active, learned, *which)
    # Two of the chosen may be twins of each other: the older one is taken.
    oldest = (
        select(func.min(ExemplarRow.id))
        .where(*chosen, ~has_twin)
        .group_by(ExemplarRow.character_id, ExemplarRow.digest)
    )
    wanted = (await changing.connection.execute(select(ExemplarRow.id).where(*chosen))).all()
    done = await changing.connection.execute(
        update(ExemplarRow)
        .where(here, ExemplarRow.id.in_(oldest))
        .values(active=True, removed_by=None, removed_at=None, evidence=None)
    )
    return done.rowcount, len(wanted) - done.rowcount


async def sweep(changing: Changing) -> None:
    """Deletes characters of which no vector is left, learned or not."""
    left = exists().where(
        ExemplarRow.guild_id == changing.guild_id, ExemplarRow.character_id == CharacterRow.id
    )
    await changing.connection.execute(
        delete(CharacterRow).where(CharacterRow.guild_id == changing.guild_id, ~left)
    )


def write_evidence(evidence: Evidence | None) -> dict[str, Any] | None:
    """`evidence` as a JSON object."""
    if evidence is None:
        return None
    return {
        "nearest": evidence.nearest,
        "cosine": evidence.cosine,
        "outlier": evidence.outlier,
    }
