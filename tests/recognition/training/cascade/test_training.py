"""Boosting, mining, and a whole run on drawn faces."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recognition.detection.cascade import CascadeDetector, CascadeSpec
from recognition.training.cascade.boosting import StageRule, fit_stumps, heaviest, train_stage
from recognition.training.cascade.config import CascadeConfig, load_config
from recognition.training.cascade.labels import LabelRule, load_scenes, sure_faces
from recognition.training.cascade.loop import Run, train
from recognition.training.cascade.mining import Hunting, is_negative, mine, mirrored
from recognition.training.cascade.model import Cascade, Stage, Stump
from recognition.training.cascade.opencv_xml import read_xml
from recognition.training.cascade.positives import box_in_window, cut_positives, windows_of
from recognition.training.config import ConfigError
from recognition.types import Box, RgbImage

RULE = StageRule(0.99, 0.05, 1, 20, 1e-4, 0)


def boxes(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, np.float32).reshape(-1, 4)


def config(data: Path, out: Path) -> CascadeConfig:
    return CascadeConfig(
        data=data,
        out=out,
        labels=data / "labels.jsonl",
        stages=5,
        last_stumps=20,
        max_stumps=20,
        positives=300,
        negatives=400,
        least_negatives=50,
        features=300,
        features_per_round=150,
        passes=1,
    )


def test_the_best_subset_is_found() -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 256, (3, 400)).astype(np.uint8)
    face_codes = np.array([3, 77, 200, 255], np.uint8)
    codes[1, :200] = rng.choice(face_codes, 200)
    codes[1, 200:] = rng.choice(np.setdiff1d(np.arange(256), face_codes), 200)
    row, subset, inside, outside = fit_stumps(codes, np.full(400, 1 / 400), 200, 1e-4)
    assert row == 1
    assert [c for c in face_codes if subset >> int(c) & 1] == face_codes.tolist()
    assert (inside, outside) == (1.0, -1.0)


def test_codes_never_seen_are_on_neither_faces_side_alone() -> None:
    codes = np.array([[1, 1, 2, 2]], np.uint8)
    _, subset, _, _ = fit_stumps(codes, np.full(4, 0.25), 2, 1e-4)
    assert subset >> 1 & 1
    assert not subset >> 2 & 1


def test_boosting_needs_several_stumps_where_one_is_not_enough() -> None:
    rng = np.random.default_rng(1)
    n = 600
    faces = np.arange(2 * n) < n
    codes = np.empty((8, 2 * n), np.uint8)
    for row in codes:  # each feature is right three times out of four
        right = rng.random(2 * n) < 0.75
        row[:] = np.where(faces == right, 10, 20) + rng.integers(0, 3, 2 * n)
    features = np.arange(32, dtype=np.int32).reshape(8, 4)
    reported: list[float] = []
    stage, false_alarm = train_stage(
        codes, n, features, RULE, rng, lambda stumps, rate: reported.append(rate)
    )
    assert len(stage.stumps) == len(reported) >= 4
    assert false_alarm == reported[-1] < 0.6 * reported[0]
    again, _ = train_stage(codes, n, features, RULE, np.random.default_rng(9))
    assert again == stage, "nothing is drawn where all features compete"


def test_stage_lets_the_wanted_share_of_faces_through() -> None:
    rng = np.random.default_rng(2)
    codes = rng.integers(0, 256, (20, 2000)).astype(np.uint8)
    features = np.arange(80, dtype=np.int32).reshape(20, 4)
    rule = dataclasses.replace(RULE, min_hit_rate=0.9, max_stumps=12)
    stage, false_alarm = train_stage(codes, 1000, features, rule, rng)
    sums = sum(stump.table()[codes[stump.feature[0] // 4]].astype(float) for stump in stage.stumps)
    passed = sums >= stage.threshold
    assert 0.9 <= passed[3:1000:4].mean() < 0.92, "of the faces it was not fitted to"
    assert passed[1000:].mean() == pytest.approx(false_alarm)


def test_a_nested_stage_goes_on_where_the_one_before_left_off() -> None:
    """The negatives that are left have high sums; the new stumps must tell faces from them."""
    rng = np.random.default_rng(3)
    n = 400
    codes = rng.integers(0, 256, (6, 2 * n)).astype(np.uint8)
    codes[4, :n] = rng.choice(np.arange(0, 256, 2, np.uint8), n)
    features = np.arange(24, dtype=np.int32).reshape(6, 4)
    old = (Stump((0, 0, 1, 1), 2**256 - 1, 3.0, -1.0),)
    stage, false_alarm = train_stage(
        codes,
        n,
        features,
        dataclasses.replace(RULE, max_stumps=2, min_hit_rate=0.97),
        rng,
        inherited=old,
        sums=np.full(2 * n, 3.0),
    )
    assert stage.stumps[:1] == old
    assert stage.stumps[1].feature == (16, 17, 18, 19)
    assert false_alarm < 0.65
    assert stage.threshold > 2.0


def test_trimming_keeps_the_heaviest_in_their_order() -> None:
    weights = np.array([0.05, 0.4, 0.0, 0.3, 0.25])
    assert heaviest(weights, 0.9).tolist() == [1, 3, 4]
    assert heaviest(weights, 1.0).tolist() == [0, 1, 3, 4]


def test_windows_and_the_box_in_them(drawn: Path) -> None:
    settings = CascadeConfig(context=2.0, shift_up=0.1)
    np.testing.assert_allclose(windows_of(boxes((10, 10, 30, 50)), settings), [[20, 24, 60]])
    scenes = load_scenes(drawn, drawn / "labels.jsonl", LabelRule())
    assert box_in_window(scenes, settings) == pytest.approx([0.25, 0.35, 0.75, 0.85], abs=1e-3)
    patches = cut_positives(scenes, settings, np.random.default_rng(0))
    again = cut_positives(scenes, settings, np.random.default_rng(0))
    np.testing.assert_array_equal(patches, again)
    assert patches.shape[1:] == (24, 24)
    face, corner = patches[:, 12:17, 10:14].mean(), patches[:, :3, :3].mean()
    assert face > corner + 20, "the bright disc is in the middle"


def test_which_detections_are_faces() -> None:
    found = boxes((0, 0, 10, 10), (50, 0, 60, 10), (0, 50, 10, 60))
    scores = np.array([0.6, 0.35, 0.35], np.float32)
    given = boxes((1, 50, 11, 60))
    assert sure_faces(found, scores, given, LabelRule()).tolist() == [True, False, True]


def test_nothing_is_mined_on_faces_or_where_a_face_may_be() -> None:
    picture = Hunting(
        np.zeros((100, 100), np.uint8), boxes((0, 0, 20, 20)), boxes((50, 50, 70, 70))
    )
    asked = boxes((1, 1, 21, 21), (15, 15, 35, 35), (65, 65, 85, 85), (80, 0, 100, 20))
    assert is_negative(asked, picture).tolist() == [False, True, False, True]
    np.testing.assert_allclose(mirrored(picture).faces, [[80, 0, 100, 20]])
    np.testing.assert_allclose(mirrored(picture).doubtful, [[30, 50, 50, 70]])


def test_mined_windows_pass_the_cascade_and_miss_the_face() -> None:
    """A stump that lets bright middles through finds the square, unless the square is a face."""
    codes = sum(1 << code for code in range(256) if code != 255)
    bright = Cascade(24, (Stage((Stump((6, 6, 4, 4), codes, 1.0, -1.0),), 0.0),))
    grey = np.full((120, 120), 90, np.uint8)
    grey[40:80, 30:70] = 200
    none = boxes()
    box = [0.2, 0.2, 0.8, 0.8]
    found = mine([Hunting(grey, none, none)], bright, box, 40, 3, np.random.default_rng(0))
    assert len(found.patches) == 40
    assert bright.accepts(found.patches).all()
    assert found.scanned > found.passed >= 40

    def everything(doubtful: np.ndarray) -> int:
        picture = Hunting(grey, none, doubtful)
        return len(mine([picture], bright, box, 10**6, 1, np.random.default_rng(0)).patches)

    every_box = boxes(
        *(
            (x, y, x + s, y + s)
            for s in (12, 24, 48)
            for x in range(0, 120, 12)
            for y in range(0, 120, 12)
        )
    )
    assert everything(every_box) == 0 < everything(none)


def test_a_run_stops_goes_on_and_finds_drawn_faces(
    drawn: Path,
    scenes: list[tuple[RgbImage, Box]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = config(drawn, tmp_path / "run")

    class Stopped(Run):
        def add_stage(self, say: Callable[[str], None]) -> dict[str, Any] | None:
            if self.cascade.stages:
                raise KeyboardInterrupt
            return super().add_stage(say)

    with monkeypatch.context() as patched:
        patched.setattr("recognition.training.cascade.loop.Run", Stopped)
        with pytest.raises(KeyboardInterrupt):
            train(settings)
    first = read_xml(settings.out / "cascade.xml")
    assert len(first.stages) == 1
    path = train(settings)
    cascade = read_xml(path)
    assert cascade.stages[:1] == first.stages
    assert len(cascade.stages) > 1
    log = [json.loads(line) for line in (tmp_path / "run/metrics.jsonl").read_text().splitlines()]
    assert [row["stage"] for row in log] == list(range(len(cascade.stages)))
    assert log[-1]["hit_rate_so_far"] > 0.85
    written = path.read_bytes()
    assert train(settings).read_bytes() == written, "a finished run is left alone"
    done = json.loads((tmp_path / "run/done.json").read_text())
    spec = CascadeSpec(equalize=False, min_neighbors=3, box=tuple(done["box"]))
    detector = CascadeDetector(path, spec)
    right = false = 0
    for image, truth in scenes:
        hits = [d.box.iou(truth) >= 0.4 for d in detector.detect(image)]
        right += any(hits)
        false += hits.count(False)
    assert right >= 26
    assert false <= 6


def test_configuration_names_what_it_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text("window = 3\nstages = 4\n")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert caught.value.unknown == ["window"]
    path.write_text('stages = 4\nout = "x"\n')
    loaded = load_config(path, {"seed": 3, "stages": None})
    assert (loaded.stages, loaded.out, loaded.seed) == (4, Path("x"), 3)
