"""What the bot would say to a vector, and whether that is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recognition.decision import Decider
from recognition.evaluation.crops import Vectors
from recognition.evaluation.measures import Bools, Floats
from recognition.types import Box, Embedding, EncodedPicture, FaceEncoding, Match, Mode

_NOWHERE = Box(0, 0, 1, 1)


@dataclass(frozen=True, slots=True)
class Answer:
    """``named`` is the id that is said, None for "I don't know"; ``candidates`` are ids, the
    nearest first, at most five; ``probability`` is the nearest one's.
    """

    named: str | None
    probability: float
    candidates: tuple[str, ...]

    @property
    def nearest(self) -> str | None:
        return self.candidates[0] if self.candidates else None


def answer_faces(decider: Decider, vectors: Vectors) -> list[Answer]:
    """One answer a face vector ``(n, d)``, by the gallery and the faces' rule of `decider`."""
    model_id = decider.gallery.model_id
    faces = tuple(FaceEncoding(_NOWHERE, 1.0, Embedding(v, model_id)) for v in vectors)
    recognition = decider(EncodedPicture((1, 1), faces, (), model_id), Mode.FACES)
    return [
        Answer(
            face.decision.character if isinstance(face.decision, Match) else None,
            face.decision.probability,
            tuple(c.character for c in face.candidates),
        )
        for face in recognition.faces
    ]


def probabilities(answers: Sequence[Answer]) -> Floats:
    """``float64 (n,)``."""
    return np.array([a.probability for a in answers], np.float64)


def named(answers: Sequence[Answer]) -> Bools:
    """Which get a name, ``bool (n,)``."""
    return np.array([a.named is not None for a in answers], bool)


def right(answers: Sequence[Answer], truth: Sequence[str], first: int = 1) -> Bools:
    """Whether the truth is among the `first` nearest, ``bool (n,)``."""
    return np.array([t in a.candidates[:first] for a, t in zip(answers, truth, strict=True)], bool)
