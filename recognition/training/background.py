"""What shows no anime face at all: a few centres that a photograph or an object is nearer to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors.numpy

from recognition.embedding.preprocess import picture_views
from recognition.gallery import Gallery
from recognition.manifest import describe_file
from recognition.training.calibrate import Likeness
from recognition.training.centres import make_centres
from recognition.training.evaluate import VIEW_PX, Embed
from recognition.training.export import LICENCE
from recognition.training.vectors import Vectors
from recognition.types import RgbImage

CENTRES = 32
FILE = "background.safetensors"


@dataclass(frozen=True, eq=False)
class Looker:
    """How pictures look to a network: like which characters, and how much like the background."""

    embed: Embed
    gallery: Gallery
    background: Vectors

    def vectors(self, vectors: Vectors) -> Likeness:
        """Of unit vectors ``(n, d)``."""
        return Likeness(
            self.gallery.cosines(vectors), (vectors @ self.background.T).max(axis=1, initial=-1)
        )

    def faces(self, images: list[RgbImage]) -> Likeness:
        """Of pictures taken whole for a face each."""
        return self.vectors(self.embed(images))

    def wholes(self, images: list[RgbImage]) -> Likeness:
        """Of pictures by their views; the nearest view counts, as in `Gallery.search`."""
        seen = self.vectors(embed_views(self.embed, images))
        assert seen.background is not None
        n = len(images)
        characters = seen.characters.reshape(n, -1, len(self.gallery)).max(axis=1)
        return Likeness(characters, seen.background.reshape(n, -1).max(axis=1))


def embed_views(embed: Embed, images: Sequence[RgbImage]) -> Vectors:
    """Unit vectors ``(n * views, d)`` of the views of pictures."""
    return embed([view for image in images for view in picture_views(image, VIEW_PX)])


def make_background(embed: Embed, images: Sequence[RgbImage]) -> Vectors:
    """Unit centres ``(k, d)`` of the views of pictures without an anime face; at most one a
    picture.
    """
    return make_centres(embed_views(embed, images), min(CENTRES, len(images)))


def save_background(centres: Vectors, weights: Path, model_id: str, of: str) -> dict[str, Any]:
    """Writes the centres in half precision.

    Args:
        of: what they were made from, in words.

    Returns:
        The manifest's section ``background``.
    """
    file = weights / FILE
    safetensors.numpy.save_file({"centres": centres.astype("f2")}, file)
    file.chmod(0o644)
    return {
        **describe_file(file),
        "licence": LICENCE,
        "model_id": model_id,
        "centres": len(centres),
        "trained_on": of,
    }
