"""Names on faces: how many are right, and how many strangers get one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from recognition.decision import Decider
from recognition.encoder import PictureEncoder
from recognition.evaluation.answers import Answer, answer_faces, named, probabilities, right
from recognition.evaluation.crops import (
    Crops,
    Embedded,
    Progress,
    embed_crops,
    embed_strangers,
)
from recognition.evaluation.errors import InputEmpty
from recognition.evaluation.few_shot import FewShot, measure_few_shot
from recognition.evaluation.labels import Label, NameIndex, read_labels
from recognition.evaluation.measures import (
    auroc,
    group_shares,
    macro,
    rounded,
    share,
    threshold_naming,
)
from recognition.evaluation.source import PictureSource, Skipped

AT = 0.9
"""Part of the known faces that is named where strangers are counted "at 90"."""
MANY = 20
"""Characters with this many pictures in the table are counted apart from the others."""


@dataclass(frozen=True, slots=True)
class FacesTask:
    """What to measure; see the options of ``evaluate faces``."""

    pictures: Path
    table: Path | None = None
    split: str | None = None
    references: Path | None = None
    strangers: tuple[Path, ...] = ()
    crops: Crops = Crops.WHOLE


@dataclass(frozen=True, slots=True)
class Judged:
    """A face and what was said to it. ``truth`` is an id of the gallery, None for a stranger."""

    source: PictureSource
    label: Label
    truth: str | None
    answer: Answer


@dataclass(frozen=True, eq=False)
class FacesResult:
    """``figures`` is what ``--json`` prints; the rest is for the report."""

    figures: dict[str, Any]
    known: list[Judged]
    strangers: dict[str, list[Judged]]
    few_shot: FewShot | None = None
    skipped: list[Skipped] = field(default_factory=list)


def evaluate_faces(
    encoder: PictureEncoder, decider: Decider, task: FacesTask, progress: Progress
) -> FacesResult:
    """Measures faces as they are served: shipped gallery, shipped rule, shipped threshold.

    Raises:
        EvaluationError: the material is not there, or nothing in it can be used.
    """
    names = NameIndex(decider.gallery)
    source = PictureSource(task.pictures)
    labels, skipped = read_labels(source, task.table, task.split)
    sources = [PictureSource(path) for path in task.strangers]
    for other in sources:
        if not other.names:
            raise InputEmpty(other.path)
    if task.references is not None and not PictureSource(task.references).names:
        raise InputEmpty(task.references)
    faces = embed_crops(encoder, source, labels, task.crops, progress, "faces")
    skipped += faces.skipped
    if not len(faces):
        raise InputEmpty(task.pictures, skipped=len(skipped))
    few_shot = None
    taught: frozenset[str] = frozenset()
    if task.references is not None:
        few_shot = measure_few_shot(encoder, decider, task.references, faces, task.crops, progress)
        taught = few_shot.keys
        skipped += few_shot.skipped
    known, unknown = _judge(decider, faces, names, taught)
    strangers = {"not in the gallery": unknown} if unknown else {}
    for other in sources:
        embedded = embed_strangers(encoder, other, task.crops, progress)
        skipped += embedded.skipped
        answers = answer_faces(decider, embedded.vectors) if len(embedded) else []
        strangers[str(other.path)] = [
            Judged(other, label, None, a) for label, a in zip(embedded.labels, answers, strict=True)
        ]
    counts = Counter(names.resolve(label) for label in _all_labels(source, task, labels))
    figures = _figures(known, strangers, counts, bool(sources))
    figures["few_shot_top1"] = few_shot.top1 if few_shot else None
    figures["few_shot"] = few_shot.figures() if few_shot else None
    figures["threshold"] = decider.faces.threshold
    figures["model_id"] = decider.gallery.model_id
    figures["crops"] = str(task.crops)
    figures["skipped"] = [{"file": s.file, "reason": s.reason} for s in skipped]
    return FacesResult(figures, known, strangers, few_shot, skipped)


def _all_labels(source: PictureSource, task: FacesTask, labels: list[Label]) -> list[Label]:
    """The labels of every split: how many pictures of a character there are at all."""
    return labels if task.split is None else read_labels(source, task.table)[0]


def _judge(
    decider: Decider, faces: Embedded, names: NameIndex, taught: frozenset[str]
) -> tuple[list[Judged], list[Judged]]:
    """Faces of known characters, and of others; those of taught ones have their own row."""
    known, unknown = [], []
    answers = answer_faces(decider, faces.vectors)
    for label, answer in zip(faces.labels, answers, strict=True):
        truth = names.resolve(label)
        judged = Judged(faces.source, label, truth, answer)
        if truth is not None:
            known.append(judged)
        elif names.key(label) not in taught:
            unknown.append(judged)
    return known, unknown


def _figures(
    known: Sequence[Judged],
    strangers: dict[str, list[Judged]],
    counts: Counter[str | None],
    given: bool,
) -> dict[str, Any]:
    answers = [j.answer for j in known]
    truth = [j.truth or "" for j in known]
    hits = right(answers, truth)
    says = named(answers)
    says_right = np.array([a.named == t for a, t in zip(answers, truth, strict=True)], bool)
    p_known = probabilities(answers)
    at_right = threshold_naming(p_known, hits, AT)
    at_any = threshold_naming(p_known, np.ones(len(hits), bool), AT)
    # People whom the table names and the gallery does not know count among the strangers where no
    # others were given; where there are others, a misspelt name must not change their figures.
    pooled = [
        j.answer
        for source, judged in strangers.items()
        if not given or source != "not in the gallery"
        for j in judged
    ]
    by_character = group_shares(hits, truth)
    return {
        "top1": share(hits),
        "top5": share(right(answers, truth, 5)),
        "macro_top1": macro(hits, truth),
        "auroc": rounded(auroc(p_known, probabilities(pooled))),
        "known_named": share(says),
        "strangers_named": share(named(pooled)),
        "strangers_named_at_90": _named_at(pooled, at_right) if known else None,
        "known": {
            "pictures": len(known),
            "characters": len(by_character),
            "named_right": share(says_right),
            "named_wrong": share(says & ~says_right),
            "macro_top1_many": _macro_of(by_character, counts, many=True),
            "macro_top1_few": _macro_of(by_character, counts, many=False),
        },
        "threshold_at_90": at_right,
        "strangers_named_at_90_any": _named_at(pooled, at_any) if known else None,
        "strangers": {
            source: {
                "pictures": len(judged),
                "named": share(named([j.answer for j in judged])),
                "named_at_90": _named_at([j.answer for j in judged], at_right) if known else None,
                "auroc": rounded(auroc(p_known, probabilities([j.answer for j in judged]))),
            }
            for source, judged in strangers.items()
        },
        "not_in_gallery": dict(
            sorted(Counter(j.label.shown for j in strangers.get("not in the gallery", [])).items())
        ),
        "characters": {
            name: {"pictures": n, "top1": round(value, 4)}
            for name, (value, n) in by_character.items()
        },
    }


def _named_at(answers: Sequence[Answer], threshold: float | None) -> float | None:
    """The share that reaches a threshold; all of them where none is low enough."""
    return share(probabilities(answers) >= (-1.0 if threshold is None else threshold))


def _macro_of(
    by_character: dict[str, tuple[float, int]], counts: Counter[str | None], *, many: bool
) -> float | None:
    chosen = [s for name, (s, _) in by_character.items() if (counts[name] >= MANY) == many]
    return round(float(np.mean(chosen)), 4) if chosen else None
