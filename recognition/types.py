"""The values that cross rooms: frozen, small, and free of any framework.

Pictures cross as ``bytes`` or as RGB ``uint8 (H, W, 3)`` arrays. Boxes are half-open, in pixels of
the original (EXIF-turned) picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

RgbImage: TypeAlias = NDArray[np.uint8]
"""RGB picture, ``uint8 (H, W, 3)``."""
Vector: TypeAlias = NDArray[np.float32]
"""``float32 (d,)``, L2-normalised."""


class Mode(StrEnum):
    """How a picture is looked at."""

    AUTO = "auto"
    """Faces; the whole picture where no face is found (the "combined" mode of the old web app)."""
    FACES = "faces"
    """Faces only ("Model 1")."""
    WHOLE = "whole"
    """The whole picture as one, without looking for faces ("Model 2")."""


@dataclass(frozen=True, slots=True)
class Box:
    """Axis-parallel rectangle ``[x0, x1) x [y0, y1)`` in pixels; x to the right, y down.

    A face's box goes from the hairline (about a third of the way from the eyebrows to the top of
    the hair) to the chin and from ear to ear.
    """

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return max(0.0, self.x1 - self.x0)

    @property
    def height(self) -> float:
        return max(0.0, self.y1 - self.y0)

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def center(self) -> tuple[float, float]:
        """``(x, y)`` of the middle."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def iou(self, other: Box) -> float:
        """Intersection over union with `other`, 0 to 1 (0 where both are empty)."""
        inter = (
            Box(
                max(self.x0, other.x0),
                max(self.y0, other.y0),
                min(self.x1, other.x1),
                min(self.y1, other.y1),
            )
        ).area
        union = self.area + other.area - inter
        return inter / union if union > 0 else 0.0

    def clipped(self, size: tuple[int, int]) -> Box:
        """The part of the box inside a picture of ``size = (width, height)``."""
        w, h = size
        return Box(
            min(max(self.x0, 0.0), w),
            min(max(self.y0, 0.0), h),
            min(max(self.x1, 0.0), w),
            min(max(self.y1, 0.0), h),
        )

    def scaled(self, fx: float, fy: float | None = None) -> Box:
        """The box with x multiplied by `fx` and y by `fy` (`fx` where not given)."""
        fy = fx if fy is None else fy
        return Box(self.x0 * fx, self.y0 * fy, self.x1 * fx, self.y1 * fy)

    def shifted(self, dx: float, dy: float) -> Box:
        """The box moved by ``(dx, dy)`` pixels."""
        return Box(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def as_ints(self) -> tuple[int, int, int, int]:
        """``(x0, y0, x1, y1)`` rounded to whole pixels."""
        return round(self.x0), round(self.y0), round(self.x1), round(self.y1)


@dataclass(frozen=True, slots=True)
class Detection:
    """One face found. ``score`` is the detector's own confidence, 0 to 1, not calibrated."""

    box: Box
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """A unit vector, ``float32 (d,)``, tagged with the model that made it.

    Vectors of two models never meet: the gallery raises ``ModelMismatch`` first.
    """

    vector: Vector
    model_id: str


@dataclass(frozen=True, slots=True, eq=False)
class FaceEncoding:
    """A detected face and what its crop looks like to the embedding network."""

    box: Box
    score: float
    embedding: Embedding


@dataclass(frozen=True, slots=True, eq=False)
class EncodedPicture:
    """Everything the heavy half (decode, detect, embed) finds out about one picture.

    ``size`` is (width, height) in pixels; ``faces`` are ordered left to right, as they will be
    numbered; ``whole`` are embeddings of the whole picture, all of it first, then parts of it where
    a face may be (`recognition.embedding.preprocess.picture_views`), where they were asked for (in
    auto mode: only where there is no face), else (); ``timings_ms`` holds milliseconds by stage;
    ``image`` is the decoded picture where the encoder shares our memory, so that nobody decodes it
    twice.
    """

    size: tuple[int, int]
    faces: tuple[FaceEncoding, ...]
    whole: tuple[Embedding, ...]
    model_id: str
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    image: RgbImage | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class KnownCharacter:
    """A character the gallery can name. ``name`` is family name first."""

    id: str
    name: str
    series: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A character considered. ``probability`` is calibrated, 0 to 1."""

    character: str
    """The character's id, the key of ``data/characters.json``."""
    name: str
    """Display name as the gallery knows it, family name first."""
    probability: float


@dataclass(frozen=True, slots=True)
class Match:
    """We say who it is. Of the answers shown as 80 %, about 80 % are right."""

    character: str
    name: str
    probability: float


@dataclass(frozen=True, slots=True)
class Unknown:
    """We say that we do not know. ``nearest`` is the best candidate that was not good enough."""

    nearest: Candidate | None
    probability: float
    """Probability of `nearest`, 0 where there is none."""


Decision = Match | Unknown


@dataclass(frozen=True, slots=True)
class RecognizedFace:
    """One face with our decision. ``candidates`` are the best five, most probable first."""

    box: Box
    score: float
    decision: Decision
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class RecognizedWhole:
    """The answer for the picture taken as a whole."""

    decision: Decision
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Recognition:
    """The answer for one picture.

    ``mode`` is what was asked for; ``whole`` is set when the whole picture was judged: always in
    ``Mode.WHOLE``, and in ``Mode.AUTO`` when no face was found.
    """

    size: tuple[int, int]
    faces: tuple[RecognizedFace, ...]
    whole: RecognizedWhole | None
    mode: Mode
    timings_ms: Mapping[str, float] = field(default_factory=dict)
