"""From the network's maps to boxes, and from several looks at a picture to one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.detection.geometry import Boxes, box_areas, iou_matrix, merge
from recognition.detection.runtimes import Maps

FITTING_PX = (16.0, 280.0)
"""Sides that faces have on a canvas where the network sees them well."""


def decode(maps: Maps, height: int, threshold: float) -> tuple[Boxes, NDArray[np.float32]]:
    """Boxes ``(n, 4)`` in input pixels and scores ``(n,)`` from the maps of one picture.

    Args:
        maps: ``(1, 5, h, w)`` a level; the level's stride is ``height / h``.
        height: rows of the network's input.
        threshold: lowest score, 0 to 1.
    """
    every_box, every_score = [np.zeros((0, 4), np.float32)], [np.zeros(0, np.float32)]
    least = float(np.log(threshold / (1 - threshold)))
    for level in maps:
        logits, distances = level[0, 0], level[0, 1:]
        stride = height // logits.shape[0]
        rows, columns = np.nonzero(logits >= least)
        x = (columns.astype(np.float32) + 0.5) * stride
        y = (rows.astype(np.float32) + 0.5) * stride
        left, up, right, down = distances[:, rows, columns]
        every_box.append(np.stack([x - left, y - up, x + right, y + down], 1))
        every_score.append(1 / (1 + np.exp(-logits[rows, columns])))
    return np.vstack(every_box), np.concatenate(every_score).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Look:
    """What one look at a picture found: `factor` is canvas pixels for a pixel of the picture."""

    factor: float
    boxes: Boxes
    scores: NDArray[np.float32]


def fuse(looks: Sequence[Look], iou: float) -> tuple[Boxes, NDArray[np.float32]]:
    """One list from several looks, best first: a face is believed as far as the looks agree.

    Its score is the mean over the looks at which it has a side in `FITTING_PX`, where a look that
    did not find it counts as 0; its box is merged from all.
    """
    boxes, best = merge(
        np.vstack([np.zeros((0, 4), np.float32), *(look.boxes for look in looks)]),
        np.concatenate([np.zeros(0, np.float32), *(look.scores for look in looks)]),
        iou,
    )
    if len(looks) < 2 or not len(boxes):
        return boxes, best
    total, weight = np.zeros(len(boxes), np.float32), np.zeros(len(boxes), np.float32)
    sides = np.sqrt(box_areas(boxes))
    for look in looks:
        near = iou_matrix(boxes, look.boxes) >= iou
        own = (near * look.scores[None]).max(1, initial=0)
        fits = (sides * look.factor >= FITTING_PX[0]) & (sides * look.factor <= FITTING_PX[1])
        counts = fits | (own > 0)
        total += own * counts
        weight += counts
    scores = total / np.maximum(weight, 1)
    order = np.argsort(-scores, kind="stable")
    return boxes[order], scores[order].astype(np.float32)
