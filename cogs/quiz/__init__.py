"""Quiz nights: who is it? The rules (`game`) and what they need are free of Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cogs.shared.services import ServedBot


async def setup(bot: ServedBot) -> None:
    """Without a store no answer could be kept, and nobody is asked for any."""
    # Here, and not above: whoever imports the rules alone gets no Discord.
    from cogs.quiz.buttons import AnswerButton, ControlButton, TeamButton
    from cogs.quiz.cog import QuizCog
    from cogs.quiz.decks import open_decks
    from cogs.quiz.season import SeasonButton

    if bot.services.store is None:
        return
    bot.add_dynamic_items(AnswerButton, ControlButton, TeamButton, SeasonButton)
    await bot.add_cog(QuizCog(bot, bot.services.store, open_decks(bot.services)))


async def teardown(bot: ServedBot) -> None:
    from cogs.quiz.buttons import AnswerButton, ControlButton, TeamButton
    from cogs.quiz.season import SeasonButton

    bot.remove_dynamic_items(AnswerButton, ControlButton, TeamButton, SeasonButton)
