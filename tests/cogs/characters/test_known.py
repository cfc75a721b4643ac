"""Whom the bot knows in a server: those it came with, and those the server taught."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog
from cogs.characters.known import Level, known_here, level_of
from cogs.shared.download import Downloader
from cogs.shared.services import Services
from recognition.types import Embedding
from store.opening import open_store
from store.types import Evidence, Sample, Subject
from teaching.servers import ServerGalleries
from tests.cogs.made import MODEL, rectangle_recognizer
from tests.store.made import HERE, REI, STAFF, THERE


@pytest.fixture
async def services(catalog: Catalog, tmp_path: Path) -> AsyncIterator[Services]:
    recognizer = rectangle_recognizer()
    async with open_store(f"sqlite:///{tmp_path / 'a.db'}") as store, Downloader() as files:
        galleries = ServerGalleries(recognizer.decider, store)
        yield Services(recognizer, catalog, files, store=store, galleries=galleries)
        galleries.close()


async def _teach(services: Services, guild_id: int, subject: Subject, *seeds: int) -> None:
    assert services.store is not None
    # Angles, as the small gallery has two dimensions; no two are alike.
    made = [Sample(_embedding(0.1 + 0.01 * seed), None, Evidence()) for seed in seeds]
    await services.store.lessons.teach(guild_id, subject, made, actor_id=STAFF)


def _embedding(angle: float) -> Embedding:
    return Embedding(np.array([np.cos(angle), np.sin(angle)], np.float32), MODEL)


async def test_the_shipped_ones_are_called_as_the_catalog_calls_them(services: Services) -> None:
    rei, asuka = sorted(await known_here(services, HERE), key=lambda one: one.id, reverse=True)
    assert (asuka.name, rei.name) == ("Asuka Langley Soryu", "Ayanami Rei")
    assert (rei.series, rei.year, rei.level) == ("Neon Genesis Evangelion", 1995, Level.FEW)
    assert await known_here(services, None) == await known_here(services, HERE)


async def test_what_a_server_taught_is_known_there_alone(services: Services) -> None:
    await _teach(services, HERE, Subject("Somebody Own", "Our Comic"), 1, 2)
    await _teach(services, HERE, Subject("Rem", "x", catalog_id="rem"), 3)
    here = {one.name: one for one in await known_here(services, HERE)}
    own, rem = here["Somebody Own"], here["Rem"]
    assert (own.series, own.year, own.level, own.taught) == ("Our Comic", None, Level.FEW, True)
    assert (rem.series, rem.year, rem.taught) == ("Re:Zero", 2014, True)
    assert not here["Ayanami Rei"].taught
    for elsewhere in (THERE, None):
        assert len(await known_here(services, elsewhere)) == 2
    assert await level_of(services, HERE, "rem") is Level.FEW
    assert await level_of(services, THERE, "rem") is None


async def test_pictures_taught_add_to_those_it_came_with(services: Services) -> None:
    await _teach(services, HERE, REI, *range(10))
    assert await level_of(services, HERE, "ayanami_rei") is Level.FEW
    await _teach(services, HERE, REI, *range(20, 21))
    assert await level_of(services, HERE, "ayanami_rei") is Level.SOME
    assert await level_of(services, THERE, "ayanami_rei") is Level.FEW
