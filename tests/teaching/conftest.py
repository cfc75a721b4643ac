"""A teacher with a real store, the small encoder of the cogs' tests, and a drawn catalog."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalog import Catalog
from recognition.recognizer import Recognizer
from store.opening import Store, open_store
from teaching.servers import ServerGalleries
from teaching.teacher import Teacher
from tests.cogs.made import rectangle_recognizer


@dataclass
class School:
    """One process: its store, its copies of galleries, its teacher."""

    recognizer: Recognizer
    store: Store
    galleries: ServerGalleries
    teacher: Teacher


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/aniwhois.db"


def school_of(store: Store, catalog: Catalog) -> School:
    recognizer = rectangle_recognizer()
    galleries = ServerGalleries(recognizer.decider, store)
    return School(recognizer, store, galleries, Teacher(recognizer, galleries, store, catalog))


@pytest.fixture
async def school(database: str, catalog: Catalog) -> AsyncIterator[School]:
    async with open_store(database) as store:
        yield school_of(store, catalog)


@pytest.fixture
async def elsewhere(database: str, catalog: Catalog) -> AsyncIterator[School]:
    """A second process on the same database."""
    async with open_store(database) as store:
        yield school_of(store, catalog)
