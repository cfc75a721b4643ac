"""Alt text and the small pieces of text."""

from __future__ import annotations

import pytest

from cogs.identify.alt_text import MAX_ALT_TEXT, alt_text
from cogs.identify.wording import (
    escaped,
    how_sure,
    length,
    listed,
    numbers_text,
    percent,
    shortened,
)
from recognition.types import Candidate
from tests.cogs.made import ASUKA, named, of_faces, of_whole, stranger


def test_alt_text_says_who_is_where() -> None:
    found = of_faces(named(x=0), named(ASUKA, x=40), stranger(x=80))
    expected = "1: Ayanami Rei, left; 2: Asuka Langley Soryu, middle; 3: unknown, right"
    assert alt_text(found) == expected


def test_rows_are_told_where_there_are_many_faces() -> None:
    found = of_faces(*(named(x=x, y=y) for y in (0, 80) for x in (0, 80)), size=(100, 100))
    places = [part.rsplit(", ", 1)[1] for part in alt_text(found).split("; ")]
    assert places == ["top left", "top right", "bottom left", "bottom right"]


def test_alt_text_without_faces() -> None:
    assert alt_text(of_whole(None)) == "No single face; the picture as a whole: unknown"
    assert alt_text(of_faces()) == "No face found."


@pytest.mark.parametrize("faces", [40, 200])
def test_alt_text_fits_and_says_how_many_are_missing(faces: int) -> None:
    who = Candidate("a", "🎭 " + "name " * 50, 0.9)
    text = alt_text(of_faces(*[named(who)] * faces))
    assert length(text) <= MAX_ALT_TEXT
    shown = text.count("; ")
    assert text.endswith(f"; and {faces - shown} more")


def test_a_face_outside_the_picture_has_a_place_too() -> None:
    assert alt_text(of_faces(named(x=-500), named(x=500))).count("left") == 1


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (1.0, "very sure, 99 %"),
        (0.9, "quite sure, 90 %"),
        (0.6, "fairly sure, 60 %"),
        (0.45, "not very sure, 45 %"),
        (0.0, "only a guess, 1 %"),
    ],
)
def test_certainty_in_words_and_numbers(probability: float, words: str) -> None:
    assert how_sure(probability) == words


def test_lists_and_cuts() -> None:
    assert [listed("abc"[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert shortened("abcdef", 4) == "abc…"
    assert percent(0.126) == "13 %"


def test_escaping_leaves_plain_names_alone() -> None:
    assert escaped("Ayanami Rei, 綾波レイ") == "Ayanami Rei, 綾波レイ"


def test_runs_of_numbers_are_ranges() -> None:
    assert numbers_text([]) == ""
    assert numbers_text([1, 2, 4, 5, 6, 9]) == "1, 2, 4–6, 9"
    assert numbers_text(range(1, 200, 2), most=3) == "1, 3, 5, …"
