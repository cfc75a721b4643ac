"""Finding faces: precision, recall and F1 against hand-drawn boxes, by the faces' size."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from recognition.detection.base import FaceDetector
from recognition.detection.geometry import Boxes
from recognition.evaluation.crops import Progress
from recognition.evaluation.errors import InputEmpty, InputMalformed, InputMissing
from recognition.evaluation.matching import Counts, Matched, match_boxes, total
from recognition.evaluation.source import PictureSource, Skipped, decode_all

IOUS = (0.4, 0.5)
SIZES = ((0, 24), (24, 48), (48, 96), (96, 192), (192, math.inf))
"""Ranges of a face's longer side in pixels, half-open."""


@dataclass(frozen=True, eq=False)
class Annotated:
    """A picture with hand-drawn boxes, in its own pixels."""

    file: str
    boxes: Boxes
    ignore: Boxes


@dataclass(frozen=True, eq=False)
class DetectedPicture:
    """What was found in a picture, best first, and how that matches at each IoU."""

    truth: Annotated
    found: Boxes
    scores: tuple[float, ...]
    matched: dict[float, Matched]


@dataclass(frozen=True, eq=False)
class DetectionResult:
    """``figures`` is what ``--json`` prints; the rest is for the report."""

    figures: dict[str, Any]
    source: PictureSource
    pictures: list[DetectedPicture]


def evaluate_detection(
    detector: FaceDetector, annotations: Path, pictures: Path, progress: Progress
) -> DetectionResult:
    """Measures a detector as it is served, threshold and all.

    Raises:
        EvaluationError: the material is not there, or nothing in it can be used.
    """
    source = PictureSource(pictures)
    truths, skipped = read_annotations(annotations, source)
    judged = []
    for i, image in decode_all(source, [t.file for t in truths], skipped):
        detections = detector.detect(image)
        boxes = _boxes([[d.box.x0, d.box.y0, d.box.x1, d.box.y1] for d in detections])
        truth = truths[i]
        matched = {iou: match_boxes(boxes, truth.boxes, truth.ignore, iou) for iou in IOUS}
        judged.append(DetectedPicture(truth, boxes, tuple(d.score for d in detections), matched))
        progress("pictures", i + 1, len(truths))
    if not judged:
        raise InputEmpty(annotations, skipped=len(skipped))
    figures: dict[str, Any] = {
        f"iou_{iou}": _row(total(p.matched[iou].counts for p in judged)) for iou in IOUS
    }
    figures["by_size_px"] = {
        _size_name(size): {
            f"iou_{iou}": _row(total(_of_size(p, iou, size) for p in judged)) for iou in IOUS
        }
        for size in SIZES
    }
    figures["pictures"] = len(judged)
    figures["faces"] = sum(len(p.truth.boxes) for p in judged)
    figures["ignored_detections"] = sum(len(p.matched[IOUS[0]].ignored) for p in judged)
    figures["detector"] = detector.name
    figures["skipped"] = [{"file": s.file, "reason": s.reason} for s in skipped]
    return DetectionResult(figures, source, judged)


def read_annotations(path: Path, source: PictureSource) -> tuple[list[Annotated], list[Skipped]]:
    """Reads lines ``{"file", "boxes": [[x0, y0, x1, y1], …], "ignore": […]}``.

    Raises:
        InputMissing, InputMalformed, InputEmpty
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as cause:
        raise InputMissing(path) from cause
    except (OSError, UnicodeDecodeError) as cause:
        raise InputMalformed(path, 0, str(cause)) from cause
    truths: list[Annotated] = []
    skipped: list[Skipped] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            file, boxes = str(row["file"]), _boxes(row["boxes"])
            ignore = _boxes(row.get("ignore") or [])
        except (ValueError, KeyError, TypeError, AttributeError) as cause:
            raise InputMalformed(path, number, f"{type(cause).__name__}: {cause}") from cause
        found = source.find(file)
        if found is None:
            skipped.append(Skipped(file, "not found"))
        else:
            truths.append(Annotated(found, boxes, ignore))
    if not truths:
        raise InputEmpty(path, skipped=len(skipped))
    return truths, skipped


def _boxes(rows: list[list[float]]) -> Boxes:
    """``float32 (n, 4)``. Raises ValueError where a row is no box."""
    boxes = np.array(rows, np.float32).reshape(-1, 4)
    if len(boxes) != len(rows) or (boxes[:, 2:] <= boxes[:, :2]).any():
        raise ValueError("a box is x0, y0, x1, y1 with x0 < x1 and y0 < y1")
    return boxes


def _of_size(picture: DetectedPicture, iou: float, size: tuple[float, float]) -> Counts:
    """Counts of the faces of one size; a false detection belongs to its own size."""
    faces = _inside(picture.truth.boxes, size)
    found = _inside(picture.found, size)
    matched = picture.matched[iou]
    return Counts(
        sum(faces[face] for _, face in matched.hits),
        sum(found[i] for i in matched.false),
        sum(faces[i] for i in matched.missed),
    )


def _inside(boxes: Boxes, size: tuple[float, float]) -> list[bool]:
    longer = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0)
    return [bool(size[0] <= side < size[1]) for side in longer]


def _size_name(size: tuple[float, float]) -> str:
    return f"{size[0]}+" if math.isinf(size[1]) else f"{size[0]}-{size[1]}"


def _row(counts: Counts) -> dict[str, float]:
    return {
        "precision": round(counts.precision, 4),
        "recall": round(counts.recall, 4),
        "f1": round(counts.f1, 4),
        "found": counts.found,
        "false": counts.false,
        "missed": counts.missed,
    }
