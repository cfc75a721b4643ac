"""What is minimised: angular margins for the named, instance discrimination for the unnamed, and
agreement with teachers for all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from pytorch_metric_learning import losses
from torch import Tensor, nn

from recognition.training.config import TrainConfig
from recognition.training.vectors import load_trained


def make_head(config: TrainConfig, n_classes: int) -> nn.Module:
    """The training loss with its class directions (``head.W`` is ``(d, n_classes)``)."""
    kinds: dict[str, Callable[[], nn.Module]] = {
        "cosface": lambda: losses.CosFaceLoss(
            n_classes, config.dimension, margin=config.margin, scale=config.scale
        ),
        "arcface": lambda: losses.ArcFaceLoss(
            n_classes, config.dimension, margin=math.degrees(config.margin), scale=config.scale
        ),
        "softmax": lambda: losses.NormalizedSoftmaxLoss(
            n_classes, config.dimension, temperature=1 / config.scale
        ),
    }
    if config.loss not in kinds:
        raise ValueError(f"loss must be one of {sorted(kinds)}, not {config.loss!r}")
    return kinds[config.loss]()


def directions(head: nn.Module) -> Tensor:
    """Unit class directions ``(d, classes)`` of a head."""
    return nn.functional.normalize(head.W, dim=0)  # type: ignore[arg-type]


def instance_loss(head: nn.Module, vectors: Tensor, scale: float) -> Tensor:
    """NT-Xent (Chen et al. 2020) of unnamed faces, the head's classes being negatives too.

    Args:
        head: with class directions ``W (d, classes)``.
        vectors: unit vectors ``(2 n, d)``, views of one face following each other.
        scale: inverse temperature.

    Returns:
        The mean cross entropy, a scalar, of telling each view's partner from all others.
    """
    among = vectors @ vectors.T
    among = among.masked_fill(torch.eye(len(vectors), dtype=torch.bool, device=vectors.device), -2)
    partners = torch.arange(len(vectors), device=vectors.device) ^ 1
    logits = scale * torch.cat([among, vectors @ directions(head)], dim=1)
    return nn.functional.cross_entropy(logits, partners)


class Teachers:
    """Trained networks that say together how probable each character is.

    Args:
        runs: their run folders.
        classes: the student's classes; a teacher must have the same.
        scale: inverse temperature.

    Raises:
        FileNotFoundError: a run has no checkpoint.
        ValueError: a teacher knows other characters.
    """

    def __init__(
        self, runs: Sequence[Path], classes: Sequence[str], scale: float, device: torch.device
    ) -> None:
        self.scale = scale
        self._pairs: list[tuple[nn.Module, Tensor]] = []
        for run in runs:
            trained = load_trained(run)
            if trained.classes != tuple(classes):
                raise ValueError(f"{run} was trained on other characters")
            network = trained.network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
            unit = torch.from_numpy(trained.directions)
            self._pairs.append((network.requires_grad_(False), unit.to(device)))

    @torch.no_grad()
    def probabilities(self, pictures: Tensor) -> Tensor:
        """Mean probabilities ``(n, classes)`` for normalised pictures ``(n, 3, S, S)``."""
        each = [
            (self.scale * (network(pictures).float() @ unit)).softmax(1)
            for network, unit in self._pairs
        ]
        return torch.stack(each).mean(0)

    def loss(self, head: nn.Module, vectors: Tensor, probabilities: Tensor) -> Tensor:
        """Mean divergence (Kullback-Leibler) of the student from the teachers, a scalar."""
        student = (self.scale * (vectors @ directions(head))).log_softmax(1)
        return nn.functional.kl_div(student, probabilities, reduction="batchmean")
