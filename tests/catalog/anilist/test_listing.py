"""Characters by popularity and by series."""

from __future__ import annotations

import pytest

from catalog.anilist import AniList, AniListUnavailable
from tests.catalog.anilist.stand_in import StandIn


async def test_the_popular_come_by_pages_and_once(stand_in: StandIn) -> None:
    async with AniList(stand_in.address) as anilist:
        first = (await anilist.popular(1)).value
        assert [one.name for one in first][:2] == ["Rei Ayanami", "Artoria Pendragon"]
        assert "Only Adult" not in [one.name for one in first]
        assert await anilist.popular(1) == await anilist.popular(1)
        assert len(stand_in.asked) == 1
        assert (await anilist.popular(2)).value == ()


async def test_a_series_is_found_by_any_of_its_titles(stand_in: StandIn) -> None:
    async with AniList(stand_in.address) as anilist:
        found = (await anilist.of_series("beyond journey's end")).value
        assert [one.name for one in found] == ["Frieren"]
        assert (await anilist.of_series("nothing of the kind")).value == ()
        assert (await anilist.of_series("  ")).value == ()
        assert (await anilist.of_series("not for minors")).value[0].name == "Half Adult"


async def test_it_says_so_when_it_cannot_be_asked(stand_in: StandIn) -> None:
    stand_in.down()
    async with AniList(stand_in.address) as anilist:
        with pytest.raises(AniListUnavailable):
            await anilist.popular(1)
        with pytest.raises(AniListUnavailable):
            await anilist.of_series("Frieren")
