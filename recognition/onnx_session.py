"""One ONNX Runtime session as both networks use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


class OnnxSession:
    """An exported graph with one input, ``pictures``. Safe to call from several threads at once.

    Args:
        graph: an ``.onnx`` file.
        threads: threads that one call may use.
        exact_sums: of a graph in bytes, on an x86 processor without their dot product: sums of
            products do not saturate at 16 bits, and take longer. ONNX Runtime 1.32 cannot load a
            graph so in which two operators share their weights ("Attempt to replace the existing
            tensor").
    """

    def __init__(self, graph: Path, threads: int, *, exact_sums: bool = False) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # Waiting threads that spin would take the cores from whoever is decoding or drawing.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.x64quantprecision", str(int(exact_sums)))
        self._session = onnxruntime.InferenceSession(
            str(graph), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, pictures: NDArray[Any]) -> list[NDArray[np.float32]]:
        """Runs what the graph takes, say ``float32 (n, 3, H, W)``; its outputs in their order."""
        outputs: list[NDArray[np.float32]] = self._session.run(None, {"pictures": pictures})
        return outputs
