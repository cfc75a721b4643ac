"""What a round shows first tells little, and the same seed shows the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from recognition.factory import open_detector
from recognition.images import decode_picture
from recognition.reveal import BLUR_PART, SHOWN_PX, blurred, fitted, reveal_steps
from recognition.types import Box, RgbImage


@pytest.fixture(scope="module")
def friends(samples: list[Path]) -> tuple[RgbImage, list[Box]]:
    image = decode_picture(next(p for p in samples if p.stem == "friends").read_bytes())
    return image, [one.box for one in open_detector().detect(image)]


def test_steps_are_the_same_for_the_same_seed(friends: tuple[RgbImage, list[Box]]) -> None:
    image, boxes = friends
    for seed in range(8):
        one, other = (reveal_steps(image, boxes, seed=seed) for _ in range(2))
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
        assert len(one) == 3
        assert np.array_equal(one[-1], fitted(image))
    firsts = {reveal_steps(image, boxes, seed=seed)[0].tobytes() for seed in range(40)}
    assert len(firsts) > 1  # a blur, or one of the details


def test_the_face_that_is_asked_for_is_shown(friends: tuple[RgbImage, list[Box]]) -> None:
    image, boxes = friends
    shown = {reveal_steps(image, boxes, seed=1, face=i)[1].tobytes() for i in range(len(boxes))}
    assert len(shown) == len(boxes) > 1
    largest = max(range(len(boxes)), key=lambda i: boxes[i].area)
    usual, chosen = (
        reveal_steps(image, boxes, seed=1),
        reveal_steps(image, boxes, seed=1, face=largest),
    )
    assert np.array_equal(usual[1], chosen[1])


def test_a_picture_without_faces_is_unveiled_by_blur(
    friends: tuple[RgbImage, list[Box]],
) -> None:
    first, second, last = reveal_steps(friends[0], [], seed=3)
    assert first.shape == second.shape == last.shape

    def detail(image: RgbImage) -> float:
        return float(np.abs(np.diff(image.astype(int), axis=1)).mean())

    assert detail(first) < detail(second) < detail(last)


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (4000, 300)])
def test_any_size_is_shown(size: tuple[int, int]) -> None:
    image = np.zeros((size[1], size[0], 3), np.uint8)
    steps = reveal_steps(image, [], seed=1)
    assert all(max(one.shape[:2]) <= SHOWN_PX for one in steps)
    near_edge = Box(-5, -5, size[0] + 5, size[1] + 5)
    assert len(reveal_steps(image, [near_edge], seed=1)) == 3


def test_no_letter_is_left_in_the_blur() -> None:
    """Letters of a tenth of the picture's height cannot be told from other letters any more."""

    def written(text: str) -> RgbImage:
        page = Image.new("RGB", (600, 600), "white")
        ImageDraw.Draw(page).text((60, 270), text, fill="black", font=ImageFont.load_default(60))
        return blurred(np.asarray(page), BLUR_PART)

    rei, yui = written("Ayanami Rei").astype(int), written("Hirasawa Yu").astype(int)
    assert np.abs(rei - yui).max() < 45  # of 255; unblurred it is 255
