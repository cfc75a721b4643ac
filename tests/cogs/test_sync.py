"""Commands are synced when they changed, and only then."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import discord
from discord import app_commands

import bot
from catalog import Catalog
from cogs.shared.download import Downloader
from cogs.shared.services import Services
from cogs.shared.sync import sync_commands
from tests.cogs.made import rectangle_recognizer


@app_commands.command(description="One more")
async def another(interaction: discord.Interaction) -> None: ...


async def test_the_mark_decides(catalog: Catalog, tmp_path: Path) -> None:
    services = Services(rectangle_recognizer(), catalog, Downloader())
    async with bot.create_bot(bot.Settings(), services) as made:
        await made.load_extension("cogs.identify")
        mark = tmp_path / "deep" / "commands.sha256"
        with patch.object(made.tree, "sync", autospec=True) as sync:
            assert await sync_commands(made.tree, mark)
            assert not await sync_commands(made.tree, mark)
            assert sync.await_count == 1
            assert await sync_commands(made.tree, None)
            assert sync.await_count == 2
            made.tree.add_command(another)
            assert await sync_commands(made.tree, mark)
            assert sync.await_count == 3


async def test_a_failed_sync_is_tried_again_next_time(catalog: Catalog, tmp_path: Path) -> None:
    services = Services(rectangle_recognizer(), catalog, Downloader())
    async with bot.create_bot(bot.Settings(), services) as made:
        mark = tmp_path / "commands.sha256"
        with patch.object(made.tree, "sync", autospec=True, side_effect=OSError):
            try:
                await sync_commands(made.tree, mark)
            except OSError:
                assert not mark.exists()
