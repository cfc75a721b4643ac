"""How hard a picture is, and whom one could take its character for: both from the model."""

from __future__ import annotations

from collections.abc import Sequence

from recognition.gallery import Similarity

SURE_LEAD = 0.35
"""Lead of the right character over the next one, in cosines, from which nobody is close."""


def difficulty(similarities: Sequence[Similarity], character_id: str, probability: float) -> float:
    """How hard a picture is, 0 (easy) to 1.

    Half of it is how unsure the recogniser is that it shows this character, half of it how close
    the next character comes.

    Args:
        similarities: of the face that is asked for, best first.
        character_id: the right one.
        probability: that the recogniser gives it, calibrated; 0 where it did not think of it.
    """
    right = next((one.cosine for one in similarities if one.character.id == character_id), None)
    other = next((one.cosine for one in similarities if one.character.id != character_id), None)
    if right is None:
        closeness = 1.0
    elif other is None:
        closeness = 0.0
    else:
        closeness = 1 - min(max(right - other, 0.0), SURE_LEAD) / SURE_LEAD
    return round(0.5 * (1 - probability) + 0.5 * closeness, 4)


def confused_with(similarities: Sequence[Similarity], character_id: str) -> tuple[str, ...]:
    """Ids of the others that the picture looks like, nearest first."""
    return tuple(one.character.id for one in similarities if one.character.id != character_id)
