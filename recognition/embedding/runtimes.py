"""Executing an embedding network: ONNX Runtime for serving, torch as the reference.

The safetensors file is the source. ONNX Runtime reads a graph exported from it once, kept in a
cache folder under the file's sha256. Both give the same vectors to 1e-4; a test compares them.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from recognition.manifest import sha256_of
from recognition.onnx_session import OnnxSession

Batch = NDArray[np.float32]


class EmbeddingRuntime(Protocol):
    """Maps normalised pictures ``float32 (n, 3, S, S)`` to unit vectors ``float32 (n, d)``."""

    def __call__(self, pictures: Batch) -> Batch: ...


class TorchRuntime:
    """The network in eager torch."""

    def __init__(self, weights: Path, backbone: str, dimension: int) -> None:
        self._network = load_network(weights, backbone, dimension)

    def __call__(self, pictures: Batch) -> Batch:
        import torch

        with torch.inference_mode():
            vectors: Batch = self._network(torch.from_numpy(pictures)).numpy()
        return vectors


class OnnxRuntime:
    """A graph of `exported_graph`, or its eight-bit copy. Safe to call from several threads."""

    def __init__(self, graph: Path, threads: int) -> None:
        self._session = OnnxSession(graph, threads, exact_sums=True)

    def __call__(self, pictures: Batch) -> Batch:
        return self._session(pictures)[0]


def load_network(weights: Path, backbone: str, dimension: int) -> Any:
    """The torch network in evaluation mode, ``float32``, from a half precision safetensors."""
    import safetensors.torch

    from recognition.embedding.networks import EmbeddingNetwork

    network = EmbeddingNetwork(backbone, dimension)
    state = safetensors.torch.load_file(weights)
    network.load_state_dict(
        {k: v.float() if v.is_floating_point() else v for k, v in state.items()}
    )
    return network.eval()


def exported_graph(weights: Path, backbone: str, dimension: int, size_px: int, cache: Path) -> Path:
    """The ONNX graph of a safetensors file, exported on first use.

    Returns:
        ``cache/embedding-<sha256 of the weights>-<size>.onnx``. Written under another name first,
        so that processes that start together do not read half a file.
    """
    graph = cache / f"embedding-{sha256_of(weights)[:32]}-{size_px}.onnx"
    if graph.is_file():
        return graph
    import torch

    import recognition.torchvision_ops  # noqa: F401  (the exporter looks torchvision's operators up)

    cache.mkdir(parents=True, exist_ok=True)
    network = load_network(weights, backbone, dimension)
    example = torch.zeros(2, 3, size_px, size_px)
    with tempfile.TemporaryDirectory(dir=cache) as folder, warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the exporter's own deprecations; nothing a user can act on
        fresh = Path(folder) / "graph.onnx"
        torch.onnx.export(
            network,
            (example,),
            str(fresh),
            input_names=["pictures"],
            output_names=["vectors"],
            dynamic_shapes={"pictures": {0: torch.export.Dim("n", min=1, max=1024)}},
            dynamo=True,
            external_data=False,
            verbose=False,
        )
        os.replace(fresh, graph)
    return graph
