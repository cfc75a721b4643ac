"""Our own detector: one network, looked through at one or more sizes. Imports no torch."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognition.detection.fusion import Look, decode, fuse
from recognition.detection.geometry import (
    content_window,
    letterbox,
    merge,
)
from recognition.detection.human import HumanFaces
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
LOOK_SHARE = 0.4
"""A single look proposes what scores this part of the threshold; all looks decide together."""
MOST_VOTES = 60
"""More votes of the cascade for human faces count no more."""
MIRRORED_CHANNELS = [0, 3, 2, 1, 4]
"""Of the network's maps: in a mirror, left and right change places."""
SMALLEST_PX = 4.0
"""A box with a shorter side, in pixels of the picture, is no face."""


@dataclass(frozen=True)
class DetectorSpec:
    """How the detector is used, as ``weights/manifest.json`` says. Lengths in pixels."""

    sides: tuple[int, ...]
    """Lengths of the longer side at which a picture is looked at."""
    from_px: tuple[int, ...]
    """For each of them, the longer side from which pictures are looked at so; one must be 0."""
    mirror: bool
    """Whether every look is repeated mirrored, and the two answers averaged."""
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
    human_cascade: str = ""
    """OpenCV's cascade that tells real people's faces, see `HumanFaces`; "" asks none."""
    human_penalty: float = 0.0
    """So much more than the threshold must a face score for each vote (60 at most) that it is a
    real person's."""

    @classmethod
    def from_manifest(cls, entry: Mapping[str, Any]) -> DetectorSpec:
        """Reads the section's keys of the same names; others are not looked at.

        Raises:
            KeyError: one is missing.
        """
        values: dict[str, Any] = {}
        for item in fields(cls):
            if item.default is not MISSING and item.name not in entry:
                continue
            value = entry[item.name]
            values[item.name] = tuple(value) if isinstance(value, list) else value
        return cls(**values)


class NeuralDetector:
    """Finds anime faces with a `Runtime`. Safe to call from several threads at once."""

    def __init__(self, runtime: Runtime, spec: DetectorSpec) -> None:
        self._run = runtime
        self.spec = spec
        self._human = HumanFaces(spec.human_cascade) if spec.human_cascade else None

    @property
    def name(self) -> str:
        return "neural"

    def detect(self, image: RgbImage) -> list[Detection]:
        """All faces, best first; see `FaceDetector.detect`. Borders are trimmed before looking."""
        looks = self.looks(image, self.spec.threshold * LOOK_SHARE)
        boxes, scores = fuse(looks, self.spec.nms_iou)
        sure = scores >= self.spec.threshold
        boxes, scores = boxes[sure], scores[sure]
        h, w = image.shape[:2]
        factor = (np.array(self.spec.box_scale, np.float32) - 1) / 2
        grow = (boxes[:, 2:] - boxes[:, :2]) * factor
        boxes = np.hstack([boxes[:, :2] - grow, boxes[:, 2:] + grow])
        boxes = np.clip(boxes, 0, np.array([w, h, w, h], np.float32))
        least = min(SMALLEST_PX, w, h)
        found = [
            Detection(Box(*(float(v) for v in box)), float(score))
            for box, score in zip(boxes, scores, strict=True)
            if min(box[2] - box[0], box[3] - box[1]) >= least
        ]
        if self._human is None:
            return found
        return [d for d in found if d.score >= self._least_score(image, d.box)]

    def _least_score(self, image: RgbImage, box: Box) -> float:
        votes = 0 if self._human is None else self._human.votes(image, box)
        return self.spec.threshold + self.spec.human_penalty * min(votes, MOST_VOTES)

    def looks(self, image: RgbImage, threshold: float) -> list[Look]:
        """What is found at each of the lengths that suit `image`, boxes in pixels of `image`."""
        x0, y0, x1, y1 = content_window(image)
        content = image[y0:y1, x0:x1]
        longest = max(content.shape[:2])
        shift = np.array([x0, y0, x0, y0], np.float32)
        out = []
        for side, from_px in zip(self.spec.sides, self.spec.from_px, strict=True):
            if longest < from_px:
                continue
            canvas, frame = letterbox(content, side, MULTIPLE, PAD)
            boxes, scores = decode(self._maps(canvas), canvas.shape[0], threshold)
            middle = (boxes[:, :2] + boxes[:, 2:]) / 2
            inside = (middle < np.array(frame.inside, np.float32)).all(1)
            boxes = np.clip(boxes[inside], 0, np.array(frame.inside * 2, np.float32))
            boxes = frame.to_picture(boxes.astype(np.float32))
            boxes, scores = merge(boxes, scores[inside], self.spec.nms_iou)
            out.append(Look(side / longest, boxes + shift, scores))
        return out

    def _maps(self, canvas: RgbImage) -> Maps:
        """The network's maps of one canvas, `(1, 5, h, w)` a level; mirrored looks are averaged."""
        picture = self._normalised(canvas)
        if not self.spec.mirror:
            return self._run(picture[None])
        both = self._run(np.stack([picture, picture[:, :, ::-1]]))
        mirrored = (m[1:, MIRRORED_CHANNELS, :, ::-1] for m in both)
        half = np.float32(0.5)
        return tuple((m[:1] + other) * half for m, other in zip(both, mirrored, strict=True))

    def _normalised(self, canvas: RgbImage) -> NDArray[np.float32]:
        """``uint8 (H, W, 3)`` to ``float32 (3, H, W)``."""
        std = np.array(self.spec.std, np.float32) * 255
        mean = np.array(self.spec.mean, np.float32) * 255
        scaled = (canvas.astype(np.float32) - mean) / std
        return np.ascontiguousarray(scaled.transpose(2, 0, 1))


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
