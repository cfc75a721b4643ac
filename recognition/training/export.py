"""From a run folder to ``weights/``: the network, and the ranges of its activations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch

from recognition.embedding.networks import EmbeddingNetwork
from recognition.embedding.preprocess import InputSpec, to_batch, whole_square
from recognition.embedding.runtimes import exported_graph
from recognition.manifest import (
    describe_file,
    load_manifest,
    sha256_of,
    update_manifest,
    verified_file,
)
from recognition.quantization import measure_ranges
from recognition.training.data import list_faces, load_faces, read_rgb
from recognition.training.starts import read_state
from recognition.training.vectors import load_trained
from recognition.training.whitening import SHRINKAGE, whiten

LICENCE = "MIT, trained by this project"
LAST_LAYER = f"WCCN of the training faces of data/faces, shrinkage {SHRINKAGE}"
RANGES = "embedding.ranges.json"
CALIBRATION_PICTURES = 256


def export_run(run: Path, data: Path, weights: Path, cache: Path, *, face_margin: float) -> None:
    """Writes ``embedding.safetensors`` (half precision) and the manifest's section ``embedding``.

    The last layer is fitted anew, see `whiten`.

    Args:
        run: a run folder with a checkpoint.
        data: the data folder; training crops of it set the last layer, and the ranges of the
            eight-bit copy.
        weights: the weights folder.
        cache: where exported graphs are kept.
        face_margin: how much of a detected face's surroundings the network will see.
    """
    trained = load_trained(run)
    weights.mkdir(parents=True, exist_ok=True)
    rows = list_faces(trained.config.data)
    seen = [row for row in rows if row.split in trained.config.splits]
    config = trained.config
    whiten(trained.network, load_faces(data / "faces", "train"), trained.spec)
    entry = {
        "licence": LICENCE,
        "backbone": config.backbone,
        "dimension": config.dimension,
        "input": {
            "size_px": trained.spec.size_px,
            "mean": list(config.mean),
            "std": list(config.std),
            "face_margin": face_margin,
        },
        "trained_on": f"{len(seen)} pictures of {len({row.character for row in seen})} characters",
        "epochs": trained.epoch,
        "recipe": config.to_dict(),
    }
    _write_network(trained.network, entry, weights)
    write_ranges(weights, data, cache)


def whiten_weights(weights: Path, data: Path, cache: Path) -> None:
    """Fits the last layer of the network in a weights folder anew (`whiten`), as `export_run` does.

    Doing it twice changes nothing: only the layers before the last one count.
    """
    entry = load_manifest(weights)["embedding"]
    network = EmbeddingNetwork(entry["backbone"], int(entry["dimension"]))
    network.load_state_dict(read_state(verified_file(weights, entry)))
    seen = entry["input"]
    spec = InputSpec(int(seen["size_px"]), tuple(seen["mean"]), tuple(seen["std"]), 1.0)
    whiten(network.eval(), load_faces(data / "faces", "train"), spec)
    _write_network(network, entry, weights)
    write_ranges(weights, data, cache)


def _write_network(network: EmbeddingNetwork, entry: dict[str, Any], weights: Path) -> None:
    """The file in half precision, and its section of the manifest."""
    file = weights / "embedding.safetensors"
    state = {
        k: v.half().contiguous() if v.is_floating_point() else v
        for k, v in network.state_dict().items()
    }
    safetensors.torch.save_file(state, file)
    file.chmod(0o644)  # safetensors writes files that only their owner can read
    written = {
        **describe_file(file),
        "model_id": f"{network.backbone}-{sha256_of(file)[:12]}",
        "last_layer": LAST_LAYER,
    }
    update_manifest(weights, {"embedding": entry | written})


def write_ranges(weights: Path, data: Path, cache: Path, seed: int = 0) -> None:
    """Measures the embedding's activations on training crops, for `recognition.quantization`.

    Writes ``embedding.ranges.json`` and the manifest's ``embedding.ranges``.
    """
    entry = load_manifest(weights)["embedding"]
    size_px = int(entry["input"]["size_px"])
    graph = exported_graph(
        weights / entry["file"], entry["backbone"], entry["dimension"], size_px, cache
    )
    rows = [row for row in list_faces(data / "faces") if row.split == "train"]
    order = np.random.default_rng(seed).permutation(len(rows))[:CALIBRATION_PICTURES]
    crops = [whole_square(read_rgb(rows[i].path), size_px) for i in order]
    spec = InputSpec(size_px, tuple(entry["input"]["mean"]), tuple(entry["input"]["std"]), 1.0)
    batches = [to_batch(crops[i : i + 16], spec) for i in range(0, len(crops), 16)]
    measure_ranges(graph, batches, weights / RANGES)
    entry["ranges"] = describe_file(weights / RANGES)
    update_manifest(weights, {"embedding": entry})
