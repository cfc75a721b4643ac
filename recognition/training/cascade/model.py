"""A cascade as plain values, and its evaluation in NumPy."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recognition.training.cascade.lbp import Patches, lbp_codes

THRESHOLD_EPSILON = 1e-5
"""OpenCV subtracts this from every stage threshold it reads."""


@dataclass(frozen=True)
class Stump:
    """A weak classifier: ``inside`` where the feature's code is in the subset, else ``outside``."""

    feature: tuple[int, int, int, int]
    """x, y, block width and block height, see `lbp.Features`."""
    subset: int
    """256 bits; bit ``c`` says whether code ``c`` is in the subset."""
    inside: float
    outside: float

    def table(self) -> NDArray[np.float32]:
        """The answer to each code, ``float32 (256,)``."""
        raw = np.frombuffer(self.subset.to_bytes(32, "little"), np.uint8)
        bits = np.unpackbits(raw, bitorder="little").astype(bool)
        return np.where(bits, np.float32(self.inside), np.float32(self.outside))


@dataclass(frozen=True)
class Stage:
    """A window goes on where the stumps' sum reaches the threshold."""

    stumps: tuple[Stump, ...]
    threshold: float


@dataclass(frozen=True)
class Cascade:
    """Stages in their order, for windows of ``window_px`` square."""

    window_px: int
    stages: tuple[Stage, ...] = ()

    def margins(self, patches: Patches) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """How far each window gets.

        Args:
            patches: ``uint8 (n, window_px, window_px)``.

        Returns:
            Stages passed ``int64 (n,)`` and the sum of the last stage looked at ``float64 (n,)``.
        """
        passed = np.zeros(len(patches), np.int64)
        last = np.zeros(len(patches), np.float64)
        alive = np.arange(len(patches))
        for stage in self.stages:
            sums = stage_sums(stage, patches[alive])
            last[alive] = sums
            alive = alive[sums >= np.float32(stage.threshold) - THRESHOLD_EPSILON]
            passed[alive] += 1
        return passed, last

    def accepts(self, patches: Patches) -> NDArray[np.bool_]:
        """Whether each window passes all stages: ``bool (n,)``."""
        out: NDArray[np.bool_] = self.margins(patches)[0] == len(self.stages)
        return out


def centred(cascade: Cascade, digits: int) -> Cascade:
    """The same cascade with the last stage's threshold at 0, so that its sums are margins.

    The threshold is taken off both values of that stage's first stump, rounded to `digits`.
    """
    *before, last = cascade.stages
    first = last.stumps[0]
    inside, outside = (round(v - last.threshold, digits) for v in (first.inside, first.outside))
    moved = replace(first, inside=inside, outside=outside)
    return Cascade(cascade.window_px, (*before, Stage((moved, *last.stumps[1:]), 0.0)))


def stage_sums(stage: Stage, patches: Patches) -> NDArray[np.float64]:
    """The stumps' sum for each window: ``float64 (n,)``."""
    features = np.array([stump.feature for stump in stage.stumps], np.int32).reshape(-1, 4)
    codes = lbp_codes(patches, features)
    sums = np.zeros(len(patches), np.float64)
    for stump, row in zip(stage.stumps, codes, strict=True):
        sums += stump.table()[row]
    return sums
