"""Any OpenCV cascade file as a face detector."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.detection.geometry import Boxes, iou_matrix, merge
from recognition.errors import WeightsCorrupt, WeightsMissing
from recognition.manifest import MANIFEST, verified_file
from recognition.types import Box, Detection, RgbImage

GROUP_EPSILON = 0.2
"""Windows belong together whose sides differ by less than this, in parts of a side (OpenCV's)."""
MEMBER_IOU = 0.5
"""A window that overlaps a group's mean so much counts for the group's support ..."""
MOST_MEMBERS = 5
"""... if it is among so many with the largest margins: large faces have more windows."""


@dataclass(frozen=True)
class CascadeSpec:
    """How a cascade is used; of ours, as ``weights/manifest.json`` says. The defaults are the usual
    settings of the old web app's cascade."""

    scale_factor: float = 1.1
    """Each look at a picture is so much smaller than the one before (``detectMultiScale``)."""
    min_neighbors: int = 5
    """So many windows must agree on a face, less one."""
    min_support: float = 0.0
    """Least support (sum of the largest margins, see `agreeing`) of a face."""
    min_size_px: int = 24
    """Least side of a window in the picture that is looked at, after shrinking."""
    max_side_px: int | None = 640
    """Larger pictures are shrunk to this longer side first (a pass costs time by the pixel: a
    second for a 1080p picture); None looks at them as they are."""
    nms_iou: float = 0.3
    """Of two boxes that overlap by more than this, only the better one is reported."""
    equalize: bool = True
    """Whether the grey picture's histogram is equalised first; as in the cascade's training."""
    smooth: bool = False
    """Whether the picture is halved with smoothing for each octave of sizes. OpenCV by itself
    shrinks without, and thin lines break."""
    box: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    """Where our face box lies in a window: x0, y0, x1, y1 in parts of its side."""

    @classmethod
    def from_manifest(cls, entry: Mapping[str, Any]) -> CascadeSpec:
        """Reads the section's keys of the same names; others are not looked at.

        Raises:
            KeyError: one is missing.
        """
        values = {item.name: entry[item.name] for item in fields(cls)}
        return cls(**values | {"box": tuple(values["box"])})


UPSTREAM_SPEC = CascadeSpec(box=(0.15, 0.11, 0.86, 0.84))
"""``lbpcascade_animeface.xml`` of nagadomi. Its box: the median of where the boxes of
``detection/pseudo_boxes.jsonl`` lie in the same file's ``cascade_boxes``, over the 440 pairs whose
centres agree (spread of each side: 0.05 to 0.08)."""
KNOWN_FILES = {"lbpcascade_animeface.xml": UPSTREAM_SPEC}
"""By file name; other files that come without a manifest have no known face box."""


def read_classifier(text: str, path: Path) -> cv2.CascadeClassifier:
    """The classifier that a cascade file's text describes; not for several threads at once.

    Args:
        text: content of an OpenCV cascade file.
        path: where it is from, for the error.

    Raises:
        WeightsCorrupt: the text is no cascade.
    """
    found = cv2.CascadeClassifier()
    storage = cv2.FileStorage()
    try:
        storage.open(text, cv2.FILE_STORAGE_READ | cv2.FILE_STORAGE_MEMORY)
        read = found.read(storage.getFirstTopLevelNode()) and not found.empty()
    except cv2.error as cause:
        raise WeightsCorrupt(path, "not an OpenCV cascade") from cause
    finally:
        storage.release()
    if not read:
        raise WeightsCorrupt(path, "not an OpenCV cascade")
    return found


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
            found = self._local.classifier = read_classifier(self._text, self.path)
        return found


@dataclass(frozen=True, eq=False)
class CascadeLook:
    """What a cascade saw in one picture."""

    windows: NDArray[np.float64]
    """``(n, 4)``: x, y, width, height in pixels of the picture that was looked at."""
    margins: NDArray[np.float64]
    """``(n,)``: the last stage's sum of each."""
    scale: tuple[float, float]
    """Pixels of the picture for one that was looked at, along x and y."""
    size: tuple[int, int]
    """Width and height of the picture, px."""


class CascadeDetector:
    """``cv2.CascadeClassifier`` behind the `FaceDetector` protocol."""

    def __init__(self, path: Path, spec: CascadeSpec | None = None) -> None:
        """Reads the cascade.

        Args:
            path: an XML file of OpenCV.
            spec: how to use it; None takes the one of `KNOWN_FILES` for the file's name.

        Raises:
            WeightsMissing: no such file.
            WeightsCorrupt: the file is no cascade.
        """
        self._cascade = ThreadedCascade(path)
        self.spec = spec or KNOWN_FILES.get(path.name, CascadeSpec())

    @property
    def name(self) -> str:
        return f"cascade:{self._cascade.path.name}"

    @property
    def path(self) -> Path:
        """The cascade's file."""
        return self._cascade.path

    def detect(self, image: RgbImage) -> list[Detection]:
        """All faces, best first; see `FaceDetector.detect`.

        The score is ``s / (s + m)`` of a face's support s, where m is the least support (1 where
        none is set): it orders the faces and is not calibrated.
        """
        return self.decide(self.look(image))

    def look(self, image: RgbImage) -> CascadeLook:
        """Every window that passes the cascade."""
        h, w = image.shape[:2]
        spec = self.spec
        if spec.max_side_px is not None and max(h, w) > spec.max_side_px:
            factor = spec.max_side_px / max(h, w)
            size = (max(1, round(w * factor)), max(1, round(h * factor)))
            image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        if spec.equalize:
            grey = cv2.equalizeHist(grey)
        scale = (w / grey.shape[1], h / grey.shape[0])
        if min(grey.shape) < spec.min_size_px:
            return CascadeLook(np.zeros((0, 4)), np.zeros(0), scale, (w, h))
        return CascadeLook(*self._windows(grey), scale, (w, h))

    def decide(self, look: CascadeLook) -> list[Detection]:
        """The faces that enough windows agree on."""
        least = self.spec.min_support
        windows, support = agreeing(look.windows, look.margins, self.spec.min_neighbors)
        windows, support = windows[support >= least], support[support >= least]
        if len(windows) == 0:
            return []
        scores = (support / (support + (least or 1.0))).astype(np.float32)
        boxes = np.tile(windows[:, :2], 2) + np.tile(windows[:, 2:], 2) * np.array(self.spec.box)
        boxes = (boxes * np.tile(look.scale, 2)).astype(np.float32)
        boxes, scores = merge(boxes, scores, self.spec.nms_iou)
        return [
            Detection(Box(*(float(v) for v in box)).clipped(look.size), float(score))
            for box, score in zip(boxes, scores, strict=True)
        ]

    def _windows(self, grey: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """All windows that pass, ``(n, 4)`` as x, y, width, height in pixels of `grey`, and the
        last stage's sum of each, ``(n,)``."""
        spec = self.spec
        size = self._cascade.get().getOriginalWindowSize()[0]
        out, margins = [np.zeros((0, 4))], [np.zeros(0)]
        pictures = octaves(grey, size) if spec.smooth else [grey]
        for i, picture in enumerate(pictures):
            # The last octave takes what is larger than a picture twice as large would show.
            least = max(size, spec.min_size_px >> i)
            most = 0 if i == len(pictures) - 1 else 2 * size - 1
            found, _, weights = self._cascade.get().detectMultiScale3(
                picture,
                scaleFactor=spec.scale_factor,
                minNeighbors=0,
                minSize=(least, least),
                maxSize=(most, most),
                outputRejectLevels=True,
            )
            out.append(np.asarray(found, np.float64).reshape(-1, 4) * 2**i)
            margins.append(np.asarray(weights, np.float64).reshape(-1))
        return np.concatenate(out), np.concatenate(margins)


def agreeing(
    windows: NDArray[np.float64], margins: NDArray[np.float64], min_neighbors: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Groups of more than `min_neighbors` windows, as ``detectMultiScale`` makes them.

    Args:
        windows: ``(n, 4)``, x, y, width, height, whole pixels.
        margins: ``(n,)``; what is below 0 counts as 0.
        min_neighbors: 0 leaves the windows as they are.

    Returns:
        Mean window ``(k, 4)`` of each group, and its support ``(k,)``: the sum of the
        `MOST_MEMBERS` largest margins in it.
    """
    margins = np.maximum(margins, 0.0)
    if min_neighbors == 0 or len(windows) == 0:
        return windows, margins
    grouped, _ = cv2.groupRectangles(windows.astype(int).tolist(), min_neighbors, GROUP_EPSILON)
    means = np.asarray(grouped, np.float64).reshape(-1, 4)
    near = iou_matrix(_corners(means), _corners(windows)) >= MEMBER_IOU
    largest = np.sort(np.where(near, margins[None], 0.0), axis=1)[:, ::-1]
    return means, largest[:, :MOST_MEMBERS].sum(1)


def _corners(windows: NDArray[np.float64]) -> Boxes:
    return np.hstack([windows[:, :2], windows[:, :2] + windows[:, 2:]]).astype(np.float32)


def octaves(grey: NDArray[np.uint8], least_px: int) -> list[NDArray[np.uint8]]:
    """The picture, and halves of it, as long as both sides have `least_px`."""
    out = [grey]
    while min(out[-1].shape) // 2 >= least_px:
        h, w = (side // 2 for side in out[-1].shape)
        out.append(np.asarray(cv2.resize(out[-1], (w, h), interpolation=cv2.INTER_AREA)))
    return out


def open_cascade(weights: Path, entry: Mapping[str, Any]) -> CascadeDetector:
    """The shipped cascade.

    Args:
        weights: the weights folder.
        entry: the manifest's section ``cascade``.

    Raises:
        WeightsMissing: the file is not there.
        WeightsCorrupt: it is another file, or the section lacks a setting.
    """
    file = verified_file(weights, entry)
    try:
        spec = CascadeSpec.from_manifest(entry)
    except KeyError as cause:
        raise WeightsCorrupt(weights / MANIFEST, f"cascade lacks {cause}") from cause
    return CascadeDetector(file, spec)
