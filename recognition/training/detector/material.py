"""What the detector learns from, read into memory.

Whole pictures come with boxes that another detector (or an earlier round of ours) was sure of: what
has no box there is unlabelled, not empty. Face crops and patches without faces are certain.
``detection/val``, ``seed_pictures``, ``group_pictures`` and ``strangers`` are for measuring and
never read here.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.training.data import PICTURE_SUFFIXES, list_faces, read_rgb
from recognition.training.detector.lifelike import load_photographs
from recognition.training.detector.photographs import Photographs, load
from recognition.types import RgbImage

Boxes = NDArray[np.float32]
"""``float32 (n, 4)``: x0, y0, x1, y1 in pixels."""

TIGHT_FACE = (0.15, 0.27, 0.85, 0.93)
"""Where our face box lies in a crop of ``patches/faces.zip``, as fractions; judged by eye on a
sheet of 150 of them. Replaced by the labels of a first round where there are any."""


@dataclass(frozen=True, eq=False)
class Labelled:
    """A picture, its face boxes, regions that teach nothing, and whether there is no other face."""

    image: RgbImage
    boxes: Boxes
    ignore: Boxes = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    complete: bool = False


@dataclass(frozen=True, eq=False)
class Material:
    """All of it. ``crops`` hold one face each, ``patches`` none."""

    pictures: list[Labelled]
    crops: list[Labelled]
    patches: list[RgbImage]
    photographs: list[RgbImage]
    """A portrait, then others; see `lifelike`."""
    real: Photographs = field(default_factory=Photographs)
    """More photographs, from a folder of the user's."""


def as_boxes(rows: list[list[float]] | list[tuple[float, ...]]) -> Boxes:
    """Lists of at least four numbers to ``(n, 4)``."""
    return np.array([row[:4] for row in rows], np.float32).reshape(-1, 4)


def read_zip(path: Path) -> dict[str, RgbImage]:
    """Every picture of a zip file, by name, in the order of the names."""
    out: dict[str, RgbImage] = {}
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            data = cv2.imdecode(np.frombuffer(archive.read(name), np.uint8), cv2.IMREAD_COLOR)
            if data is not None:
                out[name] = np.ascontiguousarray(data[..., ::-1])
    return out


def picture_paths(data: Path) -> list[Path]:
    """Whole pictures that may be learnt from, relative to `data`: boxed and unboxed."""
    rows = (data / "detection/pseudo_boxes.jsonl").read_text(encoding="utf-8").splitlines()
    listed = [Path("detection") / json.loads(row)["file"] for row in rows]
    known = {path.stem for path in listed}  # many of ``whole`` are smaller copies of those
    more = [
        path.relative_to(data)
        for path in sorted((data / "whole").rglob("*"))
        if path.suffix.lower() in PICTURE_SUFFIXES and path.stem not in known
    ]
    return listed + more


def load_material(
    data: Path, labels: Path | None = None, photographs: Path | None = None
) -> Material:
    """Reads everything below the data folder.

    Args:
        data: the data folder.
        labels: JSON lines ``{"file", "boxes", "ignore", "complete"}`` of an earlier round, files
            relative to `data` (crops in a zip as ``patches/faces.zip/NAME``). Only files named
            there are used, one with a ``weight`` as often as that. None takes
            ``pseudo_boxes.jsonl`` and the tight crops.
        photographs: a folder of them, see `photographs.load`.
    """
    real = load(photographs) if photographs else Photographs()
    tight = read_zip(data / "patches/faces.zip")
    patches = [
        p for p in read_zip(data / "patches/not_faces.zip").values() if min(p.shape[:2]) > 15
    ]
    if labels is None:
        rows = (data / "detection/pseudo_boxes.jsonl").read_text(encoding="utf-8").splitlines()
        parsed = [json.loads(row) for row in rows]
        pictures = [
            Labelled(read_rgb(data / "detection" / row["file"]), as_boxes(row["boxes"]))
            for row in parsed
        ]
        crops = []
        for image in tight.values():
            h, w = image.shape[:2]
            box = np.array([TIGHT_FACE], np.float32) * np.array([w, h, w, h], np.float32)
            crops.append(Labelled(image, box.astype(np.float32), complete=True))
        return Material(pictures, crops, patches, load_photographs(), real)
    pictures, crops = [], []
    crop_folder = {path.path.relative_to(data).as_posix() for path in list_faces(data / "faces")}
    for line in labels.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        name: str = row["file"]
        inside_zip = name.removeprefix("patches/faces.zip/")
        image = tight[inside_zip] if inside_zip != name else read_rgb(data / name)
        item = Labelled(
            image, as_boxes(row["boxes"]), as_boxes(row["ignore"]), bool(row["complete"])
        )
        kind = crops if inside_zip != name or name in crop_folder else pictures
        kind.extend([item] * int(row.get("weight", 1)))
    return Material(pictures, crops, patches, load_photographs(), real)
