"""The training loop: one-cycle AdamW on an angular-margin loss, averaged weights, resumable."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import nn

from recognition.embedding.preprocess import InputSpec
from recognition.training.config import TrainConfig
from recognition.training.data import LabelledFaces, load_faces, load_outliers
from recognition.training.embed import embed_images, normalised
from recognition.training.objective import Teachers, directions, instance_loss
from recognition.training.plots import plot_curves
from recognition.training.state import TrainState, build, frozen_parts, pick_device
from recognition.training.stream import Batch, TrainingView, batches, n_batches, some_grey
from recognition.training.vectors import CHECKPOINT

SAVE_EVERY_S = 120.0
"""Seconds between checkpoints, but for the last. Epochs may take one second or an hour."""


@dataclass(frozen=True)
class _Run:
    """What stays the same in a run."""

    config: TrainConfig
    faces: LabelledFaces
    device: torch.device
    bf16: bool
    teachers: Teachers | None

    @property
    def n_steps(self) -> int:
        return n_batches(self.faces, self.config)

    def spec(self, epoch: int) -> InputSpec:
        return InputSpec(self.config.size_at(epoch), self.config.mean, self.config.std, 1.0)


def train(config: TrainConfig, *, resume: bool = True) -> Path:
    """Runs (or continues) one run.

    Returns:
        The checkpoint's path. The run folder also holds ``config.json``, ``metrics.jsonl`` (one
        line an epoch) and ``curves.png``.

    Raises:
        StartUnavailable, FileNotFoundError: start, data or a teacher cannot be read.
        ValueError: the configuration asks for what does not exist.
    """
    config.out.mkdir(parents=True, exist_ok=True)
    if config.threads:
        torch.set_num_threads(config.threads)
    device, bf16 = pick_device(config)
    read = functools.partial(
        load_faces, config.data, val_fraction=config.val_fraction, leave_out=config.leave_out
    )
    faces, val_faces = read(*config.splits, without_fold=config.without_fold), read("val")
    unnamed = load_outliers(config.outliers) if config.outliers else None
    state = build(config, faces, device)
    checkpoint = config.out / CHECKPOINT
    if resume and checkpoint.exists():
        state.resume(checkpoint)
    (config.out / "config.json").write_text(json.dumps(config.to_dict(), indent=2) + "\n")
    metrics = config.out / "metrics.jsonl"
    _forget_after(metrics, state.epoch)
    teachers = None
    if config.teachers:
        teachers = Teachers(config.teachers, faces.classes, config.distil_scale, device)
    run = _Run(config, faces, device, bf16, teachers)
    stream = batches(TrainingView(faces, config, unnamed), state.epoch)
    saved = time.monotonic()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as bar:
        for epoch in range(state.epoch, config.epochs):
            started = time.monotonic()
            task = bar.add_task(f"epoch {epoch + 1}/{config.epochs}", total=run.n_steps)
            steps = bar.track(islice(stream, run.n_steps), task_id=task)
            loss = _one_epoch(state, run, steps)
            state.epoch = epoch + 1
            row: dict[str, float] = {
                "epoch": epoch + 1,
                "size_px": config.size_at(epoch),
                "loss": loss,
                "learning_rate": float(state.optimizer.param_groups[0]["lr"]),
            }
            if len(val_faces):
                row |= _validate(state, val_faces, run.spec(epoch))
            row["seconds"] = time.monotonic() - started
            with metrics.open("a", encoding="utf-8") as out:
                out.write(json.dumps(row) + "\n")
            bar.console.print(" ".join(f"{k}={v:.4g}" for k, v in row.items()))
            bar.remove_task(task)
            if state.epoch == config.epochs or time.monotonic() - saved >= SAVE_EVERY_S:
                state.save(config, faces.classes)
                saved = time.monotonic()
                plot_curves(metrics, config.out / "curves.png")
    return checkpoint


def _forget_after(metrics: Path, epoch: int) -> None:
    """Drops the lines of epochs that come after the checkpoint: they are run again."""
    if metrics.exists():
        lines = metrics.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if json.loads(line)["epoch"] <= epoch]
        metrics.write_text("".join(kept), encoding="utf-8")


def _one_epoch(state: TrainState, run: _Run, steps: Iterable[Batch]) -> float:
    """Mean loss of one pass."""
    config, device = run.config, run.device
    spec = run.spec(state.epoch)
    state.network.train()
    for part in frozen_parts(state.network, config):
        part.eval()
    total = torch.zeros((), device=device)
    dice = torch.Generator(device).manual_seed((config.seed << 16) + state.epoch)
    for batch in steps:
        shown = batch.pictures.to(device, non_blocking=True)
        labels = batch.labels.to(device, non_blocking=True)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=run.bf16):
            taught = None
            if run.teachers:
                taught = run.teachers.probabilities(normalised(shown, spec))
                shown = some_grey(shown, config.grey, dice)
            vectors = state.network(normalised(shown, spec)).float()
        named, unnamed = vectors[: len(labels)], vectors[len(labels) :]
        loss = state.head(named, labels)
        if len(unnamed):
            strange = instance_loss(state.head, unnamed, config.outlier_scale)
            loss = loss + config.outlier_weight * strange
        if run.teachers is not None and taught is not None:
            agreed = run.teachers.loss(state.head, vectors, taught)
            loss = loss + config.distil_weight * agreed
        state.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(state.network.parameters(), config.clip_norm)
        state.optimizer.step()
        state.schedule.step()
        state.average.update_parameters(state.network)
        total += loss.detach()
    return float(total) / run.n_steps


def _validate(state: TrainState, faces: LabelledFaces, spec: InputSpec) -> dict[str, float]:
    """Top-1 and top-5 of the averaged network by the head's class directions."""
    vectors = embed_images(state.average.module, faces.images, spec)
    order = np.argsort(-(vectors @ directions(state.head).detach().float().cpu().numpy()), axis=1)
    hit = order == faces.labels[:, None]
    classes = np.unique(faces.labels)
    macro = [hit[faces.labels == c, 0].mean() for c in classes]
    return {
        "val_top1": float(hit[:, 0].mean()),
        "val_top5": float(hit[:, :5].any(axis=1).mean()),
        "val_macro_top1": float(np.mean(macro)),
    }
