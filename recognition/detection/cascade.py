"""Any OpenCV cascade file as a face detector."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from recognition.detection.geometry import Boxes, merge
from recognition.errors import WeightsCorrupt, WeightsMissing
from recognition.types import Box, Detection, RgbImage


@dataclass(frozen=True)
class BoxMapping:
    """Where our face box (hairline to chin, ear to ear) lies in a cascade's box, as fractions."""

    x0: float = 0.0
    y0: float = 0.0
    x1: float = 1.0
    y1: float = 1.0

    def apply(self, boxes: Boxes) -> Boxes:
        """Cascade boxes ``(n, 4)`` to face boxes ``(n, 4)``."""
        origin, extent = boxes[:, :2], boxes[:, 2:] - boxes[:, :2]
        lo = origin + extent * np.array([self.x0, self.y0], np.float32)
        hi = origin + extent * np.array([self.x1, self.y1], np.float32)
        return np.hstack([lo, hi]).astype(np.float32)


MAPPINGS = {
    "lbpcascade_animeface.xml": BoxMapping(0.15, 0.11, 0.86, 0.84),
}
"""By file name; every other file's boxes are taken as they are.

``lbpcascade_animeface.xml``: the median of where the boxes of ``detection/pseudo_boxes.jsonl``
lie in the same file's ``cascade_boxes``, over the 440 pairs whose centres agree (spread of each
side: 0.05 to 0.08)."""


class ThreadedCascade:
    """A cascade file for several threads: OpenCV's classifier keeps state while it works, so every
    thread gets one of its own.

    Raises:
        WeightsMissing: no such file.
        WeightsCorrupt: the file is no cascade.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise WeightsMissing(path)
        self.path = path
        self._text = path.read_text(encoding="utf-8", errors="replace")
        self._local = threading.local()
        self.get()

    def get(self) -> cv2.CascadeClassifier:
        """This thread's classifier, read from the text that was read at the start."""
        found: cv2.CascadeClassifier | None = getattr(self._local, "classifier", None)
        if found is None:
            found = cv2.CascadeClassifier()
            storage = cv2.FileStorage()
            try:
                storage.open(self._text, cv2.FILE_STORAGE_READ | cv2.FILE_STORAGE_MEMORY)
                read = found.read(storage.getFirstTopLevelNode()) and not found.empty()
            except cv2.error as cause:
                raise WeightsCorrupt(self.path, "not an OpenCV cascade") from cause
            finally:
                storage.release()
            if not read:
                raise WeightsCorrupt(self.path, "not an OpenCV cascade")
            self._local.classifier = found
        return found


class CascadeDetector:
    """``cv2.CascadeClassifier`` behind the `FaceDetector` protocol."""

    def __init__(
        self,
        path: Path,
        *,
        mapping: BoxMapping | None = None,
        scale_factor: float = 1.1,
        min_neighbors: int = 5,
        min_size_px: int = 24,
        max_side_px: int | None = 640,
        nms_iou: float = 0.3,
    ) -> None:
        """Reads the cascade.

        Args:
            path: an XML file of OpenCV.
            mapping: from its boxes to ours; None takes the one of `MAPPINGS` for the file's name.
            scale_factor, min_neighbors, min_size_px: as in ``detectMultiScale``; the defaults are
                those of the cascade's own example. The size is meant in the picture that is looked
                at, after shrinking.
            max_side_px: larger pictures are shrunk to this longer side first (a pass costs time by
                the pixel: a second for a 1080p picture); None looks at them as they are.
            nms_iou: of two boxes that overlap by more than this, only the better one is reported.

        Raises:
            WeightsMissing: no such file.
            WeightsCorrupt: the file is no cascade.
        """
        self._cascade = ThreadedCascade(path)
        self._mapping = MAPPINGS.get(path.name, BoxMapping()) if mapping is None else mapping
        self._scale_factor = scale_factor
        self._min_neighbors = min_neighbors
        self._min_size_px = min_size_px
        self._max_side_px = max_side_px
        self._nms_iou = nms_iou

    @property
    def name(self) -> str:
        return f"cascade:{self._cascade.path.name}"

    def detect(self, image: RgbImage) -> list[Detection]:
        """All faces, best first; see `FaceDetector.detect`.

        The score is ``1 - exp(-w / 4)`` of the last stage's margin w (0 and more for what passed):
        it orders the faces and is not calibrated.
        """
        h, w = image.shape[:2]
        factor = 1.0
        if self._max_side_px is not None and max(h, w) > self._max_side_px:
            factor = self._max_side_px / max(h, w)
            size = (max(1, round(w * factor)), max(1, round(h * factor)))
            image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        grey = cv2.equalizeHist(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))
        if min(grey.shape) < self._min_size_px:
            return []
        rectangles, _, weights = self._cascade.get().detectMultiScale3(
            grey,
            scaleFactor=self._scale_factor,
            minNeighbors=self._min_neighbors,
            minSize=(self._min_size_px, self._min_size_px),
            outputRejectLevels=True,
        )
        if len(rectangles) == 0:
            return []
        boxes = np.asarray(rectangles, np.float32).reshape(-1, 4)
        boxes[:, 2:] += boxes[:, :2]
        margin = np.maximum(np.asarray(weights, np.float64).reshape(-1), 0.0)
        scores = (1 - np.exp(-margin / 4)).astype(np.float32)
        scale = np.array([w / image.shape[1], h / image.shape[0]] * 2, np.float32)
        boxes, scores = merge(self._mapping.apply(boxes) * scale, scores, self._nms_iou)
        return [
            Detection(Box(*(float(v) for v in box)).clipped((w, h)), float(score))
            for box, score in zip(boxes, scores, strict=True)
        ]
