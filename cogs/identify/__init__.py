"""Who is this? ``/whois`` and the message command, and the answer they give."""

from __future__ import annotations

from cogs.identify.cog import Identify
from cogs.shared.services import ServedBot


async def setup(bot: ServedBot) -> None:
    await bot.add_cog(Identify(bot.services, bot.tree))
