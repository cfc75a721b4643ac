"""Centres and calibration on made-up vectors whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognition.decision import DecisionRule
from recognition.training.calibrate import (
    MAX_BLANKS_NAMED,
    MAX_STRANGERS_NAMED,
    Likeness,
    cross_fitted,
    fit_rule,
    gather,
    plot_calibration,
    reliability_error,
)
from recognition.training.centres import build_gallery, make_centres, n_centres, unnamed
from recognition.training.vectors import KnownVectors

CLASSES = tuple(f"c{i}" for i in range(10))


def around(direction: np.ndarray, n: int, spread: float, rng: np.random.Generator) -> np.ndarray:
    vectors = direction + rng.normal(0, spread, (n, len(direction)))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def world() -> tuple[KnownVectors, KnownVectors, np.ndarray]:
    rng = np.random.default_rng(0)
    directions = around(np.zeros(32), 10, 1.0, rng)

    def draw(n: int) -> KnownVectors:
        vectors = np.concatenate([around(d, n, 0.2, rng) for d in directions])
        return KnownVectors(vectors, np.repeat(np.arange(10), n), CLASSES)

    return draw(30), draw(30), around(np.zeros(32), 400, 1.0, rng)


def test_more_references_make_more_centres() -> None:
    assert [n_centres(n) for n in (1, 11, 12, 36, 500)] == [1, 1, 2, 4, 4]


def test_centres_are_unit_vectors(world: tuple[KnownVectors, KnownVectors, np.ndarray]) -> None:
    own = world[0].vectors[:30]
    for k in (1, 3):
        centres = make_centres(own, k)
        assert centres.shape == (k, 32)
        assert np.allclose(np.linalg.norm(centres, axis=1), 1, atol=1e-5)


def test_the_rule_names_the_known_keeps_strangers_out_and_is_calibrated(
    world: tuple[KnownVectors, KnownVectors, np.ndarray], tmp_path: Path
) -> None:
    references, known, strangers = world
    gallery = build_gallery(references, unnamed(CLASSES), "m")
    evidence = gather(
        Likeness(gallery.cosines(known.vectors)),
        known.labels.tolist(),
        *(Likeness(gallery.cosines(part)) for part in np.split(strangers, [150, 300])),
    )
    values = fit_rule(evidence) | {"taught_bonus": 0.0}
    rule = DecisionRule.from_manifest(values)
    probability = np.array([rule.probability(*x) for x in evidence.x])
    named = probability >= rule.threshold
    assert named[evidence.framed].mean() <= MAX_STRANGERS_NAMED
    assert evidence.blank.sum() == 100
    assert named[evidence.blank].mean() <= MAX_BLANKS_NAMED + 0.01
    assert fit_rule(evidence, 0.999)["threshold"] == 0.999
    assert evidence.weight[evidence.known].sum() / evidence.weight.sum() == pytest.approx(2 / 3)
    assert named[evidence.known].mean() > 0.65
    assert reliability_error(cross_fitted(evidence), evidence.right, evidence.weight) < 0.05
    plot_calibration(evidence, probability, rule.threshold, tmp_path / "plot.png")
    assert (tmp_path / "plot.png").stat().st_size > 1000


def test_the_reliability_error_can_be_large() -> None:
    boast = np.full(100, 0.95)
    right = (np.arange(100) < 50).astype(np.int64)
    assert reliability_error(boast, right, np.ones(100)) == pytest.approx(0.45)
