"""All our ways to find faces, and the old web app's, measured alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2

from recognition.detection.cascade import CascadeDetector
from recognition.factory import UPSTREAM_CASCADE, open_detector
from recognition.training.detector.evaluate import evaluate


def compare_detectors(weights: Path, data: Path, cache: Path, threads: int) -> list[dict[str, Any]]:
    """Results of `evaluate` for the upstream cascade at its usual settings, and our two detectors.

    Args:
        weights: the weights folder.
        data: the data folder. The upstream cascade is taken from ``weights/downloads``, or from
            ``../weights`` beside the data.
        cache: where exported graphs are kept.
        threads: threads that each detector may use.

    Raises:
        WeightsMissing, WeightsCorrupt: see `open_detector`; of the upstream cascade too.
    """
    before = cv2.getNumThreads()
    cv2.setNumThreads(threads)
    try:
        beside = data.parent / "weights" / UPSTREAM_CASCADE
        upstream = (
            CascadeDetector(beside) if beside.is_file() else open_detector("upstream", weights)
        )
        ours = (
            open_detector(choice, weights, cache=cache, threads=threads)
            for choice in ("cascade", "neural")
        )
        return [evaluate(detector, data) for detector in (upstream, *ours)]
    finally:
        cv2.setNumThreads(before)
