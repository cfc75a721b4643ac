"""Who is that character? ``/character``, and ``/characters`` for all whom the bot knows."""

from __future__ import annotations

from cogs.characters.chooser import CharacterSelect
from cogs.characters.cog import Characters
from cogs.characters.pager import PageButton
from cogs.shared.services import ServedBot


async def setup(bot: ServedBot) -> None:
    bot.add_dynamic_items(CharacterSelect, PageButton)
    await bot.add_cog(Characters(bot.services))


async def teardown(bot: ServedBot) -> None:
    bot.remove_dynamic_items(CharacterSelect, PageButton)
