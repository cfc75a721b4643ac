"""Our own detector: one network, looked through at one or more sizes. Imports no torch."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognition.detection.geometry import Boxes, content_window, letterbox, merge
from recognition.detection.runtimes import (
    Maps,
    OnnxRuntime,
    Runtime,
    TorchRuntime,
    exported_graph,
    load_network,
)
from recognition.errors import WeightsCorrupt
from recognition.manifest import verified_file
from recognition.types import Box, Detection, RgbImage

MULTIPLE = 32
"""Height and width of the network's input are multiples of its largest stride."""
PAD = 114
"""Grey value around a picture that does not fill its canvas; the training pads alike."""
SMALLEST_PX = 4.0
"""A box with a shorter side, in pixels of the picture, is no face."""


@dataclass(frozen=True)
class DetectorSpec:
    """How the detector is used, as ``weights/manifest.json`` says. Lengths in pixels."""

    sides: tuple[int, ...]
    """Lengths of the picture's longer side at which it is looked at; the first one always."""
    largest_upscale: float
    """Further sides are left out where they would enlarge the picture by more than this."""
    mirror: bool
    """Whether every look is repeated mirrored."""
    threshold: float
    """Lowest score (0 to 1) that is reported."""
    nms_iou: float
    """Of two boxes that overlap by more than this, only the better one is reported."""
    mean: tuple[float, float, float]
    """Mean of R, G, B, values 0 to 1."""
    std: tuple[float, float, float]
    """Standard deviation of R, G, B, values 0 to 1."""
    width: int
    """Channels of the network's pyramid."""
    box_scale: tuple[float, float] = (1.0, 1.0)
    """Factors on a found box's width and height, about its centre."""

    @classmethod
    def from_manifest(cls, entry: Mapping[str, Any]) -> DetectorSpec:
        """Reads the section's keys of the same names; others are not looked at.

        Raises:
            KeyError: one is missing.
        """
        values: dict[str, Any] = {}
        for item in fields(cls):
            if item.name == "box_scale" and item.name not in entry:
                continue
            value = entry[item.name]
            values[item.name] = tuple(value) if isinstance(value, list) else value
        return cls(**values)


class NeuralDetector:
    """Finds anime faces with a `Runtime`. Safe to call from several threads at once."""

    def __init__(self, runtime: Runtime, spec: DetectorSpec) -> None:
        self._run = runtime
        self.spec = spec

    @property
    def name(self) -> str:
        return "neural"

    def detect(self, image: RgbImage) -> list[Detection]:
        """All faces, best first; see `FaceDetector.detect`. Borders are trimmed before looking."""
        boxes, scores = self.candidates(image)
        boxes, scores = merge(boxes, scores, self.spec.nms_iou)
        h, w = image.shape[:2]
        factor = (np.array(self.spec.box_scale, np.float32) - 1) / 2
        grow = (boxes[:, 2:] - boxes[:, :2]) * factor
        boxes = np.hstack([boxes[:, :2] - grow, boxes[:, 2:] + grow])
        boxes = np.clip(boxes, 0, np.array([w, h, w, h], np.float32))
        least = min(SMALLEST_PX, w, h)
        return [
            Detection(Box(*(float(v) for v in box)), float(score))
            for box, score in zip(boxes, scores, strict=True)
            if min(box[2] - box[0], box[3] - box[1]) >= least
        ]

    def candidates(self, image: RgbImage) -> tuple[Boxes, NDArray[np.float32]]:
        """All looks' boxes ``(n, 4)`` in pixels of `image` and scores ``(n,)``, not yet merged."""
        x0, y0, x1, y1 = content_window(image)
        content = image[y0:y1, x0:x1]
        longest = max(content.shape[:2])
        every_box, every_score = [np.zeros((0, 4), np.float32)], [np.zeros(0, np.float32)]
        for i, side in enumerate(self.spec.sides):
            if i and side > longest * self.spec.largest_upscale:
                continue
            canvas, frame = letterbox(content, side, MULTIPLE, PAD)
            looks = [canvas[:, ::-1], canvas] if self.spec.mirror else [canvas]
            for look in looks:
                maps = self._run(self._normalised(look)[None])
                boxes, scores = decode(maps, look.shape[0], self.spec.threshold)
                if look is not canvas:
                    boxes = boxes[:, [2, 1, 0, 3]]
                    boxes[:, [0, 2]] = canvas.shape[1] - boxes[:, [0, 2]]
                middle = (boxes[:, :2] + boxes[:, 2:]) / 2
                inside = (middle < np.array(frame.inside, np.float32)).all(1)
                boxes = np.clip(boxes[inside], 0, np.array(frame.inside * 2, np.float32))
                every_box.append(frame.to_picture(boxes.astype(np.float32)))
                every_score.append(scores[inside])
        shift = np.array([x0, y0, x0, y0], np.float32)
        return np.vstack(every_box) + shift, np.concatenate(every_score)

    def _normalised(self, canvas: RgbImage) -> NDArray[np.float32]:
        """``uint8 (H, W, 3)`` to ``float32 (3, H, W)``."""
        std = np.array(self.spec.std, np.float32) * 255
        mean = np.array(self.spec.mean, np.float32) * 255
        scaled = (canvas.astype(np.float32) - mean) / std
        return np.ascontiguousarray(scaled.transpose(2, 0, 1))


def decode(maps: Maps, height: int, threshold: float) -> tuple[Boxes, NDArray[np.float32]]:
    """Boxes ``(n, 4)`` in input pixels and scores ``(n,)`` from the maps of one picture.

    Args:
        maps: ``(1, 5, h, w)`` a level; the level's stride is ``height / h``.
        height: rows of the network's input.
        threshold: lowest score, 0 to 1.
    """
    every_box, every_score = [np.zeros((0, 4), np.float32)], [np.zeros(0, np.float32)]
    least = float(np.log(threshold / (1 - threshold)))
    for level in maps:
        logits, distances = level[0, 0], level[0, 1:]
        stride = height // logits.shape[0]
        rows, columns = np.nonzero(logits >= least)
        x = (columns.astype(np.float32) + 0.5) * stride
        y = (rows.astype(np.float32) + 0.5) * stride
        left, up, right, down = distances[:, rows, columns]
        every_box.append(np.stack([x - left, y - up, x + right, y + down], 1))
        every_score.append(1 / (1 + np.exp(-logits[rows, columns])))
    return np.vstack(every_box), np.concatenate(every_score).astype(np.float32)


_exporting = threading.Lock()


def open_neural_detector(
    weights: Path,
    entry: Mapping[str, Any],
    *,
    runtime: str = "onnx",
    cache: Path,
    threads: int = 2,
) -> NeuralDetector:
    """The shipped detector.

    Args:
        weights: the weights folder.
        entry: the manifest's section ``detector``.
        runtime: ``"onnx"`` or ``"torch"``.
        cache: where the exported graph is kept.
        threads: threads that one network call may use (ONNX Runtime).

    Raises:
        WeightsMissing: the file is not there.
        WeightsCorrupt: it is another file, or the section lacks a setting.
        ValueError: unknown runtime.
    """
    if runtime not in ("onnx", "torch"):
        raise ValueError(f"runtime must be onnx or torch, not {runtime!r}")
    file = verified_file(weights, entry)
    try:
        spec = DetectorSpec.from_manifest(entry)
    except KeyError as cause:
        raise WeightsCorrupt(weights / "manifest.json", f"detector lacks {cause}") from cause
    if runtime == "torch":
        return NeuralDetector(TorchRuntime(load_network(file, spec.width)), spec)
    with _exporting:
        graph = exported_graph(file, spec.width, cache)
    return NeuralDetector(OnnxRuntime(graph, threads), spec)
