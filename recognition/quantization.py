"""Eight-bit copies of exported graphs: two to four times as fast where the processor helps.

Post-training static quantisation as ONNX Runtime does it (Jacob et al. 2018): weights to signed
bytes, one scale a channel; activations to unsigned bytes, in ranges measured once on training
pictures. The ranges lie in ``weights/`` beside the network; the graph is made from both on first
use. Processors without a dot product of bytes gain nothing: they get the plain graph. Where the
bytes are asked for all the same, the embedding's sums are kept from saturating (`OnnxSession`);
the detector's are not, and it is a little less exact there.
"""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from recognition.manifest import sha256_of

RUNTIMES = ("auto", "int8", "onnx", "torch")
"""``torch``: eager torch, the reference. ``onnx``: the same in ONNX Runtime. ``int8``: ONNX Runtime
in bytes. ``auto``: ``int8`` where the processor multiplies bytes, else ``onnx``."""
_DOT_PRODUCT_FLAGS = {"avx512_vnni", "avx_vnni", "asimddp", "i8mm"}
QUANTIZED_OPERATORS = ["Conv", "Add", "MaxPool", "Concat", "Resize"]
"""What is computed in bytes. The last linear layers stay exact: they are small and matter most."""


def multiplies_bytes(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether this processor has an instruction for dot products of bytes.

    Where it cannot be told (no Linux), Apple's processors are known to have one, others are taken
    to have none.
    """
    try:
        text = cpuinfo.read_text(encoding="ascii", errors="ignore")
    except OSError:
        return platform.system() == "Darwin" and platform.machine() == "arm64"
    flags = {
        flag
        for line in text.splitlines()
        if line.lower().startswith(("flags", "features"))
        for flag in line.partition(":")[2].split()
    }
    return bool(flags & _DOT_PRODUCT_FLAGS)


def pick_runtime(choice: str) -> str:
    """One of ``int8``, ``onnx`` and ``torch``. Raises ValueError for what is none of `RUNTIMES`."""
    if choice not in RUNTIMES:
        raise ValueError(f"runtime must be one of {', '.join(RUNTIMES)}, not {choice!r}")
    if choice == "auto":
        return "int8" if multiplies_bytes() else "onnx"
    return choice


class _Batches:
    """ONNX Runtime's `CalibrationDataReader` over batches in memory."""

    def __init__(self, batches: Sequence[NDArray[Any]]) -> None:
        self._left: Iterator[NDArray[Any]] = iter(batches)

    def get_next(self) -> dict[str, NDArray[Any]] | None:
        batch = next(self._left, None)
        return None if batch is None else {"pictures": batch}


def measure_ranges(
    graph: Path,
    batches: Sequence[NDArray[Any]],
    ranges: Path,
    operators: Sequence[str] = QUANTIZED_OPERATORS,
) -> None:
    """Writes the ranges of all activations, as ONNX Runtime's calibration cache (JSON).

    Args:
        graph: an exported graph with the input ``pictures``.
        batches: normalised pictures ``(n, 3, H, W)``, of training data.
        ranges: the file to write.
        operators: kinds of nodes that are computed in bytes.
    """
    ranges.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        _quantize(graph, ranges, Path(folder) / "unused.onnx", _Batches(batches), operators)
    ranges.chmod(0o644)


def quantized_graph(
    graph: Path, ranges: Path, operators: Sequence[str] = QUANTIZED_OPERATORS
) -> Path:
    """The eight-bit copy of a graph, made on first use beside it.

    Returns:
        ``<graph's stem>-int8-<sha256 of the ranges>.onnx``, written under another name first, so
        that processes that start together do not read half a file.
    """
    done = graph.with_name(f"{graph.stem}-int8-{sha256_of(ranges)[:16]}.onnx")
    if not done.is_file():
        with tempfile.TemporaryDirectory(dir=graph.parent) as folder:
            fresh = Path(folder) / "int8.onnx"
            _quantize(graph, ranges, fresh, None, operators)
            os.replace(fresh, done)
    return done


def _quantize(
    graph: Path, ranges: Path, to: Path, batches: _Batches | None, operators: Sequence[str]
) -> None:
    from onnxruntime.quantization import CalibrationMethod, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(graph), str(prepared), skip_symbolic_shape=True)
        arguments: dict[str, Any] = {
            "per_channel": True,
            "activation_type": QuantType.QUInt8,
            "weight_type": QuantType.QInt8,
            "calibrate_method": CalibrationMethod.MinMax,
            "op_types_to_quantize": list(operators),
            "calibration_cache_path": str(ranges),
        }
        quantize_static(str(prepared), str(to), batches, **arguments)
