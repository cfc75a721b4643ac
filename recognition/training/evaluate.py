"""What a trained network is worth: names on unseen pictures, silence on strangers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from recognition.decision import Decider
from recognition.embedding.embedder import open_embedder
from recognition.embedding.preprocess import picture_views, whole_square
from recognition.evaluation.answers import answer_faces, probabilities
from recognition.factory import make_decider
from recognition.gallery import Gallery
from recognition.manifest import load_manifest
from recognition.training.data import LabelledFaces, load_faces
from recognition.training.vectors import Vectors, read_zip, strangers
from recognition.types import Embedding, Match, RgbImage

Bools = NDArray[np.bool_]
VIEW_PX = 128
"""Side of the views that are handed to the embedder, which brings them to its own."""


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
    return evaluate_embedding(served_embedder(weights, cache, runtime), make_decider(weights), data)


def evaluate_embedding(embed: Embed, decider: Decider, data: Path) -> dict[str, Any]:
    """Figures for the manifest: shares from 0 to 1.

    Known faces: the val split. Strangers: the half of ``strangers/`` that nothing was
    fitted on, and photographs. The copies are the val pictures mirrored, at 48 px, in grey and as
    JPEG of quality 30.
    """
    val = load_faces(data / "faces", "val")
    gallery, rule = decider.gallery, decider.faces
    vectors = embed(val.images)
    right = _right(gallery, vectors, val)
    by_class = [right[val.labels == label, 0].mean() for label in np.unique(val.labels)]
    others = strangers(data, for_fitting=False)
    others["photographs"] = read_zip(data / "strangers" / "photos.zip")
    p_known = _probabilities(decider, vectors)
    at_90 = float(np.quantile(np.where(right[:, 0], p_known, -1.0), 0.1))
    named = {}
    p_faces: list[NDArray[np.float64]] = []
    for kind, images in others.items():
        p = _probabilities(decider, embed(images))
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
        "photographs_as_wholes": _photographs(embed, decider, others["photographs"]),
        "auroc_strangers": round(
            float(roc_auc_score(truth, np.concatenate([p_known, p_strangers]))), 4
        ),
        "top1_of_copies": {
            kind: _share(_right(gallery, embed(images), val)[:, 0])
            for kind, images in degraded(val.images).items()
        },
    }


def _photographs(embed: Embed, decider: Decider, images: list[RgbImage]) -> dict[str, Any]:
    """How many photographs get a name as pictures in which no face was found."""
    model_id = decider.gallery.model_id
    named = 0
    for image in images:
        views = [Embedding(vector, model_id) for vector in embed(picture_views(image, VIEW_PX))]
        named += isinstance(decider.judge(views, decider.whole)[0], Match)
    return {"pictures": len(images), "named_at_threshold": round(named / len(images), 4)}


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


def _right(gallery: Gallery, vectors: Vectors, faces: LabelledFaces) -> Bools:
    """``(n, characters)``: is the k-th nearest the right one?"""
    index = {c.id: i for i, c in enumerate(gallery.characters)}
    truth = np.array([index[faces.classes[label]] for label in faces.labels])
    order = np.argsort(-gallery.cosines(vectors), axis=1)
    right: Bools = order == truth[:, None]
    return right


def _probabilities(decider: Decider, vectors: Vectors) -> NDArray[np.float64]:
    return probabilities(answer_faces(decider, vectors))


def _share(hits: Any) -> float:
    return round(float(np.mean(hits)), 4)
