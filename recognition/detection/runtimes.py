"""Executing the detector's network: ONNX Runtime for serving, torch as the reference.

Both answer with the same maps (a test compares them). torch is imported only where it is needed:
with the graph in the cache, serving does without.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from recognition.errors import WeightsCorrupt
from recognition.onnx_session import OnnxSession

if TYPE_CHECKING:
    from recognition.detection.network import FaceNetwork

Canvases = NDArray[np.uint8]
"""RGB pictures ``uint8 (n, H, W, 3)``, H and W multiples of the network's largest stride."""
Maps = tuple[NDArray[np.float32], ...]
"""One ``float32 (n, 5, H / stride, W / stride)`` a level, as `FaceNetwork.forward` documents."""
APRON = 3
"""Pixels of the mean colour that an exported graph wants on every side of a canvas."""


class Runtime(Protocol):
    """Maps canvases to the network's maps, on any thread."""

    def __call__(self, batch: Canvases) -> Maps: ...


class TorchRuntime:
    """The network in eager torch. It is put into evaluation mode.

    Args:
        network: computes from normalised pictures.
        mean, std: of R, G, B, values 0 to 1.
    """

    def __init__(
        self, network: FaceNetwork, mean: tuple[float, ...], std: tuple[float, ...]
    ) -> None:
        self._network = network.eval()
        self._mean, self._std = (np.array(v, np.float32) * 255 for v in (mean, std))

    def __call__(self, batch: Canvases) -> Maps:
        import torch

        device = next(self._network.parameters()).device
        scaled = ((batch.astype(np.float32) - self._mean) / self._std).transpose(0, 3, 1, 2)
        with torch.inference_mode():
            pictures = torch.from_numpy(scaled).to(device, memory_format=torch.channels_last)
            return tuple(out.float().cpu().numpy() for out in self._network(pictures))


class OnnxRuntime:
    """A graph of `graphs.export_onnx`, or its eight-bit copy. Safe to call from several threads.

    Args:
        graph: the ``.onnx`` file.
        threads: threads that one call may use.
        mean: of R, G, B, values 0 to 1, as the graph was exported with.
    """

    def __init__(self, graph: Path, threads: int, mean: tuple[float, ...]) -> None:
        self._session, self._mean = OnnxSession(graph, threads), mean

    def __call__(self, batch: Canvases) -> Maps:
        return tuple(self._session(self.framed(batch, self._mean)))

    @staticmethod
    def framed(batch: Canvases, mean: tuple[float, ...]) -> Canvases:
        """Canvases in an apron of the mean colour ``(n, H + 2 * APRON, W + 2 * APRON, 3)``."""
        n, h, w, _ = batch.shape
        out: Canvases = np.empty((n, h + 2 * APRON, w + 2 * APRON, 3), np.uint8)
        colour = np.round(np.array(mean) * 255).astype(np.uint8)
        for edge in (slice(APRON), slice(-APRON, None)):
            out[:, edge] = colour
            out[:, :, edge] = colour
        out[:, APRON:-APRON, APRON:-APRON] = batch
        return out


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
