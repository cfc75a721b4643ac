"""From similarities to an answer: who it is, how sure we are, or that we do not know.

The probability that the nearest character is right is a logistic function of two numbers: its
cosine and its lead over the second nearest. It is fitted on pictures that the network was not
trained on, strangers among them (``recognition.training calibrate``), so that of the answers shown
as 80 % about 80 % are right. What is left is shared among the other candidates by a softmax of
their cosines.

Photographs and objects are nobody. Some centres of such pictures, the background, are kept beside
the gallery; where the nearest character does not lead over the nearest of them, nothing is named.
The numbers and the threshold live in ``weights/manifest.json``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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

Vectors = NDArray[np.float32]
N_CANDIDATES = 5
_SEARCHED = 10  # a few more than are shown: they take part in the softmax


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """Coefficients of the logistic function, and where naming begins.

    ``threshold``: the smallest probability at which a name is said. ``softmax_scale``: inverse
    temperature of the softmax over cosines. ``taught_bonus``: added to the cosine of a character
    that was taught here. Training has gathered the pictures of each character that the network
    knows around its centres, and those of somebody new lie loosely; without the bonus a new face
    would too often be taken for the known one it resembles. ``background_lead``: by how much a
    character's cosine must exceed that of the nearest background centre; where it does not, the
    probability is ``background_probability``, how often the nearest character is right then.
    """

    intercept: float
    cosine_weight: float
    lead_weight: float
    softmax_scale: float
    threshold: float
    taught_bonus: float = 0.0
    background_lead: float = 0.0
    background_probability: float = 0.0

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
                    "taught_bonus",
                    "background_lead",
                    "background_probability",
                )
            )
        )

    def probability(self, cosine: float, lead: float, background: float = -1.0) -> float:
        """Probability, 0 to 1, that the nearest character is right.

        Args:
            cosine, lead: of the nearest character, and over the second nearest.
            background: cosine with the nearest background centre; -1 is like none of them.
        """
        if cosine - background < self.background_lead:
            return self.background_probability
        z = self.intercept + self.cosine_weight * cosine + self.lead_weight * lead
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, z))))


def decide(
    similarities: Sequence[Similarity], rule: DecisionRule, background: float = -1.0
) -> tuple[Decision, tuple[Candidate, ...]]:
    """The decision for one embedding and its best candidates.

    Args:
        similarities: best first, as `Gallery.search` returns them; better a few more than are
            shown, for the softmax.
        background: cosine with the nearest background centre.

    Returns:
        ``Match`` where the best candidate's probability reaches the rule's threshold, else
        ``Unknown``; and up to five candidates, most probable first, probabilities summing to at
        most 1.
    """
    if not similarities:
        return Unknown(None, 0.0), ()
    top = similarities[0]
    lead = top.cosine - similarities[1].cosine if len(similarities) > 1 else top.cosine + 1
    best = rule.probability(top.cosine, lead, background)
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
    """Names for encoded pictures: the gallery and a rule each for faces and whole pictures.

    Args:
        background: centres ``float32 (k, d)`` of what shows no anime face; None: none are known.
    """

    def __init__(
        self,
        gallery: Gallery,
        faces: DecisionRule,
        whole: DecisionRule,
        background: Vectors | None = None,
    ) -> None:
        self.gallery = gallery
        self.faces = faces
        self.whole = whole
        self.background = background

    def with_gallery(self, gallery: Gallery) -> Decider:
        """The same rules for another gallery of the same model."""
        return Decider(gallery, self.faces, self.whole, self.background)

    def __call__(self, encoded: EncodedPicture, mode: Mode = Mode.AUTO) -> Recognition:
        """The answer for one encoded picture.

        Raises:
            ModelMismatch: the gallery belongs to another model.
        """
        faces = tuple(
            RecognizedFace(face.box, face.score, *self.judge(face.embedding, self.faces))
            for face in encoded.faces
        )
        whole = None
        if encoded.whole:
            whole = RecognizedWhole(*self.judge(encoded.whole, self.whole))
        return Recognition(encoded.size, faces, whole, mode, dict(encoded.timings_ms))

    def judge(
        self, person: Embedding | Sequence[Embedding], rule: DecisionRule
    ) -> tuple[Decision, tuple[Candidate, ...]]:
        """`decide` for one embedding, or several views of one person.

        Raises:
            ModelMismatch: the gallery belongs to another model.
        """
        views = (person,) if isinstance(person, Embedding) else person
        background = -1.0
        if self.background is not None and views:
            background = background_cosine(
                np.stack([view.vector for view in views]), self.background
            )
        similarities = self.gallery.search(person, _SEARCHED, rule.taught_bonus)
        return decide(similarities, rule, background)


def background_cosine(views: Vectors, background: Vectors) -> float:
    """The nearest background centre ``(k, d)`` of any view ``(n, d)`` counts."""
    return float((views @ background.T).max())
