"""The deck *Clues*: enough characters, enough clues, no name in any of them."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog
from catalog.types import Names
from cogs.quiz.clues import LEAST_CLUES, ClueDeck, clues_of
from cogs.quiz.deck import DIFFICULTIES, Wanted
from cogs.quiz.people import gives_away
from recognition.factory import open_recognizer
from recognition.gallery import Gallery, KnownCharacter
from teaching.confusions import Confusions

HERE = 1


@pytest.fixture(scope="module")
def confusions(root: Path) -> Confusions:
    """Of the gallery that we ship."""
    return Confusions(open_recognizer(root / "weights").gallery)


@pytest.fixture
def deck(catalog: Catalog, confusions: Confusions) -> ClueDeck:
    return ClueDeck(catalog, confusions, random.Random(7))


async def test_at_least_sixty_characters_have_four_clues(deck: ClueDeck, catalog: Catalog) -> None:
    assert await deck.count(Wanted(HERE, 1)) >= 60
    able = [one for one in catalog if len(clues_of(one)) >= LEAST_CLUES]
    assert len(able) >= 60
    assert all(len(set(clues_of(one))) == len(clues_of(one)) for one in able)


def test_no_clue_gives_a_name_away(catalog: Catalog) -> None:
    for one in catalog:
        for clue in clues_of(one):
            assert not gives_away(clue, one.names), (one.id, clue)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Saber-class Servant", True),
        ("You meet me in “The Saber”.", True),
        ("ここにセイバーがいる", True),
        ("A sabre, and a servant", False),
        ("The king", False),
        ("the hidden one", True),
    ],
)
def test_a_word_of_a_name_is_found(text: str, told: bool) -> None:
    names = Names("Saber", "Saber", "セイバー", None, ())
    hidden = Names("The Hidden", "The Hidden")
    assert (gives_away(text, names) or gives_away(text, hidden)) is told


async def test_the_wrong_names_are_those_that_the_model_confuses(
    deck: ClueDeck, confusions: Confusions, catalog: Catalog
) -> None:
    for one in list(catalog)[:20]:
        question = await deck.again(Wanted(HERE, 1), one.id)
        assert question is not None
        wrong = {option.id for option in question.options} - {one.id}
        assert len(wrong) == 3
        assert wrong <= set(confusions.nearest(one.id, 6))


async def test_questions_are_drawn_at_random_and_not_again(deck: ClueDeck) -> None:
    asked: set[str] = set()
    for _ in range(30):
        question = await deck.next(Wanted(HERE, 1, avoid=frozenset(asked)))
        assert question is not None
        assert question.id not in asked
        asked.add(question.id)
    left = await deck.count(Wanted(HERE, 1, avoid=frozenset(asked)))
    assert left == await deck.count(Wanted(HERE, 1)) - 30


async def test_the_filters(deck: ClueDeck, catalog: Catalog) -> None:
    everybody = await deck.count(Wanted(HERE, 1))
    assert await deck.count(Wanted(HERE, 1, series="evangelion")) == 8
    assert await deck.count(Wanted(HERE, 1, series="けいおん")) > 3
    assert await deck.count(Wanted(HERE, 1, series="No such series")) == 0
    assert await deck.next(Wanted(HERE, 1, series="No such series")) is None
    by_difficulty = {one: await deck.count(Wanted(HERE, 1, difficulty=one)) for one in DIFFICULTIES}
    assert by_difficulty["any"] == everybody
    assert all(10 < by_difficulty[one] < everybody for one in ("easy", "normal", "hard"))
    review = frozenset({"ayanami_rei", "gone"})
    assert await deck.count(Wanted(HERE, 1, missed=True, review=review)) == 1
    question = await deck.next(Wanted(HERE, 1, missed=True, review=review))
    assert question is not None
    assert question.person.id == "ayanami_rei"
    assert await deck.again(Wanted(HERE, 1), "gone") is None


def test_who_looks_like_whom() -> None:
    """Three in a row: the middle one is near the others, and so the hardest."""
    people = [KnownCharacter(one, one, "") for one in ("left", "middle", "right")]
    angles = np.radians([0, 30, 70])
    centres = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    confusions = Confusions(Gallery("m", people, centres, np.arange(3)))
    assert confusions.nearest("left", 2) == ("middle", "right")
    assert confusions.nearest("right", 1) == ("middle",)
    assert confusions.nearest("nobody", 3) == ()
    assert confusions.difficulty("nobody") is None
    left, right = confusions.difficulty("left"), confusions.difficulty("right")
    assert left is not None
    assert right is not None
    assert left > right
