"""Whom the bot recognises in a server, and how well."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from catalog import Catalog
from cogs.shared.services import Services
from store.errors import StoreUnavailable

if TYPE_CHECKING:
    from recognition.recognizer import Recognizer
    from store.types import TaughtCharacter

log = logging.getLogger(__name__)


class Level(IntEnum):
    """How many pictures a character was learned from: at least so many, as the names say.

    The shipped gallery keeps one centre for every twelve pictures begun, four at most
    (``recognition.training.centres.n_centres``), which is all that it tells about their number; of
    what a server taught every picture is counted. More pictures are no promise: a face that looks
    like another one stays hard.
    """

    FEW = 1
    SOME = 12
    MANY = 36

    @classmethod
    def of_centres(cls, centres: int) -> Level:
        """The level of a shipped character with so many centres, at least one."""
        return cls.MANY if centres >= 4 else cls.SOME if centres >= 2 else cls.FEW

    @classmethod
    def of_pictures(cls, pictures: int) -> Level:
        """The level of a character learned from so many pictures, at least one."""
        return max(level for level in cls if level <= max(pictures, 1))


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody the bot recognises. ``year`` is that of the series, where the catalog knows it;
    ``taught``: at least in part by this server.
    """

    id: str
    name: str
    series: str
    year: int | None
    level: Level
    taught: bool = False


async def known_here(services: Services, guild_id: int | None) -> tuple[Known, ...]:
    """Everybody known in a server (None: outside of servers), by series and name.

    Who is in the catalog is called as it calls them. Without the store these are the shipped ones.
    """
    known = {one.id: one for one in _shipped(services.recognizer, services.catalog)}
    for one in await _taught(services, guild_id):
        known[one.gallery_id] = _with_lesson(known, services.catalog, one)
    return tuple(
        sorted(known.values(), key=lambda one: (one.series.casefold(), one.name.casefold()))
    )


async def level_of(services: Services, guild_id: int | None, character_id: str) -> Level | None:
    """How well one character is known in a server; None: not at all."""
    known = await known_here(services, guild_id)
    return next((one.level for one in known if one.id == character_id), None)


@lru_cache(maxsize=4)
def _shipped(recognizer: Recognizer, catalog: Catalog) -> tuple[Known, ...]:
    gallery = recognizer.gallery
    return tuple(
        _named(
            catalog,
            Known(
                one.id,
                one.name,
                one.series,
                None,
                Level.of_centres(len(gallery.centres_of(one.id))),
            ),
        )
        for one in gallery
    )


async def _taught(services: Services, guild_id: int | None) -> Iterable[TaughtCharacter]:
    if services.galleries is None or guild_id is None:
        return ()
    try:
        return (await services.galleries.get(guild_id)).taught.characters
    except StoreUnavailable:
        log.exception("listing without what servers taught")
        return ()


def _with_lesson(known: Mapping[str, Known], catalog: Catalog, one: TaughtCharacter) -> Known:
    before = known.get(one.gallery_id)
    pictures = len(one.exemplars)
    if before is not None:
        level = Level.of_pictures(before.level + pictures)
        return replace(before, level=level, taught=True)
    level = Level.of_pictures(pictures)
    return _named(catalog, Known(one.gallery_id, one.name, one.series, None, level, taught=True))


def _named(catalog: Catalog, known: Known) -> Known:
    character = catalog.get(known.id)
    if character is None:
        return known
    series = character.series
    return replace(known, name=character.names.romaji, series=series.title, year=series.year)
