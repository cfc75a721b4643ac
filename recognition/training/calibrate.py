"""Fits the decision rule: how sure an answer is, and from where on a name is said.

The rule (see `recognition.decision`) is fitted on validation pictures of known characters, which
the network was not trained on, and on strangers it was not trained on either. Both kinds count as
in a server where `KNOWN_SHARE` of the faces belong to characters we know. Three things decide the
threshold: strangers framed as real pictures frame them, what shows no anime face at all, and
characters that were left out of training (`recognition.training.silence`), who are the hardest to
be silent about. Tight crops of unnamed faces, of which there are more but which are easier, only
help to fit the slope.
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
from sklearn.model_selection import RepeatedStratifiedKFold

KNOWN_SHARE = 2 / 3
FRAMED_SHARE = 0.75
"""Of the strangers' weight, what the framed ones have together."""
MAX_STRANGERS_NAMED = 0.05
"""The threshold's rule: the lowest probability at which at most this share of the framed strangers
used for fitting is named, and `MAX_BLANKS_NAMED` of what shows no anime face, but at least
`MIN_THRESHOLD` and what the left-out characters ask for."""
MAX_BLANKS_NAMED = 0.005
MIN_THRESHOLD = 0.5
BACKGROUND_LEAD = 0.1
"""Of the photographs that made no background centre the likest had a lead of 0.09 with 8 centres,
and of 0.0 with 32."""
SOFTMAX_SCALE = 24.0
CURVE = "threshold, known named rightly, known named wrongly, framed strangers named, blank named"
"""Columns of `curve`."""

Floats = NDArray[np.float64]
Cosines = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Likeness:
    """Cosines of pictures with every character ``(n, characters)``, and with the nearest background
    centre ``(n,)``; None where there are no background centres.
    """

    characters: Cosines
    background: Cosines | None = None

    def inputs(self) -> tuple[NDArray[np.int64], Floats]:
        """What the rule looks at: index of the nearest character ``(n,)``; its cosine, its lead
        over the second, and the background's cosine ``(n, 3)``.
        """
        nearest, x = nearest_and_lead(self.characters)
        background = np.full(len(x), -1.0) if self.background is None else self.background
        return nearest, np.column_stack([x, background])


@dataclass(frozen=True, eq=False)
class Evidence:
    """``x (n, 3)``: see `Likeness.inputs`; ``right (n,)``: 1 where the
    nearest is who it is (never for strangers); ``known (n,)``; ``framed (n,)`` strangers and
    ``blank (n,)``, without an anime face, which decide the threshold; ``weight (n,)``.
    """

    x: Floats
    right: NDArray[np.int64]
    known: NDArray[np.bool_]
    framed: NDArray[np.bool_]
    blank: NDArray[np.bool_]
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


def gather(
    known: Likeness, characters: Sequence[int], framed: Likeness, tight: Likeness, blank: Likeness
) -> Evidence:
    """Puts all kinds together.

    Args:
        characters: index of who ``known[i]`` shows.
        blank: pictures without an anime face; may be none.
    """
    nearest, x_known = known.inputs()
    right = nearest == np.array(characters)
    parts = [x_known, *(one.inputs()[1] for one in (framed, tight, blank))]
    n = np.array([len(part) for part in parts])
    kind = np.repeat(np.arange(4), n)
    strange = 1 - KNOWN_SHARE
    of_tight, of_blank = (1 - FRAMED_SHARE) * n[2:] / max(1, n[2:].sum())
    shares = np.array([KNOWN_SHARE, *(strange * np.array([FRAMED_SHARE, of_tight, of_blank]))])
    return Evidence(
        np.concatenate(parts),
        np.concatenate([right, np.zeros(n[1:].sum(), bool)]).astype(np.int64),
        kind == 0,
        kind == 1,
        kind == 3,
        (shares / np.maximum(n, 1))[kind] * n.sum(),
    )


def fit_rule(evidence: Evidence, at_least: float = MIN_THRESHOLD) -> dict[str, float]:
    """The numbers of a `DecisionRule`, but for the bonus of taught characters.

    Args:
        at_least: what the threshold must reach besides.
    """
    fitted = _fit(evidence, np.arange(len(evidence.x)))
    probability = fitted.probability(evidence.x)
    needed = [
        float(np.quantile(probability[kind], 1 - share)) + 1e-4
        for kind, share in (
            (evidence.framed, MAX_STRANGERS_NAMED),
            (evidence.blank, MAX_BLANKS_NAMED),
        )
        if kind.any()
    ]
    return {
        **fitted.numbers(),
        "softmax_scale": SOFTMAX_SCALE,
        "threshold": round(max(at_least, *needed), 4),
    }


def curve(evidence: Evidence, probability: Floats, step: float = 0.05) -> list[list[float]]:
    """What each threshold would do, as the manifest keeps it beside the one that was chosen.

    Args:
        probability: ``(n,)``, cross-fitted.

    Returns:
        Rows of `CURVE`, shares from 0 to 1.
    """
    known, right = evidence.known, evidence.right == 1
    return [
        [
            round(float(threshold), 2),
            round(float((right & named)[known].mean()), 4),
            round(float((~right & named)[known].mean()), 4),
            round(float(named[evidence.framed].mean()), 4),
            round(float(named[evidence.blank].mean()), 4),
        ]
        for threshold in np.arange(step, 1, step)
        for named in [probability >= threshold]
    ]


def cross_fitted(evidence: Evidence, folds: int = 5, repeats: int = 5) -> Floats:
    """Probabilities ``(n,)``, each the mean of models that were not fitted on that picture.

    Args:
        repeats: how often all is divided anew; one division of a hundred pictures is a lottery.
    """
    out = np.zeros(len(evidence.x))
    splitter = RepeatedStratifiedKFold(n_splits=folds, n_repeats=repeats, random_state=0)
    for train, test in splitter.split(evidence.x, evidence.right):
        out[test] += _fit(evidence, train).probability(evidence.x[test]) / repeats
    return out


@dataclass(frozen=True)
class _Fitted:
    """A logistic function, and what is right of that which looks like the background."""

    model: LogisticRegression
    aside: float

    def probability(self, x: Floats) -> Floats:
        """See `DecisionRule.probability`; ``x (n, 3)`` to ``(n,)``."""
        found: Floats = self.model.predict_proba(x[:, :2])[:, 1]
        found[_like_background(x)] = self.aside
        return found

    def numbers(self) -> dict[str, float]:
        """Those of a `DecisionRule`."""
        return {
            "intercept": float(self.model.intercept_[0]),
            "cosine_weight": float(self.model.coef_[0, 0]),
            "lead_weight": float(self.model.coef_[0, 1]),
            "background_lead": BACKGROUND_LEAD,
            "background_probability": round(self.aside, 4),
        }


def _like_background(x: Floats) -> NDArray[np.bool_]:
    like: NDArray[np.bool_] = x[:, 0] - x[:, 2] < BACKGROUND_LEAD
    return like


def _fit(evidence: Evidence, rows: NDArray[Any]) -> _Fitted:
    x, right, weight = evidence.x[rows], evidence.right[rows], evidence.weight[rows]
    aside = _like_background(x)
    # The leads are small numbers; hardly any regularisation, so that they may weigh much.
    model = LogisticRegression(C=1e4, max_iter=2_000)
    model.fit(x[~aside, :2], right[~aside], weight[~aside])
    return _Fitted(
        model, float(np.average(right[aside], weights=weight[aside])) if aside.any() else 0.0
    )


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


def plot_calibration(
    evidence: Evidence,
    probability: Floats,
    threshold: float,
    to: Path,
    left_out: Sequence[tuple[float, float]] = (),
) -> None:
    """Reliability, and how many known faces and strangers are named at each threshold, as a PNG.

    Args:
        left_out: threshold, and the share of characters left out of training that it names.
    """
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
    if left_out:
        x, y = zip(*left_out, strict=True)
        label = "left-out characters named (folds)"
        right.plot(x, [100 * share for share in y], color="tab:orange", label=label)
    right.axvline(threshold, color="grey", linestyle=":", label="threshold")
    right.set(xlabel="threshold", ylabel="%", title="who gets a name")
    right.legend(fontsize=8)
    for axis in (left, right):
        axis.grid(alpha=0.3)
    figure.savefig(to, dpi=110)
