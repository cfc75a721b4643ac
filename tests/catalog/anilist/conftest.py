"""A stand-in AniList, and a client of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from catalog.anilist import AniList
from tests.catalog.anilist.stand_in import StandIn


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with StandIn() as running:
        yield running


@pytest.fixture
async def anilist(stand_in: StandIn) -> AsyncIterator[AniList]:
    async with AniList(stand_in.address) as client:
        yield client
