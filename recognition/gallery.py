"""Who we know: an immutable snapshot of characters with one or more centres each.

Search is exact: one matrix product over all centres, the best centre of a character counts. Up to
about 10^5 centres that takes milliseconds in NumPy (see ``docs/design.md`` of an index behind the
same `Gallery.search` beyond it).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from recognition.errors import ModelMismatch, WeightsCorrupt, WeightsMissing
from recognition.types import Embedding


@dataclass(frozen=True, slots=True)
class KnownCharacter:
    """A character the gallery can name. ``name`` is family name first."""

    id: str
    name: str
    series: str


@dataclass(frozen=True, slots=True)
class Similarity:
    """``cosine`` (-1 to 1) of a vector to the nearest centre of ``character``."""

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
    """

    def __init__(
        self,
        model_id: str,
        characters: Sequence[KnownCharacter],
        centres: NDArray[np.float32],
        owners: NDArray[np.int64],
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
        self._first = np.searchsorted(self._owners, np.arange(len(characters)))
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

    def cosines(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """``(n, d)`` unit vectors to ``(n, characters)`` cosines with each one's nearest centre."""
        best: NDArray[np.float32] = np.maximum.reduceat(
            vectors @ self._centres.T, self._first, axis=1
        )
        return best

    def search(self, embedding: Embedding, k: int = 5) -> list[Similarity]:
        """The `k` most similar characters, best first; ties go by id, so the order never varies.

        Raises:
            ModelMismatch: `embedding` comes from another model than the centres.
        """
        if embedding.model_id != self.model_id:
            raise ModelMismatch(expected=self.model_id, actual=embedding.model_id)
        if not self.characters:
            return []
        cosines = self.cosines(embedding.vector[None])[0]
        order = sorted(range(len(cosines)), key=lambda i: (-cosines[i], self.characters[i].id))
        return [Similarity(self.characters[i], float(cosines[i])) for i in order[:k]]

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
