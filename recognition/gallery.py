"""Who we know: an immutable snapshot of characters with one or more centres each.

Search is exact: one matrix product over all centres, the best centre of a character counts. Up to
about 10^5 centres that takes milliseconds in NumPy (see ``docs/design.md`` of an index behind the
same `Gallery.search` beyond it).

Every change (`add`, `remove`, `rename`, `merge`, `joined`) returns a new snapshot and leaves the
old one as it was, so that readers never see half a change. What came with the weights cannot be
removed or renamed; what was added later can.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from recognition.errors import (
    CharacterNotAdded,
    CharacterUnknown,
    ModelMismatch,
    WeightsCorrupt,
    WeightsMissing,
)
from recognition.types import Embedding, KnownCharacter

if TYPE_CHECKING:
    from recognition.learning import Enrolment

__all__ = ["Gallery", "KnownCharacter", "Similarity"]


@dataclass(frozen=True, slots=True)
class Similarity:
    """``cosine`` (-1 to 1) of a vector to the nearest centre of ``character``, and a bonus where
    `Gallery.search` was asked to give one.
    """

    character: KnownCharacter
    cosine: float


class Gallery:
    """Characters and their centres.

    Args:
        model_id: the model whose vectors these are.
        characters: no id twice.
        centres: ``float32 (m, d)``, rows of length 1.
        owners: ``int64 (m,)``; ``owners[j]`` indexes `characters`. Each character owns at least
            one centre.
        added: ``bool (m,)``; which centres were added to what came with the weights. None: none.
    """

    def __init__(
        self,
        model_id: str,
        characters: Sequence[KnownCharacter],
        centres: NDArray[np.float32],
        owners: NDArray[np.int64],
        added: NDArray[np.bool_] | None = None,
    ) -> None:
        if len({c.id for c in characters}) != len(characters):
            raise ValueError("a character's id stands twice in the gallery")
        if sorted(set(owners.tolist())) != list(range(len(characters))):
            raise ValueError("every character needs a centre, every centre a character")
        order = np.argsort(owners, kind="stable")
        self.model_id = model_id
        self.characters = tuple(characters)
        self._centres = np.ascontiguousarray(centres[order], dtype=np.float32)
        self._owners = owners[order]
        self._added = np.zeros(len(owners), bool) if added is None else added[order]
        self._first = np.searchsorted(self._owners, np.arange(len(characters)))
        self._taught = np.zeros(0, bool)
        if len(self._added):
            self._taught = np.logical_and.reduceat(self._added, self._first)
        self._centres.setflags(write=False)

    def __len__(self) -> int:
        return len(self.characters)

    def __iter__(self) -> Iterator[KnownCharacter]:
        return iter(self.characters)

    @property
    def n_centres(self) -> int:
        return len(self._centres)

    @property
    def dimension(self) -> int:
        return int(self._centres.shape[1])

    @classmethod
    def empty(cls, model_id: str, dimension: int) -> Gallery:
        """A gallery of nobody, to add to."""
        return cls(model_id, (), np.zeros((0, dimension), np.float32), np.zeros(0, np.int64))

    def find(self, character: str) -> KnownCharacter:
        """The character with an id. Raises CharacterUnknown."""
        return self.characters[self._index(character)]

    def centres_of(self, character: str) -> NDArray[np.float32]:
        """A copy of a character's centres, ``(k, d)``. Raises CharacterUnknown."""
        centres: NDArray[np.float32] = self._centres[self._owners == self._index(character)]
        return centres

    def cosines(
        self, vectors: NDArray[np.float32], taught_bonus: float = 0.0
    ) -> NDArray[np.float32]:
        """``(n, d)`` unit vectors to ``(n, characters)`` cosines with each one's nearest centre.

        Args:
            taught_bonus: added for characters of whom nothing came with the weights, see
                `recognition.decision.DecisionRule`.
        """
        if not self.characters:
            return np.zeros((len(vectors), 0), np.float32)
        if len(vectors) == 1:  # a matrix and a vector: BLAS reads the centres once, and in place
            products = (self._centres @ vectors[0])[None]
        else:
            products = vectors @ self._centres.T
        best: NDArray[np.float32] = np.maximum.reduceat(products, self._first, axis=1)
        if taught_bonus:
            best[:, self._taught] += taught_bonus
        return best

    def search(
        self, person: Embedding | Sequence[Embedding], k: int = 5, taught_bonus: float = 0.0
    ) -> list[Similarity]:
        """The `k` most similar characters, best first; ties go by id, so the order never varies.

        Args:
            person: one embedding, or several views of one; a character's nearest view counts.
            taught_bonus: see `cosines`.

        Raises:
            ModelMismatch: a view comes from another model than the centres.
        """
        views = (person,) if isinstance(person, Embedding) else person
        for view in views:
            self.check(view)
        if not self.characters or k < 1 or not views:
            return []
        vectors = np.stack([view.vector for view in views])
        cosines = self.cosines(vectors, taught_bonus).max(axis=0)
        # Sorting all would take longer than the product: only those that reach the k-th cosine.
        kth = len(cosines) - min(k, len(cosines))
        near = np.flatnonzero(cosines >= np.partition(cosines, kth)[kth])
        order = sorted(near.tolist(), key=lambda i: (-cosines[i], self.characters[i].id))
        return [Similarity(self.characters[i], float(cosines[i])) for i in order[:k]]

    def add(
        self,
        character: KnownCharacter,
        pictures: Sequence[Embedding],
        *,
        hashes: Sequence[int | None] | None = None,
        keep: Collection[int] = (),
    ) -> Enrolment:
        """Learns a character, or more of one it knows, from 1 to `MOST_PICTURES` pictures.

        Near-duplicates are ignored. Pictures that look like another character are reported, and
        left out unless they are more than half. The rest becomes a few centres, see
        `recognition.references.find_looks`.

        Args:
            character: an id that is known keeps its name and series.
            pictures: one vector a picture.
            hashes: perceptual hashes of the pictures, see `find_duplicates`.
            keep: pictures to use even where they are outliers.

        Raises:
            ValueError: no pictures.
            TooManyPictures, ModelMismatch
        """
        from recognition.learning import learn

        return learn(self, character, pictures, hashes, keep)

    def remove(self, character: str) -> Gallery:
        """Without what was added of a character; of one that came with the weights, that stays.

        Raises:
            CharacterUnknown, CharacterNotAdded
        """
        gone = self._added_of(character)
        return self._rebuilt(self.characters, self._owners, ~gone)

    def rename(self, character: str, name: str, series: str | None = None) -> Gallery:
        """With another name (and series) for an added character; its id stays.

        Raises:
            CharacterUnknown
            CharacterNotAdded: some of it came with the weights.
        """
        index = self._index(character)
        if not self._added[self._owners == index].all():
            raise CharacterNotAdded(character)
        listed = list(self.characters)
        old = listed[index]
        listed[index] = KnownCharacter(old.id, name, old.series if series is None else series)
        return Gallery(self.model_id, listed, self._centres, self._owners, self._added)

    def merge(self, source: str, into: str) -> Gallery:
        """With what was added of `source` counted as `into`: two entries for one character.

        Raises:
            CharacterUnknown
            CharacterNotAdded: nothing of `source` was added.
        """
        moved = self._added_of(source)
        owners = np.where(moved, self._index(into), self._owners)
        return self._rebuilt(self.characters, owners, np.ones(len(owners), bool))

    def joined(self, own: Gallery) -> Gallery:
        """This gallery and a server's own; all of `own` counts as added. Ids of both become one.

        Raises:
            ModelMismatch
        """
        if own.model_id != self.model_id:
            raise ModelMismatch(expected=self.model_id, actual=own.model_id)
        index = {c.id: i for i, c in enumerate(self.characters)}
        listed = list(self.characters)
        for character in own.characters:
            if index.setdefault(character.id, len(listed)) == len(listed):
                listed.append(character)
        owners = np.array([index[own.characters[o].id] for o in own._owners], np.int64)
        return Gallery(
            self.model_id,
            listed,
            np.concatenate([self._centres, own._centres]),
            np.concatenate([self._owners, owners]),
            np.concatenate([self._added, np.ones(len(owners), bool)]),
        )

    def own(self) -> Gallery:
        """What was added alone, to be saved and joined again."""
        return self._rebuilt(self.characters, self._owners, self._added)

    def without(self, characters: Collection[str]) -> Gallery:
        """As if these ids had never been known, wherever they came from; for measuring."""
        gone = np.array([c.id in characters for c in self.characters], bool)
        return self._rebuilt(self.characters, self._owners, ~gone[self._owners])

    def check(self, embedding: Embedding) -> None:
        """Raises ModelMismatch where a vector is not of the gallery's model."""
        if embedding.model_id != self.model_id:
            raise ModelMismatch(expected=self.model_id, actual=embedding.model_id)

    def _index(self, character: str) -> int:
        for i, known in enumerate(self.characters):
            if known.id == character:
                return i
        raise CharacterUnknown(character)

    def _added_of(self, character: str) -> NDArray[np.bool_]:
        """Which centres ``bool (m,)`` were added of a character."""
        added: NDArray[np.bool_] = (self._owners == self._index(character)) & self._added
        if not added.any():
            raise CharacterNotAdded(character)
        return added

    def _rebuilt(
        self,
        characters: Sequence[KnownCharacter],
        owners: NDArray[np.int64],
        keep: NDArray[np.bool_],
    ) -> Gallery:
        """A snapshot of the centres to `keep`; characters left without a centre go."""
        present, renumbered = np.unique(owners[keep], return_inverse=True)
        listed = [characters[i] for i in present]
        return Gallery(
            self.model_id,
            listed,
            self._centres[keep],
            renumbered.astype(np.int64),
            self._added[keep],
        )

    def save(self, path: Path) -> None:
        """Writes one safetensors file: centres in half precision, owners, names as metadata."""
        listed = [{"id": c.id, "name": c.name, "series": c.series} for c in self.characters]
        safetensors.numpy.save_file(
            {"centres": self._centres.astype(np.float16), "owners": self._owners},
            path,
            {"model_id": self.model_id, "characters": json.dumps(listed, ensure_ascii=False)},
        )

    @classmethod
    def load(cls, path: Path) -> Gallery:
        """Reads what `save` wrote.

        Raises:
            WeightsMissing, WeightsCorrupt: no such file, not such a file.
        """
        if not path.is_file():
            raise WeightsMissing(path)
        try:
            with safetensors.safe_open(path, framework="numpy") as file:
                metadata = file.metadata()
                centres = file.get_tensor("centres").astype(np.float32)
                owners = file.get_tensor("owners").astype(np.int64)
            characters = [KnownCharacter(**item) for item in json.loads(metadata["characters"])]
            centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)
            return cls(metadata["model_id"], characters, centres, owners)
        except (safetensors.SafetensorError, KeyError, TypeError, ValueError) as cause:
            raise WeightsCorrupt(path, str(cause)) from cause
