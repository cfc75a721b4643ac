"""Batches of training samples; which sample comes where depends on (seed, epoch, place) alone."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from recognition.training.detector.augment import change
from recognition.training.detector.compose import collage, composite, photograph
from recognition.training.detector.config import DetectorTrainConfig
from recognition.training.detector.geometry import look
from recognition.training.detector.material import Boxes, Labelled, Material
from recognition.types import RgbImage

Batch = tuple[Tensor, list[Tensor], list[Tensor], Tensor]
"""Pictures ``float32 (n, 3, S, S)``, boxes and ignored boxes ``float32 (k, 4)`` for each picture,
and which pictures are complete ``bool (n,)``."""


def draw_sample(
    material: Material, config: DetectorTrainConfig, rng: np.random.Generator
) -> Labelled:
    """One random training sample, ``size_px`` square."""
    size = config.size_px
    kind = rng.random()
    if material.real and rng.random() < config.share_photograph:
        sample = photograph(material, size, rng, config.max_face_px)
    elif kind < config.share_composite:
        sample = composite(material, size, rng, config.max_face_px)
    elif kind < config.share_composite + config.share_collage:
        sample = collage(material, size, rng)
    else:
        item = material.pictures[int(rng.integers(len(material.pictures)))]
        sample = look(
            item, (size, size), rng, (config.min_face_px, config.max_face_px), config.share_served
        )
    image = change(sample.image, sample.boxes, rng)
    return Labelled(image, sample.boxes, sample.ignore, sample.complete)


class Samples(Dataset[Labelled]):
    """One epoch's samples."""

    def __init__(self, material: Material, config: DetectorTrainConfig, epoch: int) -> None:
        self.material, self.config, self.epoch = material, config, epoch

    def __len__(self) -> int:
        return self.config.samples_per_epoch

    def __getitem__(self, place: int) -> Labelled:
        rng = np.random.default_rng([self.config.seed, self.epoch, place])
        return draw_sample(self.material, self.config, rng)


def normalise(
    images: list[RgbImage], mean: tuple[float, float, float], std: tuple[float, float, float]
) -> Tensor:
    """RGB pictures of one size to ``float32 (n, 3, H, W)``, channels last in memory."""
    stack = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float()
    shift = torch.tensor(mean).view(1, 3, 1, 1) * 255
    return (stack - shift) / (torch.tensor(std).view(1, 3, 1, 1) * 255)


def _one_thread(_: int) -> None:
    torch.set_num_threads(1)


def batches(material: Material, config: DetectorTrainConfig, epoch: int) -> DataLoader[Batch]:
    """The epoch's batches."""

    def tensors(boxes: list[Boxes]) -> list[Tensor]:
        return [torch.from_numpy(np.ascontiguousarray(b, np.float32)) for b in boxes]

    def collate(items: list[Labelled]) -> Batch:
        pictures = normalise([item.image for item in items], config.mean, config.std)
        return (
            pictures,
            tensors([item.boxes for item in items]),
            tensors([item.ignore for item in items]),
            torch.tensor([item.complete for item in items]),
        )

    return DataLoader(
        Samples(material, config, epoch),  # type: ignore[arg-type]
        batch_size=config.batch_size,
        num_workers=config.workers,
        collate_fn=collate,
        drop_last=True,
        worker_init_fn=_one_thread,
        prefetch_factor=4 if config.workers else None,
    )
