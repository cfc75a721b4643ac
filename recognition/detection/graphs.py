"""The detector's network as an ONNX graph that takes pictures as they are: bytes, height first.

Normalisation and batch norms are folded into the convolutions. The first convolution would pad
normalised pictures with zeros; here its padding is an apron of the mean colour around the picture,
which is the same but for rounding (`APRON`; Jacob et al. 2018 fold likewise before quantising).
"""

from __future__ import annotations

import copy
import hashlib
import os
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from recognition.detection.runtimes import APRON, load_network
from recognition.manifest import sha256_of

if TYPE_CHECKING:
    from torch import nn

    from recognition.detection.network import FaceNetwork

QUANTIZED_OPERATORS = ["Conv", "Add", "Relu", "MaxPool", "Resize"]
"""What is computed in bytes; scores and distances are put together as floats."""


def serving_network(
    network: FaceNetwork, mean: tuple[float, ...], std: tuple[float, ...]
) -> nn.Module:
    """A network that computes from bytes what `network` computes from normalised pictures.

    Args:
        network: is not changed.
        mean, std: of R, G, B, values 0 to 1.

    Returns:
        Maps ``uint8 (n, H + 2 * APRON, W + 2 * APRON, 3)`` to the maps of ``H x W`` pixels.
    """
    import torch
    from torch import nn

    folded = copy.deepcopy(network).eval()
    _fold_norms(folded)
    first = folded.conv1
    width = first.out_channels
    scale = torch.tensor(std).view(1, 3, 1, 1) * 255
    shift = torch.tensor(mean).view(1, 3, 1, 1) * 255
    bytewise = nn.Conv2d(3, width, first.kernel_size, first.stride)  # type: ignore[arg-type]
    with torch.no_grad():
        bytewise.weight.copy_(first.weight / scale)
        assert bytewise.bias is not None
        assert first.bias is not None
        bytewise.bias.copy_(first.bias - (first.weight * shift / scale).sum((1, 2, 3)))
    folded.conv1 = bytewise

    class FromBytes(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = folded

        def forward(self, pictures: torch.Tensor) -> tuple[torch.Tensor, ...]:
            maps: tuple[torch.Tensor, ...] = self.network(pictures.permute(0, 3, 1, 2).float())
            return maps

    return FromBytes().eval()


def _fold_norms(module: nn.Module) -> None:
    """Folds every batch norm into the convolution registered just before it (in place)."""
    from torch import nn
    from torch.nn.utils.fusion import fuse_conv_bn_eval

    children = list(module.named_children())
    for _, child in children:
        _fold_norms(child)
    for (name, one), (next_name, other) in zip(children, children[1:], strict=False):
        if isinstance(one, nn.Conv2d) and isinstance(other, nn.BatchNorm2d):
            setattr(module, name, fuse_conv_bn_eval(one, other))
            setattr(module, next_name, nn.Identity())


def export_onnx(
    network: FaceNetwork, mean: tuple[float, ...], std: tuple[float, ...], path: Path
) -> None:
    """Writes `serving_network` as an ONNX graph with free batch size, height and width.

    The file appears under `path` only when it is whole, so that processes that start together do
    not read half a file.
    """
    import torch

    import recognition.torchvision_ops  # noqa: F401  (the exporter looks torchvision's operators up)
    from recognition.detection.network import MULTIPLE

    path.parent.mkdir(parents=True, exist_ok=True)
    dim = torch.export.Dim
    apron = 2 * APRON
    free = {
        0: dim("n", min=1, max=64),
        1: MULTIPLE * dim("rows", min=1, max=256) + apron,
        2: MULTIPLE * dim("columns", min=1, max=256) + apron,
    }
    example = torch.zeros(2, 3 * MULTIPLE + apron, 2 * MULTIPLE + apron, 3, dtype=torch.uint8)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own deprecations
        fresh = Path(folder) / "graph.onnx"
        torch.onnx.export(
            serving_network(network, mean, std),
            (example,),
            str(fresh),
            input_names=["pictures"],
            output_names=["level8", "level16", "level32"],
            dynamic_shapes={"pictures": free},
            dynamo=True,
            external_data=False,
            verbose=False,
        )
        os.replace(fresh, path)


def exported_graph(
    weights: Path, width: int, mean: tuple[float, ...], std: tuple[float, ...], cache: Path
) -> Path:
    """The ONNX graph of a safetensors file, exported on first use.

    Returns:
        ``cache/detector-<sha256 of weights and normalisation>.onnx``.

    Raises:
        WeightsCorrupt: the file is not this network's.
    """
    key = hashlib.sha256(f"bytes {sha256_of(weights)} {mean} {std}".encode()).hexdigest()
    graph = cache / f"detector-{key[:32]}.onnx"
    if not graph.is_file():
        export_onnx(load_network(weights, width), mean, std, graph)
    return graph
