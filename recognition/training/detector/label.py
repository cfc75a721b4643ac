"""A self-training round: what a trained network is sure of becomes the next round's labels."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track as rich_track

from recognition.detection.fusion import fuse
from recognition.detection.geometry import Boxes, iou_matrix
from recognition.detection.network import FaceNetwork
from recognition.detection.neural import LOOK_SHARE, DetectorSpec, NeuralDetector
from recognition.detection.runtimes import Canvases, Maps, TorchRuntime
from recognition.training.data import list_faces, read_rgb
from recognition.training.detector.material import as_boxes, picture_paths, read_zip
from recognition.training.detector.starts import load_run
from recognition.types import RgbImage

Item = TypeVar("Item")


def track(items: Collection[Item], what: str) -> Iterator[Item]:
    """A progress bar, and a line in the log every thousand items."""
    for i, item in enumerate(rich_track(items, what)):
        if i % 1000 == 999:
            print(f"{what}: {i + 1} of {len(items)}", flush=True)
        yield item


REVIEWED_WEIGHT = 2
"""Pictures checked by eye are the hard ones: they are learnt from twice as often."""


@dataclass(frozen=True)
class LabelRule:
    """When a detection is taken for a face. Scores 0 to 1."""

    sure: float = 0.55
    """A detection with this score is a face."""
    possible: float = 0.42
    """One with this score may be one: it teaches nothing. What scores less is none."""
    agreed: float = 0.25
    """A box that came with the data is a face where a detection of this score lies on it
    (IoU 0.4 or more); else it teaches nothing."""
    crop_sure: float = 0.45
    """A crop is used where exactly one detection has this score ..."""
    crop_possible: float = 0.2
    """... and no other has this one."""


class FastRuntime(TorchRuntime):
    """The network in torch, in bfloat16 where the processor multiplies that in hardware."""

    def __call__(self, batch: Canvases) -> Maps:
        fast = bool(torch.cpu._is_amx_tile_supported())
        with torch.autocast("cpu", torch.bfloat16, enabled=fast):
            return super().__call__(batch)


def find(
    network: FaceNetwork, config: dict[str, Any], sides: tuple[int, ...], least: float
) -> Callable[[RgbImage], tuple[Boxes, NDArray[np.float32]]]:
    """A function that finds boxes and scores by several mirrored looks at a picture."""
    spec = DetectorSpec(
        sides,
        from_px=(0,) * len(sides),
        mirror=True,
        threshold=least,
        nms_iou=0.4,
        mean=tuple(config["mean"]),
        std=tuple(config["std"]),
        width=network.width,
    )
    detector = NeuralDetector(FastRuntime(network, spec.mean, spec.std), spec)

    def run(image: RgbImage) -> tuple[Boxes, NDArray[np.float32]]:
        boxes, scores = fuse(detector.looks(image, LOOK_SHARE * least), spec.nms_iou)
        return boxes[scores >= least], scores[scores >= least]

    return run


def label_picture(
    given: Boxes, found: Boxes, scores: NDArray[np.float32], rule: LabelRule
) -> dict[str, Any]:
    """The entry of one whole picture (without ``file``), from old boxes and new detections."""
    boxes: list[list[float]] = []
    ignore: list[list[float]] = []
    overlap = iou_matrix(found, given)
    free = np.ones(len(given), bool)
    for i, box in enumerate(found):  # best first: one detection for each given box
        agrees = len(given) > 0 and (overlap[i] * free).max() >= 0.4
        if scores[i] >= (rule.agreed if agrees else rule.sure):
            old = box
            if agrees:
                index = int((overlap[i] * free).argmax())
                free[index], old = False, given[index]
            boxes.append(((box + old) / 2).tolist())
        elif scores[i] >= rule.possible:
            ignore.append(box.tolist())
    kept = as_boxes(boxes)
    lost = [b for b in given if not len(kept) or iou_matrix(b[None], kept).max() < 0.3]
    ignore.extend(box.tolist() for box in lost)
    complete = bool(boxes) and not ignore
    return {"boxes": _rounded(boxes), "ignore": _rounded(ignore), "complete": complete}


def _rounded(rows: list[list[float]]) -> list[list[float]]:
    return [[round(float(v), 1) for v in row] for row in rows]


def label(run: Path, data: Path, out: Path, reviewed: Path | None, rule: LabelRule) -> Path:
    """Writes labels for all material that may be learnt from.

    Args:
        run: a run or weights folder, see `load_run`.
        data: the data folder.
        out: the file to write, see `load_material`.
        reviewed: JSON lines ``{"file", "boxes", "ignore"}`` checked by eye: they win
            over every detection and are complete.
        rule: when a detection counts.
    """
    network, config = load_run(run)
    rows = list(_pictures(network, config, data, reviewed, rule))
    rows += _crops(network, config, data, rule)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return out


def _pictures(
    network: FaceNetwork, config: dict[str, Any], data: Path, reviewed: Path | None, rule: LabelRule
) -> Iterator[dict[str, Any]]:
    given = {}
    source = data / "detection/pseudo_boxes.jsonl"
    for line in source.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        given["detection/" + row["file"]] = as_boxes(row["boxes"])
    by_hand = {}
    if reviewed is not None:
        for line in reviewed.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            by_hand[row["file"]] = row | {"complete": True, "weight": REVIEWED_WEIGHT}
    look = find(network, config, (320, 448), rule.agreed)
    for path in track(picture_paths(data), "pictures"):
        name = path.as_posix()
        if name in by_hand:
            yield by_hand[name]
            continue
        boxes, scores = look(read_rgb(data / path))
        none = np.zeros((0, 4), np.float32)
        yield {"file": name} | label_picture(given.get(name, none), boxes, scores, rule)


def _crops(
    network: FaceNetwork, config: dict[str, Any], data: Path, rule: LabelRule
) -> Iterator[dict[str, Any]]:
    look = find(network, config, (128,), rule.crop_possible)
    named = {
        row.path.relative_to(data).as_posix(): row.path
        for row in list_faces(data / "faces")
        if row.split == "train"
    }
    for name, path in track(named.items(), "crops"):
        entry = _crop(look(read_rgb(path)), rule)
        if entry:
            yield {"file": name} | entry
    for name, image in track(read_zip(data / "patches/faces.zip").items(), "patches"):
        entry = _crop(look(image), rule)
        if entry:
            yield {"file": f"patches/faces.zip/{name}"} | entry


def _crop(found: tuple[Boxes, NDArray[np.float32]], rule: LabelRule) -> dict[str, Any] | None:
    boxes, scores = found
    if len(boxes) != 1 or scores[0] < rule.crop_sure:
        return None
    return {"boxes": _rounded(boxes.tolist()), "ignore": [], "complete": True}
