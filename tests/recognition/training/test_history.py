"""Several recipes with several seeds become one table, and a finished run is not repeated."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition.training.history import (
    as_table,
    confusion,
    plot_confusion,
    plot_history,
    run_history,
)

CONFIG = """
backbone = "resnet9"
dimension = 16
loss = "softmax"
augment = "simple"
optimizer = "adam"
stages = [{ size_px = 8, epochs = 2 }]
batch_size = 8
workers = 0
precision = "fp32"
device = "cpu"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    for name, colour in (("red", (0, 0, 255)), ("green", (0, 255, 0)), ("blue", (255, 0, 0))):
        (tmp_path / "data" / name).mkdir(parents=True)
        for i in range(12):
            noisy = np.clip(np.array(colour) + rng.normal(0, 40, (16, 16, 3)), 0, 255)
            cv2.imwrite(str(tmp_path / "data" / name / f"{i}.png"), noisy.astype(np.uint8))
    return tmp_path


def test_recipes_become_a_table_with_spread_and_pictures(folder: Path) -> None:
    configs = []
    for name, extra in (("one", ""), ("two", "learning_rate = 0.01\n")):
        path = folder / f"{name}.toml"
        path.write_text(f'data = "{folder / "data"}"\nout = "unused"\n{CONFIG}{extra}')
        configs.append(path)
    recipes = run_history(configs, [0, 1], folder / "runs", {"threads": 1})
    table = as_table(recipes).splitlines()
    assert len(table) == 4
    assert "± " in table[2]
    assert table[3].startswith("| two | 8 px | 2 |")
    plot_history(recipes, folder / "history.png")
    counts, names = confusion(recipes[0].folders[1])
    assert counts.sum() == 3  # every tenth of twelve pictures, three characters
    assert counts.shape == (len(names), len(names))
    plot_confusion(counts, names, folder / "confusion.png")
    for picture in ("history.png", "confusion.png"):
        assert (folder / picture).stat().st_size > 1000
    before = [f.joinpath("metrics.jsonl").read_text() for f in recipes[0].folders]
    again = run_history(configs[:1], [0, 1], folder / "runs", {"threads": 1})
    assert [f.joinpath("metrics.jsonl").read_text() for f in again[0].folders] == before
