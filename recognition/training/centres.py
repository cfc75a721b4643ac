"""From many reference vectors of a character to the few centres the gallery keeps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from recognition.gallery import Gallery, KnownCharacter
from recognition.training.vectors import KnownVectors, Vectors


def n_centres(n: int) -> int:
    """How many centres `n` references become: one up to 11 of them, at most four."""
    return int(np.clip(n // 12 + 1, 1, 4))


def make_centres(vectors: Vectors, k: int, seed: int = 0) -> Vectors:
    """`k` unit centres ``(k, d)`` of unit vectors ``(n, d)``: k-means on the sphere, in effect,
    as Euclidean distance between unit vectors grows with their angle.
    """
    if k == 1 or len(vectors) <= k:
        centres = vectors.mean(axis=0, keepdims=True)
    else:
        fitted = KMeans(k, n_init=4, random_state=seed).fit(vectors)
        centres = fitted.cluster_centers_.astype(np.float32)
    unit: Vectors = centres / np.linalg.norm(centres, axis=1, keepdims=True)
    return unit


def build_gallery(known: KnownVectors, names: dict[str, KnownCharacter], model_id: str) -> Gallery:
    """A gallery of every class that has references.

    Raises:
        KeyError: a class is missing in `names`.
    """
    characters: list[KnownCharacter] = []
    centres: list[Vectors] = []
    owners: list[int] = []
    for label, character in enumerate(known.classes):
        own = known.vectors[known.labels == label]
        if not len(own):
            continue
        of_this = make_centres(own, n_centres(len(own)))
        owners += [len(characters)] * len(of_this)
        characters.append(names[character])
        centres.append(of_this)
    index: NDArray[np.int64] = np.array(owners, np.int64)
    return Gallery(model_id, characters, np.concatenate(centres), index)


def unnamed(classes: tuple[str, ...]) -> dict[str, KnownCharacter]:
    """Stand-in names where only ids matter."""
    return {c: KnownCharacter(c, c, "") for c in classes}
