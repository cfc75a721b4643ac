"""Boxes against boxes, on made-up ones whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.evaluation.matching import Counts, match_boxes, total

NONE = np.zeros((0, 4), np.float32)


def boxes(*rows: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(rows, np.float32).reshape(-1, 4)


def test_each_face_is_taken_once_and_the_best_first() -> None:
    face = boxes((0, 0, 10, 10))
    found = boxes((1, 0, 11, 10), (0, 0, 10, 10))
    matched = match_boxes(found, face, NONE, 0.5)
    assert matched.hits == ((0, 0),)
    assert matched.false == (1,)
    assert matched.missed == ()


def test_the_iou_decides() -> None:
    face, found = boxes((0, 0, 10, 10)), boxes((0, 0, 10, 4.5))
    assert match_boxes(found, face, NONE, 0.4).counts == Counts(1, 0, 0)
    assert match_boxes(found, face, NONE, 0.5).counts == Counts(0, 1, 1)


def test_ignored_boxes_count_neither_way() -> None:
    face, ignore = boxes((0, 0, 10, 10)), boxes((50, 50, 90, 90))
    small, covering = (60, 60, 70, 70), (48, 48, 92, 92)
    beside = (80, 80, 120, 120)
    matched = match_boxes(boxes(small, covering, beside), face, ignore, 0.4)
    assert matched.ignored == (0, 1)
    assert matched.false == (2,)
    assert matched.missed == (0,), "an ignored box that nobody found is not missed"


def test_an_ignored_box_does_not_take_a_face_s_detection() -> None:
    face = boxes((0, 0, 10, 10))
    matched = match_boxes(face, face, face, 0.5)
    assert matched.hits == ((0, 0),)


def test_nothing_against_nothing() -> None:
    assert match_boxes(NONE, NONE, NONE, 0.5).counts == Counts()
    assert total([]) == Counts()
    assert Counts().f1 == 0


def test_the_figures_of_counts() -> None:
    counts = total([Counts(3, 1, 0), Counts(3, 0, 5)])
    assert counts == Counts(6, 1, 5)
    assert counts.precision == pytest.approx(6 / 7)
    assert counts.recall == pytest.approx(6 / 11)
    p, r = counts.precision, counts.recall
    assert counts.f1 == pytest.approx(2 * p * r / (p + r))


@pytest.mark.parametrize("iou", [0.4, 0.5])
def test_the_training_counts_alike(iou: float) -> None:
    """The training's own judge and this one must not drift apart."""
    from recognition.training.detector.evaluate import Truth, match

    rng = np.random.default_rng(5)

    def draw(n: int) -> np.ndarray:
        corner = rng.uniform(0, 60, (n, 2))
        return np.hstack([corner, corner + rng.uniform(8, 40, (n, 2))]).astype(np.float32)

    for _ in range(200):
        faces, ignore, found = (draw(int(n)) for n in rng.integers(0, 5, 3))
        truth = Truth("f", np.zeros((100, 100, 3), np.uint8), faces, ignore)
        counts = match_boxes(found, faces, ignore, iou).counts
        assert (counts.found, counts.false, counts.missed) == match(found, truth, iou)
