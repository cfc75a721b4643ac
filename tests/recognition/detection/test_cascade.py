"""The cascade detector, with a cascade that comes with OpenCV."""

from __future__ import annotations

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from recognition.detection.cascade import (
    UPSTREAM_SPEC,
    CascadeDetector,
    CascadeSpec,
    agreeing,
    octaves,
    open_cascade,
)
from recognition.errors import WeightsCorrupt, WeightsMissing
from recognition.manifest import describe_file
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
    (found,) = CascadeDetector(CASCADE, CascadeSpec(max_side_px=limit)).detect(image)
    assert found.box.scaled(1 / 3).iou(Box(*FACE)) > 0.7
    assert 0 < found.score <= 1


def test_same_answer_from_every_thread(portrait: RgbImage) -> None:
    detector = CascadeDetector(CASCADE, CascadeSpec(min_neighbors=1))
    expected = detector.detect(portrait)
    assert expected == sorted(expected, key=lambda d: -d.score)
    with ThreadPoolExecutor(4) as pool:
        assert all(found == expected for found in pool.map(detector.detect, [portrait] * 8))


def test_the_face_box_lies_where_the_settings_say(portrait: RgbImage) -> None:
    (window,) = (d.box for d in CascadeDetector(CASCADE).detect(portrait))
    spec = CascadeSpec(box=(0.25, 0.0, 0.75, 0.5))
    (face,) = (d.box for d in CascadeDetector(CASCADE, spec).detect(portrait))
    quarter = window.width / 4
    expected = (window.x0 + quarter, window.y0, window.x1 - quarter, window.y0 + 2 * quarter)
    np.testing.assert_allclose((face.x0, face.y0, face.x1, face.y1), expected, atol=0.1)


def test_known_files_have_their_box(tmp_path: Path) -> None:
    assert CascadeDetector(CASCADE).spec == CascadeSpec()
    path = tmp_path / "lbpcascade_animeface.xml"
    path.write_bytes(CASCADE.read_bytes())
    assert CascadeDetector(path).spec == UPSTREAM_SPEC


def test_octaves_are_halves_as_long_as_a_window_fits() -> None:
    grey = np.random.default_rng(0).integers(0, 256, (100, 203)).astype(np.uint8)
    assert [o.shape for o in octaves(grey, 24)] == [(100, 203), (50, 101), (25, 50)]
    assert [o.shape for o in octaves(grey[:5], 24)] == [(5, 203)]


@pytest.mark.parametrize("factor", [0.5, 1, 2, 3.3])
def test_smooth_looks_find_a_face_of_any_size(portrait: RgbImage, factor: float) -> None:
    image = cv2.resize(portrait, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    (found,) = CascadeDetector(CASCADE, CascadeSpec(smooth=True, max_side_px=None)).detect(image)
    assert found.box.scaled(1 / factor).iou(Box(*FACE)) > 0.6


@pytest.mark.parametrize("min_neighbors", [1, 5])
def test_groups_are_those_of_opencv(portrait: RgbImage, min_neighbors: int) -> None:
    grey = cv2.equalizeHist(cv2.cvtColor(portrait, cv2.COLOR_RGB2GRAY))
    theirs, _, weights = cv2.CascadeClassifier(str(CASCADE)).detectMultiScale3(
        grey, 1.1, min_neighbors, minSize=(24, 24), outputRejectLevels=True
    )
    detector = CascadeDetector(CASCADE, CascadeSpec(min_neighbors=min_neighbors, nms_iou=1.0))
    ours = detector.detect(portrait)
    assert sorted(d.box.as_ints() for d in ours) == sorted(
        (int(x), int(y), int(x + w), int(y + h)) for x, y, w, h in theirs
    )
    assert len(weights) == len(ours) > 0
    # What reaches one support but not the next is left out.
    support = ours[0].score / (1 - ours[0].score)
    for least, n in ((support * 0.99, 1), (support * 1.01, 0)):
        spec = dataclasses.replace(detector.spec, min_support=least)
        assert len(CascadeDetector(CASCADE, spec).detect(portrait)) == n


def test_support_is_the_sum_of_the_largest_margins() -> None:
    windows = np.array([[10, 10, 50, 50]] * 7 + [[200, 200, 50, 50]] * 2, float)
    margins = np.array([2.0] * 6 + [7.0] + [1.0, -3.0])
    means, support = agreeing(windows, margins, 1)
    order = np.argsort(means[:, 0])
    np.testing.assert_allclose(means[order], [[10, 10, 50, 50], [200, 200, 50, 50]])
    assert support[order].tolist() == [4 * 2 + 7, 1]
    assert len(agreeing(windows, margins, 2)[0]) == 1
    assert agreeing(windows[:0], margins[:0], 2)[0].shape == (0, 4)


def entry_of(path: Path) -> dict[str, Any]:
    return json.loads(json.dumps(describe_file(path) | dataclasses.asdict(CascadeSpec())))


def test_another_file_than_the_manifest_names_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cascade.xml"
    with pytest.raises(WeightsMissing):
        open_cascade(tmp_path, {"file": "cascade.xml", "sha256": "0"})
    path.write_bytes(CASCADE.read_bytes())
    entry = entry_of(path)
    assert open_cascade(tmp_path, entry).spec == CascadeSpec()
    with pytest.raises(WeightsCorrupt) as lacking:
        open_cascade(tmp_path, {k: v for k, v in entry.items() if k != "box"})
    assert lacking.value.path == tmp_path / "manifest.json"
    path.write_bytes(CASCADE.read_bytes() + b" ")
    with pytest.raises(WeightsCorrupt) as changed:
        open_cascade(tmp_path, entry)
    assert changed.value.path == path


def test_name() -> None:
    assert CascadeDetector(CASCADE).name == "cascade:haarcascade_frontalface_alt2.xml"
