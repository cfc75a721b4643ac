"""The training loop: one-cycle AdamW, averaged weights, resumable after any epoch."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from recognition.detection.network import FaceNetwork
from recognition.detection.neural import DetectorSpec, NeuralDetector
from recognition.detection.runtimes import TorchRuntime
from recognition.training.detector.config import DetectorTrainConfig
from recognition.training.detector.data import batches
from recognition.training.detector.evaluate import load_truth, score, to_arrays
from recognition.training.detector.loss import detection_loss
from recognition.training.detector.material import Material, load_material
from recognition.training.detector.plots import plot_detector_curves
from recognition.training.detector.starts import CHECKPOINT, apply_start

PARTS = ("network", "average", "optimizer", "schedule")


@dataclass
class _State:
    """What a checkpoint holds, besides the configuration that says how to build it."""

    network: FaceNetwork
    average: AveragedModel
    optimizer: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler
    epoch: int = 0


def pick_device(config: DetectorTrainConfig) -> tuple[torch.device, bool]:
    """The device, and whether to compute in bfloat16 there."""
    name = config.device
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if config.precision != "auto":
        return torch.device(name), config.precision == "bf16"
    if name == "cuda":
        return torch.device(name), torch.cuda.is_bf16_supported()
    return torch.device(name), bool(torch.cpu._is_amx_tile_supported())


def warm_average(decay: float) -> Callable[[Any, Any, Tensor | int], None]:
    """Exponential averaging that forgets its start: after t steps it keeps at most t / (t + 9)."""

    @torch.no_grad()
    def update(averaged: Any, current: Any, steps: Tensor | int) -> None:
        kept = min(decay, (1 + int(steps)) / (10 + int(steps)))
        for mean, value in zip(averaged, current, strict=True):
            if mean.is_floating_point():
                mean.lerp_(value.to(mean.dtype), 1 - kept)
            else:
                mean.copy_(value)

    return update


def _build(config: DetectorTrainConfig, material: Material, device: torch.device) -> _State:
    torch.manual_seed(config.seed)
    network = FaceNetwork()
    apply_start(network, config, material)
    network = network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    decayed = [p for p in network.parameters() if p.ndim > 2]
    plain = [p for p in network.parameters() if p.ndim <= 2]
    optimizer = torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": config.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ],
        lr=config.learning_rate,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        config.learning_rate,
        total_steps=config.epochs * (config.samples_per_epoch // config.batch_size) + 1,
        pct_start=config.warmup_fraction,
    )
    average = AveragedModel(network, multi_avg_fn=warm_average(config.ema_decay), use_buffers=True)
    return _State(network, average, optimizer, schedule)


def _save(state: _State, config: DetectorTrainConfig) -> None:
    """Writes the checkpoint so that a crash at any moment leaves a whole one."""
    payload = {"config": config.to_dict(), "epoch": state.epoch}
    payload |= {part: getattr(state, part).state_dict() for part in PARTS}
    fresh = (config.out / CHECKPOINT).with_suffix(".new")
    torch.save(payload, fresh)
    os.replace(fresh, config.out / CHECKPOINT)


def _resume(state: _State, path: Path) -> None:
    payload = torch.load(path, map_location="cpu", weights_only=True)
    for part in PARTS:
        getattr(state, part).load_state_dict(payload[part])
    state.epoch = payload["epoch"]


def train(config: DetectorTrainConfig, *, resume: bool = True) -> Path:
    """Runs (or continues) one run.

    Returns:
        The checkpoint's path. The run folder also holds ``config.json``, ``metrics.jsonl`` (one
        line an epoch) and ``curves.png``.

    Raises:
        StartUnavailable, FileNotFoundError: start or data cannot be read.
    """
    config.out.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)  # its thread pool does not survive the fork of the workers
    if config.threads:
        torch.set_num_threads(config.threads)
    device, bf16 = pick_device(config)
    material = load_material(
        config.data,
        Path(config.labels) if config.labels else None,
        Path(config.photographs) if config.photographs else None,
    )
    state = _build(config, material, device)
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
            row: dict[str, float] = {"epoch": epoch + 1}
            row |= _one_epoch(state, material, config, epoch, device, bf16, bar, task)
            state.epoch = epoch + 1
            row["learning_rate"] = float(state.optimizer.param_groups[0]["lr"])
            row["seconds"] = time.monotonic() - started
            if state.epoch % config.validate_every == 0 or state.epoch == config.epochs:
                row |= validate(state.average.module, config)
            with metrics.open("a", encoding="utf-8") as out:
                out.write(json.dumps(row) + "\n")
            bar.console.print(" ".join(f"{k}={v:.4g}" for k, v in row.items()))
            bar.remove_task(task)
            _save(state, config)
            plot_detector_curves(metrics, config.out / "curves.png")
    return config.out / CHECKPOINT


def validate(network: nn.Module, config: DetectorTrainConfig) -> dict[str, float]:
    """F1, precision, recall at one look of 448 px and threshold 0.4. Only watched, never used."""
    path = config.data / "detection/val.jsonl"
    if not path.is_file():
        return {}
    assert isinstance(network, FaceNetwork)
    spec = DetectorSpec((448,), (0,), False, 0.4, 0.4, config.mean, config.std, network.width)
    detector = NeuralDetector(TorchRuntime(network, spec.mean, spec.std), spec)
    truths = load_truth(path, path.parent)
    found = [to_arrays(detector.detect(truth.image))[0] for truth in truths]
    at_4, at_5 = score(found, truths, 0.4), score(found, truths, 0.5)
    return {
        "val_f1_0.4": at_4.f1,
        "val_precision_0.4": at_4.precision,
        "val_recall_0.4": at_4.recall,
        "val_f1_0.5": at_5.f1,
    }


def _one_epoch(
    state: _State,
    material: Material,
    config: DetectorTrainConfig,
    epoch: int,
    device: torch.device,
    bf16: bool,
    bar: Progress,
    task: Any,
) -> dict[str, float]:
    """One pass; mean losses."""
    state.network.train()
    loader = batches(material, config, epoch)
    bar.update(task, total=len(loader))
    sums: dict[str, float] = {}
    n = 0
    for pictures, boxes, ignore, complete in loader:
        pictures = pictures.to(device).contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=bf16):
            outputs = state.network(pictures)
        loss, parts = detection_loss(
            outputs,
            boxes,
            ignore,
            complete,
            doubt=config.doubt,
            box_weight=config.box_weight,
            empty_weight=config.empty_weight,
        )
        state.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(state.network.parameters(), config.clip_norm)
        state.optimizer.step()
        state.schedule.step()
        state.average.update_parameters(state.network)
        for key, value in {"loss": float(loss.detach()), **parts}.items():
            sums[key] = sums.get(key, 0.0) + value
        n += 1
        bar.advance(task)
    return {key: value / max(1, n) for key, value in sums.items()}
