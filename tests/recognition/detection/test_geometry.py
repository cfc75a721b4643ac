"""Suppression, letterbox, borders."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.detection.geometry import content_window, halved, iou_matrix, letterbox, merge
from recognition.types import Box, RgbImage


def boxes(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, np.float32).reshape(-1, 4)


def test_iou_matrix_agrees_with_box() -> None:
    a, b = boxes((0, 0, 10, 10), (5, 5, 6, 6)), boxes((0, 0, 10, 5), (20, 20, 30, 30))
    expected = [[Box(*p.tolist()).iou(Box(*q.tolist())) for q in b] for p in a]
    np.testing.assert_allclose(iou_matrix(a, b), expected, atol=1e-6)


def test_iou_of_empty_boxes_is_zero() -> None:
    assert iou_matrix(boxes((3, 3, 3, 3)), boxes((3, 3, 3, 3)))[0, 0] == 0


def test_merge_of_nothing_is_nothing() -> None:
    out, scores = merge(boxes(), np.zeros(0, np.float32), 0.4)
    assert out.shape == (0, 4)
    assert scores.shape == (0,)


def test_merge_keeps_the_best_and_lets_the_others_vote() -> None:
    given = boxes((100, 100, 200, 200), (104, 100, 204, 200), (300, 300, 340, 340))
    out, scores = merge(given, np.array([0.9, 0.9, 0.5], np.float32), 0.4)
    np.testing.assert_allclose(out, [[102, 100, 202, 200], [300, 300, 340, 340]], atol=1e-3)
    np.testing.assert_allclose(scores, [0.9, 0.5])


def test_merge_orders_by_score_and_ignores_the_order_given() -> None:
    given = boxes((0, 0, 10, 10), (50, 50, 60, 60), (1, 0, 11, 10))
    scores = np.array([0.3, 0.8, 0.6], np.float32)
    one = merge(given, scores, 0.4)
    other = merge(given[::-1], scores[::-1], 0.4)
    np.testing.assert_array_equal(one[0], other[0])
    assert one[1].tolist() == pytest.approx([0.8, 0.6])


def test_merge_removes_a_part_of_a_face_but_no_small_face_before_a_large_one() -> None:
    face, half, small = (0, 0, 100, 100), (10, 40, 90, 95), (20, 20, 40, 40)
    out, _ = merge(boxes(face, half, small), np.array([0.9, 0.6, 0.5], np.float32), 0.6)
    np.testing.assert_allclose(out, [face, small])


@pytest.mark.parametrize(
    ("width", "height"), [(640, 480), (33, 700), (1, 1), (5000, 3), (448, 448)]
)
@pytest.mark.parametrize("side", [320, 448])
def test_letterbox_round_trip(width: int, height: int, side: int) -> None:
    canvas, frame = letterbox(np.zeros((height, width, 3), np.uint8), side, 32, 114)
    assert canvas.shape[0] % 32 == canvas.shape[1] % 32 == 0
    assert max(frame.inside) == side
    there = frame.to_canvas(boxes((0, 0, width, height)))
    np.testing.assert_allclose(there[0, 2:], frame.inside, rtol=1e-5)
    given = boxes((0.2 * width, 0.1 * height, 0.5 * width, 0.9 * height))
    np.testing.assert_allclose(frame.to_picture(frame.to_canvas(given)), given, rtol=1e-5)


def bordered(border: tuple[int, int, int, int], colour: int) -> RgbImage:
    """Noise, 200 x 300, with a border of (left, top, right, bottom) pixels."""
    left, top, right, bottom = border
    inside = np.random.default_rng(1).integers(0, 256, (200, 300, 3)).astype(np.uint8)
    return np.pad(inside, ((top, bottom), (left, right), (0, 0)), constant_values=colour)


@pytest.mark.parametrize("colour", [0, 255, 40])
def test_bars_are_trimmed_to_a_small_margin(colour: int) -> None:
    image = bordered((0, 80, 0, 80), colour)
    x0, y0, x1, y1 = content_window(image)
    assert (x0, x1) == (0, 300)
    assert 70 <= y0 <= 80
    assert 280 <= y1 <= 290


def test_bars_on_all_sides_are_trimmed() -> None:
    x0, y0, x1, y1 = content_window(bordered((100, 50, 30, 0), 0))
    assert 90 <= x0 <= 100
    assert 400 <= x1 <= 410
    assert 44 <= y0 <= 50
    assert y1 == 250


def test_no_border_no_trimming() -> None:
    assert content_window(bordered((0, 0, 0, 0), 0)) == (0, 0, 300, 200)


@pytest.mark.parametrize("shape", [(1, 1), (3, 5000), (64, 64)])
def test_flat_pictures_are_left_alone(shape: tuple[int, int]) -> None:
    assert content_window(np.zeros((*shape, 3), np.uint8)) == (0, 0, shape[1], shape[0])


def test_halving_keeps_places_and_stops_in_time() -> None:
    image = np.zeros((801, 1603, 3), np.uint8)
    image[400:500, 800:1000] = 255
    small, times = halved(image, 300)
    assert (small.shape[:2], times) == ((200, 400), 4)
    assert small[102:123, 202:248].min() == 255
    assert small[:98].max() == small[:, 252:].max() == 0
    assert halved(image, 900)[0] is image
    assert halved(np.zeros((1, 5000, 3), np.uint8), 300)[1] == 1
