"""Who is this? Every way to ask, and the answer."""

from __future__ import annotations

from cogs.identify.again import Again
from cogs.identify.asking import Asking
from cogs.identify.buttons import AnswerButton, view_of
from cogs.identify.cog import Identify
from cogs.identify.talk import Talk
from cogs.shared.services import ServedBot


async def setup(bot: ServedBot) -> None:
    asking = Asking(bot.services, view_of)
    bot.add_dynamic_items(AnswerButton)
    await bot.add_cog(Identify(asking, Again(bot.services, asking), bot.tree))
    await bot.add_cog(Talk(bot, asking))


async def teardown(bot: ServedBot) -> None:
    bot.remove_dynamic_items(AnswerButton)
