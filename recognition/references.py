"""From the few pictures somebody teaches to what the gallery keeps of them. NumPy only.

Three questions are asked of 1 to 20 unit vectors: which show the same picture again, which show
somebody else, and how many looks the rest has. Nothing is decided by a trained model; the limits
below were set on validation faces and on characters left out of training (``docs/recognition.md``,
"Learning from five pictures").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.errors import TooManyPictures
from recognition.types import Vector

MOST_PICTURES = 20
"""Pictures learned at a time."""
SAME_COSINE = 0.965
"""From this cosine on, two vectors show the same picture again: recompressed, resized, mirrored."""
SAME_BITS = 6
"""Perceptual hashes of 64 bits that differ in no more than these show the same picture."""
OUTLIER_LEAD = 0.25
"""A picture is an outlier when its cosine with another character exceeds its cosine with the rest
of its own by more than this."""
LOOK_COSINE = 0.1
"""Clusters whose vectors have at least this mean cosine between them are one look."""
MOST_LOOKS = 4
"""Looks kept of the pictures of one call; with their mean that makes at most five centres."""

Vectors = NDArray[np.float32]
"""``float32 (n, d)``, rows of length 1."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Picture `index` was left out: it shows what picture ``of`` shows.

    ``of`` is an index into the same pictures, None where the gallery knew the picture already.
    """

    index: int
    of: int | None
    cosine: float


def check_count(n: int) -> None:
    """Whether so many pictures can be learned from at a time.

    Raises:
        ValueError: none.
        TooManyPictures: more than `MOST_PICTURES`.
    """
    if n < 1:
        raise ValueError("nothing to learn from")
    if n > MOST_PICTURES:
        raise TooManyPictures(limit=MOST_PICTURES, actual=n)


def find_duplicates(
    vectors: Vectors, known: Vectors, hashes: Sequence[int | None] | None = None
) -> tuple[Duplicate, ...]:
    """Pictures that repeat an earlier one, or one that is known already.

    Args:
        vectors: ``(n, d)``.
        known: ``(m, d)``, what the gallery keeps of the character; m may be 0.
        hashes: 64-bit perceptual hashes of the pictures, None where there is none.
    """
    found: list[Duplicate] = []
    repeated: set[int] = set()
    for i, vector in enumerate(vectors):
        if len(known) and float((known @ vector).max()) >= SAME_COSINE:
            found.append(Duplicate(i, None, float((known @ vector).max())))
            repeated.add(i)
            continue
        for j in range(i):
            cosine = float(vectors[j] @ vector)
            if j not in repeated and (cosine >= SAME_COSINE or _same_hash(hashes, i, j)):
                found.append(Duplicate(i, j, cosine))
                repeated.add(i)
                break
    return tuple(found)


def _same_hash(hashes: Sequence[int | None] | None, i: int, j: int) -> bool:
    if hashes is None:
        return False
    a, b = hashes[i], hashes[j]
    return a is not None and b is not None and (a ^ b).bit_count() <= SAME_BITS


def cosines_with_own(vectors: Vectors, known: Vectors) -> NDArray[np.float32]:
    """How well each picture fits the rest: ``float32 (n,)``, -1 where there is no rest.

    The better of two: the cosine with the mean of the other pictures, and with the nearest of what
    is `known` of the character. The mean, not the nearest picture: two wrong pictures of one person
    would vouch for each other.
    """
    n = len(vectors)
    own = np.full(n, -1, np.float32)
    if n > 1:
        rest = vectors.sum(axis=0) - vectors
        rest /= np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-12)
        own = (vectors * rest).sum(axis=1)
    if len(known):
        own = np.maximum(own, (vectors @ known.T).max(axis=1))
    return own


def find_looks(vectors: Vectors) -> Vectors:
    """Unit centres ``(k, d)``: one a look, and before them the mean of all where there are several.

    Agglomerative clustering with average linkage (Sokal and Michener 1958) on cosines: the two
    most similar clusters become one until all are less similar than `LOOK_COSINE`; beyond
    `MOST_LOOKS` merging goes on. The mean of all stays, because a new picture may well lie between
    the looks that were taught.
    """
    clusters = [[i] for i in range(len(vectors))]
    # Sums of the cosines between clusters, so that a merge is an addition of rows and columns.
    sums = (vectors @ vectors.T).astype(np.float64)
    sizes = np.ones(len(vectors))
    while len(clusters) > 1:
        means = sums / np.outer(sizes, sizes)
        np.fill_diagonal(means, -2.0)
        a, b = divmod(int(means.argmax()), len(clusters))
        if means[a, b] < LOOK_COSINE and len(clusters) <= MOST_LOOKS:
            break
        clusters[a] += clusters.pop(b)
        sums[a] += sums[b]
        sums[:, a] += sums[:, b]
        sums = np.delete(np.delete(sums, b, 0), b, 1)
        sizes[a] += sizes[b]
        sizes = np.delete(sizes, b)
    looks = [mean_direction(vectors[c]) for c in clusters]
    return np.stack([mean_direction(vectors), *looks] if len(looks) > 1 else looks)


def mean_direction(vectors: Vectors) -> Vector:
    """The unit vector ``(d,)`` of the mean of ``(n, d)``."""
    mean = vectors.mean(axis=0)
    unit: Vector = (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)
    return unit
