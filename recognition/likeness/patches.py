"""Small grey patches as bits whose differences tell their correlation.

The bits are the signs of random projections (Charikar 2002): of two patches with the normalised
correlation c, a share of ``arccos(c) / pi`` differs. They cannot be turned back into the patch, of
which they keep a coarse impression at most.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

PATCH_PX = 32
BITS = PATCH_PX * PATCH_PX
"""The estimate of a correlation of 0.9 has a standard deviation of about 0.015."""
FLAT = 6.0
"""Standard deviation of grey values, of 255, below which a patch shows nothing to compare."""
_SEED = 20_110_529

Grey = NDArray[np.uint8]
Bits = NDArray[np.uint8]
"""``uint8 (n, BITS / 8)``, packed."""


def _flips() -> NDArray[np.float32]:
    """Random signs ``(PATCH_PX, PATCH_PX)``; the same everywhere, or prints would not compare."""
    generator = np.random.Generator(np.random.PCG64(_SEED))
    signs = generator.integers(0, 2, (PATCH_PX, PATCH_PX), dtype=np.int8)
    return signs.astype(np.float32) * 2 - 1


_FLIPS = _flips()


def patch_bits(patches: NDArray[np.generic]) -> Bits:
    """Bits of patches ``(n, PATCH_PX, PATCH_PX)``, brightness and contrast set aside.

    A cosine transform of the patch with random signs is as good as a random projection, and takes
    a hundredth of the time (Ailon and Chazelle 2006).
    """
    spread = patches.astype(np.float32)
    spread -= spread.mean(axis=(1, 2), keepdims=True)
    spread *= _FLIPS
    signs = np.empty((len(patches), BITS), np.bool_)
    for row, one in enumerate(spread):
        signs[row] = cv2.dct(one).ravel() > 0
    return np.packbits(signs, axis=1)


def correlations(one: Bits, other: Bits) -> NDArray[np.float32]:
    """Estimated correlations ``(n, m)``, -1 to 1, of the patches behind ``(n, ·)``, ``(m, ·)``."""
    if not len(one) or not len(other):
        return np.zeros((len(one), len(other)), np.float32)
    a, b = (np.ascontiguousarray(bits).view(np.uint64) for bits in (one, other))
    differing = np.bitwise_count(a[:, None] ^ b[None]).sum(axis=2, dtype=np.int32)
    found: NDArray[np.float32] = np.cos(differing.astype(np.float32) * np.float32(np.pi / BITS))
    return found


def cut(grey: Grey, x0: float, y0: float, x1: float, y1: float) -> Grey:
    """The part of a picture inside a box, as ``(PATCH_PX, PATCH_PX)``; edges are repeated."""
    return resized(window(grey, x0, y0, x1, y1), PATCH_PX)


def window(grey: Grey, x0: float, y0: float, x1: float, y1: float) -> Grey:
    """The part of a picture inside a box, in whole pixels, at least one; edges are repeated."""
    h, w = grey.shape
    a, b = round(x0), round(y0)
    c, d = max(round(x1), a + 1), max(round(y1), b + 1)
    inside = grey[
        min(max(b, 0), h - 1) : max(min(d, h), 1), min(max(a, 0), w - 1) : max(min(c, w), 1)
    ]
    pads = (max(0, -b), max(0, d - h), max(0, -a), max(0, c - w))
    if any(pads):
        inside = cv2.copyMakeBorder(inside, *pads, cv2.BORDER_REPLICATE)
    return np.asarray(inside, np.uint8)


def resized(grey: Grey, side_px: int) -> Grey:
    """Brought to a square, whatever its shape."""
    smaller = grey.shape[0] > side_px or grey.shape[1] > side_px
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, (side_px, side_px), interpolation=how), np.uint8)


def is_flat(patch: Grey) -> bool:
    """Whether there is nothing to see in it; see `FLAT`."""
    return float(patch.std()) < FLAT
