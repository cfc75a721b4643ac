"""Whom the recogniser takes for whom: how near the centres of the characters are to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from recognition.gallery import Gallery


class Confusions:
    """The characters of a gallery, compared once, when it is asked for the first time.

    A few hundred centres take milliseconds.
    """

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery
        self._index = {one.id: i for i, one in enumerate(gallery)}
        self._compared: NDArray[np.float32] | None = None

    def nearest(self, character_id: str, k: int) -> tuple[str, ...]:
        """Ids of the `k` characters that look most like one, nearest first; none of an unknown."""
        index = self._index.get(character_id)
        if index is None:
            return ()
        row = self._cosines()[index]
        ids = list(self._index)
        order = sorted(range(len(ids)), key=lambda i: (-row[i], ids[i]))
        return tuple(ids[i] for i in order if i != index)[:k]

    def difficulty(self, character_id: str) -> float | None:
        """How hard a character is to tell from the next one, 0 (easiest of all) to 1 (hardest).

        It is the share of characters whose next one is farther away. None: unknown, or alone.
        """
        index = self._index.get(character_id)
        if index is None or len(self._index) < 2:
            return None
        best = self._cosines().max(axis=1)
        return float((best < best[index]).sum() / (len(best) - 1))

    def _cosines(self) -> NDArray[np.float32]:
        """``(n, n)``: the nearest of the centres of two characters; -1 with oneself."""
        if self._compared is None:
            rows = [
                self._gallery.cosines(self._gallery.centres_of(one)).max(axis=0)
                for one in self._index
            ]
            compared: NDArray[np.float32] = np.stack(rows)
            compared = np.maximum(compared, compared.T)
            np.fill_diagonal(compared, -1.0)
            self._compared = compared
        return self._compared
