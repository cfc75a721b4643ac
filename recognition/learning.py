"""Adding a character to a gallery: what of its pictures is used, and what is reported."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from recognition.errors import CharacterUnknown
from recognition.references import (
    OUTLIER_LEAD,
    Duplicate,
    Vectors,
    check_count,
    cosines_with_own,
    find_duplicates,
    find_looks,
    mean_direction,
)
from recognition.types import Embedding, KnownCharacter, Vector

if TYPE_CHECKING:
    from recognition.gallery import Gallery, Similarity


@dataclass(frozen=True, slots=True)
class Outlier:
    """Picture `index` looks more like ``nearest`` than like the rest of its own.

    ``own`` is its cosine with the rest (see `cosines_with_own`).
    """

    index: int
    nearest: Similarity
    own: float


@dataclass(frozen=True, slots=True, eq=False)
class Enrolment:
    """What adding pictures came to. Indices count the given pictures from 0.

    ``gallery`` is the new snapshot, the old one where nothing was learned; ``used`` became
    references; ``outliers`` were left out unless the caller kept them or they are more than half;
    ``nearest`` is the other character that the used pictures resemble most on average, None where
    there is no other.
    """

    gallery: Gallery
    character: KnownCharacter
    used: tuple[int, ...]
    duplicates: tuple[Duplicate, ...]
    outliers: tuple[Outlier, ...]
    centres: int
    """How many were added: the mean of the pictures, and their looks where there are several."""
    nearest: Similarity | None

    def reindexed(self, places: Sequence[int]) -> Enrolment:
        """The same with picture i called ``places[i]``: for pictures picked out of more."""
        return replace(
            self,
            used=tuple(places[i] for i in self.used),
            duplicates=tuple(
                replace(d, index=places[d.index], of=None if d.of is None else places[d.of])
                for d in self.duplicates
            ),
            outliers=tuple(replace(o, index=places[o.index]) for o in self.outliers),
        )


def learn(
    gallery: Gallery,
    character: KnownCharacter,
    pictures: Sequence[Embedding],
    hashes: Sequence[int | None] | None,
    keep: Collection[int],
) -> Enrolment:
    """See `Gallery.add`, which this is the inside of."""
    from recognition.gallery import Gallery

    check_count(len(pictures))
    for picture in pictures:
        gallery.check(picture)
    known = np.zeros((0, gallery.dimension), np.float32)
    with contextlib.suppress(CharacterUnknown):
        known = gallery.centres_of(character.id)
        character = gallery.find(character.id)
    vectors = np.stack([p.vector for p in pictures]).astype(np.float32)
    duplicates = find_duplicates(vectors, known, hashes)
    repeated = {d.index for d in duplicates}
    fresh = [i for i in range(len(vectors)) if i not in repeated]
    outliers = _outliers(gallery, character.id, vectors, fresh, known)
    # Left out is a minority. Where most pictures look like somebody else there is nothing that the
    # others could be held against, and the caller may well know better: a picture that was
    # misnamed, taught for that very reason, is an outlier of one.
    minority = 2 * len(outliers) <= len(fresh)
    left_out = {o.index for o in outliers} - set(keep) if minority else set()
    used = tuple(i for i in fresh if i not in left_out)
    if not used:
        return Enrolment(gallery, character, (), duplicates, outliers, 0, None)
    looks = find_looks(vectors[list(used)])
    own = Gallery(gallery.model_id, (character,), looks, np.zeros(len(looks), np.int64))
    nearest = _nearest_other(gallery, character.id, mean_direction(vectors[list(used)]))
    return Enrolment(
        gallery.joined(own), character, used, duplicates, outliers, len(looks), nearest
    )


def _nearest_other(gallery: Gallery, character: str, vector: Vector) -> Similarity | None:
    found = gallery.search(Embedding(vector, gallery.model_id), 2)
    return next((s for s in found if s.character.id != character), None)


def _outliers(
    gallery: Gallery, character: str, vectors: Vectors, fresh: list[int], known: Vectors
) -> tuple[Outlier, ...]:
    """See `OUTLIER_LEAD`. A single picture of somebody new has nothing to differ from."""
    if len(fresh) + len(known) < 2:
        return ()
    own = cosines_with_own(vectors[fresh], known)
    found = []
    for i, fits in zip(fresh, own.tolist(), strict=True):
        nearest = _nearest_other(gallery, character, vectors[i])
        if nearest is not None and nearest.cosine > fits + OUTLIER_LEAD:
            found.append(Outlier(i, nearest, fits))
    return tuple(found)
