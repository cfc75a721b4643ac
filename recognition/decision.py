"""From similarities to an answer: who it is, how sure we are, or that we do not know.

The probability that the nearest character is right is a logistic function of two numbers: its
cosine and its lead over the second nearest. It is fitted on pictures that the network was not
trained on, strangers among them (``recognition.training calibrate``), so that of the answers shown
as 80 % about 80 % are right. What is left is shared among the other candidates by a softmax of
their cosines. The coefficients and the threshold live in ``weights/manifest.json``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recognition.gallery import Gallery, Similarity
from recognition.types import (
    Candidate,
    Decision,
    Embedding,
    EncodedPicture,
    Match,
    Mode,
    Recognition,
    RecognizedFace,
    RecognizedWhole,
    Unknown,
)

N_CANDIDATES = 5
_SEARCHED = 10  # a few more than are shown: they take part in the softmax


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """Coefficients of the logistic function, and where naming begins.

    ``threshold``: the smallest probability at which a name is said. ``softmax_scale``: inverse
    temperature of the softmax over cosines.
    """

    intercept: float
    cosine_weight: float
    lead_weight: float
    softmax_scale: float
    threshold: float

    @classmethod
    def from_manifest(cls, section: Mapping[str, Any]) -> DecisionRule:
        """Reads the numbers from one entry of the manifest's ``decision`` section."""
        return cls(
            *(
                float(section[key])
                for key in (
                    "intercept",
                    "cosine_weight",
                    "lead_weight",
                    "softmax_scale",
                    "threshold",
                )
            )
        )

    def probability(self, cosine: float, lead: float) -> float:
        """Probability, 0 to 1, that the nearest character is right."""
        z = self.intercept + self.cosine_weight * cosine + self.lead_weight * lead
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, z))))


def decide(
    similarities: Sequence[Similarity], rule: DecisionRule
) -> tuple[Decision, tuple[Candidate, ...]]:
    """The decision for one embedding and its best candidates.

    Args:
        similarities: best first, as `Gallery.search` returns them; better a few more than are
            shown, for the softmax.

    Returns:
        ``Match`` where the best candidate's probability reaches the rule's threshold, else
        ``Unknown``; and up to five candidates, most probable first, probabilities summing to at
        most 1.
    """
    if not similarities:
        return Unknown(None, 0.0), ()
    top = similarities[0]
    lead = top.cosine - similarities[1].cosine if len(similarities) > 1 else top.cosine + 1
    best = rule.probability(top.cosine, lead)
    weights = [math.exp(rule.softmax_scale * (s.cosine - top.cosine)) for s in similarities[1:]]
    rest = (1 - best) / (1 + sum(weights))  # the 1 stands for everybody we do not know
    probabilities = [best, *(min(best, rest * w) for w in weights)]
    candidates = tuple(
        Candidate(s.character.id, s.character.name, round(p, 4))
        for s, p in zip(similarities[:N_CANDIDATES], probabilities, strict=False)
    )
    first = candidates[0]
    if best >= rule.threshold:
        return Match(first.character, first.name, first.probability), candidates
    return Unknown(first, first.probability), candidates


class Decider:
    """Names for encoded pictures: the gallery and a rule each for faces and whole pictures."""

    def __init__(self, gallery: Gallery, faces: DecisionRule, whole: DecisionRule) -> None:
        self.gallery = gallery
        self.faces = faces
        self.whole = whole

    def __call__(self, encoded: EncodedPicture, mode: Mode = Mode.AUTO) -> Recognition:
        """The answer for one encoded picture.

        Raises:
            ModelMismatch: the gallery belongs to another model.
        """
        faces = tuple(
            RecognizedFace(face.box, face.score, *self._decide(face.embedding, self.faces))
            for face in encoded.faces
        )
        whole = None
        if encoded.whole:
            whole = RecognizedWhole(*self._decide(encoded.whole, self.whole))
        return Recognition(encoded.size, faces, whole, mode, dict(encoded.timings_ms))

    def _decide(
        self, person: Embedding | Sequence[Embedding], rule: DecisionRule
    ) -> tuple[Decision, tuple[Candidate, ...]]:
        return decide(self.gallery.search(person, _SEARCHED), rule)
