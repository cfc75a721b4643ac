"""Training curves of the detector."""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib.figure


def plot_detector_curves(metrics: Path, to: Path) -> None:
    """Draws losses and validation figures by epoch from a ``metrics.jsonl`` into a PNG."""
    rows = [json.loads(line) for line in metrics.read_text(encoding="utf-8").splitlines()]
    figure = matplotlib.figure.Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    epochs = [row["epoch"] for row in rows]
    for key in ("loss", "focal", "box"):
        left.plot(epochs, [row[key] for row in rows], label=key)
    left.set(xlabel="epoch", ylabel="training loss", yscale="log")
    left.legend()
    for key in ("val_f1_0.4", "val_precision_0.4", "val_recall_0.4", "val_f1_0.5"):
        right.plot(epochs, [100 * row.get(key, float("nan")) for row in rows], label=key[4:])
    right.set(xlabel="epoch", ylabel="hand-drawn boxes, %", ylim=(0, 101))
    right.legend(loc="lower right")
    for axis in (left, right):
        axis.grid(alpha=0.3)
    figure.savefig(to, dpi=110)
