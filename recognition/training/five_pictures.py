"""Learning from five pictures, measured on characters that the folds' networks have never seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognition.gallery import Gallery
from recognition.training.fold import Fold, nearest
from recognition.training.folds import KNOWN, LEFT_OUT
from recognition.types import Embedding, KnownCharacter

ENROLLED = 5
DRAWS = 10
ENROLLED_TOGETHER = 10
MAX_KNOWN_LOST = 0.015
"""The bonus' rule: the largest at which ten characters, taught from five pictures each, cost the
known ones at most this share of their faces."""
BONUSES = tuple(round(0.01 * i, 2) for i in range(26))


@dataclass(frozen=True, eq=False)
class Taught:
    """A fold's gallery with ten left-out characters added, those with most pictures; and which of
    the left-out pictures ``(n,)`` show one of them and were not taught.
    """

    fold: Fold
    gallery: Gallery
    free: NDArray[np.bool_]


def teach(folds: Sequence[Fold]) -> list[Taught]:
    """`DRAWS` galleries a fold, with other pictures each."""
    return [_teach(fold, seed) for fold in folds for seed in range(DRAWS)]


def _teach(fold: Fold, seed: int) -> Taught:
    vectors, characters = fold.of(LEFT_OUT)
    ten = [c for c, _ in Counter(characters.tolist()).most_common(ENROLLED_TOGETHER)]
    rng = np.random.default_rng(seed)
    gallery, free = fold.gallery, np.isin(characters, ten)
    for character in sorted(ten):
        drawn = rng.permutation(np.flatnonzero(characters == character))[:ENROLLED]
        free[drawn] = False
        units = vectors[drawn] / np.linalg.norm(vectors[drawn], axis=1, keepdims=True)
        pictures = [Embedding(unit, gallery.model_id) for unit in units]
        gallery = gallery.add(KnownCharacter(character, character, ""), pictures).gallery
    return Taught(fold, gallery, free)


def measure_taught(lessons: Sequence[Taught], bonus: float) -> dict[str, Any]:
    """Shares from 0 to 1, means over folds and draws, with a bonus for the taught characters."""
    among, every, before, after = [], [], [], []
    for taught in lessons:
        vectors, characters = taught.fold.of(LEFT_OUT)
        free, truth = vectors[taught.free], characters[taught.free]
        known_vectors, known = taught.fold.of(KNOWN)
        among.append((nearest(taught.gallery.own(), free) == truth).mean())
        every.append((nearest(taught.gallery, free, bonus) == truth).mean())
        before.append((nearest(taught.fold.gallery, known_vectors) == known).mean())
        after.append((nearest(taught.gallery, known_vectors, bonus) == known).mean())
    figures = {
        "top1_among_the_ten": among,
        "top1_among_all": every,
        "known_top1_before": before,
        "known_top1_after": after,
    }
    return {name: round(float(np.mean(shares)), 4) for name, shares in figures.items()}


def choose_bonus(lessons: Sequence[Taught]) -> float:
    """See `MAX_KNOWN_LOST`."""
    chosen = 0.0
    for bonus in BONUSES:
        figures = measure_taught(lessons, bonus)
        if figures["known_top1_before"] - figures["known_top1_after"] > MAX_KNOWN_LOST:
            break
        chosen = bonus
    return chosen
