"""Choosing how a trained cascade is used, on whole pictures kept out of its training."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from recognition.detection.cascade import CascadeDetector, CascadeSpec
from recognition.training.cascade.boosting import DIGITS
from recognition.training.cascade.labels import LabelRule, Scene, load_scenes
from recognition.training.cascade.loop import CONFIGS, DONE, FILE
from recognition.training.cascade.model import centred
from recognition.training.cascade.opencv_xml import read_xml, write_xml
from recognition.training.cascade.positives import is_held_out
from recognition.training.detector.evaluate import Truth, score, to_arrays

PRECISIONS = (0.9, 0.95, 0.98, 0.99)
SHIPPED_PRECISION = 0.99
"""The shipped threshold is the one with the highest recall at this precision."""
CENTRED = "centred.xml"
IOU = 0.4


def held_out(data: Path, labels: Path) -> list[Truth]:
    """The kept-out pictures with the labeller's sure faces; what it doubts counts neither way."""
    return [_truth(s) for s in load_scenes(data, labels, LabelRule()) if is_held_out(s)]


def _truth(scene: Scene) -> Truth:
    return Truth(scene.name, scene.image, scene.faces, scene.doubtful)


def trained_spec(run: Path) -> CascadeSpec:
    """How a run's cascade was trained to look; the rest of the settings is `tune_run`'s."""
    config = json.loads((run / CONFIGS).read_text(encoding="utf-8").splitlines()[-1])
    done = json.loads((run / DONE).read_text(encoding="utf-8"))
    return CascadeSpec(
        min_size_px=config["window_px"],
        equalize=config["equalize"],
        smooth=True,
        min_neighbors=1,
        box=tuple(done["box"]),
    )


def centred_file(run: Path) -> Path:
    """The finished run's cascade with its last threshold at 0, in the run folder."""
    write_xml(centred(read_xml(run / FILE), DIGITS), run / CENTRED)
    return run / CENTRED


def tune_run(run: Path, data: Path, labels: Path, spec: CascadeSpec) -> list[dict[str, float]]:
    """What the kept-out pictures say about thresholds of a finished run's cascade.

    Returns:
        For each of `PRECISIONS` that is reached the threshold with the highest recall, the
        strictest first: ``wanted_precision``, ``min_support``, ``precision``, ``recall``, ``f1``.

    Raises:
        FileNotFoundError: the run is not finished, or a file of the data is missing.
    """
    truths = held_out(data, labels)
    detector = CascadeDetector(centred_file(run), dataclasses.replace(spec, min_support=0.0))
    found = [to_arrays(detector.detect(t.image)) for t in track(truths, "kept-out pictures")]
    support = [scores / (1 - scores) for _, scores in found]
    measured = []
    for least in np.unique(np.concatenate(support)).tolist():
        kept = [boxes[s >= least] for (boxes, _), s in zip(found, support, strict=True)]
        measured.append((least, score(kept, truths, IOU)))
    rows = []
    for wanted in sorted(PRECISIONS, reverse=True):
        enough = [(least, s) for least, s in measured if s.precision >= wanted]
        if enough:
            least, best = max(enough, key=lambda item: (item[1].recall, -item[0]))
            rows.append(
                {
                    "wanted_precision": wanted,
                    "min_support": float(np.floor(least * 100) / 100),
                    "precision": best.precision,
                    "recall": best.recall,
                    "f1": best.f1,
                }
            )
    return rows


def show(rows: list[dict[str, float]]) -> None:
    """Prints the rows."""
    table = Table(title=f"On pictures kept out of the training, IoU {IOU}")
    for head in rows[0]:
        table.add_column(head, justify="right")
    for row in rows:
        table.add_row(*(f"{v:.3f}" for v in row.values()))
    Console(width=100).print(table)
