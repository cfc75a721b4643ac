"""The figures against scikit-learn's, and where they are not defined."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from recognition.evaluation.measures import (
    auroc,
    group_shares,
    macro,
    share,
    threshold_naming,
)


@pytest.mark.parametrize("digits", [1, 2, 9], ids=["many ties", "some ties", "no ties"])
def test_auroc_is_that_of_scikit_learn(digits: int) -> None:
    rng = np.random.default_rng(digits)
    known, strangers = rng.beta(4, 2, 300).round(digits), rng.beta(2, 4, 170).round(digits)
    truth = [1] * 300 + [0] * 170
    expected = roc_auc_score(truth, np.concatenate([known, strangers]))
    assert auroc(known, strangers) == pytest.approx(expected, abs=1e-12)


def test_auroc_at_its_ends_and_of_nothing() -> None:
    low, high = np.array([0.1, 0.2]), np.array([0.8, 0.9])
    assert auroc(high, low) == 1
    assert auroc(low, high) == 0
    assert auroc(low, low) == 0.5
    assert auroc(high, np.zeros(0)) is None
    assert auroc(np.zeros(0), high) is None


@pytest.mark.parametrize("part", [0.5, 0.9, 0.95])
def test_the_threshold_is_the_highest_that_names_enough(part: float) -> None:
    """scikit-learn lists every threshold with its true-positive rate, from the highest down."""
    rng = np.random.default_rng(3)
    known, strangers = rng.beta(5, 2, 211), rng.beta(2, 5, 90)
    truth = [1] * len(known) + [0] * len(strangers)
    scores = np.concatenate([known, strangers])
    fpr, tpr, thresholds = roc_curve(truth, scores, drop_intermediate=False)
    first = int(np.argmax(tpr >= part))
    found = threshold_naming(known, np.ones(len(known), bool), part)
    assert found == pytest.approx(thresholds[first])
    assert found is not None
    assert np.mean(strangers >= found) == pytest.approx(fpr[first])


def test_wrong_answers_do_not_count_as_named() -> None:
    scores = np.array([0.9, 0.8, 0.7, 0.6])
    right = np.array([True, False, True, True])
    assert threshold_naming(scores, right, 0.5) == 0.7
    assert threshold_naming(scores, np.ones(4, bool), 0.5) == 0.8
    assert threshold_naming(scores, right, 0.9) is None, "only three of four can be named rightly"


def test_shares_by_group() -> None:
    hits = np.array([True, True, True, False])
    groups = ["b", "b", "b", "a"]
    assert share(hits) == 0.75
    assert macro(hits, groups) == 0.5
    assert list(group_shares(hits, groups).items()) == [("a", (0.0, 1)), ("b", (1.0, 3))]
    assert share(np.zeros(0, bool)) is None
    assert macro(np.zeros(0, bool), []) is None
