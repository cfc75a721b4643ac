"""One table of how this project got here: several recipes, the same split, several seeds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.figure
import numpy as np
from numpy.typing import NDArray

from recognition.training.config import load_config
from recognition.training.data import load_faces
from recognition.training.loop import train
from recognition.training.vectors import load_trained

FIGURES = ("val_top1", "val_macro_top1", "val_top5")


@dataclass(frozen=True)
class Recipe:
    """One row: a configuration trained with each seed. ``runs[i]`` are its epochs' metrics."""

    name: str
    folders: tuple[Path, ...]
    runs: tuple[list[dict[str, float]], ...]

    def last(self, figure: str) -> NDArray[np.float64]:
        """`figure` after the last epoch, one value a seed."""
        return np.array([rows[-1][figure] for rows in self.runs])


def run_history(
    configs: Sequence[Path], seeds: Sequence[int], out: Path, overrides: dict[str, Any]
) -> list[Recipe]:
    """Trains every configuration with every seed; what is finished is not trained again.

    Args:
        configs: TOML files; their stems are the recipes' names.
        out: folder for the runs, ``<stem>-<seed>`` each.
        overrides: as `load_config` takes them.
    """
    recipes = []
    for path in configs:
        folders = tuple(out / f"{path.stem}-{seed}" for seed in seeds)
        for seed, folder in zip(seeds, folders, strict=True):
            train(load_config(path, overrides | {"seed": seed, "out": folder}))
        runs = tuple(_metrics(folder) for folder in folders)
        recipes.append(Recipe(path.stem, folders, runs))
    return recipes


def _metrics(folder: Path) -> list[dict[str, float]]:
    lines = (folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    rows: list[dict[str, float]] = [json.loads(line) for line in lines]
    return rows


def as_table(recipes: Sequence[Recipe]) -> str:
    """A Markdown table: mean and standard deviation over the seeds, in percent."""
    lines = [
        "| recipe | input | epochs | top-1 | macro top-1 | top-5 |",
        "|---|---|---|---|---|---|",
    ]
    for recipe in recipes:
        rows = recipe.runs[0]
        cells = [_mean_and_spread(recipe.last(figure)) for figure in FIGURES]
        size = f"{rows[-1]['size_px']:.0f} px"
        lines.append(f"| {recipe.name} | {size} | {len(rows)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _mean_and_spread(values: NDArray[np.float64]) -> str:
    spread = values.std(ddof=1) if len(values) > 1 else 0.0
    return f"{100 * values.mean():.1f} ± {100 * spread:.1f}"


def plot_history(recipes: Sequence[Recipe], to: Path) -> None:
    """Validation top-1 by epoch, mean and range over the seeds, as a PNG."""
    figure = matplotlib.figure.Figure(figsize=(7, 4), layout="constrained")
    axis = figure.subplots()
    for recipe in recipes:
        values = 100 * np.array([[row["val_top1"] for row in rows] for rows in recipe.runs])
        epochs = np.arange(1, values.shape[1] + 1)
        (line,) = axis.plot(epochs, values.mean(axis=0), label=recipe.name)
        axis.fill_between(
            epochs, values.min(axis=0), values.max(axis=0), color=line.get_color(), alpha=0.2
        )
    axis.set(xlabel="epoch", ylabel="validation top-1, %", ylim=(0, 101))
    axis.grid(alpha=0.3)
    axis.legend(loc="lower right")
    figure.savefig(to, dpi=110)


def confusion(run: Path) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Who is taken for whom on the validation pictures.

    Returns:
        Counts ``(m, m)``, truth down, answer across, and the ids of the characters that are the
        truth or the answer of at least one picture.
    """
    trained = load_trained(run)
    config = trained.config
    faces = load_faces(
        config.data, "val", val_fraction=config.val_fraction, leave_out=config.leave_out
    )
    answers = (trained.embed(faces.images) @ trained.directions).argmax(axis=1)
    seen = np.union1d(faces.labels, answers)
    counts = np.zeros((len(seen), len(seen)), np.int64)
    np.add.at(counts, (np.searchsorted(seen, faces.labels), np.searchsorted(seen, answers)), 1)
    return counts, tuple(faces.classes[i] for i in seen)


def plot_confusion(counts: NDArray[np.int64], names: Sequence[str], to: Path) -> None:
    """The confusion matrix as a PNG, rows normalised to shares."""
    side = max(4.0, 0.17 * len(names) + 2)
    figure = matplotlib.figure.Figure(figsize=(side, side), layout="constrained")
    axis = figure.subplots()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axis.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    labels = [name.replace("_", " ") for name in names]
    axis.set_xticks(range(len(names)), labels, rotation=90, fontsize=6)
    axis.set_yticks(range(len(names)), labels, fontsize=6)
    axis.set(xlabel="answer", ylabel="truth")
    figure.savefig(to, dpi=110)
