"""From a run folder to the shipped cascade: tuned, measured, with its section of the manifest."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from recognition.detection.cascade import CascadeSpec, open_cascade
from recognition.manifest import describe_file, load_manifest, section, update_manifest
from recognition.training.cascade.loop import CONFIGS, DONE, FILE
from recognition.training.cascade.opencv_xml import read_xml, write_xml
from recognition.training.cascade.tune import (
    SHIPPED_PRECISION,
    centred_file,
    trained_spec,
    tune_run,
)
from recognition.training.detector.evaluate import evaluate

SECTION = "cascade"
LICENCE = "MIT, trained by this project"
COMMENT = (
    "Faces of drawn characters. LBP cascade trained by AniWhois (MIT licence); box, sizes and "
    "settings stand in manifest.json beside it, the method in docs/cascade.md."
)
TRAINED_ON = (
    "faces: faces (train), patches/faces, detection/pictures, whole; no faces: patches/not_faces, "
    "the rest of those pictures, the photographs of detector/photographs.csv, matplotlib's "
    "portrait of Grace Hopper and scikit-learn's two photographs; the boxes are those of our "
    "neural detector"
)
LEFT_OUT = ("data", "out", "labels", "photographs", "threads")
MEASURED = ("iou_0.4", "iou_0.5", "photos", "photo_false", "seed_faces", "seed_0.3", "seed_0.5")


def export_run(run: Path, data: Path, weights: Path, labels: Path, changes: dict[str, Any]) -> Path:
    """Writes ``cascade.xml`` and the manifest's section ``cascade``.

    Args:
        run: a finished run folder.
        data: the data folder, for choosing settings and for measuring.
        weights: the weights folder; it is made where it does not exist.
        labels: the file the run was trained with.
        changes: settings of `CascadeSpec` that replace those chosen here.

    Returns:
        The cascade's path.

    Raises:
        ValueError: no threshold is precise enough on the kept-out pictures.
        FileNotFoundError: the run is not finished, or a file of the data is missing.
    """
    spec = dataclasses.replace(trained_spec(run), **changes)
    rows = tune_run(run, data, labels, spec)
    tuned = next((row for row in rows if row["wanted_precision"] == SHIPPED_PRECISION), None)
    if tuned is None:
        raise ValueError(f"no threshold reaches a precision of {SHIPPED_PRECISION}")
    if "min_support" not in changes:
        spec = dataclasses.replace(spec, min_support=tuned["min_support"])
    origin = {"on": "whole pictures kept out of the training", "by_hand": changes, **tuned}
    return write_section(run, weights, spec, origin, data)


def write_section(
    run: Path, weights: Path, spec: CascadeSpec, origin: dict[str, Any], data: Path
) -> Path:
    """Writes both, then opens what was written, measures it and adds the figures."""
    weights.mkdir(parents=True, exist_ok=True)
    cascade = read_xml(centred_file(run))
    path = weights / FILE
    write_xml(cascade, path, COMMENT)
    runs = [json.loads(line) for line in (run / CONFIGS).read_text(encoding="utf-8").splitlines()]
    done = json.loads((run / DONE).read_text(encoding="utf-8"))
    entry: dict[str, Any] = {
        **describe_file(path),
        "licence": LICENCE,
        "trained_on": TRAINED_ON,
        "recipe": [{k: v for k, v in row.items() if k not in LEFT_OUT} for row in runs],
        "window_px": cascade.window_px,
        "stages": len(cascade.stages),
        "stumps": sum(len(stage.stumps) for stage in cascade.stages),
        "positives": done["positives"],
        **json.loads(json.dumps(dataclasses.asdict(spec))),
        "settings_from": _rounded(origin),
    }
    update_manifest(weights, {SECTION: entry})
    result = evaluate(
        open_cascade(weights, section(load_manifest(weights), SECTION, weights)), data
    )
    measured: dict[str, Any] = {"on": "detection/val.jsonl, strangers/photos.zip, seed_pictures"}
    for key in MEASURED:
        value = result[key]
        measured[key] = _rounded(value) if isinstance(value, dict) else value
    update_manifest(weights, {SECTION: entry | {"measured": measured}})
    return path


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in values.items()}
