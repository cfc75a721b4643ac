"""Reading an ImageFolder of characters into memory."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.types import RgbImage

MATERIAL = "material.csv"
"""The table that ``prepare`` writes; see `recognition.training.material`."""
FOLDS = 5
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
    kind: str = "face"
    fold: int | None = None
    """Of characters without validation pictures: which of `FOLDS` parts it belongs to."""


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
                    root / row["file"],
                    row["character"],
                    row["name"],
                    row["series"],
                    row["split"],
                    row["kind"],
                    int(row["fold"]) if row["fold"] else None,
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
    without_fold: int | None = None,
) -> LabelledFaces:
    """Decodes some splits (``train``, ``val``, ...) into memory.

    Args:
        leave_out: characters to act as if they were not there.
        without_fold: pictures of this fold are left out; their characters are not.

    Returns:
        The pictures; classes are those of all splits.
    """
    rows = [r for r in list_faces(root, val_fraction=val_fraction) if r.character not in leave_out]
    classes = tuple(sorted({row.character for row in rows}))
    index = {c: i for i, c in enumerate(classes)}
    chosen = [
        row
        for row in rows
        if row.split in splits and (without_fold is None or row.fold != without_fold)
    ]
    return LabelledFaces(
        [read_rgb(row.path) for row in chosen],
        np.array([index[row.character] for row in chosen], np.int64),
        classes,
        tuple(str(row.path) for row in chosen),
    )


def load_outliers(folder: Path) -> LabelledFaces:
    """All pictures of a flat folder, labelled -1. Raises FileNotFoundError where it is empty."""
    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in PICTURE_SUFFIXES)
    if not paths:
        raise FileNotFoundError(f"{folder} holds no pictures")
    labels = np.full(len(paths), -1, np.int64)
    return LabelledFaces([read_rgb(p) for p in paths], labels, (), tuple(p.name for p in paths))
