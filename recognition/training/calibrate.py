"""Fits the decision rule: how sure an answer is, and from where on a name is said.

The rule (see `recognition.decision`) is fitted on validation pictures of known characters, which
the network was not trained on, and on strangers it was not trained on either. Both kinds count as
in a server where `KNOWN_SHARE` of the faces belong to characters we know. Strangers framed as real
pictures frame them decide the threshold; tight crops of unnamed faces, of which there are more but
which are easier, only help to fit the slope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.figure
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

KNOWN_SHARE = 2 / 3
FRAMED_SHARE = 0.75
"""Of the strangers' weight, what the framed ones have together."""
MAX_STRANGERS_NAMED = 0.08
"""The threshold's rule: the lowest probability at which at most this share of the framed strangers
used for fitting is named, but at least `MIN_THRESHOLD`."""
MIN_THRESHOLD = 0.5
SOFTMAX_SCALE = 24.0

Floats = NDArray[np.float64]
Cosines = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Evidence:
    """``x (n, 2)``: cosine of the nearest character and its lead; ``right (n,)``: 1 where the
    nearest is who it is (never for strangers); ``known (n,)``; ``framed (n,)``: strangers that
    decide the threshold; ``weight (n,)``.
    """

    x: Floats
    right: NDArray[np.int64]
    known: NDArray[np.bool_]
    framed: NDArray[np.bool_]
    weight: Floats


def nearest_and_lead(cosines: NDArray[np.floating[Any]]) -> tuple[NDArray[np.int64], Floats]:
    """From cosines with every character ``(n, characters)`` to what the rule looks at.

    Returns:
        Index of the nearest character ``(n,)``; its cosine and lead over the second ``(n, 2)``.
    """
    cosines = cosines.astype(np.float64)
    order = np.argsort(-cosines, axis=1)
    rows = np.arange(len(cosines))
    first, second = cosines[rows, order[:, 0]], cosines[rows, order[:, 1]]
    return order[:, 0], np.stack([first, first - second], axis=1)


def gather(known: Cosines, characters: Sequence[int], framed: Cosines, tight: Cosines) -> Evidence:
    """Puts all kinds together, each as cosines with every character ``(n, characters)``.

    Args:
        characters: index of who ``known[i]`` shows.
    """
    nearest, x_known = nearest_and_lead(known)
    right = nearest == np.array(characters)
    _, x_framed = nearest_and_lead(framed)
    _, x_tight = nearest_and_lead(tight)
    n = np.array([len(known), len(framed), len(tight)])
    kind = np.repeat(np.arange(3), n)
    strange = 1 - KNOWN_SHARE
    shares = np.array([KNOWN_SHARE, strange * FRAMED_SHARE, strange * (1 - FRAMED_SHARE)])
    return Evidence(
        np.concatenate([x_known, x_framed, x_tight]),
        np.concatenate([right, np.zeros(n[1] + n[2], bool)]).astype(np.int64),
        kind == 0,
        kind == 1,
        (shares / n)[kind] * n.sum(),
    )


def fit_rule(evidence: Evidence) -> dict[str, float]:
    """The numbers of a `DecisionRule`."""
    model = _fit(evidence, np.arange(len(evidence.x)))
    probability = model.predict_proba(evidence.x)[:, 1]
    strangers = probability[evidence.framed]
    threshold = max(MIN_THRESHOLD, float(np.quantile(strangers, 1 - MAX_STRANGERS_NAMED)) + 1e-4)
    return {
        "intercept": float(model.intercept_[0]),
        "cosine_weight": float(model.coef_[0, 0]),
        "lead_weight": float(model.coef_[0, 1]),
        "softmax_scale": SOFTMAX_SCALE,
        "threshold": round(threshold, 4),
    }


def curve(evidence: Evidence, probability: Floats, step: float = 0.05) -> list[list[float]]:
    """What each threshold would do, as the manifest keeps it beside the one that was chosen.

    Args:
        probability: ``(n,)``, cross-fitted.

    Returns:
        Rows of threshold, share of the known that are named rightly, share named wrongly, and
        share of the framed strangers that get a name; all 0 to 1.
    """
    known, right = evidence.known, evidence.right == 1
    return [
        [
            round(float(threshold), 2),
            round(float((right & named)[known].mean()), 4),
            round(float((~right & named)[known].mean()), 4),
            round(float(named[evidence.framed].mean()), 4),
        ]
        for threshold in np.arange(step, 1, step)
        for named in [probability >= threshold]
    ]


def cross_fitted(evidence: Evidence, folds: int = 5, seed: int = 0) -> Floats:
    """Probabilities ``(n,)``, each by a model that was not fitted on that picture."""
    out = np.zeros(len(evidence.x))
    splitter = StratifiedKFold(folds, shuffle=True, random_state=seed)
    for train, test in splitter.split(evidence.x, evidence.right):
        out[test] = _fit(evidence, train).predict_proba(evidence.x[test])[:, 1]
    return out


def _fit(evidence: Evidence, rows: NDArray[Any]) -> LogisticRegression:
    # The leads are small numbers; hardly any regularisation, so that they may weigh much.
    model = LogisticRegression(C=1e4, max_iter=2_000)
    return model.fit(evidence.x[rows], evidence.right[rows], evidence.weight[rows])


def reliability_error(
    probability: Floats, right: NDArray[np.int64], weight: Floats, bins: int = 10
) -> float:
    """Expected calibration error (Naeini et al. 2015), equal-width bins, weighted; 0 to 1."""
    total = 0.0
    which = np.minimum((probability * bins).astype(int), bins - 1)
    for b in range(bins):
        inside = which == b
        if inside.any():
            w = weight[inside]
            gap = np.average(probability[inside], weights=w) - np.average(right[inside], weights=w)
            total += abs(gap) * w.sum()
    return float(total / weight.sum())


def plot_calibration(evidence: Evidence, probability: Floats, threshold: float, to: Path) -> None:
    """Reliability, and how many known faces and strangers are named at each threshold, as a PNG."""
    figure = matplotlib.figure.Figure(figsize=(9, 3.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    which = np.minimum((probability * 10).astype(int), 9)
    for b in np.unique(which):
        inside = which == b
        w = evidence.weight[inside]
        left.plot(
            np.average(probability[inside], weights=w),
            np.average(evidence.right[inside], weights=w),
            "o",
            color="tab:blue",
            markersize=3 + 12 * float(np.sqrt(w.sum() / evidence.weight.sum())),
        )
    left.plot([0, 1], [0, 1], color="grey", linewidth=1)
    left.set(xlabel="probability shown", ylabel="share that was right", title="reliability")
    steps = np.linspace(0, 1, 201)
    for kind, mask, colour in (
        ("known faces named rightly", evidence.right == 1, "tab:green"),
        ("strangers named", evidence.framed, "tab:red"),
    ):
        total = evidence.known.sum() if kind.startswith("known") else mask.sum()
        share = [100 * (probability[mask] >= s).sum() / total for s in steps]
        right.plot(steps, share, color=colour, label=kind)
    right.axvline(threshold, color="grey", linestyle=":", label="threshold")
    right.set(xlabel="threshold", ylabel="%", title="who gets a name")
    right.legend(fontsize=8)
    for axis in (left, right):
        axis.grid(alpha=0.3)
    figure.savefig(to, dpi=110)
