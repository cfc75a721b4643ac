"""The training loop: one-cycle AdamW on an angular-margin loss, averaged weights, resumable."""

from __future__ import annotations

import functools
import json
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from pytorch_metric_learning import losses
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from recognition.embedding.networks import EmbeddingNetwork
from recognition.embedding.preprocess import InputSpec, to_batch, whole_square
from recognition.training.config import TrainConfig
from recognition.training.data import (
    LabelledFaces,
    batches,
    load_faces,
    load_outliers,
    n_batches,
)
from recognition.training.plots import plot_curves
from recognition.training.starts import apply_start

CHECKPOINT = "checkpoint.pt"


@dataclass
class _State:
    """What a checkpoint holds, besides the configuration that says how to build it."""

    network: EmbeddingNetwork
    average: AveragedModel
    head: nn.Module
    optimizer: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler
    epoch: int = 0


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


def pick_device(config: TrainConfig) -> tuple[torch.device, bool]:
    """The device, and whether to compute in bfloat16 there."""
    name = config.device
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if config.precision != "auto":
        return torch.device(name), config.precision == "bf16"
    if name == "cuda":
        return torch.device(name), torch.cuda.is_bf16_supported()
    return torch.device(name), bool(torch.cpu._is_amx_tile_supported())


def _build(config: TrainConfig, faces: LabelledFaces, device: torch.device) -> _State:
    torch.manual_seed(config.seed)
    network = EmbeddingNetwork(config.backbone, config.dimension)
    spec = InputSpec(config.size_at(0), config.mean, config.std, 1.0)
    some = np.random.default_rng(config.seed).permutation(len(faces))[:256]
    pictures = to_batch([whole_square(faces.images[i], spec.size_px) for i in some], spec)
    kept_random = apply_start(network, config.start, torch.from_numpy(pictures))
    network = network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    for part in _frozen(network, config):
        part.requires_grad_(False)
    head = make_head(config, len(faces.classes)).to(device)
    if not kept_random:  # a trained network: its class means are better directions than noise
        _point_at_means(head, embed_images(network, faces.images, spec), faces)
    learnt = [p for p in network.parameters() if p.requires_grad]
    decayed = [p for p in learnt if p.ndim > 1]
    plain = [p for p in learnt if p.ndim <= 1]
    kinds = {"adamw": torch.optim.AdamW, "adam": torch.optim.Adam}
    optimizer = kinds[config.optimizer](
        [
            {"params": decayed, "weight_decay": config.weight_decay},
            {"params": [*plain, *head.parameters()], "weight_decay": 0.0},
        ],
        lr=config.learning_rate,
    )
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
    return _State(network, average, head, optimizer, schedule)


def _frozen(network: EmbeddingNetwork, config: TrainConfig) -> list[nn.Module]:
    """The parts that are not trained. Raises ValueError: the trunk has no such part."""
    parts = dict(network.trunk.named_children())
    if unknown := set(config.frozen) - set(parts):
        raise ValueError(f"frozen must be among {sorted(parts)}, not {sorted(unknown)}")
    return [parts[name] for name in config.frozen]


@torch.no_grad()
def _point_at_means(head: nn.Module, vectors: Any, faces: LabelledFaces) -> None:
    """Sets the head's class directions to the mean vectors of the classes that have pictures."""
    directions = head.W
    assert isinstance(directions, Tensor)
    for label in np.unique(faces.labels):
        mean = torch.from_numpy(vectors[faces.labels == label].mean(axis=0))
        directions[:, label] = nn.functional.normalize(mean, dim=0).to(directions)


def instance_loss(head: nn.Module, vectors: Tensor, scale: float) -> Tensor:
    """NT-Xent (Chen et al. 2020) of unnamed faces, the head's classes being negatives too.

    Args:
        head: with class directions ``W (d, classes)``.
        vectors: unit vectors ``(2 n, d)``, views of one face following each other.
        scale: inverse temperature.

    Returns:
        The mean cross entropy, a scalar, of telling each view's partner from all others.
    """
    directions = nn.functional.normalize(head.W, dim=0)  # type: ignore[arg-type]
    among = vectors @ vectors.T
    among = among.masked_fill(torch.eye(len(vectors), dtype=torch.bool, device=vectors.device), -2)
    partners = torch.arange(len(vectors), device=vectors.device) ^ 1
    logits = scale * torch.cat([among, vectors @ directions], dim=1)
    return nn.functional.cross_entropy(logits, partners)


def _save(state: _State, config: TrainConfig, classes: tuple[str, ...]) -> None:
    """Writes the checkpoint so that a crash at any moment leaves a whole one."""
    payload = {
        "config": config.to_dict(),
        "classes": list(classes),
        "epoch": state.epoch,
        **{
            part: getattr(state, part).state_dict()
            for part in ("network", "average", "head", "optimizer", "schedule")
        },
    }
    path = config.out / CHECKPOINT
    fresh = path.with_suffix(".new")
    torch.save(payload, fresh)
    os.replace(fresh, path)


def _resume(state: _State, path: Path) -> None:
    payload = torch.load(path, map_location="cpu", weights_only=True)
    for part in ("network", "average", "head", "optimizer", "schedule"):
        getattr(state, part).load_state_dict(payload[part])
    state.epoch = payload["epoch"]


@torch.no_grad()
def embed_images(
    network: nn.Module, images: list[Any], spec: InputSpec, *, mirror: bool = True, batch: int = 64
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Unit vectors of pictures, each taken whole, averaged with its mirror image: ``(n, d)``."""
    network.eval()
    device = next(network.parameters()).device
    out: list[Tensor] = []
    for start in range(0, len(images), batch):
        crops = [whole_square(image, spec.size_px) for image in images[start : start + batch]]
        pictures = torch.from_numpy(to_batch(crops, spec)).to(device)
        pictures = pictures.contiguous(memory_format=torch.channels_last)
        vectors = network(pictures)
        if mirror:
            vectors = nn.functional.normalize(vectors + network(pictures.flip(3)), dim=1)
        out.append(vectors.float().cpu())
    return torch.cat(out).numpy() if out else np.zeros((0, 0), np.float32)


def _validate(state: _State, faces: LabelledFaces, config: TrainConfig) -> dict[str, float]:
    """Top-1 and top-5 of the averaged network by the head's class directions."""
    spec = InputSpec(config.size_at(state.epoch), config.mean, config.std, 1.0)
    vectors = embed_images(state.average.module, faces.images, spec)
    directions = nn.functional.normalize(state.head.W.detach().float().cpu(), dim=0).numpy()  # type: ignore[operator]
    order = np.argsort(-(vectors @ directions), axis=1)
    hit = order == faces.labels[:, None]
    classes = np.unique(faces.labels)
    macro = [hit[faces.labels == c, 0].mean() for c in classes]
    return {
        "val_top1": float(hit[:, 0].mean()),
        "val_top5": float(hit[:, :5].any(axis=1).mean()),
        "val_macro_top1": float(np.mean(macro)),
    }


def train(config: TrainConfig, *, resume: bool = True) -> Path:
    """Runs (or continues) one run.

    Returns:
        The checkpoint's path. The run folder also holds ``config.json``, ``metrics.jsonl`` (one
        line an epoch) and ``curves.png``.

    Raises:
        StartUnavailable, FileNotFoundError: start or data cannot be read.
    """
    config.out.mkdir(parents=True, exist_ok=True)
    if config.threads:
        torch.set_num_threads(config.threads)
    device, bf16 = pick_device(config)
    read = functools.partial(
        load_faces, config.data, val_fraction=config.val_fraction, leave_out=config.leave_out
    )
    train_faces, val_faces = read(*config.splits), read("val")
    outliers = load_outliers(config.outliers) if config.outliers else None
    state = _build(config, train_faces, device)
    if resume and (config.out / CHECKPOINT).exists():
        _resume(state, config.out / CHECKPOINT)
    (config.out / "config.json").write_text(json.dumps(config.to_dict(), indent=2) + "\n")
    metrics = config.out / "metrics.jsonl"
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as bar:
        for epoch in range(state.epoch, config.epochs):
            started = time.monotonic()
            task = bar.add_task(f"epoch {epoch + 1}/{config.epochs}", total=None)
            loss = _one_epoch(state, train_faces, outliers, config, epoch, device, bf16, bar, task)
            state.epoch = epoch + 1
            row: dict[str, float] = {
                "epoch": epoch + 1,
                "size_px": config.size_at(epoch),
                "loss": loss,
                "learning_rate": float(state.optimizer.param_groups[0]["lr"]),
            }
            if len(val_faces):
                row |= _validate(state, val_faces, config)
            row["seconds"] = time.monotonic() - started
            with metrics.open("a", encoding="utf-8") as out:
                out.write(json.dumps(row) + "\n")
            bar.console.print(" ".join(f"{k}={v:.4g}" for k, v in row.items()))
            bar.remove_task(task)
            _save(state, config, train_faces.classes)
            plot_curves(metrics, config.out / "curves.png")
    return config.out / CHECKPOINT


def _one_epoch(
    state: _State,
    faces: LabelledFaces,
    outliers: LabelledFaces | None,
    config: TrainConfig,
    epoch: int,
    device: torch.device,
    bf16: bool,
    bar: Progress,
    task: Any,
) -> float:
    """Mean loss of one pass."""
    state.network.train()
    for part in _frozen(state.network, config):
        part.eval()
    bar.update(task, total=n_batches(faces, config))
    total, n = 0.0, 0
    for pictures, labels in batches(faces, config, epoch, outliers):
        pictures = pictures.to(device).contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=bf16):
            vectors = state.network(pictures).float()
        known = (labels >= 0).to(device)
        loss = state.head(vectors[known], labels.to(device)[known])
        if outliers is not None:
            strange = instance_loss(state.head, vectors[~known], config.outlier_scale)
            loss = loss + config.outlier_weight * strange
        state.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(state.network.parameters(), config.clip_norm)
        state.optimizer.step()
        state.schedule.step()
        state.average.update_parameters(state.network)
        total, n = total + float(loss.detach()), n + 1
        bar.advance(task)
    return total / max(1, n)
