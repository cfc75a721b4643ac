"""The bot learns, for one server at a time: teaching, suggesting, approving, undoing."""

from __future__ import annotations

from cogs.shared.approval import ApprovalButton
from cogs.shared.services import ServedBot
from cogs.teach.cog import Teach
from cogs.teach.log import OlderButton


async def setup(bot: ServedBot) -> None:
    """Without a store there is nothing to learn with."""
    services = bot.services
    if services.store is None or services.teacher is None:
        return
    bot.add_dynamic_items(ApprovalButton, OlderButton)
    await bot.add_cog(Teach(bot, services.store, services.teacher))


async def teardown(bot: ServedBot) -> None:
    bot.remove_dynamic_items(ApprovalButton, OlderButton)
