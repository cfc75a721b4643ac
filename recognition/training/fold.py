"""What a fold's run has left: vectors, who they show, and what they are to its network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognition.gallery import Gallery
from recognition.training.centres import build_gallery, unnamed
from recognition.training.folds import REFERENCE
from recognition.training.vectors import KnownVectors, Vectors

Texts = NDArray[np.str_]
STRANGERS = ("random_strangers", "named_strangers")


@dataclass(frozen=True, eq=False)
class Fold:
    """Vectors of one fold. ``strangers`` are those for measuring, ``framed`` those for fitting a
    rule, as are the ``tight`` ones.
    """

    vectors: Vectors
    characters: Texts
    roles: Texts
    strangers: Vectors
    framed: Vectors
    tight: Vectors
    gallery: Gallery

    @classmethod
    def load(cls, file: Path) -> Fold:
        """Reads what `recognition.training.folds.run_fold` wrote."""
        with np.load(file) as arrays:
            stored = {key: arrays[key] for key in arrays.files}
        vectors, characters = stored["vector"].astype(np.float32), stored["character"]
        own = stored["role"] == REFERENCE
        classes = tuple(np.unique(characters[own]).tolist())
        labels = np.searchsorted(np.array(classes), characters[own])
        known = KnownVectors(vectors[own], labels.astype(np.int64), classes)
        measuring, fitting = (
            np.concatenate([stored[f"{kind}_{half}"] for kind in STRANGERS]).astype(np.float32)
            for half in ("measuring", "fitting")
        )
        return cls(
            vectors,
            characters,
            stored["role"],
            measuring,
            fitting,
            stored["tight"].astype(np.float32),
            build_gallery(known, unnamed(classes), file.parent.name),
        )

    def of(self, role: str) -> tuple[Vectors, Texts]:
        """Vectors ``(n, d)`` of a role, and who they show ``(n,)``."""
        return self.vectors[self.roles == role], self.characters[self.roles == role]


def nearest(gallery: Gallery, vectors: Vectors, taught_bonus: float = 0.0) -> Texts:
    """Ids ``(n,)`` of the characters nearest to vectors ``(n, d)``."""
    ids: Texts = np.array([character.id for character in gallery])
    found: Texts = ids[gallery.cosines(vectors, taught_bonus).argmax(axis=1)]
    return found
