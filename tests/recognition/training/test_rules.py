"""From a trained run to a weights folder that serves: export and calibrate on made-up people."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition.embedding.embedder import open_embedder
from recognition.factory import make_decider
from recognition.manifest import load_manifest
from recognition.training.config import Stage, TrainConfig
from recognition.training.export import export_run
from recognition.training.loop import train
from recognition.training.rules import calibrate_weights
from recognition.types import RgbImage

COLOURS = {"red": (0, 0, 220), "green": (0, 220, 0), "blue": (220, 0, 0), "grey": (128, 128, 128)}


def square(colour: tuple[int, int, int], rng: np.random.Generator, side: int = 24) -> RgbImage:
    noisy = np.array(colour) + rng.normal(0, 40, (side, side, 3))
    return np.clip(noisy, 0, 255).astype(np.uint8)


def write(path: Path, picture: RgbImage) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), picture)


def archive(path: Path, pictures: list[RgbImage]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as out:
        for i, picture in enumerate(pictures):
            out.writestr(f"{i:04d}.png", io.BytesIO(cv2.imencode(".png", picture)[1]).getvalue())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(0)
    rows, material = [], []
    for name, colour in COLOURS.items():
        for i in range(20):
            file = f"{name}/{i:02d}.png"
            split = "val" if i % 5 == 0 else "train"
            write(root / "faces" / file, square(colour, rng))
            rows.append({"file": file, "character": name.title(), "series": "s", "split": split})
        for i in range(4):
            path = root / "whole" / name / f"{i}.png"
            write(path, square(colour, rng, 40))
            material.append(
                {"file": path, "character": name, "kind": "whole", "split": "whole_val"}
                | {"name": name, "series": "s", "drawing": len(material)}
            )
    for path, table in (
        (root / "faces" / "faces.csv", rows),
        (root / "material" / "material.csv", material),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="") as lines:
            writer = csv.DictWriter(lines, list(table[0]))
            writer.writeheader()
            writer.writerows(table)
    odd = [square(tuple(rng.integers(0, 256, 3)), rng) for _ in range(80)]
    archive(root / "strangers" / "anime_faces_128px.zip", odd[:20])
    archive(root / "strangers" / "photos.zip", odd[20:25])
    for i, picture in enumerate(odd[25:35]):
        write(root / "strangers" / "named" / f"{i}.webp", picture)
    archive(root / "patches" / "faces.zip", odd)
    archive(root / "patches" / "not_faces.zip", odd[:10])
    return root


def test_a_run_becomes_weights_that_serve(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recognition.training.unnamed.HELD_OUT_TIGHT", 40)
    config = TrainConfig(
        data / "faces",
        tmp_path / "run",
        backbone="resnet9",
        dimension=16,
        stages=(Stage(16, 4),),
        batch_size=16,
        workers=0,
        precision="fp32",
        device="cpu",
        threads=1,
        ema_decay=0.5,
    )
    train(config)
    weights, cache = tmp_path / "weights", tmp_path / "cache"
    export_run(config.out, data, weights, cache, face_margin=1.7)
    entry = load_manifest(weights)["embedding"]
    assert entry["trained_on"] == "64 pictures of 4 characters"
    assert (weights / entry["ranges"]["file"]).is_file()
    settings = (weights, data, data / "material", cache, tmp_path / "plots")
    asked = {"threshold": 0.97, "taught_bonus": 0.06}
    calibrate_weights(*settings, photographs=data / "strangers" / "named", folds=asked)
    measured = calibrate_weights(*settings)  # keeps what the folds asked for
    manifest = load_manifest(weights)
    assert manifest["decision"]["folds"] == asked
    assert manifest["decision"]["faces"]["threshold"] >= 0.97
    assert manifest["decision"]["whole"]["taught_bonus"] == 0.06
    with pytest.raises(FileNotFoundError):
        calibrate_weights(*settings, photographs=tmp_path / "nothing")
    assert manifest["embedding"]["measured"] == measured
    assert json.loads((tmp_path / "plots" / "measured.json").read_text()) == measured
    assert (tmp_path / "plots" / "calibration.png").stat().st_size > 1000
    assert measured["top1"] >= 0.8  # four plain colours
    assert measured["whole_pictures"] == 16
    with (tmp_path / "plots" / "wholes.csv").open(newline="") as lines:
        listed = list(csv.DictReader(lines))
    assert len(listed) == 16
    assert all((data / "whole" / row["file"]).is_file() for row in listed)
    assert measured["whole_top1"] >= 0.6
    assert 0.5 <= manifest["decision"]["faces"]["threshold"] <= 1
    assert {c.id for c in make_decider(weights).gallery} == set(COLOURS)
    for runtime in ("onnx", "int8", "torch"):
        served = open_embedder(weights, entry, runtime=runtime, threads=1, cache=cache)
        assert served.embed_crops([np.zeros((16, 16, 3), np.uint8)]).shape == (1, 16)
