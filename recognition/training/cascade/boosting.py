"""Gentle AdaBoost (Friedman, Hastie and Tibshirani 2000) on stumps over 256 categories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from recognition.training.cascade.lbp import Codes, Features
from recognition.training.cascade.model import Stage, Stump

DIGITS = 6
"""Decimals of leaf values and thresholds, so that the file says exactly what was trained."""
TRIM_MASS = 0.98
TRIM_EVERY = 8
"""Stumps are fitted to the windows that make up this part of all weight (Friedman et al. 2000);
which they are is asked again after so many stumps."""
SET_ASIDE = 4
"""One face in so many decides the threshold of a stage and is not fitted to."""


@dataclass(frozen=True)
class StageRule:
    """When a stage is finished."""

    min_hit_rate: float
    """Share of the faces that it lets through (0 to 1); decides its threshold."""
    max_false_alarm: float
    """Share of the negatives that may pass with them."""
    min_stumps: int
    max_stumps: int
    smoothing: float
    """Weight (of 1 in all) that each code is given on neither side, against codes seen rarely."""
    features_per_round: int
    """So many features, drawn at random, compete for each stump; 0 takes all."""


def fit_stumps(
    codes: Codes, weights: NDArray[np.float64], n_positive: int, smoothing: float
) -> tuple[int, int, float, float]:
    """The stump with the least weighted squared error against +1 (faces) and -1.

    For each feature the codes are ordered by their mean target, and the best cut of that order is
    its subset (Breiman et al. 1984: no other subset can be better).

    Args:
        codes: ``uint8 (f, n)``, faces first.
        weights: ``float64 (n,)``, sum 1.
        n_positive: how many of the n are faces.
        smoothing: see `StageRule`.

    Returns:
        Row of `codes`, 256-bit subset, value inside the subset and outside.
    """
    f = len(codes)
    total, target = np.empty((f, 256)), np.empty((f, 256))
    for i, row in enumerate(codes):
        positive = np.bincount(row[:n_positive], weights[:n_positive], 256)
        negative = np.bincount(row[n_positive:], weights[n_positive:], 256)
        total[i], target[i] = positive + negative, positive - negative
    order = np.argsort(-target / (total + smoothing), axis=1, kind="stable")
    sums = np.cumsum(np.take_along_axis(target, order, 1), axis=1)
    masses = np.cumsum(np.take_along_axis(total, order, 1), axis=1)
    rest_sums, rest_masses = sums[:, -1:] - sums, masses[:, -1:] - masses
    tiny = 1e-12
    gain = sums**2 / np.maximum(masses, tiny) + rest_sums**2 / np.maximum(rest_masses, tiny)
    best, cut = np.unravel_index(int(gain[:, :-1].argmax()), (f, 255))
    inside = sums[best, cut] / max(masses[best, cut], tiny)
    outside = rest_sums[best, cut] / max(rest_masses[best, cut], tiny)
    subset = sum(1 << int(code) for code in order[best, : cut + 1])
    return int(best), subset, round(float(inside), DIGITS), round(float(outside), DIGITS)


def train_stage(
    codes: Codes,
    n_positive: int,
    features: Features,
    rule: StageRule,
    rng: Generator,
    progress: Callable[[int, float], None] = lambda stumps, false_alarm: None,
    inherited: tuple[Stump, ...] = (),
    sums: NDArray[np.float64] | None = None,
) -> tuple[Stage, float]:
    """Boosts until the stage rejects enough.

    A stage may go on from the one before: it begins with that one's stumps, and boosting with the
    weights they leave (nested cascades: Wu et al. 2004). Windows that get so far are few, so that
    looking at the same features again costs little.

    Stumps of 256 categories fit rare codes to the faces they see. So one face in four is not
    fitted to, and those faces decide the threshold.

    Args:
        codes: ``uint8 (f, n)``, faces first; at least `SET_ASIDE` of them, and one negative.
        n_positive: how many of the n are faces.
        features: ``int32 (f, 4)``, what the rows of `codes` are.
        rule: when to stop.
        rng: draws the features that compete.
        progress: called with the number of new stumps and the false-alarm rate after each.
        inherited: the stumps to begin with.
        sums: ``float64 (n,)``, their sum for each window; None where there are none.

    Returns:
        The stage, and the share of the negatives that passes it.
    """
    n = codes.shape[1]
    sign = np.where(np.arange(n) < n_positive, 1.0, -1.0)
    sums = np.zeros(n) if sums is None else sums.copy()
    aside = np.arange(n_positive) % SET_ASIDE == SET_ASIDE - 1
    start = np.where(sign > 0, 0.5 / n_positive, 0.5 / (n - n_positive))
    start[:n_positive][aside] = 0.0
    # Both kinds weigh the same, however many there are of each.
    start[:n_positive] *= 0.5 / start[:n_positive].sum()
    # What is left of the negatives has high sums: a constant brings both kinds to the same weight.
    either = [(start * np.exp(-sign * sums))[sign == s].sum() for s in (1, -1)]
    bias = 0.5 * float(np.log(either[1] / either[0]))
    stumps: list[Stump] = []
    threshold, false_alarm = 0.0, 1.0
    while len(stumps) < rule.max_stumps:
        weights = start * np.exp(-sign * (sums - bias))
        if len(stumps) % TRIM_EVERY == 0:
            kept = heaviest(weights, TRIM_MASS)
            heavy = np.take(codes, kept, axis=1)
        drawn = np.arange(len(codes))
        if 0 < rule.features_per_round < len(codes):
            drawn = np.sort(rng.choice(len(codes), rule.features_per_round, replace=False))
        share = weights[kept] / weights[kept].sum()
        n_faces = int(np.searchsorted(kept, n_positive))
        fitted = fit_stumps(heavy[drawn], share, n_faces, rule.smoothing)
        x, y, w, h = (int(v) for v in features[drawn[fitted[0]]])
        stumps.append(Stump((x, y, w, h), *fitted[1:]))
        sums += stumps[-1].table()[codes[drawn[fitted[0]]]]
        threshold = stage_threshold(sums[:n_positive][aside], rule.min_hit_rate)
        false_alarm = float((sums[n_positive:] >= threshold).mean())
        progress(len(stumps), false_alarm)
        if len(stumps) >= rule.min_stumps and false_alarm <= rule.max_false_alarm:
            break
    return Stage((*inherited, *stumps), threshold), false_alarm


def heaviest(weights: NDArray[np.float64], mass: float) -> NDArray[np.int64]:
    """The fewest places, in their order, whose weights are `mass` of all (weight trimming)."""
    order = np.argsort(-weights, kind="stable")
    total = np.cumsum(weights[order])
    return np.sort(order[: int(np.searchsorted(total, mass * total[-1])) + 1])


def stage_threshold(sums: NDArray[np.float64], min_hit_rate: float) -> float:
    """The highest threshold that at least `min_hit_rate` of the faces' sums reach."""
    index = int((1 - min_hit_rate) * len(sums))
    lowest = float(np.partition(sums, index)[index])
    return float(np.floor(lowest * 10**DIGITS) / 10**DIGITS)
