"""A studio, a pool and a watch over the small encoder of the cogs' tests and a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from quizzing.pool import Pool
from quizzing.studio import Studio
from quizzing.watch import Watch
from recognition.recognizer import Recognizer
from store.opening import Store, open_store
from teaching.servers import ServerGalleries
from tests.cogs.made import rectangle_recognizer


@dataclass
class Process:
    """One process of the bot."""

    recognizer: Recognizer
    store: Store
    studio: Studio
    pool: Pool
    watch: Watch


def process_of(store: Store) -> Process:
    recognizer = rectangle_recognizer()
    studio = Studio(recognizer, ServerGalleries(recognizer.decider, store))
    return Process(recognizer, store, studio, Pool(studio, store), Watch(recognizer, store))


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/aniwhois.db"


@pytest.fixture
async def here(database: str) -> AsyncIterator[Process]:
    async with open_store(database) as store:
        yield process_of(store)


@pytest.fixture
async def there(database: str) -> AsyncIterator[Process]:
    """A second process on the same database."""
    async with open_store(database) as store:
        yield process_of(store)
