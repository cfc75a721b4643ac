"""Faces and whole pictures to unit vectors: crop, normalise, run, average with the mirror image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognition.embedding.preprocess import InputSpec, picture_views, square_crop, to_batch
from recognition.embedding.runtimes import (
    EmbeddingRuntime,
    OnnxRuntime,
    TorchRuntime,
    exported_graph,
)
from recognition.errors import WeightsCorrupt
from recognition.manifest import MANIFEST, verified_file
from recognition.quantization import pick_runtime, quantized_graph
from recognition.types import Box, Embedding, RgbImage

_BATCH = 16


class Embedder:
    """Embeds crops with one model.

    Args:
        runtime: executes the network.
        spec: what the network was trained on.
        model_id: tags every vector.
    """

    def __init__(self, runtime: EmbeddingRuntime, spec: InputSpec, model_id: str) -> None:
        self.spec = spec
        self.model_id = model_id
        self._runtime = runtime

    def embed_faces(self, image: RgbImage, boxes: Sequence[Box]) -> list[Embedding]:
        """One vector a face box, in the boxes' order; `image` is RGB ``uint8 (H, W, 3)``."""
        crops = [square_crop(image, b, self.spec.face_margin, self.spec.size_px) for b in boxes]
        return [Embedding(vector, self.model_id) for vector in self.embed_crops(crops)]

    def embed_whole(self, image: RgbImage) -> tuple[Embedding, ...]:
        """One vector a view of the whole picture, see `picture_views`."""
        vectors = self.embed_crops(picture_views(image, self.spec.size_px))
        return tuple(Embedding(vector, self.model_id) for vector in vectors)

    def embed_crops(self, crops: Sequence[RgbImage]) -> NDArray[np.float32]:
        """``uint8 (S, S, 3)`` crops to unit vectors ``(n, d)``, blind to mirroring by averaging."""
        parts: list[NDArray[np.float32]] = []
        for start in range(0, len(crops), _BATCH):
            batch = to_batch(list(crops[start : start + _BATCH]), self.spec)
            both = self._runtime(np.concatenate([batch, batch[..., ::-1]]))
            total = both[: len(batch)] + both[len(batch) :]
            parts.append(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12))
        return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)


def open_embedder(
    weights: Path, entry: Mapping[str, Any], *, runtime: str, threads: int, cache: Path
) -> Embedder:
    """Loads the embedder that a manifest's ``embedding`` section describes.

    Args:
        runtime: one of `RUNTIMES`.
        threads: threads that one call may use (ONNX Runtime).
        cache: folder for exported graphs.

    Raises:
        WeightsMissing, WeightsCorrupt: see `verified_file`.
        ValueError: unknown runtime.
    """
    runtime = pick_runtime(runtime)
    path = verified_file(weights, entry)
    try:
        shape = entry["input"]
        spec = InputSpec(
            int(shape["size_px"]),
            tuple(shape["mean"]),
            tuple(shape["std"]),
            float(shape["face_margin"]),
        )
        backbone, dimension = str(entry["backbone"]), int(entry["dimension"])
        model_id = str(entry["model_id"])
    except KeyError as cause:
        raise WeightsCorrupt(weights / MANIFEST, f"embedding lacks {cause}") from cause
    if runtime == "torch":
        return Embedder(TorchRuntime(path, backbone, dimension), spec, model_id)
    graph = exported_graph(path, backbone, dimension, spec.size_px, cache)
    if runtime == "int8" and "ranges" in entry:
        graph = quantized_graph(graph, verified_file(weights, entry["ranges"]))
    return Embedder(OnnxRuntime(graph, threads), spec, model_id)
