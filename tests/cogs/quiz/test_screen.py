"""What a quiz looks like: within Discord's limits for any crowd, and without a word too many."""

from __future__ import annotations

import random

import pytest

from catalog import Catalog
from catalog.types import Character
from cogs.errors import sentence_for
from cogs.quiz import moves, screen, texts, texts_stage
from cogs.quiz.clues import clues_of
from cogs.quiz.deck import Question, Step
from cogs.quiz.game import Game
from cogs.quiz.moves import Reply, Said
from cogs.quiz.people import gives_away, option_of, person_of
from cogs.quiz.refusals import CannotStart, NoQuiz, NotHost, RoundOver
from cogs.quiz.rules import Answers, Ending, Mode
from store.errors import LimitReached
from tests.cogs.quiz.made import RIGHT, START_S, WRONG, new_game, opened


def question_of(character: Character, catalog: Catalog) -> Question:
    others = [one for one in catalog if one != character][:3]
    return Question(
        character.id,
        person_of(character),
        tuple(Step(clue) for clue in clues_of(character)),
        tuple(option_of(one) for one in (character, *others)),
    )


@pytest.fixture
def rei(catalog: Catalog) -> Question:
    character = catalog.get("ayanami_rei")
    assert character is not None
    return question_of(character, catalog)


def crowd(mode: Mode, players: int = 300) -> Game:
    """A round that ended, in which a third was right."""
    game = opened(new_game(mode=mode))
    for n in range(players):
        member_id = 1_000_000_000_000_000_000 + n
        game.handle(moves.Chose(member_id, WRONG if n % 3 else RIGHT), START_S + n / 100)
    game.handle(moves.Guessed("a"), START_S + 5)
    game.handle(moves.Tick(), START_S + 25)
    return game


@pytest.mark.parametrize("mode", [one for one in Mode if one is not Mode.FIRST])
def test_a_crowd_fits_into_an_embed(mode: Mode, rei: Question) -> None:
    game = crowd(mode)
    for embed in (
        *screen.reveal_embeds(game, rei, given_first=False),
        screen.podium_embed(game),
        screen.question_embed(game, rei, START_S + 25),
    ):
        assert len(embed) <= 6000
        assert len(embed.title or "") <= 256
        assert len(embed.description or "") <= 4096
        assert all(0 < len(field.value or "") <= 1024 for field in embed.fields)
    assert "and 90 more" in str(screen.reveal_embeds(game, rei, given_first=False)[0].to_dict())


def test_no_hint_gives_a_name_away(catalog: Catalog) -> None:
    for character in catalog:
        person = person_of(character)
        kinds = screen.hints_of(person)
        assert "letter" in kinds
        for kind in kinds:
            if kind != "letter":
                text = texts_stage.hint(kind, person)
                assert not gives_away(text, person.names), (character.id, text)
    sakura = catalog.get("kinomoto_sakura")
    assert sakura is not None
    assert "series" not in screen.hints_of(person_of(sakura))


def test_every_question_fits_on_its_buttons(catalog: Catalog) -> None:
    dice = random.Random(1)
    for character in catalog:
        question = question_of(character, catalog)
        for given_first in (False, True):
            asked = screen.asked_of(question, dice, given_first=given_first)
            assert sorted(one.id for one in asked.choices) == sorted(o.id for o in question.options)
            assert len({one.label for one in asked.choices}) == 4
            assert all(1 <= len(one.label) <= 80 for one in asked.choices)


def test_answers_that_are_typed_have_no_names_to_press(rei: Question) -> None:
    for answers, names in ((Answers.BUTTONS, 4), (Answers.SECRET, 0), (Answers.TYPED, 0)):
        game = opened(new_game(answers=answers))
        game.asked = screen.asked_of(rei, random.Random(1), given_first=False)
        view = screen.question_view(game, "quizquizquiz")
        ids = [getattr(one, "custom_id", "") for one in view.children]
        ids += [getattr(getattr(one, "item", None), "custom_id", "") for one in view.children]
        assert sum(str(one).startswith("quiz:a:") for one in set(ids)) == names


def test_a_paused_round_shows_no_countdown(rei: Question) -> None:
    game = opened(new_game())
    assert f"<t:{START_S + 25:.0f}:R>" in str(screen.question_embed(game, rei, START_S).to_dict())
    game.handle(moves.Pause(), START_S + 3)
    shown = str(screen.question_embed(game, rei, START_S + 3).to_dict())
    assert "<t:" not in shown
    assert "Paused" in shown


def test_every_refusal_has_a_short_sentence() -> None:
    for error in (NoQuiz(), RoundOver(), NotHost(), CannotStart(texts.needs_content())):
        sentence = sentence_for(error)
        assert sentence is not None
        assert sentence[-1] in ".!?"
        assert len(sentence) <= 200
    assert "50 quizzes" in str(
        sentence_for(LimitReached("quizzes_per_server", limit=50, actual=51))
    )


def test_there_is_a_word_for_everything() -> None:
    for said in Said:
        assert texts.reply(Reply(said), "Rei").strip()
    for why in Ending:
        assert texts_stage.ending(why).strip()
    assert set(texts.MODES) == set(Mode)
    assert set(texts.ANSWERS) == set(Answers)
