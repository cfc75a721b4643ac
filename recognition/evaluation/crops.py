"""From face crops in files to vectors, through the serving runtime."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from recognition.embedding.preprocess import square_crop, whole_square
from recognition.encoder import PictureEncoder
from recognition.evaluation.labels import Label
from recognition.evaluation.source import PictureSource, Skipped, decode_all
from recognition.types import RgbImage

BATCH = 64
SMALL_FACE = 0.4
"""`Crops.DETECT` cuts a face out when its longer side is below this part of the picture's."""

Vectors = NDArray[np.float32]
Progress = Callable[[str, int, int], None]
"""Called with what is read, how many are done and how many there are."""


class Crops(StrEnum):
    """How a crop becomes what the network sees."""

    WHOLE = "whole"
    """As it is, in a square. The default: best by far where crops are cut around one face."""
    DETECT = "detect"
    """The surest face is cut out where it is small in the picture (see `SMALL_FACE`)."""


@dataclass(frozen=True, eq=False)
class Embedded:
    """Crops that could be read: ``labels[i]`` belongs to ``vectors[i]`` (unit, ``float32``)."""

    source: PictureSource
    labels: tuple[Label, ...]
    vectors: Vectors
    skipped: tuple[Skipped, ...]

    def __len__(self) -> int:
        return len(self.labels)


def embed_crops(
    encoder: PictureEncoder,
    source: PictureSource,
    labels: Sequence[Label],
    crops: Crops,
    progress: Progress,
    what: str,
) -> Embedded:
    """Embeds labelled crops; a label with a box is cut from its picture as the bot cuts faces."""
    skipped: list[Skipped] = []
    kept: list[Label] = []
    parts: list[Vectors] = []
    batch: list[RgbImage] = []

    def flush() -> None:
        if batch:
            parts.append(encoder.embedder.embed_crops(batch))
            batch.clear()

    for i, image in decode_all(source, [label.file for label in labels], skipped):
        kept.append(labels[i])
        batch.append(_square(encoder, image, labels[i], crops))
        if len(batch) == BATCH:
            flush()
            progress(what, i + 1, len(labels))
    flush()
    progress(what, len(labels), len(labels))
    vectors = np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)
    return Embedded(source, tuple(kept), vectors, tuple(skipped))


def embed_strangers(
    encoder: PictureEncoder, source: PictureSource, crops: Crops, progress: Progress
) -> Embedded:
    """Embeds all pictures of a source; nobody in them is known."""
    labels = [Label(name, "", source.folder_of(name)) for name in source.names]
    return embed_crops(encoder, source, labels, crops, progress, source.path.name)


def _square(encoder: PictureEncoder, image: RgbImage, label: Label, crops: Crops) -> RgbImage:
    spec = encoder.embedder.spec
    if label.box is not None:
        return square_crop(image, label.box, spec.face_margin, spec.size_px)
    if crops is Crops.DETECT:
        found = encoder.detector.detect(image)
        if found and max(found[0].box.width, found[0].box.height) < SMALL_FACE * max(
            image.shape[:2]
        ):
            return square_crop(image, found[0].box, spec.face_margin, spec.size_px)
    return whole_square(image, spec.size_px)
