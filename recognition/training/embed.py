"""Embedding pictures with a network in training, on whichever device it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recognition.embedding.networks import EmbeddingNetwork
from recognition.embedding.preprocess import InputSpec, whole_square
from recognition.types import RgbImage


def normalised(pictures: Tensor, spec: InputSpec) -> Tensor:
    """``uint8 (n, S, S, 3)`` to ``float32 (n, 3, S, S)`` on the same device, as `to_batch` does.

    The result's memory is channels-last, which convolutions like best.
    """
    mean = torch.tensor(spec.mean, device=pictures.device)
    std = torch.tensor(spec.std, device=pictures.device)
    return ((pictures.float() / 255 - mean) / std).permute(0, 3, 1, 2)


@torch.no_grad()
def embed_images(
    network: nn.Module,
    images: Sequence[RgbImage],
    spec: InputSpec,
    *,
    mirror: bool = True,
    batch: int = 64,
) -> NDArray[np.float32]:
    """Unit vectors of pictures, each taken whole, averaged with its mirror image: ``(n, d)``."""
    network.eval()
    device = next(network.parameters()).device
    out: list[Tensor] = []
    for start in range(0, len(images), batch):
        crops = [whole_square(image, spec.size_px) for image in images[start : start + batch]]
        pictures = normalised(torch.from_numpy(np.stack(crops)).to(device), spec)
        vectors = network(pictures)
        if mirror:
            vectors = nn.functional.normalize(vectors + network(pictures.flip(3)), dim=1)
        out.append(vectors.float().cpu())
    return torch.cat(out).numpy() if out else np.zeros((0, 0), np.float32)


@torch.no_grad()
def pooled_features(
    network: EmbeddingNetwork, images: Sequence[RgbImage], spec: InputSpec, *, batch: int = 64
) -> NDArray[np.float32]:
    """What the trunk makes of pictures taken whole and of their mirror images.

    Returns:
        ``(n, 2, width)``, before the last layer.
    """
    network.eval()
    device = next(network.parameters()).device
    out: list[Tensor] = []
    for start in range(0, len(images), batch):
        crops = [whole_square(image, spec.size_px) for image in images[start : start + batch]]
        pictures = normalised(torch.from_numpy(np.stack(crops)).to(device), spec)
        views = [network.trunk(pictures), network.trunk(pictures.flip(3))]
        out.append(torch.stack(views, dim=1).float().cpu())
    return torch.cat(out).numpy()
