"""What the network is taught: scores that are the IoU of their boxes, boxes by GIoU.

Sources: Tian et al. 2019, *FCOS* (which cells stand for a face); Li et al. 2020, *Generalized Focal
Loss* (quality focal loss); Rezatofighi et al. 2019, *Generalized IoU*.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from recognition.detection.network import STRIDES

LEVEL_SIDES = ((0.0, 64.0), (40.0, 140.0), (96.0, 1e9))
"""Sides (root of the area) in px of the faces that each level stands for; neighbours share some."""
CENTER_RADIUS = 0.22
"""Cells within this part of the face's width and height from its centre stand for it."""


def cell_centers(height: int, width: int, stride: int) -> Tensor:
    """Centres ``float32 (height * width, 2)`` of a level's cells, x and y in input pixels."""
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return (torch.stack([x, y], -1).reshape(-1, 2).float() + 0.5) * stride


@dataclass(frozen=True)
class Targets:
    """For the K cells of one picture: the face's number or -1, and where nothing is learnt."""

    face: Tensor
    ignored: Tensor


def assign(centers: Tensor, level: Tensor, boxes: Tensor, ignore: Tensor) -> Targets:
    """Which cell stands for which face.

    Args:
        centers: ``(K, 2)`` of all levels; `level`: ``int64 (K,)``.
        boxes: ``(n, 4)``; `ignore`: ``(m, 4)``.

    Where several faces claim a cell, the smallest gets it. The cell nearest to a face's centre
    always stands for it on the level made for its size, however small the face is.
    """
    K = len(centers)
    face = torch.full((K,), -1, dtype=torch.int64)
    ignored = torch.zeros(K, dtype=torch.bool)
    if len(ignore):
        x, y = centers[:, :1], centers[:, 1:]
        inside = (x > ignore[:, 0]) & (x < ignore[:, 2]) & (y > ignore[:, 1]) & (y < ignore[:, 3])
        ignored |= inside.any(1)
    if not len(boxes):
        return Targets(face, ignored)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    extent = boxes[:, 2:] - boxes[:, :2]
    side = extent.prod(1).clamp(min=1).sqrt()
    limits = torch.tensor(LEVEL_SIDES)[level]  # (K, 2)
    in_range = (side[None] >= limits[:, :1]) & (side[None] < limits[:, 1:])  # (K, n)
    off = (centers[:, None] - middle[None]).abs()  # (K, n, 2)
    stride = torch.tensor(STRIDES)[level].float()
    radius = torch.maximum(extent[None] * CENTER_RADIUS, 0.75 * stride[:, None, None])
    near = (off < radius).all(2) & in_range
    cost = torch.where(near, side[None], torch.inf)
    best, index = cost.min(1)
    face = torch.where(best < torch.inf, index, face)
    return Targets(face, ignored & (face < 0))


def giou(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """IoU and generalised IoU of boxes ``(k, 4)``, pairwise: two ``(k,)``."""
    lo, hi = torch.maximum(a[:, :2], b[:, :2]), torch.minimum(a[:, 2:], b[:, 2:])
    inter = (hi - lo).clamp(min=0).prod(1)
    area_a = (a[:, 2:] - a[:, :2]).clamp(min=0).prod(1)
    area_b = (b[:, 2:] - b[:, :2]).clamp(min=0).prod(1)
    union = (area_a + area_b - inter).clamp(min=1e-6)
    hull = (torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])).prod(1)
    iou = inter / union
    return iou, iou - (hull - union) / hull.clamp(min=1e-6)


def detection_loss(
    outputs: tuple[Tensor, ...],
    boxes: list[Tensor],
    ignore: list[Tensor],
    complete: Tensor,
    *,
    doubt: float,
    box_weight: float,
    empty_weight: float = 1.0,
) -> tuple[Tensor, dict[str, float]]:
    """The loss of a batch, and its parts for the log.

    Args:
        outputs: of `FaceNetwork`.
        boxes, ignore: for each picture, ``(k, 4)`` in input pixels.
        complete: ``bool (n,)``; where False, a cell without a face that scores above `doubt`
            teaches nothing (it may well be a face nobody labelled).
        empty_weight: factor on what complete pictures without any box say.
    """
    shapes = [(o.shape[2], o.shape[3]) for o in outputs]
    centers = torch.cat([cell_centers(h, w, s) for (h, w), s in zip(shapes, STRIDES, strict=True)])
    level = torch.cat([torch.full((h * w,), i) for i, (h, w) in enumerate(shapes)])
    flat = torch.cat([o.flatten(2) for o in outputs], 2).transpose(1, 2)  # (n, K, 5)
    logits, distances = flat[..., 0], flat[..., 1:]
    targets = [assign(centers, level, b, i) for b, i in zip(boxes, ignore, strict=True)]
    device = flat.device
    face = torch.stack([t.face for t in targets]).to(device)
    ignored = torch.stack([t.ignored for t in targets]).to(device)
    centers = centers.to(device)
    positive = face >= 0
    picture, cell = positive.nonzero(as_tuple=True)
    quality = torch.zeros_like(logits)
    box_loss = logits.sum() * 0
    if len(picture):
        wanted = torch.stack(
            [boxes[int(i)][int(f)] for i, f in zip(picture, face[picture, cell], strict=True)]
        ).to(device)
        at, d = centers[cell], distances[picture, cell]
        got = torch.cat([at - d[:, :2], at + d[:, 2:]], 1)
        iou, generalised = giou(got, wanted)
        quality[picture, cell] = iou.detach().clamp(0, 1).to(quality.dtype)
        box_loss = (1 - generalised).sum()
    score = logits.sigmoid()
    skip = ignored | (~positive & (score.detach() > doubt) & ~complete.to(device)[:, None])
    error = F.binary_cross_entropy_with_logits(logits, quality, reduction="none")
    empty = torch.tensor([len(b) == 0 for b in boxes]) & complete
    weight = torch.where(empty, empty_weight, 1.0).to(device)[:, None]
    focal = (error * (score.detach() - quality).abs().pow(2) * ~skip * weight).sum()
    count = max(1, len(picture))
    loss = focal * 4 / count + box_weight * box_loss / count
    parts = {"focal": float(focal.detach()) / count, "box": float(box_loss.detach()) / count}
    return loss, parts
