"""From a run folder to ``weights/``: the network, and the ranges of its activations."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import safetensors.torch

from recognition.embedding.preprocess import InputSpec, to_batch, whole_square
from recognition.embedding.runtimes import exported_graph
from recognition.manifest import describe_file, load_manifest, sha256_of, update_manifest
from recognition.quantization import measure_ranges
from recognition.training.data import list_faces, read_rgb
from recognition.training.vectors import load_trained

LICENCE = "MIT, trained by this project"
RANGES = "embedding.ranges.json"
CALIBRATION_PICTURES = 256


def export_run(run: Path, data: Path, weights: Path, cache: Path, *, face_margin: float) -> None:
    """Writes ``embedding.safetensors`` (half precision) and the manifest's section ``embedding``.

    Args:
        run: a run folder with a checkpoint.
        data: the data folder; training crops of it set the ranges of the eight-bit copy.
        weights: the weights folder.
        cache: where exported graphs are kept.
        face_margin: how much of a detected face's surroundings the network will see.
    """
    trained = load_trained(run)
    weights.mkdir(parents=True, exist_ok=True)
    file = weights / "embedding.safetensors"
    state = {
        k: v.half().contiguous() if v.is_floating_point() else v
        for k, v in trained.network.state_dict().items()
    }
    safetensors.torch.save_file(state, file)
    file.chmod(0o644)  # safetensors writes files that only their owner can read
    rows = list_faces(trained.config.data)
    seen = [row for row in rows if row.split in trained.config.splits]
    config = trained.config
    entry = {
        **describe_file(file),
        "licence": LICENCE,
        "model_id": f"{config.backbone}-{sha256_of(file)[:12]}",
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
    update_manifest(weights, {"embedding": entry})
    write_ranges(weights, data, cache)


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
