"""What a trained network is worth: names on unseen pictures, silence on strangers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from recognition.decision import DecisionRule
from recognition.embedding.embedder import open_embedder
from recognition.embedding.preprocess import whole_square
from recognition.gallery import Gallery
from recognition.manifest import load_manifest, verified_file
from recognition.training.calibrate import nearest_and_lead
from recognition.training.data import LabelledFaces, load_faces
from recognition.training.vectors import Vectors, read_zip, strangers
from recognition.types import RgbImage

Bools = NDArray[np.bool_]


Embed = Callable[[list[RgbImage]], Vectors]
"""Pictures taken whole to unit vectors ``(n, d)``."""


def served_embedder(weights: Path, cache: Path, runtime: str = "onnx") -> Embed:
    """The network of a weights folder as it is served, with two threads."""
    entry = load_manifest(weights)["embedding"]
    embedder = open_embedder(weights, entry, runtime=runtime, threads=2, cache=cache)

    def embed(images: list[RgbImage]) -> Vectors:
        return embedder.embed_crops([whole_square(i, embedder.spec.size_px) for i in images])

    return embed


def evaluate_shipped(
    weights: Path, data: Path, cache: Path, runtime: str = "onnx"
) -> dict[str, Any]:
    """`evaluate_embedding` of what lies in a weights folder."""
    manifest = load_manifest(weights)
    rule = DecisionRule.from_manifest(manifest["decision"]["faces"])
    gallery = Gallery.load(verified_file(weights, manifest["gallery"]))
    return evaluate_embedding(served_embedder(weights, cache, runtime), gallery, rule, data)


def evaluate_embedding(
    embed: Embed, gallery: Gallery, rule: DecisionRule, data: Path
) -> dict[str, Any]:
    """Figures for the manifest: shares from 0 to 1.

    Known faces: the val split. Strangers: the half of ``strangers/`` that nothing was
    fitted on, and photographs. The copies are the val pictures mirrored, at 48 px, in grey and as
    JPEG of quality 30.
    """
    val = load_faces(data / "faces", "val")
    vectors = embed(val.images)
    x, right = _judge(gallery, vectors, val)
    by_class = [right[val.labels == label, 0].mean() for label in np.unique(val.labels)]
    others = strangers(data, for_fitting=False)
    others["photographs"] = read_zip(data / "strangers" / "photos.zip")
    p_known = _probabilities(rule, x)
    at_90 = float(np.quantile(np.where(right[:, 0], p_known, -1.0), 0.1))
    named = {}
    p_faces: list[NDArray[np.float64]] = []
    for kind, images in others.items():
        _, x_kind = nearest_and_lead(gallery.cosines(embed(images)))
        p = _probabilities(rule, x_kind)
        if kind != "photographs":
            p_faces.append(p)
        named[kind] = {
            "pictures": len(images),
            "named_at_threshold": _share(p >= rule.threshold),
            "named_at_90_percent_of_known": _share(p >= at_90),
        }
    p_strangers = np.concatenate(p_faces)
    truth = [1] * len(p_known) + [0] * len(p_strangers)
    return {
        "val_pictures": len(val),
        "top1": _share(right[:, 0]),
        "top5": _share(right[:, :5].any(axis=1)),
        "macro_top1": round(float(np.mean(by_class)), 4),
        "named_and_right_at_threshold": _share(right[:, 0] & (p_known >= rule.threshold)),
        "named_and_wrong_at_threshold": _share(~right[:, 0] & (p_known >= rule.threshold)),
        "strangers": named,
        "auroc_strangers": round(
            float(roc_auc_score(truth, np.concatenate([p_known, p_strangers]))), 4
        ),
        "top1_of_copies": {
            kind: _share(_judge(gallery, embed(images), val)[1][:, 0])
            for kind, images in degraded(val.images).items()
        },
    }


def degraded(images: list[RgbImage]) -> dict[str, list[RgbImage]]:
    """Copies as they go around: ``mirrored``, ``48px``, ``grey``, ``jpeg30``."""
    return {
        "mirrored": [np.ascontiguousarray(i[:, ::-1]) for i in images],
        "48px": [_small(i, 48) for i in images],
        "grey": [_grey(i) for i in images],
        "jpeg30": [_jpeg(i, 30) for i in images],
    }


def _small(image: RgbImage, side_px: int) -> RgbImage:
    factor = side_px / max(image.shape[:2])
    small: RgbImage = cv2.resize(image, None, None, factor, factor, cv2.INTER_AREA)
    return small


def _grey(image: RgbImage) -> RgbImage:
    grey: RgbImage = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return grey


def _jpeg(image: RgbImage, quality: int) -> RgbImage:
    bgr = np.ascontiguousarray(image[..., ::-1])
    _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded: Any = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return np.ascontiguousarray(decoded[..., ::-1])


def _judge(
    gallery: Gallery, vectors: Vectors, faces: LabelledFaces
) -> tuple[NDArray[np.float64], Bools]:
    """Cosine and lead ``(n, 2)``; ``right (n, characters)``: is the k-th nearest the right one?"""
    index = {c.id: i for i, c in enumerate(gallery.characters)}
    truth = np.array([index[faces.classes[label]] for label in faces.labels])
    cosines = gallery.cosines(vectors)
    order = np.argsort(-cosines, axis=1)
    return nearest_and_lead(cosines)[1], order == truth[:, None]


def _probabilities(rule: DecisionRule, x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([rule.probability(cosine, lead) for cosine, lead in x])


def _share(hits: Any) -> float:
    return round(float(np.mean(hits)), 4)
