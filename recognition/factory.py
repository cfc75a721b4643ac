"""Puts a recogniser together from a weights folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from recognition.decision import Decider, DecisionRule
from recognition.errors import WeightsCorrupt
from recognition.gallery import Gallery
from recognition.manifest import MANIFEST, load_manifest, section, verified_file
from recognition.recognizer import Recognizer

if TYPE_CHECKING:
    from recognition.detection.base import FaceDetector
    from recognition.encoder import PictureEncoder

WEIGHTS = Path(__file__).parent.parent / "weights"
UPSTREAM_CASCADE = "lbpcascade_animeface.xml"
CACHE = Path.home() / ".cache" / "aniwhois"


def open_recognizer(
    weights: Path = WEIGHTS,
    *,
    detector: str = "neural",
    runtime: str = "auto",
    threads: int = 2,
    queue: int = 8,
    cache: Path = CACHE,
) -> Recognizer:
    """A recogniser that loads its networks in the background; returns at once.

    Args:
        weights: folder with ``manifest.json``.
        detector: see `open_detector`.
        runtime: one of `recognition.quantization.RUNTIMES`.
        threads: pictures worked on at a time.
        queue: requests admitted at a time.
        cache: where exported graphs are kept.

    Raises:
        WeightsError: manifest or gallery are missing or damaged. Damaged networks show when the
            first picture is encoded, and in `EncoderService.ready`.
    """
    from recognition.serving.local import LocalEncoder

    decider = make_decider(weights)

    def load() -> PictureEncoder:
        return open_encoder(weights, detector=detector, runtime=runtime, cache=cache)

    return Recognizer(LocalEncoder(load, threads=threads, limit=queue), decider)


def make_decider(weights: Path = WEIGHTS) -> Decider:
    """The light half: shipped gallery, background and decision rules. Raises WeightsError."""
    manifest = load_manifest(weights)
    rules = section(manifest, "decision", weights)
    try:
        faces, whole = (DecisionRule.from_manifest(rules[kind]) for kind in ("faces", "whole"))
    except (KeyError, TypeError, ValueError) as cause:
        raise WeightsCorrupt(weights / MANIFEST, f"decision lacks {cause}") from cause
    return Decider(open_gallery(weights), faces, whole, _background(weights, manifest))


def _background(weights: Path, manifest: Mapping[str, Any]) -> NDArray[np.float32]:
    file = verified_file(weights, section(manifest, "background", weights))
    try:
        centres = safetensors.numpy.load_file(file)["centres"].astype(np.float32)
    except (safetensors.SafetensorError, KeyError) as cause:
        raise WeightsCorrupt(file, str(cause)) from cause
    unit: NDArray[np.float32] = centres / np.linalg.norm(centres, axis=1, keepdims=True)
    return unit


def open_gallery(weights: Path = WEIGHTS) -> Gallery:
    """The gallery of the characters we ship. Raises WeightsError."""
    entry = section(load_manifest(weights), "gallery", weights)
    return Gallery.load(verified_file(weights, entry))


def open_encoder(
    weights: Path = WEIGHTS,
    *,
    detector: str = "neural",
    runtime: str = "auto",
    cache: Path = CACHE,
    threads: int = 2,
) -> PictureEncoder:
    """Loads detector and embedding network; takes seconds. Arguments as in `open_recognizer`,
    but `threads` are those that one network call may use.
    """
    from recognition.embedding.embedder import open_embedder
    from recognition.encoder import PictureEncoder

    entry = section(load_manifest(weights), "embedding", weights)
    embedder = open_embedder(weights, entry, runtime=runtime, threads=threads, cache=cache)
    return PictureEncoder(
        open_detector(detector, weights, runtime=runtime, cache=cache, threads=threads), embedder
    )


def open_detector(
    choice: str = "neural",
    weights: Path = WEIGHTS,
    *,
    runtime: str = "auto",
    cache: Path = CACHE,
    threads: int = 2,
) -> FaceDetector:
    """The face detector that `choice` names.

    Args:
        choice: ``"neural"`` or ``"cascade"`` (ours), ``"upstream"`` (the old web app's cascade in
            ``weights/downloads``, fetched by ``scripts/setup --upstream-cascade``) or the path of
            any OpenCV cascade file.

    Raises:
        WeightsMissing, WeightsCorrupt: the file is not there, is no cascade, is another file.
    """
    if choice == "neural":
        from recognition.detection.neural import open_neural_detector

        entry = section(load_manifest(weights), "detector", weights)
        return open_neural_detector(weights, entry, runtime=runtime, cache=cache, threads=threads)
    from recognition.detection.cascade import CascadeDetector, open_cascade

    if choice == "cascade":
        return open_cascade(weights, section(load_manifest(weights), "cascade", weights))
    if choice == "upstream":
        downloads = section(load_manifest(weights), "downloads", weights)
        entry = downloads[UPSTREAM_CASCADE]
        return CascadeDetector(verified_file(weights / "downloads", entry))
    return CascadeDetector(Path(choice))
