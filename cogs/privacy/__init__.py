"""What is kept, and how to have it forgotten."""

from __future__ import annotations

from cogs.privacy.cog import Forget, Privacy
from cogs.shared.services import ServedBot


async def setup(bot: ServedBot) -> None:
    """Without a store nothing is kept."""
    if bot.services.store is None:
        return
    await bot.add_cog(Privacy(bot.services.store))
    await bot.add_cog(Forget(bot.services.store))
