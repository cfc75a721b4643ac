"""The whole road: a picture in, and is the character it shows among the answers?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from recognition.decision import Decider
from recognition.encoder import PictureEncoder
from recognition.errors import PictureError
from recognition.evaluation.crops import Progress
from recognition.evaluation.errors import InputEmpty
from recognition.evaluation.faces import MANY
from recognition.evaluation.labels import Label, NameIndex, read_labels
from recognition.evaluation.measures import group_shares, macro, share
from recognition.evaluation.source import PictureSource, Skipped
from recognition.types import Match, Mode, Recognition


@dataclass(frozen=True, slots=True)
class JudgedPicture:
    """A picture, who it shows (`truth`, an id; None for nobody we know), and the answer.

    ``named``: the ids that were said; ``nearest``: the first candidate of every face, or of the
    whole picture.
    """

    label: Label
    truth: str | None
    named: tuple[str, ...]
    nearest: tuple[str, ...]
    faces: int

    @property
    def right(self) -> bool:
        """The character is among the names that were said."""
        return self.truth in self.named

    @property
    def near(self) -> bool:
        """The character is among the first candidates, said or not."""
        return self.truth in self.nearest


@dataclass(frozen=True, eq=False)
class WholeResult:
    """``figures`` is what ``--json`` prints; the rest is for the report."""

    figures: dict[str, Any]
    source: PictureSource
    judged: list[JudgedPicture]


def evaluate_whole(
    encoder: PictureEncoder,
    decider: Decider,
    pictures: Path,
    table: Path | None,
    mode: Mode,
    progress: Progress,
) -> WholeResult:
    """Asks about every picture as a member would.

    Raises:
        EvaluationError: the material is not there, or nothing in it can be used.
    """
    names = NameIndex(decider.gallery)
    source = PictureSource(pictures)
    labels, skipped = read_labels(source, table)
    wanted: dict[str, list[Label]] = {}
    for label in labels:
        wanted.setdefault(label.file, []).append(label)
    judged: list[JudgedPicture] = []
    for done, (file, of_picture) in enumerate(wanted.items(), start=1):
        try:
            answer = decider(encoder.encode(source.read(file), mode), mode)
        except (PictureError, OSError) as error:
            skipped.append(Skipped(file, type(error).__name__))
            continue
        said, nearest = _answers(answer)
        judged += [
            JudgedPicture(label, names.resolve(label), said, nearest, len(answer.faces))
            for label in of_picture
        ]
        progress("pictures", done, len(wanted))
    if not judged:
        raise InputEmpty(pictures, skipped=len(skipped))
    figures = _figures(judged)
    figures["mode"] = str(mode)
    figures["model_id"] = decider.gallery.model_id
    figures["skipped"] = [{"file": s.file, "reason": s.reason} for s in skipped]
    return WholeResult(figures, source, judged)


def _answers(answer: Recognition) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids that are said, and the first candidates whether they are said or not."""
    every = [(face.decision, face.candidates) for face in answer.faces]
    if answer.whole is not None:
        every.append((answer.whole.decision, answer.whole.candidates))
    said = tuple(d.character for d, _ in every if isinstance(d, Match))
    return said, tuple(c[0].character for _, c in every if c)


def _figures(judged: Sequence[JudgedPicture]) -> dict[str, Any]:
    known = [j for j in judged if j.truth is not None]
    others = [j for j in judged if j.truth is None]
    truth = [j.truth or "" for j in known]
    hits = np.array([j.right for j in known], bool)
    near = np.array([j.near for j in known], bool)
    many = np.array([Counter(truth)[t] >= MANY for t in truth], bool)
    without = np.array([j.faces == 0 for j in known], bool)
    return {
        "top1": share(hits),
        "macro_top1": macro(hits, truth),
        "top1_many": share(hits[many]),
        "nearest_top1": share(near),
        "nearest_macro_top1": macro(near, truth),
        "nearest_top1_many": share(near[many]),
        "named_wrong": share([bool(j.named) and not j.right for j in known]),
        "pictures": len(known),
        "characters": len(set(truth)),
        "pictures_of_many": int(many.sum()),
        "without_a_face": {"pictures": int(without.sum()), "top1": share(hits[without])},
        "not_in_gallery": {
            "pictures": len(others),
            "named": share([bool(j.named) for j in others]),
            "characters": dict(sorted(Counter(j.label.shown for j in others).items())),
        },
        "by_character": {
            name: {"pictures": n, "top1": round(value, 4)}
            for name, (value, n) in group_shares(hits, truth).items()
        },
    }
