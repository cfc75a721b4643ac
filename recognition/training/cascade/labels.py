"""Where the faces are in the training material: our neural detector says it, once, into a file.

``detection/val``, ``seed_pictures``, ``strangers`` and ``group_pictures`` are for measuring and
never read here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from recognition.detection.base import FaceDetector
from recognition.detection.geometry import Boxes, iou_matrix
from recognition.detection.neural import open_neural_detector
from recognition.factory import CACHE
from recognition.manifest import load_manifest, section
from recognition.training.data import list_faces, read_rgb
from recognition.training.detector.material import as_boxes, picture_paths, read_zip
from recognition.types import RgbImage

LEAST_SCORE = 0.15
"""The detector notes everything from this score on; `LabelRule` decides what it is worth."""
TIGHT = "patches/faces.zip"
EMPTY = "patches/not_faces.zip"
NEVER = ("group_pictures",)
"""Folders that the detector's training reads and this one does not."""


@dataclass(frozen=True)
class LabelRule:
    """What the detector's scores mean (0 to 1)."""

    sure: float = 0.5
    """A face."""
    crop_sure: float = 0.45
    """The face of a crop, if there is only one of them."""
    agreed: float = 0.3
    """A face, where a box that came with the data lies there too (IoU 0.4)."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture, the faces in it, and boxes that may be faces: no negatives come from there."""

    name: str
    image: RgbImage
    faces: Boxes
    doubtful: Boxes
    crop: bool
    """Whether the picture is a crop of one face."""


def open_labeller(weights: Path, cache: Path = CACHE) -> FaceDetector:
    """The shipped neural detector, told to report all it suspects. Raises WeightsError."""
    entry = section(load_manifest(weights), "detector", weights)
    changes = {"threshold": LEAST_SCORE, "human_cascade": "", "human_penalty": 0.0}
    return open_neural_detector(weights, entry | changes, cache=cache, threads=1)


def write_labels(data: Path, out: Path, detector: FaceDetector) -> Path:
    """Writes JSON lines ``{"file", "crop", "found": [[x0, y0, x1, y1, score], ...]}``.

    Args:
        data: the data folder.
        out: the file to write.
        detector: see `open_labeller`.
    """
    lines = []
    for name, image, crop in _material(data):
        found = [
            [round(float(v), 2) for v in (d.box.x0, d.box.y0, d.box.x1, d.box.y1)]
            + [round(d.score, 4)]
            for d in detector.detect(image)
        ]
        lines.append(json.dumps({"file": name, "crop": crop, "found": found}) + "\n")
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = out.with_suffix(".new")
    fresh.write_text("".join(lines), encoding="utf-8")
    os.replace(fresh, out)
    return out


def _material(data: Path) -> Iterator[tuple[str, RgbImage, bool]]:
    pictures = [p for p in picture_paths(data) if p.parts[0] not in NEVER]
    for path in track(pictures, "pictures"):
        yield path.as_posix(), read_rgb(data / path), False
    faces = [row.path for row in list_faces(data / "faces") if row.split == "train"]
    for path in track(faces, "faces"):
        yield path.relative_to(data).as_posix(), read_rgb(path), True
    for name, image in track(list(read_zip(data / TIGHT).items()), "tight faces"):
        yield f"{TIGHT}/{name}", image, True


def load_scenes(data: Path, labels: Path, rule: LabelRule) -> list[Scene]:
    """Everything that was labelled, with its pictures.

    A crop counts where exactly one face is sure in it; everything else it shows is doubtful.
    """
    tight = read_zip(data / TIGHT)
    given = _given_boxes(data)
    scenes = []
    for line in labels.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        name: str = row["file"]
        inside = name.removeprefix(TIGHT + "/")
        image = tight[inside] if inside != name else read_rgb(data / name)
        boxes = as_boxes(row["found"])
        scores = np.array([found[4] for found in row["found"]], np.float32)
        if row["crop"]:
            sure = scores >= rule.crop_sure
            sure &= sure.sum() == 1
        else:
            sure = sure_faces(boxes, scores, given.get(name, as_boxes([])), rule)
        doubtful = boxes[~sure]
        if name in given:
            lost = iou_matrix(given[name], boxes[sure]).max(1, initial=0) < 0.4
            doubtful = np.vstack([doubtful, given[name][lost]])
        scenes.append(Scene(name, image, boxes[sure], doubtful, row["crop"]))
    return scenes


def sure_faces(
    boxes: Boxes, scores: NDArray[np.float32], given: Boxes, rule: LabelRule
) -> NDArray[np.bool_]:
    """Which of the detector's boxes in a whole picture are faces: ``bool (n,)``."""
    agreed = iou_matrix(boxes, given).max(1, initial=0) >= 0.4
    out: NDArray[np.bool_] = (scores >= rule.sure) | (agreed & (scores >= rule.agreed))
    return out


def _given_boxes(data: Path) -> dict[str, Boxes]:
    rows = (data / "detection/pseudo_boxes.jsonl").read_text(encoding="utf-8").splitlines()
    parsed = [json.loads(row) for row in rows]
    return {"detection/" + row["file"]: as_boxes(row["boxes"]) for row in parsed}
