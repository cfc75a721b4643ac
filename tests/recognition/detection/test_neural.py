"""The neural detector: geometry with a network of straw, then the shipped one."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition.detection.fusion import Look, decode, fuse
from recognition.detection.human import HumanFaces
from recognition.detection.neural import (
    DetectorSpec,
    NeuralDetector,
    open_neural_detector,
)
from recognition.detection.runtimes import Canvases, Maps
from recognition.errors import WeightsCorrupt, WeightsMissing
from recognition.factory import WEIGHTS
from recognition.manifest import load_manifest, section
from recognition.training.detector.lifelike import load_photographs
from recognition.types import Box, RgbImage

SAMPLES = Path(__file__).parents[3] / "data" / "samples"
SPEC = DetectorSpec(
    sides=(320,),
    from_px=(0,),
    mirror=False,
    threshold=0.5,
    nms_iou=0.4,
    mean=(0.0, 0.0, 0.0),
    std=(1.0, 1.0, 1.0),
    width=64,
)


def red_square_finder(batch: Canvases) -> Maps:
    """A runtime that finds where a picture is red, as one face."""
    n, h, w, _ = batch.shape
    maps = [np.full((n, 5, h // s, w // s), -9.0, np.float32) for s in (8, 16, 32)]
    for i, picture in enumerate(batch):
        for level in maps:
            level[i, 1:] = 8.0
        rows, columns = np.nonzero((picture[..., 0] > 204) & (picture[..., 1] < 51))
        if not len(rows):
            continue
        x0, x1 = columns.min(), columns.max() + 1
        y0, y1 = rows.min(), rows.max() + 1
        cell = (int((x0 + x1) / 2 // 8), int((y0 + y1) / 2 // 8))
        x, y = (cell[0] + 0.5) * 8, (cell[1] + 0.5) * 8
        maps[0][i, :, cell[1], cell[0]] = (4.0, x - x0, y - y0, x1 - x, y1 - y)
    return tuple(maps)


def with_square(shape: tuple[int, int], box: tuple[int, int, int, int]) -> RgbImage:
    """Dim noise with a red square."""
    image = np.random.default_rng(0).integers(0, 120, (*shape, 3)).astype(np.uint8)
    image[box[1] : box[3], box[0] : box[2]] = (255, 0, 0)
    return image


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("sides", [(320,), (640, 320)])
@pytest.mark.parametrize("bars", [0, 150])
def test_boxes_come_back_in_pixels_of_the_picture(
    mirror: bool, sides: tuple[int, ...], bars: int
) -> None:
    image = with_square((480, 640), (400, 100, 500, 220))
    image = np.pad(image, ((bars, bars), (0, 0), (0, 0)))
    detector = NeuralDetector(
        red_square_finder, replace(SPEC, mirror=mirror, sides=sides, from_px=(0,) * len(sides))
    )
    (found,) = detector.detect(image)
    expected = (400, 100 + bars, 500, 220 + bars)
    got = (found.box.x0, found.box.y0, found.box.x1, found.box.y1)
    np.testing.assert_allclose(got, expected, atol=4)
    assert found.score == pytest.approx(0.982, abs=1e-3)


def test_further_sides_are_only_for_pictures_large_enough() -> None:
    seen: list[int] = []

    def runtime(batch: Canvases) -> Maps:
        seen.append(max(batch.shape[1:3]))
        return red_square_finder(batch)

    detector = NeuralDetector(runtime, replace(SPEC, sides=(320, 640, 1024), from_px=(0, 500, 700)))
    detector.detect(with_square((300, 400), (0, 0, 9, 9)))
    detector.detect(with_square((600, 800), (0, 0, 9, 9)))
    assert seen == [320, 320, 640, 1024]


@pytest.mark.parametrize(
    ("square", "looks"),
    [
        (None, [320, 640]),  # nothing found: it may be too small
        ((50, 50, 100, 100), [320, 640]),  # 20 px on the first canvas
        ((50, 50, 300, 300), [320]),  # 100 px: there is nothing to gain
    ],
)
def test_a_further_look_only_where_it_can_help(
    square: tuple[int, int, int, int] | None, looks: list[int]
) -> None:
    seen: list[int] = []

    def runtime(batch: Canvases) -> Maps:
        seen.append(max(batch.shape[1:3]))
        return red_square_finder(batch)

    spec = replace(SPEC, sides=(320, 640), from_px=(0, 500), small_px=(32.0,))
    found = NeuralDetector(runtime, spec).detect(with_square((800, 800), square or (0, 0, 0, 0)))
    assert seen == looks
    assert len(found) == (square is not None)


def test_decode_leaves_out_what_scores_less() -> None:
    maps = red_square_finder(np.zeros((1, 64, 64, 3), np.uint8))
    boxes, scores = decode(maps, 64, 0.3)
    assert boxes.shape == (0, 4)
    assert scores.shape == (0,)


def test_looks_that_disagree_lower_the_score() -> None:
    def look(factor: float, score: float, *rows: tuple[float, ...]) -> Look:
        boxes = np.array(rows, np.float32).reshape(-1, 4)
        return Look(factor, boxes, np.full(len(boxes), score, np.float32))

    both = fuse([look(1.0, 0.9, (0, 0, 99, 99)), look(0.5, 0.7, (1, 0, 100, 99))], 0.4)
    assert both[1].tolist() == pytest.approx([0.8])
    one = fuse([look(1.0, 0.9, (0, 0, 99, 99)), look(0.5, 0.7)], 0.4)
    assert one[1].tolist() == pytest.approx([0.45])
    tiny = fuse([look(1.0, 0.9, (0, 0, 20, 20)), look(0.5, 0.7)], 0.4)
    assert tiny[1].tolist() == pytest.approx([0.9])
    assert fuse([], 0.4)[0].shape == (0, 4)


def test_real_people_are_left_out(noise: RgbImage) -> None:
    portrait = cv2.resize(load_photographs()[0], None, fx=2, fy=2)
    human = HumanFaces("haarcascade_frontalface_alt2.xml")
    assert human.votes(portrait, Box(150, 110, 375, 335)) >= 24
    assert human.votes(noise, Box(0, 0, 128, 96)) == 0
    assert human.votes(noise, Box(127, 95, 127.5, 95.5)) == 0
    with pytest.raises(WeightsMissing):
        HumanFaces("nobody.xml")


def test_box_scale_is_about_the_centre() -> None:
    image = with_square((320, 320), (100, 100, 200, 200))
    detector = NeuralDetector(red_square_finder, replace(SPEC, box_scale=(0.8, 0.5)))
    (found,) = detector.detect(image)
    got = (found.box.x0, found.box.y0, found.box.x1, found.box.y1)
    np.testing.assert_allclose(got, (110, 125, 190, 175), atol=1)


def test_spec_survives_json() -> None:
    entry = json.loads(json.dumps(asdict(SPEC))) | {"file": "x", "measured": {}}
    assert DetectorSpec.from_manifest(entry) == SPEC
    with pytest.raises(KeyError):
        DetectorSpec.from_manifest({k: v for k, v in entry.items() if k != "threshold"})


@pytest.mark.parametrize("shape", [(1, 1), (3, 5000), (5000, 3), (31, 33)])
def test_any_size(shipped: NeuralDetector, shape: tuple[int, int]) -> None:
    image = np.random.default_rng(0).integers(0, 256, (*shape, 3)).astype(np.uint8)
    for found in shipped.detect(image):
        box = found.box
        assert 0 <= box.x0 < box.x1 <= shape[1]
        assert 0 <= box.y0 < box.y1 <= shape[0]
    assert shipped.detect(np.zeros((*shape, 3), np.uint8)) == []


def test_same_answer_every_time_and_from_every_thread(
    shipped: NeuralDetector, noise: RgbImage
) -> None:
    eager = NeuralDetector(shipped._run, replace(shipped.spec, threshold=0.02))
    expected = eager.detect(noise)
    with ThreadPoolExecutor(4) as pool:
        assert all(found == expected for found in pool.map(eager.detect, [noise] * 8))


def test_both_runtimes_agree(shipped: NeuralDetector, tmp_path: Path) -> None:
    entry = section(load_manifest(WEIGHTS), "detector", WEIGHTS)
    batch = np.random.default_rng(0).integers(0, 256, (2, 96, 160, 3)).astype(np.uint8)
    exact, plain, bytewise = (
        open_neural_detector(WEIGHTS, entry, runtime=runtime, cache=tmp_path)._run(batch)
        for runtime in ("torch", "onnx", "int8")
    )
    for a, b, c in zip(exact, plain, bytewise, strict=True):
        # The apron around the canvas is the mean colour in whole numbers: the edge differs a bit.
        np.testing.assert_allclose(b, a, atol=0.02, rtol=0.02)
        assert np.abs(c[:, 0] - a[:, 0]).mean() < 0.25  # of scores before the sigmoid
    assert not any(np.array_equal(b, c) for b, c in zip(plain, bytewise, strict=True))


def test_samples_give_the_same_faces_in_bytes(shipped: NeuralDetector, tmp_path: Path) -> None:
    entry = section(load_manifest(WEIGHTS), "detector", WEIGHTS)
    one, other = (
        open_neural_detector(WEIGHTS, entry, runtime=runtime, cache=tmp_path)
        for runtime in ("onnx", "int8")
    )
    for path in sorted(SAMPLES.glob("*.png")):
        a, b = one.detect(sample(path.name)), other.detect(sample(path.name))
        assert len(a) == len(b) > 0
        for face in a:
            assert max(face.box.iou(near.box) for near in b) > 0.85


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    entry = section(load_manifest(WEIGHTS), "detector", WEIGHTS)
    with pytest.raises(WeightsMissing):
        open_neural_detector(tmp_path, entry, cache=tmp_path)
    (tmp_path / entry["file"]).write_bytes(b"something else")
    with pytest.raises(WeightsCorrupt):
        open_neural_detector(tmp_path, entry, cache=tmp_path)
    lacking = {k: v for k, v in entry.items() if k != "sides"}
    with pytest.raises(WeightsCorrupt):
        open_neural_detector(WEIGHTS, lacking, cache=tmp_path)
    with pytest.raises(ValueError, match="runtime"):
        open_neural_detector(WEIGHTS, entry, runtime="magic", cache=tmp_path)


def test_import_brings_no_torch() -> None:
    code = "import sys, recognition.detection.neural; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])


def sample(name: str) -> RgbImage:
    image = cv2.imread(str(SAMPLES / name), cv2.IMREAD_COLOR)
    assert image is not None
    return np.ascontiguousarray(image[..., ::-1])


@pytest.mark.parametrize("bars", [(0.4, 0.0), (0.0, 0.5), (0.3, 0.3)])
@pytest.mark.parametrize("colour", [0, 255])
def test_bars_cost_no_face(shipped: NeuralDetector, bars: tuple[float, float], colour: int) -> None:
    image = sample("friends.png")
    h, w = image.shape[:2]
    y, x = round(bars[0] * h), round(bars[1] * w)
    framed = np.pad(image, ((y, y), (x, x), (0, 0)), constant_values=colour)
    plain, found = shipped.detect(image), shipped.detect(framed)
    assert len(found) == len(plain) == 3
    for face in plain:
        b = face.box
        moved = Box(b.x0 + x, b.y0 + y, b.x1 + x, b.y1 + y)
        assert max(moved.iou(other.box) for other in found) > 0.6


def test_a_collage_keeps_every_face(shipped: NeuralDetector) -> None:
    tiles = [sample(name) for name in ("friends.png", "portrait.png", "umbrella.png")]
    side = max(max(tile.shape[:2]) for tile in tiles)
    canvas = np.full((2 * side, 2 * side, 3), 255, np.uint8)
    wanted = []
    for place, tile in enumerate([*tiles, tiles[0]]):
        y, x = (place // 2) * side, (place % 2) * side
        canvas[y : y + tile.shape[0], x : x + tile.shape[1]] = tile
        for face in shipped.detect(tile):
            b = face.box
            wanted.append(Box(b.x0 + x, b.y0 + y, b.x1 + x, b.y1 + y))
    found = [face.box for face in shipped.detect(canvas)]
    assert len(wanted) == 9
    assert all(max(box.iou(other) for other in found) > 0.6 for box in wanted)
    assert len(found) <= len(wanted) + 1  # a drawn hand is nearly a face at this size


def test_finds_every_face_of_the_samples(shipped: NeuralDetector) -> None:
    table = SAMPLES / "faces.csv"
    if not table.is_file():
        pytest.skip(f"no samples drawn yet: {table}")
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert rows
    missed = []
    for file in sorted({row["file"] for row in rows}):
        image = cv2.imread(str(SAMPLES / file), cv2.IMREAD_COLOR)
        assert image is not None
        found = shipped.detect(np.ascontiguousarray(image[..., ::-1]))
        for row in rows:
            if row["file"] == file:
                x, y = (float(row[a]) + float(row[b]) for a, b in (("x0", "x1"), ("y0", "y1")))
                boxes = [d.box for d in found]
                if not any(b.x0 < x / 2 < b.x1 and b.y0 < y / 2 < b.y1 for b in boxes):
                    missed.append((file, row))
    assert not missed
