"""Pictures of numbers: training curves."""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib.figure


def plot_curves(metrics: Path, to: Path) -> None:
    """Draws loss and validation accuracy by epoch from a ``metrics.jsonl`` into a PNG."""
    rows = [json.loads(line) for line in metrics.read_text(encoding="utf-8").splitlines()]
    figure = matplotlib.figure.Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    epochs = [row["epoch"] for row in rows]
    left.plot(epochs, [row["loss"] for row in rows], color="tab:red")
    left.set(xlabel="epoch", ylabel="training loss", yscale="log")
    for key, label in (
        ("val_top1", "top-1"),
        ("val_macro_top1", "macro top-1"),
        ("val_top5", "top-5"),
    ):
        if rows and key in rows[-1]:
            right.plot(epochs, [100 * row.get(key, float("nan")) for row in rows], label=label)
    right.set(xlabel="epoch", ylabel="validation, %", ylim=(0, 101))
    if right.lines:
        right.legend(loc="lower right")
    for axis in (left, right):
        axis.grid(alpha=0.3)
        for before, after in zip(rows, rows[1:], strict=False):
            if before["size_px"] != after["size_px"]:
                axis.axvline(after["epoch"] - 0.5, color="grey", linestyle=":", linewidth=1)
    figure.savefig(to, dpi=110)
