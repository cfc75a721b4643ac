"""The figures of open-set recognition, on plain arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def auroc(positive: Floats, negative: Floats) -> float | None:
    """Chance that a positive scores above a negative, ties counting half (Mann and Whitney 1947).

    That is the area under the ROC curve. None where either side is empty.
    """
    if not len(positive) or not len(negative):
        return None
    scores = np.concatenate([positive, negative])
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = ((ends - counts + 1 + ends) / 2)[inverse]  # the mean rank of equal scores
    n, m = len(positive), len(negative)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def threshold_naming(scores: Floats, counted: Bools, part: float) -> float | None:
    """The highest threshold at which at least `part` of all are `counted` and reach it.

    None where too few are counted for any threshold to do so.

    Args:
        scores: ``(n,)``.
        counted: ``(n,)``; which of them count when they reach the threshold.
        part: 0 to 1.
    """
    wanted = int(np.ceil(part * len(scores) - 1e-9))
    eligible = np.sort(scores[counted])[::-1]
    if wanted < 1 or len(eligible) < wanted:
        return None
    return float(eligible[wanted - 1])


def share(hits: Bools | Sequence[bool]) -> float | None:
    """The part that is true, to four digits; None of nothing."""
    return round(float(np.mean(hits)), 4) if len(hits) else None


def macro(hits: Bools, groups: Sequence[str]) -> float | None:
    """The mean over groups of the share that is true in each, to four digits."""
    by_group = group_shares(hits, groups)
    return round(float(np.mean([s for s, _ in by_group.values()])), 4) if by_group else None


def group_shares(hits: Bools, groups: Sequence[str]) -> dict[str, tuple[float, int]]:
    """Group → (share that is true, how many), in order of name."""
    names = np.array(groups, dtype=object)
    return {
        name: (float(hits[names == name].mean()), int((names == name).sum()))
        for name in sorted(set(groups))
    }


def rounded(value: float | None) -> float | None:
    """To four digits."""
    return None if value is None else round(value, 4)
