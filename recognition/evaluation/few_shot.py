"""Learning from five pictures: enrol characters into the shipped gallery, judge on the rest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognition.decision import Decider
from recognition.encoder import PictureEncoder
from recognition.evaluation.answers import answer_faces
from recognition.evaluation.crops import Crops, Embedded, Progress, Vectors, embed_crops
from recognition.evaluation.errors import InputEmpty
from recognition.evaluation.labels import NameIndex, read_labels
from recognition.evaluation.measures import macro
from recognition.evaluation.source import PictureSource, Skipped
from recognition.gallery import Gallery
from recognition.types import Embedding, KnownCharacter

ENROLLED = 5
"""Pictures enrolled of each character."""
DRAWS = 10
SAME_FILE = 0.9999
"""From this cosine on two pictures are the same file, which counts once, and not where enrolled."""


@dataclass(frozen=True, eq=False)
class Draw:
    """One draw of five pictures a character: shares from 0 to 1 of the pictures not enrolled."""

    pictures: int
    top1: float
    macro_top1: float
    top1_among: float
    """Where only the enrolled characters can be answered."""
    named_right: float
    known_top1: float | None
    """Of the characters known before, with the enrolled ones in the gallery."""
    outliers: int
    """Enrolled pictures that were taken for somebody else, and left out."""


@dataclass(frozen=True, eq=False)
class FewShot:
    """All draws; ``keys`` are the ids of the characters that were enrolled."""

    keys: frozenset[str]
    draws: tuple[Draw, ...]
    not_judged: tuple[str, ...]
    known_before: float | None
    skipped: tuple[Skipped, ...]

    @property
    def top1(self) -> float | None:
        """Mean over draws, of the whole gallery."""
        return round(float(np.mean([d.top1 for d in self.draws])), 4) if self.draws else None

    def figures(self) -> dict[str, Any]:
        """As ``--json`` prints them: mean and standard deviation over draws."""
        after = [d.known_top1 for d in self.draws if d.known_top1 is not None]
        return {
            "characters": len(self.keys),
            "enrolled_each": ENROLLED,
            "draws": len(self.draws),
            "pictures": round(float(np.mean([d.pictures for d in self.draws])), 1)
            if self.draws
            else 0,
            **{
                name: _spread([float(getattr(d, name)) for d in self.draws])
                for name in ("top1", "macro_top1", "top1_among", "named_right")
            },
            "known_top1_before": self.known_before,
            "known_top1_after": _spread(after),
            "outliers_reported": _spread([float(d.outliers) for d in self.draws]),
            "not_judged": list(self.not_judged),
        }


@dataclass(frozen=True, eq=False)
class _Pool:
    """Pictures with the ids of who they show. The first ``n_references`` may be enrolled."""

    vectors: Vectors
    keys: NDArray[Any]
    n_references: int
    names: dict[str, KnownCharacter]


def measure_few_shot(
    encoder: PictureEncoder,
    decider: Decider,
    references: Path,
    faces: Embedded,
    crops: Crops,
    progress: Progress,
) -> FewShot:
    """Enrols the characters of a folder `DRAWS` times, five pictures each, drawn with seeds 0, 1, …

    Judged are the folder's pictures that were not drawn, and those of the same characters among
    `faces`. Where the shipped gallery knows one of them, it is first made to forget it.

    Args:
        references: folder or zip with one folder a character; a folder may hold one CSV instead.

    Raises:
        EvaluationError: nothing usable in `references`.
    """
    source = PictureSource(references)
    tables = sorted(references.glob("*.csv")) if references.is_dir() else []
    labels, skipped = read_labels(source, tables[0] if len(tables) == 1 else None)
    taught = embed_crops(encoder, source, labels, crops, progress, "references")
    if not len(taught):
        raise InputEmpty(references, skipped=len(taught.skipped))
    index = NameIndex(decider.gallery)
    pool = _pool(taught, faces, index)
    enrolled = frozenset(pool.names)
    base = decider.gallery.without(enrolled)
    known = _known(faces, index, enrolled)
    draws = [_draw(decider, base, pool, known, seed) for seed in range(DRAWS)]
    judged = [d for d, _ in draws if d is not None]
    unjudged = sorted(set.intersection(*(missing for _, missing in draws)))
    return FewShot(
        enrolled,
        tuple(judged),
        tuple(unjudged),
        _top1(decider, *known),
        (*skipped, *taught.skipped),
    )


def _pool(taught: Embedded, faces: Embedded, index: NameIndex) -> _Pool:
    keys = [index.key(label) for label in taught.labels]
    names = {
        key: KnownCharacter(key, label.shown, "")
        for key, label in zip(keys, taught.labels, strict=True)
    }
    theirs = [index.key(label) for label in faces.labels]
    new = (faces.vectors @ taught.vectors.T).max(axis=1) < SAME_FILE
    also = [i for i, key in enumerate(theirs) if key in names and new[i]]
    return _Pool(
        np.concatenate([taught.vectors, faces.vectors[also]]),
        np.array(keys + [theirs[i] for i in also], dtype=object),
        len(keys),
        names,
    )


def _known(
    faces: Embedded, index: NameIndex, enrolled: frozenset[str]
) -> tuple[Vectors, list[str]]:
    """Faces of the characters known before, and who they are."""
    found = [(i, index.resolve(label)) for i, label in enumerate(faces.labels)]
    rows = [(i, key) for i, key in found if key is not None and key not in enrolled]
    return faces.vectors[[i for i, _ in rows]], [key for _, key in rows]


def _draw(
    decider: Decider, base: Gallery, pool: _Pool, known: tuple[Vectors, list[str]], seed: int
) -> tuple[Draw | None, set[str]]:
    """One draw, None where nobody can be judged; and the characters of whom nothing is left."""
    rng = np.random.default_rng(seed)
    gallery, outliers = base, 0
    free = np.ones(len(pool.keys), bool)
    for key in sorted(pool.names):
        own = np.flatnonzero(pool.keys[: pool.n_references] == key)
        drawn = rng.permutation(own)[:ENROLLED]
        pictures = [Embedding(pool.vectors[i], base.model_id) for i in drawn]
        enrolment = gallery.add(pool.names[key], pictures)
        gallery, outliers = enrolment.gallery, outliers + len(enrolment.outliers)
        free &= (pool.vectors @ pool.vectors[drawn].T).max(axis=1) < SAME_FILE
    rows = np.flatnonzero(free)
    missing = set(pool.names) - set(pool.keys[rows].tolist())
    if not len(rows):
        return None, missing
    vectors, truth = pool.vectors[rows], [str(k) for k in pool.keys[rows]]
    taught = decider.with_gallery(gallery)
    alone = decider.with_gallery(gallery.own())
    hits = _hits(taught, vectors, truth)
    answers = answer_faces(taught, vectors)
    return Draw(
        len(rows),
        float(hits.mean()),
        macro(hits, truth) or 0.0,
        float(_hits(alone, vectors, truth).mean()),
        float(np.mean([a.named == t for a, t in zip(answers, truth, strict=True)])),
        _top1(taught, *known),
        outliers,
    ), missing


def _hits(decider: Decider, vectors: Vectors, truth: list[str]) -> NDArray[np.bool_]:
    """Whether the nearest character is the right one, ``(n,)``; nearest as the decider sees it."""
    ids = np.array([c.id for c in decider.gallery.characters], dtype=object)
    nearest = decider.gallery.cosines(vectors, decider.faces.taught_bonus).argmax(axis=1)
    hits: NDArray[np.bool_] = ids[nearest] == np.array(truth, dtype=object)
    return hits


def _top1(decider: Decider, vectors: Vectors, truth: list[str]) -> float | None:
    return round(float(_hits(decider, vectors, truth).mean()), 4) if truth else None


def _spread(values: list[float]) -> dict[str, float] | None:
    if not values:
        return None
    return {
        "mean": round(float(np.mean(values)), 4),
        "std": round(float(np.std(values, ddof=1)), 4) if len(values) > 1 else 0.0,
    }
