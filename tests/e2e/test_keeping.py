"""The bot notes which servers it has left, so that they are forgotten in time, and purges."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from catalog import Catalog
from recognition.recognizer import Recognizer
from tests.e2e.conftest import Club, open_club


async def has_left(club: Club, guild_id: int) -> bool:
    assert club.services.store is not None
    known = {one.guild_id: one for one in await club.services.store.servers.known()}
    return known[guild_id].left_at is not None


async def until_left(club: Club, guild_id: int, left: bool) -> None:
    for _ in range(100):
        if await has_left(club, guild_id) is left:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"left is not {left}")


async def test_leaving_and_coming_back_is_noted(
    recognizer: Recognizer, catalog: Catalog, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "cogs.keeping")
    async with open_club(recognizer, catalog) as club:
        sandbox, store = club.sandbox, club.services.store
        assert store is not None
        await store.settings.change(sandbox.guild.id, None, keep_crops=True)
        assert not await has_left(club, sandbox.guild.id)
        sandbox.uninstall(sandbox.guild)
        await until_left(club, sandbox.guild.id, True)
        sandbox.install(sandbox.guild)
        await until_left(club, sandbox.guild.id, False)
        await club.sandbox.wait_for(lambda: "purged" in caplog.text, 10)


async def test_closing_waits_for_the_purge_under_way(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that is in use while the database is closed leaves a traceback in the log."""
    store = club.services.store
    assert store is not None
    begun, given_back = asyncio.Event(), False

    async def purge() -> None:
        nonlocal given_back
        try:
            begun.set()
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            given_back = True

    monkeypatch.setattr(store.keeper, "purge", purge)
    cog = cast(Any, club.bot.get_cog("Keeping"))
    cog._purge.restart()
    await asyncio.wait_for(begun.wait(), 10)
    await club.bot.close()
    assert given_back
