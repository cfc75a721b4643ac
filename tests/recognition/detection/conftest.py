"""Pictures, folders and detectors that several tests here share."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.detection.neural import NeuralDetector, open_neural_detector
from recognition.factory import WEIGHTS
from recognition.manifest import load_manifest, section
from recognition.types import RgbImage


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> NeuralDetector:
    """The detector in ``weights/`` on ONNX Runtime."""
    entry = section(load_manifest(WEIGHTS), "detector", WEIGHTS)
    return open_neural_detector(WEIGHTS, entry, cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture
def noise() -> RgbImage:
    """A picture of noise, 96 x 128."""
    return np.random.default_rng(0).integers(0, 256, (96, 128, 3)).astype(np.uint8)
