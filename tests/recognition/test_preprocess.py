"""From a box to the network's input."""

from __future__ import annotations

import numpy as np

from recognition.embedding.preprocess import InputSpec, square_crop, to_batch, whole_square
from recognition.types import Box

SPEC = InputSpec(32, (0.5, 0.5, 0.5), (0.25, 0.25, 0.25), 1.7)


def test_a_crop_is_the_square_around_the_box() -> None:
    image = np.zeros((100, 200, 3), np.uint8)
    image[40:60, 80:100] = 255
    assert (square_crop(image, Box(80, 40, 100, 60), 1.0, 32) == 255).all()
    wide = square_crop(image, Box(80, 40, 100, 60), 2.0, 32)
    assert wide[0, 0, 0] == 0
    assert wide[16, 16, 0] == 255


def test_beyond_the_picture_its_edge_is_repeated() -> None:
    image = np.full((50, 50, 3), 200, np.uint8)
    assert (square_crop(image, Box(40, 40, 60, 60), 2.0, 32) == 200).all()
    assert (square_crop(image, Box(90, 90, 99, 99), 1.0, 32) == 200).all()
    assert square_crop(image[:1, :1], Box(0, 0, 1, 1), 1.7, 32).shape == (32, 32, 3)


def test_the_whole_picture_is_never_cut() -> None:
    image = np.zeros((20, 100, 3), np.uint8)
    image[:, :2] = image[:, -2:] = 255
    square = whole_square(image, 50)
    assert square[25, 0, 0] > 100
    assert square[25, -1, 0] > 100


def test_batches_are_normalised() -> None:
    batch = to_batch([np.full((32, 32, 3), 255, np.uint8)], SPEC)
    assert batch.shape == (1, 3, 32, 32)
    assert batch.dtype == np.float32
    assert np.allclose(batch, 2.0)
    assert to_batch([], SPEC).shape == (0, 3, 32, 32)
