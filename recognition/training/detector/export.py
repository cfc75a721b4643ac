"""From a run folder to shipped files: half-precision weights and their section of the manifest."""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch

from recognition.detection.geometry import letterbox
from recognition.detection.graphs import QUANTIZED_OPERATORS, exported_graph
from recognition.detection.neural import MULTIPLE, PAD, DetectorSpec
from recognition.detection.runtimes import OnnxRuntime
from recognition.manifest import describe_file, load_manifest, section, update_manifest
from recognition.quantization import measure_ranges
from recognition.training.data import read_rgb
from recognition.training.detector.material import picture_paths
from recognition.training.detector.starts import SECTION, load_run

FILE = "detector.safetensors"
RANGES = "detector.ranges.json"
CALIBRATION_PICTURES = 64
LICENCE = "MIT, trained for this project"
TRAINED_ON = (
    "detection/pictures with boxes of another detector and of earlier rounds, 312 of them "
    "checked by eye; whole; group_pictures (first three rounds only); faces (train) and "
    "patches/faces pasted on patches/not_faces; as what is no face, 241 photographs that come "
    "with packages (photographs.csv), matplotlib's portrait of Grace Hopper and scikit-learn's "
    "two photographs; five rounds, started from ImageNet ResNet18 (stem and second stage)"
)


def default_spec(config: dict[str, Any], width: int) -> DetectorSpec:
    """How a freshly trained network is used, until something better has been measured."""
    return DetectorSpec(
        sides=(288, 352, 640),
        from_px=(0, 0, 600),
        small_px=(96, 40),
        mirror=False,
        threshold=0.45,
        nms_iou=0.4,
        mean=tuple(config["mean"]),
        std=tuple(config["std"]),
        width=width,
        human_cascade="haarcascade_frontalface_alt2.xml",
        human_penalty=0.004,
    )


def export(run: Path, weights: Path, changes: dict[str, Any], measured: dict[str, Any]) -> Path:
    """Writes ``detector.safetensors`` and the manifest's section ``detector``.

    Args:
        run: a run folder with a checkpoint; its averaged network is taken.
        weights: the weights folder; it is made where it does not exist.
        changes: settings of `DetectorSpec` that replace the default ones.
        measured: figures to keep beside the settings.

    Returns:
        The weights' path.
    """
    network, config = load_run(run)
    spec = dataclasses.replace(default_spec(config, network.width), **changes)
    weights.mkdir(parents=True, exist_ok=True)
    state = {
        k: v.half().contiguous() if v.is_floating_point() else v
        for k, v in network.state_dict().items()
        if not k.endswith("num_batches_tracked")
    }
    path = weights / FILE
    fresh = path.with_suffix(".new")
    safetensors.torch.save_file(state, fresh)
    fresh.chmod(0o644)
    os.replace(fresh, path)
    recipe = {k: v for k, v in config.items() if k not in ("data", "out", "mean", "std")}
    section = {
        **describe_file(path),
        "licence": LICENCE,
        "trained_on": TRAINED_ON,
        "recipe": recipe,
        "parameters": sum(p.numel() for p in network.parameters()),
        **json.loads(json.dumps(dataclasses.asdict(spec))),
        "measured": measured,
    }
    update_manifest(weights, {SECTION: section})
    return path


def change_settings(weights: Path, changes: dict[str, Any]) -> None:
    """Replaces settings of `DetectorSpec` in the manifest; what was measured with others goes.

    Raises:
        TypeError: `changes` names what is no setting.
    """
    entry = section(load_manifest(weights), SECTION, weights)
    spec = dataclasses.replace(DetectorSpec.from_manifest(entry), **changes)
    plain = json.loads(json.dumps(dataclasses.asdict(spec)))
    update_manifest(weights, {SECTION: entry | plain | {"measured": {}}})


def write_ranges(weights: Path, data: Path, seed: int = 0) -> None:
    """Measures the network's activations on training pictures, for `recognition.quantization`.

    Writes ``detector.ranges.json`` and the manifest's ``detector.ranges``.
    """
    entry = section(load_manifest(weights), SECTION, weights)
    spec = DetectorSpec.from_manifest(entry)
    paths = picture_paths(data)
    order = np.random.default_rng(seed).permutation(len(paths))[:CALIBRATION_PICTURES]
    batches = [
        OnnxRuntime.framed(
            letterbox(read_rgb(data / paths[i]), spec.sides[0], MULTIPLE, PAD)[0][None], spec.mean
        )
        for i in order
    ]
    with tempfile.TemporaryDirectory() as folder:
        graph = exported_graph(
            weights / entry["file"], spec.width, spec.mean, spec.std, Path(folder)
        )
        measure_ranges(graph, batches, weights / RANGES, QUANTIZED_OPERATORS)
    update_manifest(weights, {SECTION: entry | {"ranges": describe_file(weights / RANGES)}})
