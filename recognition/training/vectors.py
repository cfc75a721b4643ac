"""Vectors of every set that calibration and evaluation look at, computed once a checkpoint."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from recognition.embedding.networks import EmbeddingNetwork
from recognition.embedding.preprocess import InputSpec
from recognition.training.config import TrainConfig, config_from_dict
from recognition.training.data import PICTURE_SUFFIXES, LabelledFaces, load_faces, read_rgb
from recognition.training.embed import embed_images
from recognition.types import RgbImage

Vectors = NDArray[np.float32]
CHECKPOINT = "checkpoint.pt"
"""Its name in a run folder."""
KNOWN_STRANGERS = Path(__file__).with_name("known_strangers.csv")
"""Faces of ``strangers/anime_faces_128px.zip`` that show one of our characters, found by looking at
all 160 beside the nearest training crops. Five of them are training crops. The last is doubtful.
"""


@dataclass(frozen=True)
class TrainedNetwork:
    """A run's averaged network, ready to embed, and how it was made."""

    network: EmbeddingNetwork
    config: TrainConfig
    classes: tuple[str, ...]
    epoch: int
    directions: Vectors
    """The loss's unit class directions ``(d, classes)``."""

    @property
    def spec(self) -> InputSpec:
        size_px = self.config.size_at(max(0, self.epoch - 1))
        return InputSpec(size_px, self.config.mean, self.config.std, 1.0)

    def embed(self, images: list[RgbImage]) -> Vectors:
        """Unit vectors ``(n, d)`` of pictures taken whole, averaged with their mirror images."""
        return embed_images(self.network, images, self.spec)


def load_trained(run: Path) -> TrainedNetwork:
    """Reads a run folder's checkpoint; weights in half precision, as they will be shipped.

    Raises:
        FileNotFoundError: no checkpoint in it.
    """
    payload: dict[str, Any] = torch.load(run / CHECKPOINT, map_location="cpu", weights_only=True)
    config = config_from_dict(payload["config"])
    network = EmbeddingNetwork(config.backbone, config.dimension)
    prefix = "module."
    state = {k[len(prefix) :]: v for k, v in payload["average"].items() if k.startswith(prefix)}
    network.load_state_dict(
        {k: v.half().float() if v.is_floating_point() else v for k, v in state.items()}
    )
    network.eval()
    directions = torch.nn.functional.normalize(payload["head"]["W"].float(), dim=0).numpy()
    return TrainedNetwork(
        network, config, tuple(payload["classes"]), int(payload["epoch"]), directions
    )


def read_zip(
    path: Path, limit: int | None = None, seed: int = 0, leave_out: Collection[str] = ()
) -> list[RgbImage]:
    """Pictures of a zip archive, or a random `limit` of them, in the order of their names.

    Args:
        leave_out: names of members to act as if they were not there.
    """
    with zipfile.ZipFile(path) as archive:
        names = sorted(n for n in archive.namelist() if not n.endswith("/") and n not in leave_out)
        if limit is not None and limit < len(names):
            chosen = np.random.default_rng(seed).choice(len(names), limit, replace=False)
            names = [names[i] for i in sorted(chosen)]
        return [_decode(archive.read(name)) for name in names]


def _decode(data: bytes) -> RgbImage:
    picture = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(picture[..., ::-1])


def read_folder(root: Path) -> list[RgbImage]:
    """All pictures below a folder, by path. Raises FileNotFoundError where there are none."""
    paths = sorted(p for p in root.rglob("*") if p.suffix.lower() in PICTURE_SUFFIXES)
    if not paths:
        raise FileNotFoundError(f"{root} holds no pictures")
    return [read_rgb(path) for path in paths]


def strangers(data: Path, *, for_fitting: bool) -> dict[str, list[RgbImage]]:
    """People who are none of the characters: every second for fitting the rule, the others for
    measuring it. ``random_strangers``: unnamed faces; ``named_strangers``: characters that we do
    not know. Faces that are no strangers (`KNOWN_STRANGERS`) count nowhere.
    """
    folder = data / "strangers"
    with KNOWN_STRANGERS.open(encoding="utf-8", newline="") as lines:
        known = {row["file"] for row in csv.DictReader(lines)}
    every = {
        "random_strangers": read_zip(folder / "anime_faces_128px.zip", leave_out=known),
        "named_strangers": read_folder(folder / "named"),
    }
    return {kind: images[0 if for_fitting else 1 :: 2] for kind, images in every.items()}


@dataclass(frozen=True, eq=False)
class KnownVectors:
    """Vectors with labels; ``labels[i]`` indexes ``classes``."""

    vectors: Vectors
    labels: NDArray[np.int64]
    classes: tuple[str, ...]


def embed_known(trained: TrainedNetwork, faces: LabelledFaces) -> KnownVectors:
    """Vectors of a labelled set."""
    return KnownVectors(trained.embed(faces.images), faces.labels, faces.classes)


def embed_split(trained: TrainedNetwork, data: Path, split: str) -> KnownVectors:
    """Vectors of one split of ``data/faces``."""
    return embed_known(trained, load_faces(data / "faces", split))
