"""The last layer, fitted in closed form once the trunk is trained.

A margin loss shapes the last layer for the characters that it was trained on: it keeps what tells
those apart and drops what would tell others. Within-class covariance normalisation (WCCN; Hatch,
Kajarekar and Stolcke, *Within-class covariance normalization for SVM-based speaker recognition*,
2006) goes back to the pooled features and weighs their directions by how little they vary within a
character, whoever it is. ``docs/recognition.md`` tells what that is worth.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from recognition.embedding.networks import EmbeddingNetwork
from recognition.embedding.preprocess import InputSpec
from recognition.training.augment import augment
from recognition.training.data import LabelledFaces
from recognition.training.embed import pooled_features
from recognition.types import RgbImage

SHRINKAGE = 0.1
"""So much of the mean variance is added to the variance of every direction: a few pictures a
character tell little of the directions in which they hardly vary (Ledoit and Wolf 2004, of whose
method only the idea is used)."""

Doubles = NDArray[np.float64]


def whiten(network: EmbeddingNetwork, faces: LabelledFaces, spec: InputSpec, seed: int = 0) -> None:
    """Replaces the last layer and its norm, in place, by the WCCN of some faces.

    Each picture counts as it is and once augmented as in training, both with their mirror images:
    what a network was trained on varies less than what it will see. The mean of the characters'
    means goes to zero. The new weights are rounded to half precision, as they are shipped.

    Args:
        network: trained.
        faces: pictures that the network was trained on.
        spec: how it sees them.
        seed: of the augmentation.

    Raises:
        ValueError: no faces.
    """
    if not len(faces):
        raise ValueError("nothing to fit the last layer on")
    rng = np.random.default_rng(seed)
    changed: list[RgbImage] = [augment(image, spec.size_px, rng) for image in faces.images]
    both = [pooled_features(network, images, spec) for images in (faces.images, changed)]
    features = np.concatenate(both, axis=1).astype(np.float64)  # (n, 4, width)
    matrix, offset = wccn(features, faces.labels, network.dimension)
    _set_last_layer(network, matrix, offset)


def wccn(features: Doubles, labels: NDArray[np.int64], dimension: int) -> tuple[Doubles, Doubles]:
    """The affine map after which every direction varies alike within a character.

    Args:
        features: ``(n, views, width)``; the first two views count for the means.
        labels: ``(n,)``.
        dimension: where it is less than the width, the directions are kept in which the characters
            differ most (linear discriminant analysis, Rao 1948).

    Returns:
        ``A (dimension, width)`` and ``b (dimension,)`` of ``A x + b``; scaled so that the numbers
        of a mapped feature have a mean square of 1.
    """
    width = features.shape[2]
    means, covariance = [], np.zeros((width, width))
    for label in np.unique(labels):
        own = features[labels == label].reshape(-1, width)
        means.append(features[labels == label, :2].mean(axis=(0, 1)))
        covariance += np.cov(own.T, bias=True)
    variances, directions = np.linalg.eigh(covariance / len(means))
    variances = variances + SHRINKAGE * variances.mean()
    matrix = (directions / np.sqrt(variances)) @ directions.T
    if dimension < width:
        _, between = np.linalg.eigh(np.cov(matrix @ np.transpose(means)))
        matrix = between[:, -dimension:].T @ matrix
    offset = -matrix @ np.mean(means, axis=0)
    mapped = features[:, :2].reshape(-1, width) @ matrix.T + offset
    scale = 1 / np.sqrt((mapped**2).mean())
    return scale * matrix, scale * offset


@torch.no_grad()
def _set_last_layer(network: EmbeddingNetwork, matrix: Doubles, offset: Doubles) -> None:
    """Puts ``A x + b`` into the projection and the norm after it."""
    norm = network.norm
    assert norm.running_mean is not None
    assert norm.running_var is not None
    network.project.weight.copy_(torch.from_numpy(matrix).half())
    norm.running_mean.zero_()
    norm.running_var.fill_(1.0)
    norm.weight.fill_(1.0)
    norm.bias.copy_(torch.from_numpy(offset).half())
