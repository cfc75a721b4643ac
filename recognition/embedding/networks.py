"""The embedding networks: ResNet34 (the served one), ResNet18 (at half its cost, for runs that are
many) and ResNet9 (from scratch, for comparison).

Both map a normalised picture ``float32 (n, 3, S, S)`` to unit vectors ``float32 (n, d)``.

Sources: He et al. 2016, *Deep Residual Learning for Image Recognition* (the trunk, as torchvision
builds it); Deng et al. 2019, *ArcFace* (batch normalisation after the last linear layer, "option
E"); the ResNet9 is the small residual network of Page 2018, *How to train your ResNet*, which the
old web app used at 64 px.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from recognition.torchvision_ops import torchvision

BACKBONES = ("resnet34", "resnet18", "resnet9")


class EmbeddingNetwork(nn.Module):
    """Trunk, global average pooling, a linear layer to `dimension`, batch norm, L2 norm."""

    def __init__(
        self, backbone: str = "resnet34", dimension: int = 512, dropout: float = 0.0
    ) -> None:
        """Builds the network with random weights.

        Args:
            backbone: one of `BACKBONES`.
            dimension: length d of the embedding.
            dropout: share of the pooled features dropped in training.

        Raises:
            ValueError: unknown backbone.
        """
        super().__init__()
        self.trunk: nn.Module
        if backbone in ("resnet34", "resnet18"):
            trunk = getattr(torchvision.models, backbone)(weights=None)
            trunk.fc = nn.Identity()
            self.trunk, width = trunk, 512
        elif backbone == "resnet9":
            self.trunk, width = _resnet9_trunk(), 512
        else:
            raise ValueError(f"backbone must be one of {BACKBONES}, not {backbone!r}")
        self.backbone = backbone
        self.dimension = dimension
        self.dropout = nn.Dropout(dropout)
        self.project = nn.Linear(width, dimension, bias=False)
        self.norm = nn.BatchNorm1d(dimension)

    def forward(self, pictures: Tensor) -> Tensor:
        """``(n, 3, S, S)`` to unit vectors ``(n, d)``."""
        features = self.dropout(self.trunk(pictures))  # (n, 512)
        return F.normalize(self.norm(self.project(features).float()), dim=1)


def _conv_block(n_in: int, n_out: int, *, pool: bool = False) -> nn.Sequential:
    layers: list[nn.Module] = [
        nn.Conv2d(n_in, n_out, 3, padding=1, bias=False),
        nn.BatchNorm2d(n_out),
        nn.ReLU(inplace=True),
    ]
    if pool:
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers)


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(_conv_block(width, width), _conv_block(width, width))

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.body(x)
        return out


def _resnet9_trunk() -> nn.Sequential:
    return nn.Sequential(
        _conv_block(3, 64),
        _conv_block(64, 128, pool=True),
        _Residual(128),
        _conv_block(128, 256, pool=True),
        _conv_block(256, 512, pool=True),
        _Residual(512),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
    )


def load_imagenet_start(network: EmbeddingNetwork, state: Mapping[str, Tensor]) -> list[str]:
    """Copies an ImageNet ResNet state dict (torchvision keys) into a ResNet34 or ResNet18 trunk.

    The state may be a whole ResNet34, or a shallower or partial one, such as ResNet18 without
    layer4. Blocks that the state does not cover, in layers that it does, become identities: their
    last batch norm weight is set to zero (Goyal et al. 2017, section 5.1), so that the trunk
    computes what the shallower network did and grows from there. Everything else keeps its random
    start.

    Returns:
        The names of the trunk's tensors that kept their random start.

    Raises:
        ValueError: neither of the two, or no tensor of the state fits.
    """
    if network.backbone == "resnet9":
        raise ValueError("an ImageNet start fits resnet34 and resnet18, not resnet9")
    own = network.trunk.state_dict()
    fitting = {k: v.float() for k, v in state.items() if k in own and own[k].shape == v.shape}
    if not fitting:
        raise ValueError(f"no tensor of this file fits a {network.backbone}")
    network.trunk.load_state_dict(fitting, strict=False)
    covered_layers = {key.split(".")[0] for key in fitting if key.startswith("layer")}
    with torch.no_grad():
        for name, module in network.trunk.named_modules():
            layer, _, rest = name.partition(".")
            if layer in covered_layers and rest.endswith("bn2") and f"{name}.weight" not in fitting:
                assert isinstance(module, nn.BatchNorm2d)
                module.weight.zero_()
    return sorted(k for k in own if k not in fitting and not k.endswith("num_batches_tracked"))
