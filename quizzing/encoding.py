"""Pictures of a quiz as files: small, and with nothing in them but the picture."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from recognition.types import Box, RgbImage

if TYPE_CHECKING:
    from recognition.likeness import Fingerprint

SUFFIX = "webp"
_QUALITY = 88


def as_webp(image: RgbImage) -> bytes:
    """A WebP file without any metadata."""
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(image)).save(out, "WEBP", quality=_QUALITY, method=4)
    return out.getvalue()


def kept_form(
    image: RgbImage, faces: list[Box]
) -> tuple[bytes, tuple[int, int], list[Box], Fingerprint]:
    """A picture as it is kept: file, (width, height), the faces in it, and its print."""
    from recognition.likeness import take_fingerprint
    from recognition.reveal import fitted

    small = fitted(image)
    height, width = small.shape[:2]
    boxes = [one.scaled(width / image.shape[1], height / image.shape[0]) for one in faces]
    return as_webp(small), (width, height), boxes, take_fingerprint(small, boxes)
