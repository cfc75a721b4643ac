"""Opening what is to be measured, and showing the result."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from recognition.detection.base import FaceDetector
from recognition.detection.cascade import CascadeDetector, open_cascade
from recognition.detection.graphs import export_onnx
from recognition.detection.neural import NeuralDetector, open_neural_detector
from recognition.detection.runtimes import OnnxRuntime, TorchRuntime
from recognition.manifest import load_manifest, section, update_manifest
from recognition.training.detector.evaluate import evaluate
from recognition.training.detector.export import default_spec
from recognition.training.detector.starts import CHECKPOINT, SECTION, load_run

MEASURED = (
    *("iou_0.4", "iou_0.5", "photos", "photo_false"),
    *("seed_faces", "seed_0.3", "seed_0.5", "group_named", "group_found"),
)
"""Figures that are kept beside the weights."""


def open_for_evaluation(
    kind: str,
    path: Path,
    runtime: str,
    threads: int,
    full_size: bool,
    settings: dict[str, Any],
) -> FaceDetector:
    """The detector to measure.

    Args:
        kind: ``"neural"`` (`path` is a weights folder or a run folder) or ``"cascade"`` (`path` is
            a weights folder, for the shipped one, or an OpenCV cascade file).
        path: see there.
        runtime: one of `recognition.quantization.RUNTIMES`; a run folder has no bytes yet.
        threads: threads of one network call (ONNX Runtime).
        full_size: whether the cascade looks at large pictures without shrinking them.
        settings: replace those of the manifest, or the defaults for a run folder.

    Raises:
        ValueError: unknown kind.
        WeightsMissing, WeightsCorrupt: see `open_neural_detector` and `CascadeDetector`.
    """
    if kind == "cascade":
        return _cascade(path, full_size, settings)
    if kind != "neural":
        raise ValueError(f"detector must be neural or cascade, not {kind!r}")
    changes: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in settings.items()
    }
    if (path / CHECKPOINT).is_file():
        network, config = load_run(path)
        spec = dataclasses.replace(default_spec(config, network.width), **changes)
        if runtime == "torch":
            return NeuralDetector(TorchRuntime(network, spec.mean, spec.std), spec)
        with tempfile.TemporaryDirectory() as folder:
            graph = Path(folder) / "graph.onnx"
            export_onnx(network, spec.mean, spec.std, graph)
            return NeuralDetector(OnnxRuntime(graph, threads, spec.mean), spec)
    entry = section(load_manifest(path), SECTION, path) | changes
    with tempfile.TemporaryDirectory() as folder:
        return open_neural_detector(
            path, entry, runtime=runtime, cache=Path(folder), threads=threads
        )


def _cascade(path: Path, full_size: bool, settings: dict[str, Any]) -> CascadeDetector:
    if path.is_dir():
        found = open_cascade(path, section(load_manifest(path), "cascade", path))
    else:
        found = CascadeDetector(path)
    changes: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in settings.items()
    }
    if full_size:
        changes["max_side_px"] = None
    return CascadeDetector(found.path, dataclasses.replace(found.spec, **changes))


def table(results: list[dict[str, Any]]) -> None:
    """Prints results of `evaluate` side by side."""
    shown = Table(title="Face detection")
    for head in ("detector", "F1 @ 0.4", "P", "R", "F1 @ 0.5", "P", "R"):
        shown.add_column(head, justify="left" if head == "detector" else "right")
    for head in ("false on photos", "seed @ 0.3", "seed @ 0.5", "groups", "ms at 640 px"):
        shown.add_column(head, justify="right")
    for r in results:
        cells = [r["detector"]]
        for key in ("iou_0.4", "iou_0.5"):
            cells += [f"{100 * r[key][part]:.1f}" for part in ("f1", "precision", "recall")]
        cells += [f"{r['photo_false']} of {r['photos']}"]
        cells += [f"{r[key]} of {r['seed_faces']}" for key in ("seed_0.3", "seed_0.5")]
        cells += [f"{r['group_found']} of {r['group_named']}"]
        shown.add_row(*cells, f"{r['ms_640']:.0f}")
    Console(width=140).print(shown)


def measure_exported(weights: Path, data: Path) -> None:
    """Measures the shipped detector and writes the figures into its section of the manifest."""
    result = evaluate(open_for_evaluation("neural", weights, "auto", 2, False, {}), data)
    entry = section(load_manifest(weights), SECTION, weights)
    measured: dict[str, Any] = {
        "on": "detection/val.jsonl, strangers/photos.zip, seed_pictures, group_pictures"
    }
    for key in MEASURED:
        value = result[key]
        if isinstance(value, dict):
            value = {k: round(v, 4) for k, v in value.items()}
        measured[key] = value
    update_manifest(weights, {SECTION: entry | {"measured": measured}})
    table([result])
