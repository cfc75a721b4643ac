"""Typed answers: every spelling that people use is right, and nobody else's name is."""

from __future__ import annotations

import pytest

from catalog import Catalog
from catalog.types import Alias, Names
from cogs.quiz.judging import is_name, judge
from cogs.quiz.rules import Tolerance, Verdict

REI = Names("Ayanami Rei", "Rei Ayanami", "綾波レイ", "あやなみ レイ", (Alias("First Child"),))
ASUKA = Names(
    "Souryuu Asuka Langley",
    "Asuka Langley Souryuu",
    "惣流・アスカ・ラングレー",
    "そうりゅう アスカ ラングレー",
    (Alias("Asuka Langley Soryu"), Alias("The Red Giant", spoiler=True)),
)


@pytest.mark.parametrize(
    "typed",
    [
        *("Ayanami Rei", "Rei Ayanami", "rei ayanami!", "ＡＹＡＮＡＭＩ　ＲＥＩ", "AyanamiRei"),
        *("綾波レイ", "綾波れい", "あやなみれい", "アヤナミレイ", "first child"),
    ],
)
@pytest.mark.parametrize("tolerance", Tolerance)
def test_a_whole_name_is_right_in_every_spelling(typed: str, tolerance: Tolerance) -> None:
    assert judge(typed, REI, tolerance) is Verdict.RIGHT


@pytest.mark.parametrize(
    ("typed", "names", "exact", "normal", "lenient"),
    [
        ("Rei", REI, "nearly", "right", "right"),
        ("レイ", REI, "nearly", "right", "right"),
        ("ayanami", REI, "nearly", "right", "right"),
        ("Ayanamy Rei", REI, "nearly", "right", "right"),
        ("Ayanamii Rei", REI, "right", "right", "right"),
        ("Soryu Asuka", ASUKA, "wrong", "nearly", "right"),
        ("Asuka Langley Soryuu", ASUKA, "right", "right", "right"),
        ("asuca", ASUKA, "wrong", "nearly", "right"),
        ("the red giant", ASUKA, "right", "right", "right"),
        ("Misato", ASUKA, "wrong", "wrong", "wrong"),
        ("Rea", REI, "wrong", "wrong", "nearly"),
        ("a", ASUKA, "wrong", "wrong", "wrong"),
        ("", REI, "wrong", "wrong", "wrong"),
        ("???", REI, "wrong", "wrong", "wrong"),
        ("Ayanami Rei " * 50, REI, "wrong", "wrong", "wrong"),
    ],
)
def test_the_tolerances(typed: str, names: Names, exact: str, normal: str, lenient: str) -> None:
    said = [judge(typed, names, one).value for one in Tolerance]
    assert said == [exact, normal, lenient]


def test_a_slip_that_leads_to_somebody_else_is_none() -> None:
    fuwawa = Names("Fuwawa Abyssgard", "Fuwawa Abyssgard")
    mococo = Names("Mococo Abyssgard", "Mococo Abyssgard")
    assert judge("Mococo Abyssgard", fuwawa, Tolerance.LENIENT, [mococo]) is Verdict.WRONG
    assert judge("Mococo Abysgard", fuwawa, Tolerance.LENIENT, [mococo]) is Verdict.WRONG
    assert judge("Fuwawa Abysgard", fuwawa, Tolerance.LENIENT, [mococo]) is Verdict.RIGHT


@pytest.mark.parametrize("tolerance", Tolerance)
def test_every_name_in_the_catalog_is_right_for_its_owner_and_nobody_else(
    catalog: Catalog, tolerance: Tolerance
) -> None:
    everybody = list(catalog)
    for one in everybody:
        names = one.names
        written = (names.romaji, names.romaji_western, names.native, names.kana)
        for name in (*written, *(alias.name for alias in names.aliases)):
            if name is not None:
                assert judge(name, names, tolerance) is Verdict.RIGHT, (one.id, name)
        for other in everybody:
            if other is not one and other.names.romaji != names.romaji:
                verdict = judge(other.names.romaji, names, tolerance, [other.names])
                assert verdict is not Verdict.RIGHT, (one.id, other.id)


def test_chatting_is_no_answer() -> None:
    assert is_name("rei", REI)
    assert is_name("綾波レイ", REI)
    assert not is_name("is it rei?", REI)
    assert not is_name("lol", REI)
