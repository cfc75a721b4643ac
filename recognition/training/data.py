"""Reading an ImageFolder of characters into memory, and serving augmented batches of it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from recognition.embedding.preprocess import InputSpec, to_batch, whole_square
from recognition.training.augment import augment, shift_and_mirror
from recognition.training.config import TrainConfig
from recognition.types import RgbImage

MATERIAL = "material.csv"
"""The table that ``prepare`` writes; see `recognition.training.material`."""
PICTURE_SUFFIXES = {".webp", ".png", ".jpg", ".jpeg", ".bmp"}


@dataclass(frozen=True, eq=False)
class LabelledFaces:
    """Crops with labels. ``labels[i]`` indexes ``classes`` (sorted folder names)."""

    images: list[RgbImage]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    files: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True)
class FaceFile:
    """One line of the folder's contents."""

    path: Path
    character: str
    name: str
    series: str
    split: str


def list_faces(root: Path, *, val_fraction: float = 0.1) -> list[FaceFile]:
    """What lies in an ImageFolder, ordered by path.

    A table of `MATERIAL` lists pictures wherever they lie. ``faces.csv`` gives names, series and
    split where it exists. Without either the folder's name is the name, and every
    1/`val_fraction`-th picture of a folder of ten or more is set aside.

    Raises:
        FileNotFoundError: `root` is no folder or holds no pictures.
    """
    material = root / MATERIAL
    if material.is_file():
        with material.open(encoding="utf-8", newline="") as lines:
            return [
                FaceFile(
                    root / row["file"], row["character"], row["name"], row["series"], row["split"]
                )
                for row in csv.DictReader(lines)
            ]
    table = root / "faces.csv"
    if table.is_file():
        with table.open(encoding="utf-8", newline="") as lines:
            rows = [
                FaceFile(
                    root / row["file"],
                    row["file"].split("/")[0],
                    row["character"],
                    row.get("series", ""),
                    row["split"],
                )
                for row in csv.DictReader(lines)
            ]
        return sorted(rows, key=lambda row: row.path)
    found: list[FaceFile] = []
    for folder in sorted(p for p in root.glob("*") if p.is_dir()):
        paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in PICTURE_SUFFIXES)
        every = round(1 / val_fraction) if val_fraction > 0 and len(paths) >= 10 else 0
        for i, path in enumerate(paths):
            split = "val" if every and i % every == every - 1 else "train"
            found.append(FaceFile(path, folder.name, folder.name, "", split))
    if not found:
        raise FileNotFoundError(f"{root} holds no folders of pictures")
    return found


def read_rgb(path: Path) -> RgbImage:
    """Reads a trusted picture file. Raises FileNotFoundError where it cannot be read."""
    data = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if data is None:
        raise FileNotFoundError(path)
    return np.ascontiguousarray(data[..., ::-1])


def load_faces(
    root: Path,
    *splits: str,
    val_fraction: float = 0.1,
    leave_out: Collection[str] = (),
) -> LabelledFaces:
    """Decodes some splits (``train``, ``val``, ...) into memory.

    Args:
        leave_out: characters to act as if they were not there.

    Returns:
        The pictures; classes are those of all splits.
    """
    rows = [r for r in list_faces(root, val_fraction=val_fraction) if r.character not in leave_out]
    classes = tuple(sorted({row.character for row in rows}))
    index = {c: i for i, c in enumerate(classes)}
    chosen = [row for row in rows if row.split in splits]
    return LabelledFaces(
        [read_rgb(row.path) for row in chosen],
        np.array([index[row.character] for row in chosen], np.int64),
        classes,
        tuple(str(row.path) for row in chosen),
    )


class TrainingView(Dataset[Any]):
    """One epoch's draw of augmented crops, each in `views` variants that follow each other.

    Which picture comes at a place and how it is changed depends on (seed, epoch, place) alone, not
    on the number of workers, so a resumed run continues as if it had never stopped.
    """

    def __init__(
        self,
        faces: LabelledFaces,
        config: TrainConfig,
        epoch: int,
        n: int | None = None,
        views: int = 1,
    ) -> None:
        self.faces, self.config, self.epoch = faces, config, epoch
        counts = Counter(faces.labels.tolist())
        weights = np.array([counts[label] ** -config.balance for label in faces.labels.tolist()])
        rng = np.random.default_rng([config.seed, epoch, 0])
        drawn = rng.choice(len(faces), (n or len(faces)) // views, p=weights / weights.sum())
        self.order = np.repeat(drawn, views)

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, place: int) -> tuple[RgbImage, int]:
        i = int(self.order[place])
        size_px = self.config.size_at(self.epoch)
        rng = np.random.default_rng([self.config.seed, self.epoch, 1, place])
        if self.config.augment == "full":
            picture = augment(self.faces.images[i], size_px, rng, self.config.grey)
        else:
            picture = whole_square(self.faces.images[i], size_px)
            if self.config.augment == "simple":
                picture = shift_and_mirror(picture, rng)
        return picture, int(self.faces.labels[i])


def batches(
    faces: LabelledFaces, config: TrainConfig, epoch: int, outliers: LabelledFaces | None = None
) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of one epoch: ``float32 (n, 3, S, S)`` normalised, ``int64 (n,)``.

    Outliers, where given, follow the batch's faces in pairs, two views of one face each, and carry
    the label -1.
    """
    known = _loader(faces, config, epoch, config.batch_size)
    if outliers is None:
        yield from known
        return
    share = 2 * max(1, round(config.outlier_share * config.batch_size / 2))
    others = _loader(outliers, config, epoch, share, share * len(known), views=2)
    for (pictures, labels), (more, none) in zip(known, others, strict=True):
        yield torch.cat([pictures, more]), torch.cat([labels, none])


def n_batches(faces: LabelledFaces, config: TrainConfig) -> int:
    """Steps of one epoch."""
    return len(faces) // config.batch_size


def load_outliers(folder: Path) -> LabelledFaces:
    """All pictures of a flat folder, labelled -1. Raises FileNotFoundError where it is empty."""
    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in PICTURE_SUFFIXES)
    if not paths:
        raise FileNotFoundError(f"{folder} holds no pictures")
    labels = np.full(len(paths), -1, np.int64)
    return LabelledFaces([read_rgb(p) for p in paths], labels, (), tuple(p.name for p in paths))


def _loader(
    faces: LabelledFaces,
    config: TrainConfig,
    epoch: int,
    size: int,
    n: int | None = None,
    views: int = 1,
) -> DataLoader[Any]:
    spec = InputSpec(config.size_at(epoch), config.mean, config.std, 1.0)

    def collate(items: list[tuple[RgbImage, int]]) -> tuple[Tensor, Tensor]:
        pictures = torch.from_numpy(to_batch([p for p, _ in items], spec))
        return pictures, torch.tensor([label for _, label in items])

    return DataLoader(
        TrainingView(faces, config, epoch, n, views),
        batch_size=size,
        num_workers=config.workers,
        collate_fn=collate,
        drop_last=True,
        prefetch_factor=4 if config.workers else None,
    )
