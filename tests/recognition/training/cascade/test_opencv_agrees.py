"""Our codes, our files and our evaluation against OpenCV's own."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition.detection.cascade import read_classifier
from recognition.training.cascade.lbp import all_features, lbp_codes
from recognition.training.cascade.model import Cascade, Stage, Stump
from recognition.training.cascade.opencv_xml import read_xml, to_xml, write_xml

WINDOW = 24


def random_cascade(rng: np.random.Generator, stages: int, stumps: int) -> Cascade:
    features = all_features(WINDOW)

    def stump() -> Stump:
        x, y, w, h = (int(v) for v in features[rng.integers(len(features))])
        values = (round(float(v), 6) for v in rng.normal(0, 1, 2))
        return Stump((x, y, w, h), int.from_bytes(rng.bytes(32), "little"), *values)

    return Cascade(
        WINDOW,
        tuple(Stage(tuple(stump() for _ in range(stumps)), -0.4) for _ in range(stages)),
    )


def passing_windows(cascade: Cascade, picture: np.ndarray) -> set[tuple[int, int]]:
    """Corners that OpenCV lets through, of the picture as it is."""
    found = read_classifier(to_xml(cascade), Path("test")).detectMultiScale(
        picture, 2.0, 0, minSize=(WINDOW, WINDOW), maxSize=(WINDOW, WINDOW)
    )
    return {(int(x), int(y)) for x, y, *_ in found}


def test_number_of_features() -> None:
    features = all_features(WINDOW)
    assert len(features) == sum(25 - 3 * size for size in range(1, 9)) ** 2
    assert (features[:, :2] + 3 * features[:, 2:] <= WINDOW).all()
    assert len(np.unique(features, axis=0)) == len(features)


def test_codes_of_a_drawn_window() -> None:
    window = np.zeros((1, 3, 3), np.uint8)
    window[0] = [[9, 1, 9], [1, 5, 5], [1, 9, 1]]
    # Clockwise from the upper left: 9 1 9 5 1 9 1 1, against 5 in the middle.
    assert lbp_codes(window, np.array([[0, 0, 1, 1]], np.int32)).tolist() == [[0b10110100]]
    large = np.kron(window, np.ones((1, 4, 2), np.uint8))
    assert lbp_codes(large, np.array([[0, 0, 2, 4]], np.int32)).tolist() == [[0b10110100]]


@pytest.mark.parametrize("seed", range(12))
def test_one_stump_gives_opencvs_answer(seed: int) -> None:
    """OpenCV skips the place after one that the first stage rejects, so each is asked alone."""
    rng = np.random.default_rng(seed)
    (stage,) = random_cascade(rng, 1, 1).stages
    stump = dataclasses.replace(stage.stumps[0], inside=0.7, outside=-0.7)
    cascade = Cascade(WINDOW, (Stage((stump,), -0.4),))
    # Few grey values, so that many blocks are equal.
    windows = rng.integers(0, 4 if seed % 2 else 256, (60, WINDOW, WINDOW)).astype(np.uint8)
    expected = [(0, 0) in passing_windows(cascade, window) for window in windows]
    assert cascade.accepts(windows).tolist() == expected
    assert set(expected) == {False, True}


@pytest.mark.parametrize("seed", range(4))
def test_several_stages_give_opencvs_answer_and_margin(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cascade = random_cascade(rng, 2, 5)
    windows = rng.integers(0, 256, (200, WINDOW, WINDOW)).astype(np.uint8)
    classifier = read_classifier(to_xml(cascade), Path("test"))
    passed, last = cascade.margins(windows)
    for window, ours, margin in zip(windows, passed == 2, last, strict=True):
        found, _, weights = classifier.detectMultiScale3(
            window, 2.0, 0, minSize=(24, 24), maxSize=(24, 24), outputRejectLevels=True
        )
        assert (len(found) == 1) == ours
        if ours:
            assert float(np.ravel(weights)[0]) == pytest.approx(margin, abs=1e-5)
    assert 0 < (passed == 2).sum() < len(windows)


def test_found_places_are_those_of_the_windows() -> None:
    rng = np.random.default_rng(5)
    cascade = random_cascade(rng, 2, 4)
    picture = cv2.resize(rng.integers(0, 256, (12, 18)).astype(np.uint8), (90, 60))
    found = passing_windows(cascade, picture)
    assert found
    windows = np.stack([picture[y : y + WINDOW, x : x + WINDOW] for x, y in found])
    assert cascade.accepts(windows).all()


def test_file_read_back_is_the_same_cascade(tmp_path: Path) -> None:
    cascade = random_cascade(np.random.default_rng(1), 3, 7)
    write_xml(cascade, tmp_path / "cascade.xml", "made for a test")
    assert read_xml(tmp_path / "cascade.xml") == cascade
    assert "made for a test" in (tmp_path / "cascade.xml").read_text()
    with pytest.raises(ValueError, match="stages"):
        to_xml(Cascade(WINDOW))
    with pytest.raises(ValueError, match="dashes"):
        to_xml(cascade, "a -- b")


def test_other_cascades_are_refused() -> None:
    with pytest.raises(ValueError, match="HAAR"):
        read_xml(Path(cv2.data.haarcascades) / "haarcascade_eye.xml")
