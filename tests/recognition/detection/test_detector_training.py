"""Training of the detector: labels, samples, loss, and a run of two tiny epochs."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import safetensors.torch
import torch

from recognition.detection.network import STRIDES, FaceNetwork
from recognition.factory import WEIGHTS
from recognition.manifest import load_manifest, update_manifest
from recognition.training.config import ConfigError
from recognition.training.detector.compose import photograph
from recognition.training.detector.config import DetectorTrainConfig, load_config
from recognition.training.detector.data import draw_sample
from recognition.training.detector.evaluate import Truth, match
from recognition.training.detector.export import change_settings, export, write_ranges
from recognition.training.detector.geometry import keep_visible, map_boxes, turn_and_scale
from recognition.training.detector.label import LabelRule, label_picture
from recognition.training.detector.lifelike import load_photographs
from recognition.training.detector.loop import train
from recognition.training.detector.loss import assign, cell_centers, detection_loss, giou
from recognition.training.detector.material import Labelled, Material, load_material
from recognition.training.detector.photographs import Photographs, gather, load
from recognition.training.detector.starts import apply_start, load_run


def boxes(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, np.float32).reshape(-1, 4)


@pytest.fixture(scope="module")
def material() -> Material:
    """Blobs for pictures, discs for faces."""
    rng = np.random.default_rng(0)
    pictures, crops, patches = [], [], []
    for _ in range(3):
        image = rng.integers(0, 256, (120, 160, 3)).astype(np.uint8)
        pictures.append(Labelled(image, boxes((30, 20, 80, 80))))
        crop = np.full((64, 64, 3), 200, np.uint8)
        cv2.circle(crop, (32, 36), 20, (90, 60, 40), -1)
        crops.append(Labelled(crop, boxes((12, 16, 52, 56)), complete=True))
        patches.append(rng.integers(0, 256, (50, 50, 3)).astype(np.uint8))
    return Material(pictures, crops, patches, load_photographs())


def test_samples_depend_on_seed_and_place_alone(material: Material) -> None:
    config = DetectorTrainConfig(Path(), Path(), size_px=128)
    for place in range(12):
        a, b = (draw_sample(material, config, np.random.default_rng([1, place])) for _ in range(2))
        np.testing.assert_array_equal(a.image, b.image)
        np.testing.assert_array_equal(a.boxes, b.boxes)
        assert a.image.shape == (128, 128, 3)
        assert a.image.dtype == np.uint8
        assert (a.boxes >= 0).all()
        assert (a.boxes <= 128).all()


def test_photographs_are_complete_and_only_drawn_faces_are_boxed(material: Material) -> None:
    portrait = load_photographs()[0]
    face = boxes((75, 60, 187, 172))
    material = replace(material, real=Photographs([portrait], load_photographs()[1:], [face]))
    rng = np.random.default_rng(0)
    samples = [photograph(material, 128, rng, 100.0) for _ in range(30)]
    assert all(sample.complete and sample.image.shape == (128, 128, 3) for sample in samples)
    with_faces = sum(len(sample.boxes) > 0 for sample in samples)
    assert 3 <= with_faces <= 20
    config = DetectorTrainConfig(Path(), Path(), size_px=128, share_photograph=1.0)
    assert draw_sample(material, config, rng).complete


def test_photographs_come_from_packages(tmp_path: Path) -> None:
    copied, missing = gather(tmp_path, tmp_path / "out")
    assert copied == 0
    assert len(missing) > 200
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "out")
    package, _, file = next(m for m in missing if m.endswith(".jpg")).partition("/")
    source = tmp_path / package / file
    source.parent.mkdir(parents=True)
    cv2.imwrite(str(source), np.full((900, 1800, 3), 99, np.uint8))
    assert gather(tmp_path, tmp_path / "out")[0] == 1
    found = load(tmp_path / "out")
    assert [max(p.shape) for p in found.people + found.things] == [720]


def test_a_turned_face_keeps_about_its_size() -> None:
    box = boxes((40, 30, 60, 70))
    upright = map_boxes(box, turn_and_scale(2.0, 0, False))
    np.testing.assert_allclose(upright, box * 2)
    lying = map_boxes(box, turn_and_scale(1.0, 90, False))[0]
    np.testing.assert_allclose(lying[2:] - lying[:2], [40, 20], atol=1e-4)
    mirrored = map_boxes(box, turn_and_scale(1.0, 0, True))
    np.testing.assert_allclose(mirrored, [[-60, 30, -40, 70]])


def test_faces_cut_by_the_edge() -> None:
    good, ignored = keep_visible(
        boxes((-30, 0, 70, 100), (-80, 0, 20, 100), (200, 200, 300, 300)), (100, 100), 7
    )
    np.testing.assert_allclose(good, [[0, 0, 70, 100]])
    np.testing.assert_allclose(ignored, [[0, 0, 20, 100]])


@pytest.mark.parametrize("side", [7, 16, 60, 120, 300])
def test_every_face_has_a_cell(side: float) -> None:
    centers = [cell_centers(320 // s, 320 // s, s) for s in STRIDES]
    level = torch.cat([torch.full((len(c),), i) for i, c in enumerate(centers)])
    box = torch.tensor([[5.0, 5.0, 5.0 + side, 5.0 + side]])
    targets = assign(torch.cat(centers), level, box, torch.zeros(0, 4))
    assert (targets.face == 0).any()
    assert (targets.face >= -1).all()


def test_giou_of_equal_and_of_distant_boxes() -> None:
    a = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 10]])
    b = torch.tensor([[0.0, 0, 10, 10], [90, 0, 100, 10]])
    iou, generalised = giou(a, b)
    assert iou.tolist() == [1.0, 0.0]
    assert generalised.tolist() == pytest.approx([1.0, -0.8])


def test_doubtful_cells_teach_nothing_in_incomplete_pictures() -> None:
    outputs = tuple(torch.full((1, 5, 64 // s, 64 // s), 3.0) for s in STRIDES)
    none = [torch.zeros(0, 4)]

    def loss(complete: bool) -> float:
        return detection_loss(
            outputs, none, none, torch.tensor([complete]), doubt=0.5, box_weight=1.0
        )[1]["focal"]

    assert loss(False) == 0
    assert loss(True) > 1
    heavy = detection_loss(
        outputs, none, none, torch.tensor([True]), doubt=0.5, box_weight=1.0, empty_weight=3.0
    )[1]["focal"]
    assert heavy == pytest.approx(3 * loss(True))


def test_labels_of_a_round() -> None:
    given = boxes((0, 0, 100, 100), (300, 300, 400, 400))
    found = boxes((10, 0, 110, 100), (500, 0, 600, 100), (0, 500, 100, 600), (5, 0, 105, 100))
    scores = np.array([0.9, 0.7, 0.45, 0.3], np.float32)
    row = label_picture(given, found, scores, LabelRule())
    assert row["boxes"] == [[5, 0, 105, 100], [500, 0, 600, 100]]
    assert row["ignore"] == [[0, 500, 100, 600], [300, 300, 400, 400]]
    assert not row["complete"]


def test_matching_counts_each_face_once_and_ignored_ones_never() -> None:
    truth = Truth("", np.zeros((1, 1, 3), np.uint8), boxes((0, 0, 10, 10)), boxes((50, 0, 90, 40)))
    found = boxes((0, 0, 10, 10), (1, 0, 11, 10), (55, 5, 75, 25), (200, 0, 210, 10))
    assert match(found, truth, 0.5) == (1, 2, 0)
    assert match(boxes(), truth, 0.5) == (0, 0, 1)


def test_network_is_small_and_speaks_in_pixels() -> None:
    network = FaceNetwork().eval()
    assert sum(p.numel() for p in network.parameters()) < 2_000_000
    with torch.inference_mode():
        maps = network(torch.zeros(2, 3, 64, 96))
    assert [tuple(m.shape) for m in maps] == [(2, 5, 8, 12), (2, 5, 4, 6), (2, 5, 2, 3)]
    assert all((m[:, 1:] > 0).all() for m in maps)


def tiny_data(root: Path) -> Path:
    rng = np.random.default_rng(0)
    (root / "detection/pictures").mkdir(parents=True)
    (root / "patches").mkdir()
    image = rng.integers(0, 256, (90, 120, 3)).astype(np.uint8)
    cv2.imwrite(str(root / "detection/pictures/a.png"), image)
    row = {"file": "pictures/a.png", "boxes": [[20, 20, 60, 70, 1.0]]}
    (root / "detection/pseudo_boxes.jsonl").write_text(json.dumps(row) + "\n")
    for name in ("faces", "not_faces"):
        with zipfile.ZipFile(root / f"patches/{name}.zip", "w") as archive:
            archive.writestr("0.png", cv2.imencode(".png", image[:64, :64])[1].tobytes())
    return root


def test_a_run_stops_resumes_and_exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = DetectorTrainConfig(
        tiny_data(tmp_path / "data"),
        tmp_path / "run",
        size_px=64,
        epochs=2,
        samples_per_epoch=4,
        batch_size=2,
        workers=0,
    )
    threads = cv2.getNumThreads()

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("recognition.training.detector.loop.plot_detector_curves", stop)
        with pytest.raises(KeyboardInterrupt):
            train(config)
    assert train(config).is_file()
    cv2.setNumThreads(threads)
    rows = (config.out / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(row)["epoch"] for row in rows] == [1, 2]
    assert (config.out / "curves.png").stat().st_size > 1000
    network, saved = load_run(config.out)
    assert saved["epoch"] == 2
    weights = tmp_path / "weights"
    path = export(config.out, weights, {"threshold": 0.3}, {})
    entry = json.loads((weights / "manifest.json").read_text())["detector"]
    assert entry["bytes"] == path.stat().st_size < 8_000_000
    assert entry["threshold"] == 0.3
    assert not network.training
    write_ranges(weights, config.data)
    entry = json.loads((weights / "manifest.json").read_text())["detector"]
    assert (weights / entry["ranges"]["file"]).is_file()
    again, _ = load_run(weights)
    fresh = FaceNetwork()
    apply_start(fresh, replace(config, start=str(path)), load_material(config.data))
    for key, value in again.state_dict().items():
        if key in safetensors.torch.load_file(path):
            torch.testing.assert_close(fresh.state_dict()[key], value)


def test_configuration_names_what_it_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text('data = "x"\nepoch = 3\n')
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert caught.value.unknown == ["epoch"]
    assert caught.value.missing == ["out"]


def test_settings_are_replaced_and_old_figures_go(tmp_path: Path) -> None:
    entry = load_manifest(WEIGHTS)["detector"]
    update_manifest(tmp_path, {"detector": entry})
    change_settings(tmp_path, {"threshold": 0.5, "sides": (320,), "from_px": (0,), "small_px": ()})
    changed = load_manifest(tmp_path)["detector"]
    assert (changed["threshold"], changed["sides"], changed["measured"]) == (0.5, [320], {})
    assert changed["sha256"] == entry["sha256"]
    with pytest.raises(TypeError):
        change_settings(tmp_path, {"treshold": 0.5})
