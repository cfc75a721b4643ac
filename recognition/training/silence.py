"""What the folds ask of the decision rule: silence about characters that a network has never seen.

A character whom the network does not know is harder to be silent about than any other stranger,
because so many look alike. The served network has seen every character of the data, so what it
would say about new ones is asked of the folds' networks (`recognition.training.folds`). Each gets a
rule of its own, fitted like the served one's. Probabilities mean the same for every network, which
a cosine does not; so a threshold on them can be carried over.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognition.decision import DecisionRule
from recognition.training.calibrate import (
    Evidence,
    Floats,
    Likeness,
    cross_fitted,
    fit_rule,
    gather,
)
from recognition.training.five_pictures import choose_bonus, teach
from recognition.training.fold import Fold
from recognition.training.folds import KNOWN, LEFT_OUT

MAX_LEFT_OUT_NAMED = 0.14
"""The threshold's rule: the lowest probability at which at most this share of the left-out
characters' faces get a name."""
STEP = 0.005
COLUMNS = "threshold, known named rightly, known named wrongly, strangers named, left-out named"

Bools = NDArray[np.bool_]


def measure_silence(files: Sequence[Path], recipe: str) -> dict[str, Any]:
    """The manifest's ``decision.folds``.

    Args:
        files: one a fold, see `recognition.training.folds.run_fold`.
        recipe: name of the configuration that the networks were trained by.

    Returns:
        ``threshold``: what the left-out characters ask for. ``curve``: rows of `COLUMNS`, shares
        from 0 to 1, pooled over the folds. ``taught_bonus``: see `choose_bonus`.
    """
    folds = [Fold.load(file) for file in files]
    known, right, strangers, left_out = (
        np.concatenate(parts) for parts in zip(*(_judge(fold) for fold in folds), strict=True)
    )
    curve = [
        [
            round(float(share), 4)
            for share in (
                threshold,
                (right & (known >= threshold)).mean(),
                (~right & (known >= threshold)).mean(),
                (strangers >= threshold).mean(),
                (left_out >= threshold).mean(),
            )
        ]
        for threshold in np.arange(STEP, 1, STEP)
    ]
    return {
        "recipe": recipe,
        "networks": len(folds),
        "faces": {"known": len(known), "strangers": len(strangers), "left_out": len(left_out)},
        "threshold": next(row[0] for row in curve if row[-1] <= MAX_LEFT_OUT_NAMED),
        "taught_bonus": choose_bonus(teach(folds)),
        "columns": COLUMNS,
        "curve": curve[9::10],
    }


def fold_evidence(fold: Fold) -> Evidence:
    """What a fold's own rule is fitted on."""
    vectors, characters = fold.of(KNOWN)
    ids = [character.id for character in fold.gallery]
    mine = np.isin(characters, ids)
    return gather(
        Likeness(fold.gallery.cosines(vectors[mine])),
        [ids.index(character) for character in characters[mine]],
        Likeness(fold.gallery.cosines(fold.framed)),
        Likeness(fold.gallery.cosines(fold.tight)),
        Likeness(np.zeros((0, len(ids)), np.float32)),
    )


def _judge(fold: Fold) -> tuple[Floats, Bools, Floats, Floats]:
    """Probabilities ``(n,)`` by a rule fitted in this fold: of known faces, with which of them are
    right; of the strangers used for fitting (both cross-fitted); and of left-out characters.
    """
    evidence = fold_evidence(fold)
    fitted = cross_fitted(evidence)
    rule = DecisionRule.from_manifest(fit_rule(evidence) | {"taught_bonus": 0.0})
    left_out, _ = fold.of(LEFT_OUT)
    _, x = Likeness(fold.gallery.cosines(left_out)).inputs()
    return (
        fitted[evidence.known],
        evidence.right[evidence.known] == 1,
        fitted[evidence.framed],
        np.array([rule.probability(*row) for row in x]),
    )
