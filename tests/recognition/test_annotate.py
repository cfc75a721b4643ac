"""Geometry of the drawing, never its pixels: labels inside, apart, and readable."""

from __future__ import annotations

import io
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from recognition.annotate import annotate, draw
from recognition.types import (
    Box,
    Match,
    Mode,
    Recognition,
    RecognizedFace,
    RecognizedWhole,
    Unknown,
)

LONG = "Elizabeth Rose Bloodflame of the Seven Northern Towers"


def blank(w: int, h: int) -> np.ndarray:
    return np.full((h, w, 3), 128, np.uint8)


def face(box: Box, name: str | None) -> RecognizedFace:
    decision = Match(name, name, 0.9) if name else Unknown(None, 0.0)
    return RecognizedFace(box, 0.9, decision, ())


def answer(size: tuple[int, int], *faces: RecognizedFace) -> Recognition:
    return Recognition(size, tuple(faces), None, Mode.AUTO)


def inside(place: Box, size: tuple[int, int]) -> bool:
    return place.x0 >= 0 and place.y0 >= 0 and place.x1 <= size[0] and place.y1 <= size[1]


@pytest.mark.parametrize(
    "size", [(300, 200), (300, 1200), (4000, 3000), (64, 64), (1, 1), (5000, 9)]
)
@pytest.mark.parametrize("corner", [(0.0, 0.0), (0.8, 0.0), (0.0, 0.8), (0.8, 0.8), (0.4, 0.4)])
def test_labels_never_leave_the_picture(size: tuple[int, int], corner: tuple[float, float]) -> None:
    w, h = size
    box = Box(corner[0] * w, corner[1] * h, (corner[0] + 0.2) * w, (corner[1] + 0.2) * h)
    canvas, labels = draw(blank(w, h), answer(size, face(box, LONG)))
    assert len(labels) == 1
    assert inside(labels[0].place, canvas.size)


@pytest.mark.parametrize("size", [(300, 220), (4000, 2600)])
def test_type_is_readable_at_the_size_it_is_looked_at(size: tuple[int, int]) -> None:
    box = Box(size[0] * 0.3, size[1] * 0.4, size[0] * 0.5, size[1] * 0.7)
    canvas, labels = draw(blank(*size), answer(size, face(box, "Ayanami Rei")))
    assert 720 <= max(canvas.size) <= 2560
    assert labels[0].text == "1  Ayanami Rei"
    # Discord shows a picture about 550 px wide: letters stay over 12 px there.
    assert labels[0].place.height * 550 / max(canvas.size) >= 12


def test_labels_of_a_group_do_not_cover_each_other() -> None:
    boxes = [Box(20 + 150 * i, 200 + 15 * (i % 2), 120 + 150 * i, 310) for i in range(6)]
    faces = [face(box, f"Some Character {i}") for i, box in enumerate(boxes)]
    _, labels = draw(blank(1000, 500), answer((1000, 500), *faces))
    for a, b in combinations(labels, 2):
        assert a.place.iou(b.place) == 0


def test_a_crowd_falls_back_to_numbers() -> None:
    boxes = [
        Box(10 + 60 * x, 10 + 60 * y, 60 + 60 * x, 60 + 60 * y) for y in range(8) for x in range(8)
    ]
    faces = [face(box, "Somebody With A Long Name") for box in boxes]
    canvas, labels = draw(blank(500, 500), answer((500, 500), *faces))
    assert [label.number for label in labels] == list(range(1, 65))
    assert all(inside(label.place, canvas.size) for label in labels)
    assert any(label.text == str(label.number) for label in labels)


def test_an_unknown_carries_its_number_and_no_name() -> None:
    _, labels = draw(blank(600, 400), answer((600, 400), face(Box(99, 99, 199, 199), None)))
    assert labels[0].text == "1  ?"


def test_a_whole_picture_answer_is_written_on_it_in_words_that_the_font_has() -> None:
    recognition = _whole()
    image = np.zeros((200, 320, 3), np.uint8)
    for caption, written in (
        ("ganzes Bild: {name}", "ganzes Bild"),
        ("画像全体：{name}", "画像全体"),
    ):
        _, (label,) = draw(image, recognition, caption)
        assert label.text.startswith(written)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Zoë", "1  Zoë"),
        ("綾波レイ", "1  綾波レイ"),
        ("김민지", "1  김민지"),
        ("Łucja Źrebak", "1  Lucja Zrebak"),
        ("Rei \U0001f338", "1  Rei"),
        ("عائشة", "1"),
        ("\U0001f338", "1"),
    ],
)
def test_names_are_written_with_the_signs_that_the_font_has(name: str, written: str) -> None:
    _, labels = draw(blank(900, 600), answer((900, 600), face(Box(300, 200, 500, 400), name)))
    assert labels[0].text == written


def test_a_caption_says_what_it_can() -> None:
    image, whole = blank(900, 600), RecognizedWhole(Match("x", "عائشة", 0.8), ())
    recognition = Recognition((900, 600), (), whole, Mode.AUTO)
    assert draw(image, recognition)[1][0].text == "whole picture: …"
    assert draw(image, recognition, "画像全体：{name}")[1][0].text == "画像全体：…"


def test_a_whole_picture_answer_is_written_on_it() -> None:
    recognition = _whole()
    canvas, labels = draw(blank(320, 200), recognition)
    assert "Ayanami Rei" in labels[0].text
    assert inside(labels[0].place, canvas.size)


def test_the_result_is_a_picture_of_moderate_size_and_the_original_is_untouched() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (3000, 4000, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "JPEG", quality=90)
    done = annotate(out.getvalue(), answer((4000, 3000), face(Box(9, 9, 999, 999), "Rei")))
    with Image.open(io.BytesIO(done.data)) as image:
        assert image.size == done.size
        assert max(image.size) == 2560
    assert len(done.data) < 8 * 2**20  # noise is the worst case; Discord takes 10 MiB
    before = noise.copy()
    draw(noise, answer((4000, 3000), face(Box(9, 9, 999, 999), "Rei")))
    assert (noise == before).all()


def _whole() -> Recognition:
    whole = RecognizedWhole(Match("rei", "Ayanami Rei", 0.8), ())
    return Recognition((320, 200), (), whole, Mode.AUTO)
