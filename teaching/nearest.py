"""The kept picture that a face resembles most: people judge an answer best by comparing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from recognition.types import Embedding, EncodedPicture, Match, Mode, Recognition
from store.types import Crop, TaughtCharacter

if TYPE_CHECKING:
    from store.opening import Store
    from teaching.servers import KnownHere


class Watched:
    """A decider whose last picture can be asked for: an answer alone holds no vectors.

    Args:
        decide: the decider itself.
    """

    def __init__(self, decide: Callable[[EncodedPicture, Mode], Recognition]) -> None:
        self._decide = decide
        self.encoded: EncodedPicture | None = None

    def __call__(self, encoded: EncodedPicture, mode: Mode = Mode.AUTO) -> Recognition:
        self.encoded = encoded
        return self._decide(encoded, mode)


async def nearest_crops(
    store: Store, known: KnownHere, encoded: EncodedPicture, recognition: Recognition
) -> dict[int, Crop]:
    """Number of a face on the picture (0: the whole picture) → the nearest kept picture of whoever
    it is called. Nothing for those of whom no picture is kept; once for a character.

    Raises:
        StoreUnavailable: see `GalleryRepository.crop`.
    """
    taught = {one.gallery_id: one for one in known.taught.characters}
    found: dict[int, Crop] = {}
    if not taught:
        return found
    for number, (character, embedding) in _named(encoded, recognition).items():
        one = taught.pop(character, None)
        exemplar = None if one is None else _nearest(one, embedding)
        if exemplar is None:
            continue
        crop = await store.gallery.crop(known.taught.guild_id, exemplar)
        if crop is not None:
            found[number] = crop
    return found


def _named(encoded: EncodedPicture, recognition: Recognition) -> dict[int, tuple[str, Embedding]]:
    """Number → who is there, and the vector of it."""
    if recognition.faces:
        return {
            number: (answer.decision.character, face.embedding)
            for number, (answer, face) in enumerate(
                zip(recognition.faces, encoded.faces, strict=False), 1
            )
            if isinstance(answer.decision, Match)
        }
    whole = recognition.whole
    if whole is None or not encoded.whole or not isinstance(whole.decision, Match):
        return {}
    return {0: (whole.decision.character, encoded.whole[0])}


def _nearest(one: TaughtCharacter, embedding: Embedding) -> int | None:
    """The id of the vector with a picture that is most alike; None where none has one."""
    kept = [exemplar for exemplar in one.exemplars if exemplar.has_crop]
    if not kept:
        return None
    cosines = [float(np.dot(exemplar.embedding.vector, embedding.vector)) for exemplar in kept]
    return kept[int(np.argmax(cosines))].id
