"""Executing the detector's network: ONNX Runtime for serving, torch as the reference.

Both answer with the same maps (a test compares them). torch is imported only where it is needed:
with the graph in the cache, serving does without.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from recognition.errors import WeightsCorrupt
from recognition.manifest import sha256_of

if TYPE_CHECKING:
    from recognition.detection.network import FaceNetwork

Maps = tuple[NDArray[np.float32], ...]
"""One ``float32 (n, 5, H / stride, W / stride)`` a level, as `FaceNetwork.forward` documents."""


class Runtime(Protocol):
    """Maps normalised pictures ``float32 (n, 3, H, W)`` to the network's maps, on any thread."""

    def __call__(self, batch: NDArray[np.float32]) -> Maps: ...


class TorchRuntime:
    """The network in eager torch. It is put into evaluation mode."""

    def __init__(self, network: FaceNetwork) -> None:
        self._network = network.eval()

    def __call__(self, batch: NDArray[np.float32]) -> Maps:
        import torch

        device = next(self._network.parameters()).device
        with torch.inference_mode():
            pictures = torch.from_numpy(batch).to(device, memory_format=torch.channels_last)
            return tuple(out.cpu().numpy() for out in self._network(pictures))


class OnnxRuntime:
    """An exported graph in ONNX Runtime. Safe to call from several threads at once.

    Args:
        graph: an ``.onnx`` file from `export_onnx`.
        threads: threads that one call may use.
    """

    def __init__(self, graph: Path, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # Waiting threads that spin would take the cores from whoever is decoding or drawing.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(graph), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, batch: NDArray[np.float32]) -> Maps:
        return tuple(self._session.run(None, {"pictures": batch}))


def load_network(weights: Path, width: int) -> FaceNetwork:
    """The torch network in evaluation mode from a (half precision) safetensors file.

    Raises:
        WeightsCorrupt: the file is not this network's.
    """
    import safetensors
    import safetensors.torch

    from recognition.detection.network import FaceNetwork

    network = FaceNetwork(width)
    try:
        state = safetensors.torch.load_file(weights)
        own = network.state_dict()
        counters = {k: v for k, v in own.items() if k.endswith("num_batches_tracked")}
        network.load_state_dict(counters | {k: v.float() for k, v in state.items()})
    except (safetensors.SafetensorError, RuntimeError) as cause:
        raise WeightsCorrupt(weights, str(cause).splitlines()[0]) from cause
    return network.eval()


def export_onnx(network: FaceNetwork, path: Path) -> None:
    """Writes the network as an ONNX graph with free batch size, height and width.

    The file appears under `path` only when it is whole, so that processes that start together do
    not read half a file.
    """
    import torch

    import recognition.torchvision_ops  # noqa: F401  (the exporter looks torchvision's operators up)
    from recognition.detection.network import MULTIPLE

    path.parent.mkdir(parents=True, exist_ok=True)
    dim = torch.export.Dim
    free = {
        0: dim("n", min=1, max=64),
        2: MULTIPLE * dim("rows", min=1, max=256),
        3: MULTIPLE * dim("columns", min=1, max=256),
    }
    with tempfile.TemporaryDirectory(dir=path.parent) as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own deprecations
        fresh = Path(folder) / "graph.onnx"
        torch.onnx.export(
            network.eval(),
            (torch.zeros(2, 3, 3 * MULTIPLE, 2 * MULTIPLE),),
            str(fresh),
            input_names=["pictures"],
            output_names=["level8", "level16", "level32"],
            dynamic_shapes={"pictures": free},
            dynamo=True,
            external_data=False,
            verbose=False,
        )
        os.replace(fresh, path)


def exported_graph(weights: Path, width: int, cache: Path) -> Path:
    """The ONNX graph of a safetensors file, exported on first use.

    Returns:
        ``cache/detector-<sha256 of the weights>.onnx``.

    Raises:
        WeightsCorrupt: the file is not this network's.
    """
    graph = cache / f"detector-{sha256_of(weights)[:32]}.onnx"
    if not graph.is_file():
        export_onnx(load_network(weights, width), graph)
    return graph
