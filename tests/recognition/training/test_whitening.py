"""The last layer that is fitted in closed form, on features whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from recognition.embedding.networks import EmbeddingNetwork
from recognition.embedding.preprocess import InputSpec
from recognition.training.data import LabelledFaces
from recognition.training.embed import embed_images, pooled_features
from recognition.training.whitening import wccn, whiten

SPEC = InputSpec(32, (0.5, 0.5, 0.5), (0.25, 0.25, 0.25), 1.0)


def features(rng: np.random.Generator, n: int, noisy: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Eight characters, each at a place of its own; one direction is all noise."""
    labels = np.repeat(np.arange(8), n)
    places = np.random.default_rng(7).normal(0, 1, (8, 6))
    spread = np.full(6, 0.1)
    spread[noisy] = 5.0
    return places[labels][:, None] + rng.normal(0, spread, (8 * n, 2, 6)), labels


def nearest_is_right(mapped: np.ndarray, labels: np.ndarray) -> float:
    unit = mapped / np.linalg.norm(mapped, axis=1, keepdims=True)
    centres = np.stack([unit[labels == c].mean(axis=0) for c in range(8)])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    return float(((unit @ centres.T).argmax(axis=1) == labels).mean())


@pytest.mark.parametrize("dimension", [6, 4])
def test_noise_within_characters_is_turned_down(dimension: int) -> None:
    rng = np.random.default_rng(0)
    x, labels = features(rng, 40)
    matrix, offset = wccn(x, labels, dimension)
    assert matrix.shape == (dimension, 6)
    assert offset.shape == (dimension,)
    fresh, truth = features(rng, 40)
    before = nearest_is_right(fresh[:, 0], truth)
    after = nearest_is_right(fresh[:, 0] @ matrix.T + offset, truth)
    assert before < 0.7 < 0.95 < after


def test_a_character_with_many_pictures_weighs_no_more() -> None:
    rng = np.random.default_rng(0)
    x, labels = features(rng, 40)
    many = np.concatenate([x, np.repeat(x[labels == 0], 20, axis=0)])
    whose = np.concatenate([labels, np.zeros(800, labels.dtype)])
    for a, b in zip(wccn(x, labels, 6), wccn(many, whose, 6), strict=True):
        # the scale is that of all pictures together
        assert np.allclose(a / np.linalg.norm(a), b / np.linalg.norm(b), atol=1e-6)


def test_a_network_keeps_its_trunk_and_gets_the_map() -> None:
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    network = EmbeddingNetwork("resnet9", 512).eval()
    trunk = {k: v.clone() for k, v in network.trunk.state_dict().items()}
    labels = np.arange(24) % 4
    images = [np.clip(rng.normal(60 * c, 25, (32, 32, 3)), 0, 255).astype(np.uint8) for c in labels]
    faces = LabelledFaces(images, labels, tuple("abcd"), ("",) * 24)
    whiten(network, faces, SPEC)
    assert all(torch.equal(v, trunk[k]) for k, v in network.trunk.state_dict().items())
    weight, bias = network.project.weight.detach().numpy(), network.norm.bias.detach().numpy()
    assert np.array_equal(weight, weight.astype(np.float16).astype(np.float32))
    mapped = pooled_features(network, images, SPEC)[:, 0] @ weight.T + bias
    mapped /= np.linalg.norm(mapped, axis=1, keepdims=True)
    assert np.allclose(embed_images(network, images, SPEC, mirror=False), mapped, atol=1e-3)
    again = weight.copy()
    whiten(network, faces, SPEC)
    assert np.array_equal(again, network.project.weight.detach().numpy()), "twice changes nothing"


def test_nothing_to_fit_on_is_an_error() -> None:
    nobody = LabelledFaces([], np.zeros(0, np.int64), (), ())
    with pytest.raises(ValueError, match="nothing"):
        whiten(EmbeddingNetwork("resnet9", 512), nobody, SPEC)
