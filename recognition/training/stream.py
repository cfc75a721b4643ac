"""Augmented batches of a whole run, made by worker processes that live as long as it does."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from recognition.embedding.preprocess import whole_square
from recognition.training.augment import augment, shift_and_mirror
from recognition.training.config import TrainConfig
from recognition.training.data import LabelledFaces
from recognition.types import RgbImage


class Place(NamedTuple):
    """One place in a run: which epoch, which of its draws, and of the named or unnamed faces."""

    epoch: int
    draw: int
    unnamed: bool = False


class Batch(NamedTuple):
    """``pictures uint8 (n, S, S, 3)``, ``labels int64 (n_named,)``. Unnamed faces follow the named
    ones in pairs, two views of one face each.
    """

    pictures: Tensor
    labels: Tensor


class TrainingView(Dataset[Any]):
    """Augmented crops by place.

    Which picture comes at a place and how it is changed depends on (seed, place) alone, not on the
    number of workers, so a resumed run continues as if it had never stopped.
    """

    def __init__(
        self, faces: LabelledFaces, config: TrainConfig, unnamed: LabelledFaces | None = None
    ) -> None:
        self.faces, self.config, self.unnamed = faces, config, unnamed
        counts = Counter(faces.labels.tolist())
        weights = np.array([counts[label] ** -config.balance for label in faces.labels.tolist()])
        self._share = weights / weights.sum()
        self._draw = functools.lru_cache(4)(self._drawn)

    def _drawn(self, epoch: int, unnamed: bool) -> NDArray[np.int64]:
        """Which pictures an epoch takes, by place."""
        rng = np.random.default_rng([self.config.seed, epoch, int(unnamed), 0])
        steps = n_batches(self.faces, self.config)
        if not unnamed:
            return rng.choice(len(self.faces), steps * self.config.batch_size, p=self._share)
        assert self.unnamed is not None
        return rng.choice(len(self.unnamed), steps * n_unnamed(self.config) // 2).repeat(2)

    def __getitem__(self, place: Place) -> tuple[RgbImage, int]:
        source = self.unnamed if place.unnamed else self.faces
        assert source is not None
        i = int(self._draw(place.epoch, place.unnamed)[place.draw])
        size_px = self.config.size_at(place.epoch)
        rng = np.random.default_rng(
            [self.config.seed, place.epoch, int(place.unnamed), 1, place.draw]
        )
        if self.config.augment == "full":
            # Teachers see the colours; the loop takes them away after that.
            grey = 0.0 if self.config.teachers else self.config.grey
            picture = augment(source.images[i], size_px, rng, grey)
        else:
            picture = whole_square(source.images[i], size_px)
            if self.config.augment == "simple":
                picture = shift_and_mirror(picture, rng)
        return picture, int(source.labels[i])


def some_grey(pictures: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """Pictures ``uint8 (n, S, S, 3)`` of which a random `share` has lost its colour."""
    weights = torch.tensor([0.299, 0.587, 0.114], device=pictures.device)  # as ITU-R BT.601
    grey = (pictures.float() @ weights).round().to(torch.uint8)[..., None]
    chosen = torch.rand(len(pictures), generator=generator, device=pictures.device) < share
    return torch.where(chosen[:, None, None, None], grey, pictures)


def n_batches(faces: LabelledFaces, config: TrainConfig) -> int:
    """Steps of one epoch."""
    return max(1, len(faces) // config.batch_size)


def n_unnamed(config: TrainConfig) -> int:
    """Unnamed faces a batch, two views of each counted as two."""
    return 2 * max(1, round(config.outlier_share * config.batch_size / 2))


def batches(view: TrainingView, first_epoch: int = 0) -> Iterator[Batch]:
    """All batches of a run from the start of `first_epoch` on, `n_batches` an epoch."""
    loader = DataLoader(
        view,
        batch_sampler=_Places(view, first_epoch),
        num_workers=view.config.workers,
        collate_fn=_collate,
        prefetch_factor=4 if view.config.workers else None,
        pin_memory=torch.cuda.is_available() and view.config.device != "cpu",
    )
    for pictures, labels in loader:
        yield Batch(pictures, labels)


class _Places(Sampler[list[Place]]):
    """The places of every batch, in order."""

    def __init__(self, view: TrainingView, first_epoch: int) -> None:
        self.config, self.first_epoch = view.config, first_epoch
        self.steps = n_batches(view.faces, view.config)
        self.others = n_unnamed(view.config) if view.unnamed is not None else 0

    def __len__(self) -> int:
        return (self.config.epochs - self.first_epoch) * self.steps

    def __iter__(self) -> Iterator[list[Place]]:
        own, others = self.config.batch_size, self.others
        for epoch in range(self.first_epoch, self.config.epochs):
            for step in range(self.steps):
                named = [Place(epoch, step * own + i) for i in range(own)]
                yield named + [Place(epoch, step * others + i, True) for i in range(others)]


def _collate(items: list[tuple[RgbImage, int]]) -> tuple[Tensor, Tensor]:
    labels = [label for _, label in items if label >= 0]
    return torch.from_numpy(np.stack([p for p, _ in items])), torch.tensor(labels)
