"""What staff set in the panel is what `/quiz start` plays: the two know the same words."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from cogs.quiz.cog import QuizCog
from cogs.quiz.decks import BUILDERS
from cogs.quiz.rules import Answers, Mode, Rules, Tolerance
from cogs.quiz.starting import Chosen, rules_of
from cogs.quiz.texts import DECKS
from cogs.settings import panel
from cogs.settings import texts as settings
from store.types import QuizDefaults
from tests.e2e.conftest import Club
from tests.e2e.test_settings import opened


def test_the_panel_offers_the_words_of_the_quiz() -> None:
    assert list(panel.QUIZ["answers"]) == [*Answers]
    assert list(panel.QUIZ["mode"]) == [*Mode]
    assert list(panel.TOLERANCES) == [*Tolerance]
    assert list(DECKS) == list(BUILDERS)
    # All but that of whoever brings the pictures along.
    assert {*panel.DECKS, "host"} == set(DECKS)
    for words, told in (
        (panel.QUIZ["answers"], settings.quiz_answers),
        (panel.QUIZ["mode"], settings.quiz_mode),
        (panel.TOLERANCES, settings.quiz_tolerance),
        (panel.DECKS, settings.quiz_deck),
    ):
        assert all(told(str(one)) != one or one in panel.TOLERANCES for one in words)


def test_a_server_that_set_nothing_plays_as_the_rules_have_it() -> None:
    assert rules_of(Chosen(), QuizDefaults()) == Rules(deck="clues")


async def test_a_quiz_begins_as_the_panel_says(club: Club) -> None:
    sandbox = club.sandbox
    shown = await opened(club)
    for page in ("answers", "quiz"):
        await (await sandbox.click(sandbox.staff, shown, f"settings:{page}")).wait_acked()
    for name, value in (
        ("rounds", "5"),
        ("seconds", "40"),
        ("answers", "secret"),
        ("mode", "survival"),
    ):
        menu = f"settings:quiz_{name}"
        await (await sandbox.select(sandbox.staff, shown, menu, [value])).wait_acked()
    button = "settings:quiz_tolerance"
    await (await sandbox.click(sandbox.staff, shown, button)).wait_acked()
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "quiz start", {"seconds": 15})
    assert "starts a quiz of 5 rounds!" in (await handle.wait_answer()).content
    running = cast(QuizCog, club.bot.get_cog("Quiz")).sessions.get(sandbox.channel.id)
    assert running is not None
    # By value: discord.py loads extensions anew for every bot, and their classes with them.
    assert asdict(running.game.rules) == asdict(
        Rules(
            deck="clues", rounds=5, seconds=15, answers=Answers.SECRET, mode=Mode.SURVIVAL,
            tolerance=Tolerance.LENIENT,
        )
    )  # fmt: skip
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "quiz stop")
    await handle.wait_answer()
