"""The cascade detector, with a cascade that comes with OpenCV."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition.detection.cascade import MAPPINGS, BoxMapping, CascadeDetector
from recognition.errors import WeightsCorrupt, WeightsMissing
from recognition.training.detector.lifelike import load_photographs
from recognition.types import Box, RgbImage

CASCADE = Path(cv2.data.haarcascades) / "haarcascade_frontalface_alt2.xml"


FACE = (77, 53, 188, 164)
"""Where OpenCV's cascade sees the face in matplotlib's sample portrait at half its size."""


@pytest.fixture(scope="module")
def portrait() -> RgbImage:
    return load_photographs()[0]


def test_missing_file() -> None:
    with pytest.raises(WeightsMissing):
        CascadeDetector(Path("/nowhere/cascade.xml"))


@pytest.mark.parametrize("text", ["", "hello", "<xml/>", "<?xml version='1.0'?><opencv_storage/>"])
def test_other_files_are_no_cascades(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cascade.xml"
    path.write_text(text)
    with pytest.raises(WeightsCorrupt) as caught:
        CascadeDetector(path)
    assert caught.value.path == path


@pytest.mark.parametrize("shape", [(1, 1), (3, 5000), (5000, 3), (24, 24), (200, 300)])
def test_any_size(shape: tuple[int, int]) -> None:
    assert CascadeDetector(CASCADE).detect(np.zeros((*shape, 3), np.uint8)) == []


@pytest.mark.parametrize("limit", [200, 640, None])
def test_finds_in_pixels_of_the_picture_and_shrinks_large_ones(
    portrait: RgbImage, limit: int | None
) -> None:
    image = cv2.resize(portrait, None, fx=3, fy=3)
    (found,) = CascadeDetector(CASCADE, max_side_px=limit).detect(image)
    assert found.box.scaled(1 / 3).iou(Box(*FACE)) > 0.7
    assert 0 < found.score <= 1


def test_same_answer_from_every_thread(portrait: RgbImage) -> None:
    detector = CascadeDetector(CASCADE, min_neighbors=1)
    expected = detector.detect(portrait)
    assert expected == sorted(expected, key=lambda d: -d.score)
    with ThreadPoolExecutor(4) as pool:
        assert all(found == expected for found in pool.map(detector.detect, [portrait] * 8))


def test_mapping_is_identity_but_for_known_files() -> None:
    boxes = np.array([[10, 20, 110, 220]], np.float32)
    np.testing.assert_allclose(BoxMapping().apply(boxes), boxes)
    half = BoxMapping(0.25, 0.0, 0.75, 0.5).apply(boxes)
    np.testing.assert_allclose(half, [[35, 20, 85, 120]])
    assert set(MAPPINGS) == {"lbpcascade_animeface.xml"}


def test_name() -> None:
    assert CascadeDetector(CASCADE).name == "cascade:haarcascade_frontalface_alt2.xml"
