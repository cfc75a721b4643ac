"""What staff can set for their server."""

from __future__ import annotations

from cogs.settings.cog import SettingsCog
from cogs.settings.panel import Control
from cogs.shared.services import ServedBot


async def setup(bot: ServedBot) -> None:
    """Without a store there is nowhere to keep settings."""
    if bot.services.store is None:
        return
    bot.add_dynamic_items(Control)
    await bot.add_cog(SettingsCog(bot.services.store))


async def teardown(bot: ServedBot) -> None:
    bot.remove_dynamic_items(Control)
