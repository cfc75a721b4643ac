"""What the folds' vectors tell: little-known characters, look-alikes, learning from five pictures.

A fold's network has never seen some characters and some pictures (`recognition.training.folds`).
All figures pool the folds; each is of networks trained like the served one's teachers, not of the
served one itself, which has seen all of this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from recognition.gallery import Gallery
from recognition.training.centres import build_gallery, unnamed
from recognition.training.folds import KNOWN, LEFT_OUT, REFERENCE
from recognition.training.vectors import KnownVectors, Vectors
from recognition.types import Embedding, KnownCharacter

FEW = 20
"""Characters with fewer pictures than this are little-known."""
ENROLLED = 5
DRAWS = 10
ENROLLED_TOGETHER = 10
OLD_APP = (
    *("asuka_langley_soryu", "ayanami_rei", "kirisaki_chitoge", "onodera_kosaki"),
    *("saber", "tobiichi_origami", "tohsaka_rin", "tokisaki_kurumi"),
)
"""The characters of the old web app."""

Texts = NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class Fold:
    """Vectors of one fold with who they show and what they are to its network."""

    vectors: Vectors
    characters: Texts
    roles: Texts
    strangers: Vectors
    gallery: Gallery

    @classmethod
    def load(cls, file: Path) -> Fold:
        """Reads what `recognition.training.folds.run_fold` wrote."""
        with np.load(file) as arrays:
            vectors = arrays["vector"].astype(np.float32)
            characters, roles = arrays["character"], arrays["role"]
            kinds = ("random_strangers_measuring", "named_strangers_measuring")
            strangers = np.concatenate([arrays[kind].astype(np.float32) for kind in kinds])
        own = roles == REFERENCE
        classes = tuple(np.unique(characters[own]).tolist())
        labels = np.searchsorted(np.array(classes), characters[own])
        known = KnownVectors(vectors[own], labels.astype(np.int64), classes)
        gallery = build_gallery(known, unnamed(classes), file.parent.name)
        return cls(vectors, characters, roles, strangers, gallery)

    def of(self, role: str) -> tuple[Vectors, Texts]:
        """Vectors ``(n, d)`` of a role, and who they show ``(n,)``."""
        return self.vectors[self.roles == role], self.characters[self.roles == role]


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
    """Ten left-out characters a fold, those with most pictures, taught from five pictures each."""
    among, every, before, after = [], [], [], []
    for fold in folds:
        vectors, characters = fold.of(LEFT_OUT)
        ten = [c for c, _ in Counter(characters.tolist()).most_common(ENROLLED_TOGETHER)]
        known_vectors, known = fold.of(KNOWN)
        before.append((nearest(fold.gallery, known_vectors) == known).mean())
        for seed in range(DRAWS):
            rng = np.random.default_rng(seed)
            gallery, free = fold.gallery, np.isin(characters, ten)
            for character in sorted(ten):
                drawn = rng.permutation(np.flatnonzero(characters == character))[:ENROLLED]
                free[drawn] = False
                taught = [Embedding(_unit(vectors[i]), gallery.model_id) for i in drawn]
                who = KnownCharacter(character, character, "")
                gallery = gallery.add(who, taught).gallery
            among.append((nearest(gallery.own(), vectors[free]) == characters[free]).mean())
            every.append((nearest(gallery, vectors[free]) == characters[free]).mean())
            after.append((nearest(gallery, known_vectors) == known).mean())
    return {
        "characters": ENROLLED_TOGETHER * len(folds),
        "draws": DRAWS,
        "top1_among_the_ten": _share(among),
        "top1_among_all": _share(every),
        "known_top1_before": _share(before),
        "known_top1_after": _share(after),
    }


def nearest(gallery: Gallery, vectors: Vectors) -> Texts:
    """Ids ``(n,)`` of the characters nearest to vectors ``(n, d)``."""
    ids: Texts = np.array([character.id for character in gallery])
    found: Texts = ids[gallery.cosines(vectors).argmax(axis=1)]
    return found


def _unit(vector: Vectors) -> Vectors:
    unit: Vectors = vector / np.linalg.norm(vector)
    return unit


def _share(values: Any) -> float | None:
    """The mean, None of nothing."""
    return round(float(np.mean(values)), 4) if len(values) else None
