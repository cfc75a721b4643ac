"""Multi-block local binary patterns (Zhang et al. 2007), bit for bit as OpenCV computes them.

A feature is a grid of 3 x 3 equal blocks in the window. Its code has a bit for each of the eight
outer blocks, set where the block's sum of grey values is at least that of the middle block.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Patches = NDArray[np.uint8]
"""Grey windows, ``uint8 (n, S, S)``."""
Features = NDArray[np.int32]
"""``int32 (f, 4)``: x, y of the grid's corner, width and height of one block, px."""
Codes = NDArray[np.uint8]
"""``uint8 (f, n)``: of each feature in each window."""

NEIGHBOURS = ((0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1))
"""Column and row of the outer blocks; the first is the code's highest bit (OpenCV's order)."""
CHUNK = 2048
"""Windows worked on at a time: their integral pictures stay in the processor's cache."""


def all_features(window_px: int) -> Features:
    """Every grid that fits into a window of ``window_px`` square."""
    sizes = range(1, window_px // 3 + 1)
    rows = [
        (x, y, w, h)
        for w in sizes
        for h in sizes
        for y in range(window_px - 3 * h + 1)
        for x in range(window_px - 3 * w + 1)
    ]
    return np.array(rows, np.int32)


def integral(patches: Patches) -> NDArray[np.int32]:
    """Integral pictures with the windows last: ``int32 (S + 1, S + 1, n)``."""
    n, h, w = patches.shape
    out = np.zeros((h + 1, w + 1, n), np.int32)
    np.cumsum(patches.transpose(1, 2, 0), axis=0, dtype=np.int32, out=out[1:, 1:])
    np.cumsum(out[1:, 1:], axis=1, out=out[1:, 1:])
    return out


def lbp_codes(patches: Patches, features: Features) -> Codes:
    """The code of every feature in every window.

    Args:
        patches: ``uint8 (n, S, S)``.
        features: ``int32 (f, 4)``, inside the window.

    Returns:
        ``uint8 (f, n)``.
    """
    codes = np.empty((len(features), len(patches)), np.uint8)
    order = np.lexsort((features[:, 3], features[:, 2]))
    for start in range(0, len(patches), CHUNK):
        part = slice(start, start + CHUNK)
        sums = integral(patches[part])
        size = (0, 0)
        blocks = sums
        for i in order:
            x, y, w, h = (int(v) for v in features[i])
            if (w, h) != size:  # sums of all blocks of this size, once
                size = (w, h)
                blocks = sums[h:, w:] - sums[:-h, w:] - sums[h:, :-w] + sums[:-h, :-w]
            middle = blocks[y + h, x + w]
            code = np.zeros(len(middle), np.uint8)
            for bit, (column, row) in enumerate(NEIGHBOURS):
                is_set = (blocks[y + row * h, x + column * w] >= middle).view(np.uint8)
                code |= is_set << np.uint8(7 - bit)
            codes[i, part] = code
    return codes
