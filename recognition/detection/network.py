"""The face detector's network (torch). Serving with a cached ONNX file never imports this module.

One stage, anchor-free: a cut-down ResNet18 trunk, a small feature pyramid, one head shared by the
levels. Every cell of a level says how well a face box around its centre fits, and where that box's
sides are.

Sources: He et al. 2016, *Deep Residual Learning* (stem and the second stage, so that an ImageNet
ResNet18 can be the start); Lin et al. 2017, *Feature Pyramid Networks*; Tian et al. 2019, *FCOS*
(side distances from cell centres); Li et al. 2020, *Generalized Focal Loss* (the score is trained
to be the box's IoU).
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

STRIDES = (8, 16, 32)
"""Pixels of input per cell, by level."""
MULTIPLE = STRIDES[-1]
"""Height and width of the input must be multiples of this."""


def _conv(n_in: int, n_out: int, size: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, size, stride, size // 2, bias=False),
        nn.BatchNorm2d(n_out),
        nn.ReLU(inplace=True),
    )


class BasicBlock(nn.Module):
    """ResNet's basic block, with torchvision's names so that its weights load by key."""

    def __init__(self, n_in: int, n_out: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(n_in, n_out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(n_out)
        self.conv2 = nn.Conv2d(n_out, n_out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(n_out)
        self.downsample: nn.Module | None = None
        if stride != 1 or n_in != n_out:
            self.downsample = nn.Sequential(
                nn.Conv2d(n_in, n_out, 1, stride, bias=False), nn.BatchNorm2d(n_out)
            )

    def forward(self, x: Tensor) -> Tensor:
        out = F.relu(self.bn1(self.conv1(x)), inplace=True)
        out = self.bn2(self.conv2(out))
        short = x if self.downsample is None else self.downsample(x)
        return F.relu(out + short, inplace=True)


class FaceNetwork(nn.Module):
    """About 1.7 million parameters; 9 GFLOP for 640 x 480 pixels."""

    def __init__(self, width: int = 64) -> None:
        """Builds the network with random weights. `width`: channels of pyramid and head."""
        super().__init__()
        self.width = width
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer2 = nn.Sequential(BasicBlock(64, 128, 2), BasicBlock(128, 128))
        self.stage16 = BasicBlock(128, 128, 2)
        self.stage16b = BasicBlock(128, 128)
        self.stage32 = BasicBlock(128, 128, 2)
        self.lateral = nn.ModuleList(nn.Conv2d(128, width, 1) for _ in STRIDES)
        self.context = _conv(width, width)
        self.smooth = nn.ModuleList(_conv(width, width) for _ in STRIDES)
        self.head = _conv(width, width)
        self.out = nn.Conv2d(width, 5, 3, padding=1)
        self.level_scale = nn.Parameter(torch.tensor([[1.2, 1.2, 1.4]]))
        nn.init.normal_(self.out.weight, std=0.01)
        with torch.no_grad():  # a face in one cell of a hundred, as the focal loss likes it
            self.out.bias = nn.Parameter(torch.tensor([-4.6, 0.0, 0.0, 0.0, 0.0]))

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Finds faces.

        Args:
            pictures: normalised ``(n, 3, H, W)``, H and W multiples of `MULTIPLE`.

        Returns:
            One ``(n, 5, H / stride, W / stride)`` for each of `STRIDES`: channel 0 is the score
            before the sigmoid, channels 1 to 4 are the distances in input pixels from the cell's
            centre to the left, upper, right and lower side of the box.
        """
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(pictures)), inplace=True), 3, 2, 1)
        c8 = self.layer2(x)
        c16 = self.stage16b(self.stage16(c8))
        c32 = self.stage32(c16)
        p32 = self.lateral[2](c32)
        p32 = p32 + self.context(p32)
        p16 = self.lateral[1](c16) + F.interpolate(p32, scale_factor=2.0, mode="nearest")
        p8 = self.lateral[0](c8) + F.interpolate(p16, scale_factor=2.0, mode="nearest")
        out = []
        for level, (features, stride) in enumerate(zip((p8, p16, p32), STRIDES, strict=True)):
            raw = self.out(self.head(self.smooth[level](features))).float()
            distances = (raw[:, 1:] + self.level_scale[0, level]).clamp(-4.0, 5.0).exp() * stride
            out.append(torch.cat([raw[:, :1], distances], 1))
        return out[0], out[1], out[2]


def load_imagenet_start(network: FaceNetwork, state: Mapping[str, Tensor]) -> list[str]:
    """Copies stem and second stage of an ImageNet ResNet18 (torchvision keys) into `network`.

    The first stage is left out: its blocks are residual, so the second stage still knows its input.

    Returns:
        Names of the tensors that kept their random start.

    Raises:
        ValueError: nothing in `state` fits.
    """
    own = network.state_dict()
    fitting = {k: v.float() for k, v in state.items() if k in own and own[k].shape == v.shape}
    if not fitting:
        raise ValueError("no tensor of this file fits the detector")
    network.load_state_dict(fitting, strict=False)
    return sorted(k for k in own if k not in fitting and not k.endswith("num_batches_tracked"))
