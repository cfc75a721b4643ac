"""Runs that leave something out: what a network is worth on what it has never seen.

Each of `FOLDS` runs leaves out every fifth character with all its pictures, and a fifth of the
pictures of the characters that have no validation crops. So every character is once a stranger, and
every picture of a little-known character is once unseen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognition.training.config import TrainConfig
from recognition.training.data import FOLDS, FaceFile, LabelledFaces, list_faces, read_rgb
from recognition.training.loop import train
from recognition.training.state import pick_device
from recognition.training.unnamed import tight_strangers
from recognition.training.vectors import load_trained, strangers
from recognition.training.whitening import whiten

VECTORS = "vectors.npz"
REFERENCE, KNOWN, LEFT_OUT = "reference", "known", "left_out"


def characters_left_out(faces: Sequence[FaceFile], fold: int) -> tuple[str, ...]:
    """Every `FOLDS`-th character, the most pictured dealt out first, so that folds are alike."""
    counts = Counter(face.character for face in faces)
    ranked = sorted(counts, key=lambda character: (-counts[character], character))
    return tuple(sorted(ranked[fold::FOLDS]))


def fold_config(base: TrainConfig, fold: int) -> TrainConfig:
    """The run of one fold; its folder lies in the base's.

    Args:
        base: its ``data`` is what ``prepare`` wrote.
        fold: 0 to `FOLDS` - 1.
    """
    gone = characters_left_out(_crops(base.data), fold)
    return replace(base, out=base.out / f"fold-{fold}", leave_out=gone, without_fold=fold)


def fold_files(base: TrainConfig) -> list[Path]:
    """Where `run_fold` keeps the vectors of each fold."""
    return [fold_config(base, fold).out / VECTORS for fold in range(FOLDS)]


def run_fold(base: TrainConfig, fold: int, data: Path) -> Path:
    """Trains one fold, and keeps the vectors that it is judged by.

    Args:
        data: the data folder, for its strangers.

    Returns:
        A compressed NumPy file: ``picture``, ``character``, ``role`` and ``vector (n, d)`` of every
        face crop, and ``vector`` arrays of strangers under their kind's name, halves for fitting
        and for measuring.
    """
    config = fold_config(base, fold)
    train(config)
    trained = load_trained(config.out)
    trained.network.to(pick_device(config)[0])
    whiten(trained.network, _seen(config), trained.spec)
    kept = [face for face in _crops(config.data) if face.split in ("train", "val")]
    arrays: dict[str, NDArray[Any]] = {
        "picture": np.array([face.path.name for face in kept]),
        "character": np.array([face.character for face in kept]),
        "role": np.array([_role(face, config) for face in kept]),
        "vector": trained.embed([read_rgb(face.path) for face in kept]).astype(np.float16),
        "tight": trained.embed(tight_strangers(data, held_out=True)).astype(np.float16),
    }
    for purpose, for_fitting in (("fitting", True), ("measuring", False)):
        for kind, images in strangers(data, for_fitting=for_fitting).items():
            arrays[f"{kind}_{purpose}"] = trained.embed(images).astype(np.float16)
    np.savez_compressed(config.out / VECTORS, **arrays)  # type: ignore[arg-type]
    return config.out / VECTORS


def _seen(config: TrainConfig) -> LabelledFaces:
    """The face crops that a fold's network was trained on."""
    crops = [face for face in _crops(config.data) if face.split == "train"]
    seen = [face for face in crops if _role(face, config) == REFERENCE]
    classes, labels = np.unique([face.character for face in seen], return_inverse=True)
    images = [read_rgb(face.path) for face in seen]
    files = tuple(str(face.path) for face in seen)
    return LabelledFaces(images, labels.astype(np.int64), tuple(classes.tolist()), files)


def _crops(material: Path) -> list[FaceFile]:
    return [face for face in list_faces(material) if face.kind == "face"]


def _role(face: FaceFile, config: TrainConfig) -> str:
    """What a crop is to a fold's network: trained on, unseen but of a known character, or a
    stranger.
    """
    if face.character in config.leave_out:
        return LEFT_OUT
    unseen = face.split == "val" or (face.fold is not None and face.fold == config.without_fold)
    return KNOWN if unseen else REFERENCE
