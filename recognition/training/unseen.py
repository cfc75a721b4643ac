"""What the folds' vectors tell: little-known characters, look-alikes, learning from five pictures.

A fold's network has never seen some characters and some pictures (`recognition.training.folds`).
All figures pool the folds; each is of networks trained like the served one's teachers, not of the
served one itself, which has seen all of this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from recognition.training.five_pictures import (
    DRAWS,
    ENROLLED_TOGETHER,
    choose_bonus,
    measure_taught,
    teach,
)
from recognition.training.fold import Fold, Texts, nearest
from recognition.training.folds import KNOWN, LEFT_OUT

FEW = 20
"""Characters with fewer pictures than this are little-known."""
OLD_APP = (
    *("asuka_langley_soryu", "ayanami_rei", "kirisaki_chitoge", "onodera_kosaki"),
    *("saber", "tobiichi_origami", "tohsaka_rin", "tokisaki_kurumi"),
)
"""The characters of the old web app."""


def measure_folds(files: Sequence[Path]) -> dict[str, Any]:
    """All figures, shares from 0 to 1.

    Args:
        files: one a fold.
    """
    folds = [Fold.load(file) for file in files]
    return {
        "folds": len(folds),
        **_unseen_pictures(folds),
        "strangers": _silence(folds),
        "five_pictures": _five_pictures(folds),
    }


def _unseen_pictures(folds: Sequence[Fold]) -> dict[str, Any]:
    """Top-1 of the pictures of known characters that a fold's network has not seen."""
    hits: list[NDArray[np.bool_]] = []
    truth: list[Texts] = []
    for fold in folds:
        vectors, characters = fold.of(KNOWN)
        judged = np.isin(characters, [one.id for one in fold.gallery])
        hits.append(nearest(fold.gallery, vectors[judged]) == characters[judged])
        truth.append(characters[judged])
    hit, who = np.concatenate(hits), np.concatenate(truth)
    n_pictures = Counter(folds[0].characters.tolist())
    few = np.array([n_pictures[c] < FEW for c in who])
    old = np.isin(who, OLD_APP)
    rows = {"of_20_pictures_or_more": ~few, "of_fewer": few, "of_the_old_app": old}
    return {
        name: {
            "characters": len(np.unique(who[rows_of])),
            "pictures": int(rows_of.sum()),
            "top1": _share(hit[rows_of]),
            "macro_top1": _share([hit[who == c].mean() for c in np.unique(who[rows_of])]),
        }
        for name, rows_of in rows.items()
    }


def _silence(folds: Sequence[Fold]) -> dict[str, Any]:
    """How well the nearest cosine tells known faces from strangers, by kind of stranger.

    ``look_alikes``: every picture of a character left out. ``nearest_look_alikes``: those of the
    ten characters of a fold whose pictures are on average nearest to one that it knows.
    """
    known: list[NDArray[Any]] = []
    named: list[NDArray[np.bool_]] = []
    kinds: dict[str, list[NDArray[Any]]] = {
        kind: [] for kind in ("random", "look_alikes", "nearest_look_alikes")
    }
    for fold in folds:
        vectors, characters = fold.of(KNOWN)
        known.append(fold.gallery.cosines(vectors).max(axis=1))
        named.append(nearest(fold.gallery, vectors) == characters)
        kinds["random"].append(fold.gallery.cosines(fold.strangers).max(axis=1))
        vectors, characters = fold.of(LEFT_OUT)
        cosines = fold.gallery.cosines(vectors).max(axis=1)
        kinds["look_alikes"].append(cosines)
        means = {c: cosines[characters == c].mean() for c in np.unique(characters)}
        ten = sorted(means, key=lambda c: -means[c])[:10]
        kinds["nearest_look_alikes"].append(cosines[np.isin(characters, ten)])
    figures = {}
    for kind, strange in kinds.items():
        at_90 = [
            s >= np.quantile(np.where(right, k, -1.0), 0.1)
            for k, right, s in zip(known, named, strange, strict=True)
        ]
        aurocs = [
            roc_auc_score([1] * len(k) + [0] * len(s), np.concatenate([k, s]))
            for k, s in zip(known, strange, strict=True)
        ]
        figures[kind] = {
            "pictures": sum(len(s) for s in strange),
            "auroc": _share(aurocs),
            "named_at_90_percent_of_known": _share(np.concatenate(at_90)),
        }
    return figures


def _five_pictures(folds: Sequence[Fold]) -> dict[str, Any]:
    """With the bonus that the rule chooses, and without any."""
    lessons = teach(folds)
    bonus = choose_bonus(lessons)
    return {
        "characters": ENROLLED_TOGETHER * len(folds),
        "draws": DRAWS,
        "taught_bonus": bonus,
        "without_bonus": measure_taught(lessons, 0.0),
        "with_bonus": measure_taught(lessons, bonus),
    }


def _share(values: Any) -> float | None:
    """The mean, None of nothing."""
    return round(float(np.mean(values)), 4) if len(values) else None
