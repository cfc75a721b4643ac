"""Measuring a detector against hand-drawn boxes, photographs without anime faces, and the clock."""

from __future__ import annotations

import csv
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from recognition.detection.base import FaceDetector
from recognition.detection.geometry import iou_matrix
from recognition.training.data import read_rgb
from recognition.training.detector.material import Boxes, as_boxes, read_zip
from recognition.types import Detection, RgbImage


@dataclass(frozen=True)
class Score:
    """Counts over a set of pictures, and what follows from them."""

    found: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        return self.found / max(1, self.found + self.false)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.found + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.found / max(1, 2 * self.found + self.false + self.missed)

    def to_dict(self) -> dict[str, float]:
        return asdict(self) | {"precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(frozen=True, eq=False)
class Truth:
    """A picture with its hand-drawn boxes; what lies on an `ignore` box counts neither way."""

    file: str
    image: RgbImage
    boxes: Boxes
    ignore: Boxes


def load_truth(annotations: Path, pictures: Path) -> list[Truth]:
    """Reads JSON lines ``{"file", "boxes", "ignore"}``; files are relative to `pictures`."""
    rows = [json.loads(line) for line in annotations.read_text(encoding="utf-8").splitlines()]
    return [
        Truth(
            row["file"],
            read_rgb(pictures / row["file"]),
            as_boxes(row["boxes"]),
            as_boxes(row.get("ignore", [])),
        )
        for row in rows
    ]


def to_arrays(found: list[Detection]) -> tuple[Boxes, np.ndarray[tuple[int], np.dtype[np.float32]]]:
    """Boxes ``(n, 4)`` and scores ``(n,)`` of detections."""
    boxes = as_boxes([[d.box.x0, d.box.y0, d.box.x1, d.box.y1] for d in found])
    return boxes, np.array([d.score for d in found], np.float32)


def match(found: Boxes, truth: Truth, iou: float) -> tuple[int, int, int]:
    """Found, false and missed faces of one picture; `found` is ordered best first.

    Each detection takes the free face that it overlaps most, if by `iou` or more. One that takes
    none is not counted where half of it lies on an ignored box, or overlaps one by `iou`.
    """
    taken = np.zeros(len(truth.boxes), bool)
    hits = false = 0
    for box in found:
        overlap = iou_matrix(box[None], truth.boxes)[0] * ~taken
        if len(overlap) and overlap.max() >= iou:
            taken[int(overlap.argmax())] = True
            hits += 1
            continue
        lo = np.maximum(box[:2], truth.ignore[:, :2])
        hi = np.minimum(box[2:], truth.ignore[:, 2:])
        covered = np.maximum(hi - lo, 0).prod(1) / max(1e-6, float((box[2:] - box[:2]).prod()))
        on_ignored = len(covered) and (
            covered.max() >= 0.5 or iou_matrix(box[None], truth.ignore).max() >= iou
        )
        false += not on_ignored
    return hits, false, int((~taken).sum())


def score(found: list[Boxes], truths: list[Truth], iou: float) -> Score:
    """Sums `match` over pictures."""
    counts = [match(boxes, truth, iou) for boxes, truth in zip(found, truths, strict=True)]
    return Score(*(sum(c[i] for c in counts) for i in range(3)))


def evaluate(detector: FaceDetector, data: Path, *, repeat: int = 3) -> dict[str, object]:
    """Everything we measure of a detector.

    Args:
        detector: any.
        data: the shared data folder.
        repeat: timing runs over the pictures for the milliseconds.

    Returns:
        ``iou_0.4`` and ``iou_0.5`` (precision, recall, f1 on ``detection/val.jsonl``),
        ``photo_false`` (faces reported on the photographs; there are none), ``seed_0.3`` and
        ``seed_0.5`` (of 10 faces), ``group_found`` of ``group_named`` (see
        `_group_faces`), ``ms_640`` (median for pictures with a longer side of 640 px).
    """
    truths = load_truth(data / "detection/val.jsonl", data / "detection")
    found = [to_arrays(detector.detect(truth.image))[0] for truth in truths]
    photos = read_zip(data / "strangers/photos.zip")
    result: dict[str, object] = {
        "detector": detector.name,
        "iou_0.4": score(found, truths, 0.4).to_dict(),
        "iou_0.5": score(found, truths, 0.5).to_dict(),
        "photos": len(photos),
        "photo_false": sum(len(detector.detect(image)) for image in photos.values()),
    }
    result |= _seed_faces(detector, data / "seed_pictures")
    result |= _group_faces(detector, data / "group_pictures")
    result["ms_640"] = milliseconds([truth.image for truth in truths[:20]], detector, repeat)
    return result


def _seed_faces(detector: FaceDetector, folder: Path) -> dict[str, object]:
    with (folder / "faces.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    best = []
    false = 0
    for file in sorted({row["file"] for row in rows}):
        boxes = as_boxes(
            [
                [float(row[k]) for k in ("x0", "y0", "x1", "y1")]
                for row in rows
                if row["file"] == file
            ]
        )
        image = read_rgb(folder / file)
        found, _ = to_arrays(detector.detect(image))
        best += iou_matrix(boxes, found).max(1, initial=0).tolist()
        empty = np.zeros((0, 4), np.float32)
        false += match(found, Truth(file, image, boxes, empty), 0.3)[1]
    return {
        "seed_faces": len(best),
        "seed_0.3": sum(v >= 0.3 for v in best),
        "seed_0.5": sum(v >= 0.5 for v in best),
        "seed_false": false,
    }


def _group_faces(detector: FaceDetector, folder: Path) -> dict[str, int]:
    """Of the people named in each group picture, how many faces are found at most.

    The pictures have no boxes: a picture counts as many of its names as there are detections. A
    false face can hide a missed one, and a named person may show no face.
    """
    with (folder / "pictures.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    named = found = 0
    for row in rows:
        people = len(set(row["characters_present"].split("|")) - {"others"})
        named += people
        found += min(people, len(detector.detect(read_rgb(folder / row["file"]))))
    return {"group_named": named, "group_found": found}


def milliseconds(images: list[RgbImage], detector: FaceDetector, repeat: int) -> float:
    """Median time of a picture enlarged or shrunk to a longer side of 640 px."""
    from recognition.detection.geometry import letterbox

    scaled = [letterbox(image, 640, 1, 0)[0] for image in images]
    times = []
    for _ in range(repeat):
        for image in scaled:
            start = time.perf_counter()
            detector.detect(image)
            times.append((time.perf_counter() - start) * 1000)
    return float(np.median(times))
