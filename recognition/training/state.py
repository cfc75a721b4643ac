"""What a run is made of while it goes on: built from a configuration, kept in a checkpoint."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from recognition.embedding.networks import EmbeddingNetwork
from recognition.embedding.preprocess import InputSpec, whole_square
from recognition.training.config import TrainConfig
from recognition.training.data import LabelledFaces
from recognition.training.embed import embed_images, normalised
from recognition.training.objective import make_head
from recognition.training.starts import apply_start
from recognition.training.stream import n_batches
from recognition.training.vectors import CHECKPOINT, Vectors

PARTS = ("network", "average", "head", "optimizer", "schedule")


@dataclass
class TrainState:
    """What a checkpoint holds, besides the configuration that says how to build it."""

    network: EmbeddingNetwork
    average: AveragedModel
    head: nn.Module
    optimizer: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler
    epoch: int = 0

    def save(self, config: TrainConfig, classes: tuple[str, ...]) -> None:
        """Writes the checkpoint so that a crash at any moment leaves a whole one."""
        payload = {
            "config": config.to_dict(),
            "classes": list(classes),
            "epoch": self.epoch,
            **{part: getattr(self, part).state_dict() for part in PARTS},
        }
        path = config.out / CHECKPOINT
        fresh = path.with_suffix(".new")
        torch.save(payload, fresh)
        os.replace(fresh, path)

    def resume(self, path: Path) -> None:
        """Takes up a checkpoint of the same configuration."""
        payload = torch.load(path, map_location="cpu", weights_only=True)
        for part in PARTS:
            getattr(self, part).load_state_dict(payload[part])
        self.epoch = payload["epoch"]


def pick_device(config: TrainConfig) -> tuple[torch.device, bool]:
    """The device, and whether to compute in bfloat16 there."""
    name = config.device
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    torch.backends.cudnn.benchmark = True  # input sizes change seldom
    if config.precision != "auto":
        return torch.device(name), config.precision == "bf16"
    if name == "cuda":
        return torch.device(name), torch.cuda.is_bf16_supported()
    return torch.device(name), bool(torch.cpu._is_amx_tile_supported())


def build(config: TrainConfig, faces: LabelledFaces, device: torch.device) -> TrainState:
    """A run's start.

    Raises:
        StartUnavailable: the start cannot be read.
        ValueError: ``frozen`` or ``loss`` names what does not exist.
    """
    torch.manual_seed(config.seed)
    network = EmbeddingNetwork(config.backbone, config.dimension, config.dropout)
    spec = InputSpec(config.size_at(0), config.mean, config.std, 1.0)
    some = np.random.default_rng(config.seed).permutation(len(faces))[:256]
    crops = np.stack([whole_square(faces.images[i], spec.size_px) for i in some])
    kept_random = apply_start(network, config.start, normalised(torch.from_numpy(crops), spec))
    network = network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    for part in frozen_parts(network, config):
        part.requires_grad_(False)
    head = make_head(config, len(faces.classes)).to(device)
    if not kept_random:  # a trained network: its class means are better directions than noise
        _point_at_means(head, embed_images(network, faces.images, spec), faces)
    optimizer = _optimizer(config, network, head)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        config.learning_rate,
        total_steps=config.epochs * n_batches(faces, config) + 1,
        pct_start=config.warmup_fraction,
    )
    average = AveragedModel(
        network,
        multi_avg_fn=get_ema_multi_avg_fn(config.ema_decay),  # type: ignore[no-untyped-call]
        use_buffers=True,
    )
    return TrainState(network, average, head, optimizer, schedule)


def _optimizer(config: TrainConfig, network: nn.Module, head: nn.Module) -> torch.optim.Optimizer:
    learnt = [p for p in network.parameters() if p.requires_grad]
    decayed = [p for p in learnt if p.ndim > 1]
    plain = [p for p in learnt if p.ndim <= 1]
    groups: list[dict[str, Any]] = [
        {"params": decayed, "weight_decay": config.weight_decay},
        {"params": [*plain, *head.parameters()], "weight_decay": 0.0},
    ]
    kinds: dict[str, Callable[..., torch.optim.Optimizer]] = {
        "adamw": torch.optim.AdamW,
        "adam": torch.optim.Adam,
    }
    return kinds[config.optimizer](groups, lr=config.learning_rate)


def frozen_parts(network: EmbeddingNetwork, config: TrainConfig) -> list[nn.Module]:
    """The parts that are not trained. Raises ValueError: the trunk has no such part."""
    parts = dict(network.trunk.named_children())
    if unknown := set(config.frozen) - set(parts):
        raise ValueError(f"frozen must be among {sorted(parts)}, not {sorted(unknown)}")
    return [parts[name] for name in config.frozen]


@torch.no_grad()
def _point_at_means(head: nn.Module, vectors: Vectors, faces: LabelledFaces) -> None:
    """Sets the head's class directions to the mean vectors of the classes that have pictures."""
    directions = head.W
    assert isinstance(directions, torch.Tensor)
    for label in np.unique(faces.labels):
        mean = torch.from_numpy(vectors[faces.labels == label].mean(axis=0))
        directions[:, label] = nn.functional.normalize(mean, dim=0).to(directions)
