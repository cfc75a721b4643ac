"""Our own detector: one network, looked through at one or more sizes. Imports no torch."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from recognition.detection.fusion import Look, decode, fuse
from recognition.detection.geometry import box_areas, content_window, halved, letterbox, merge
from recognition.detection.graphs import QUANTIZED_OPERATORS, exported_graph
from recognition.detection.human import HumanFaces
from recognition.detection.runtimes import Maps, OnnxRuntime, Runtime, TorchRuntime, load_network
from recognition.errors import WeightsCorrupt
from recognition.manifest import verified_file
from recognition.quantization import pick_runtime, quantized_graph
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
    """Lengths of the longer side at which a picture is looked at, in this order."""
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
    small_px: tuple[float, ...] = ()
    """For each look but the first: it is taken only where the one before found nothing, or a face
    with a shorter side than this on its canvas, so that there may be more, too small to be seen
    there. () takes them all."""
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
        return [d for d in found if not self._is_human(self._human, image, d)]

    def _is_human(self, human: HumanFaces, image: RgbImage, found: Detection) -> bool:
        """Whether a detection scores less than the votes for a real person's face ask for."""
        room = found.score - self.spec.threshold
        if room >= self.spec.human_penalty * MOST_VOTES:
            return False  # whatever the cascade says
        votes = min(human.votes(image, found.box), MOST_VOTES)
        return room < self.spec.human_penalty * votes

    def looks(self, image: RgbImage, threshold: float) -> list[Look]:
        """What is found at each of the lengths that suit `image`, boxes in pixels of `image`."""
        x0, y0, x1, y1 = content_window(image)
        content = image[y0:y1, x0:x1]
        longest = max(content.shape[:2])
        small, times = halved(content, max(self.spec.sides))
        shift = np.array([x0, y0, x0, y0], np.float32)
        out: list[Look] = []
        limits = (0.0, *self.spec.small_px) if self.spec.small_px else (0.0,) * len(self.spec.sides)
        for side, from_px, small_px in zip(self.spec.sides, self.spec.from_px, limits, strict=True):
            if longest < from_px or (out and not self._asks_for_more(out[-1], small_px)):
                continue
            canvas, frame = letterbox(small, side, MULTIPLE, PAD)
            boxes, scores = decode(self._maps(canvas), canvas.shape[0], threshold)
            middle = (boxes[:, :2] + boxes[:, 2:]) / 2
            inside = (middle < np.array(frame.inside, np.float32)).all(1)
            boxes = np.clip(boxes[inside], 0, np.array(frame.inside * 2, np.float32))
            boxes = frame.to_picture(boxes.astype(np.float32)) * np.float32(times)
            boxes, scores = merge(boxes, scores[inside], self.spec.nms_iou)
            out.append(Look(side / longest, boxes + shift, scores))
        return out

    def _asks_for_more(self, look: Look, small_px: float) -> bool:
        """Whether a look leaves room for a further one, see `DetectorSpec.small_px`."""
        if not self.spec.small_px:
            return True
        sides = np.sqrt(box_areas(look.boxes[look.scores >= self.spec.threshold])) * look.factor
        return not len(sides) or float(sides.min()) < small_px

    def _maps(self, canvas: RgbImage) -> Maps:
        """The network's maps of one canvas, `(1, 5, h, w)` a level; mirrored looks are averaged."""
        if not self.spec.mirror:
            return self._run(canvas[None])
        both = self._run(np.stack([canvas, canvas[:, ::-1]]))
        mirrored = (m[1:, MIRRORED_CHANNELS, :, ::-1] for m in both)
        half = np.float32(0.5)
        return tuple((m[:1] + other) * half for m, other in zip(both, mirrored, strict=True))


_exporting = threading.Lock()


def open_neural_detector(
    weights: Path,
    entry: Mapping[str, Any],
    *,
    runtime: str = "auto",
    cache: Path,
    threads: int = 2,
) -> NeuralDetector:
    """The shipped detector.

    Args:
        weights: the weights folder.
        entry: the manifest's section ``detector``.
        runtime: one of `recognition.quantization.RUNTIMES`.
        cache: where the exported graph is kept.
        threads: threads that one network call may use (ONNX Runtime).

    Raises:
        WeightsMissing: the file is not there.
        WeightsCorrupt: it is another file, or the section lacks a setting.
        ValueError: unknown runtime.
    """
    runtime = pick_runtime(runtime)
    file = verified_file(weights, entry)
    try:
        spec = DetectorSpec.from_manifest(entry)
    except KeyError as cause:
        raise WeightsCorrupt(weights / "manifest.json", f"detector lacks {cause}") from cause
    if runtime == "torch":
        network = load_network(file, spec.width)
        return NeuralDetector(TorchRuntime(network, spec.mean, spec.std), spec)
    with _exporting:
        graph = exported_graph(file, spec.width, spec.mean, spec.std, cache)
        if runtime == "int8" and "ranges" in entry:
            ranges = verified_file(weights, entry["ranges"])
            graph = quantized_graph(graph, ranges, QUANTIZED_OPERATORS)
    return NeuralDetector(OnnxRuntime(graph, threads, spec.mean), spec)
