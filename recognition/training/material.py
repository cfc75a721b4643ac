"""Gathers what the embedding is trained on into one folder, with one table of splits.

Three kinds of labelled pictures: face crops as they come, whole pictures, and the faces cut from
those whole pictures with hair and shoulders. And faces of people nobody has named, tight and
framed, which teach the network to tell apart people it has never seen.

Splits (column ``split`` of ``material.csv``):

- ``train``: to be trained on. ``val``: the data's own validation crops.
- ``whole_val``: every fifth whole picture, and every whole picture whose face is a ``val`` crop.
- ``unused``: faces of those whole pictures, wherever they lie: training must not have seen them.

Characters without validation crops have a number in the column ``fold``: their drawings are dealt
out to `FOLDS` parts. A run with ``without_fold`` leaves one part out and is measured on it; the
served network is trained on all of them.
"""

from __future__ import annotations

import csv
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from rich.progress import track

from recognition.decision import Decider
from recognition.detection.base import FaceDetector
from recognition.embedding.embedder import Embedder
from recognition.embedding.preprocess import square_crop, whole_square
from recognition.encoder import PictureEncoder
from recognition.training.data import FOLDS, MATERIAL, FaceFile, list_faces, read_rgb
from recognition.training.overlap import (
    MAYBE,
    SAME,
    Grey,
    coarse_correlations,
    face_patches,
    same_drawing,
)
from recognition.training.unnamed import boxed_strangers, tight_strangers
from recognition.types import Box, Embedding, Match, RgbImage

EVERY = 5
FRAME = 2.0
"""Side of a face cut from a whole picture, as a multiple of its box."""
FRAMED_PX = 160
QUALITY = 92
"""Of the cut faces' files (WebP): a third of the size of lossless ones."""
MAX_PROBABILITY = 0.9
"""Unnamed faces that are more probably one of the characters are left out."""


@dataclass(frozen=True)
class Item:
    """One line of the table. ``file`` is absolute, or relative to the table's folder."""

    file: str
    character: str
    name: str
    series: str
    split: str
    kind: str
    """``face``, ``whole`` or ``framed``."""
    drawing: int = -1
    """Pictures with the same number show the same drawing."""
    fold: int | None = None


def gather(data: Path, out: Path, encoder: PictureEncoder, decider: Decider) -> dict[str, int]:
    """Writes ``material.csv``, ``framed/`` and, unless it is there already, ``outliers/``.

    Args:
        data: the data folder with ``faces``, ``whole``, ``patches`` and ``detection``.
        encoder, decider: of the weights shipped so far.

    Returns:
        How many pictures of each kind and split, and how many unnamed faces.
    """
    detector = encoder.detector
    faces = _crops(data)
    items = _split(faces, _wholes(data, out, faces, detector), detector)
    out.mkdir(parents=True, exist_ok=True)
    with (out / MATERIAL).open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, [f.name for f in fields(Item)])
        table.writeheader()
        table.writerows(asdict(item) for item in items)
    counts = Counter(f"{item.kind}/{item.split}" for item in items)
    if not (out / "outliers").exists():
        counts |= _unnamed(data, out / "outliers", encoder.embedder, decider)
    return dict(sorted(counts.items()))


def unseen_wholes(material: Path, trained_on: Collection[str] = ()) -> list[tuple[Path, str]]:
    """(path, character) of the whole pictures that a network may be measured on.

    Their drawings are no training crops of ``data/faces``, on which every round was trained.

    Args:
        trained_on: splits of the material that the network was trained on besides; no drawing of
            theirs is among the pictures.
    """
    with (material / MATERIAL).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    seen = {
        r["drawing"]
        for r in rows
        if (r["kind"] == "face" and r["split"] != "val") or r["split"] in trained_on
    }
    return [
        (material / r["file"], r["character"])
        for r in rows
        if r["kind"] == "whole" and r["drawing"] not in seen
    ]


def _crops(data: Path) -> list[Item]:
    return [_item(row, row.split, "face") for row in list_faces(data / "faces")]


def _item(row: FaceFile, split: str, kind: str, file: Path | None = None) -> Item:
    path = str(file) if file else str(row.path.resolve())
    return Item(path, row.character, row.name, row.series, split, kind)


@dataclass
class _Whole:
    item: Item
    boxes: list[Box]
    framed: Item | None
    """The cut face, where there is exactly one."""


def _wholes(data: Path, out: Path, faces: list[Item], detector: FaceDetector) -> list[_Whole]:
    known = {item.character: item for item in faces}
    wholes = []
    for path in track(sorted((data / "whole").glob("*/*.webp")), "faces of whole pictures"):
        character = path.parent.name
        if character not in known:
            continue
        item = replace(known[character], file=str(path.resolve()), split="train", kind="whole")
        image = read_rgb(path)
        boxes = [found.box for found in detector.detect(image)]
        framed = None
        if len(boxes) == 1:
            file = out / "framed" / character / f"{path.stem}.webp"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(square_crop(image, boxes[0], FRAME, FRAMED_PX)).save(
                file, quality=QUALITY
            )
            framed = replace(item, file=str(file.relative_to(out)), kind="framed")
        wholes.append(_Whole(item, boxes, framed))
    return wholes


def _split(faces: list[Item], wholes: list[_Whole], detector: FaceDetector) -> list[Item]:
    """Gives every drawing one side, however often and however cut it occurs."""
    patches: dict[str, list[tuple[int, Grey, list[Grey]]]] = defaultdict(list)
    for i, item in enumerate(track(faces, "faces of crops")):
        image, box = _face_of_crop(read_rgb(Path(item.file)), detector)
        patches[item.character].append((i, *face_patches(image, box)))
    for i, whole in enumerate(wholes, len(faces)):
        if whole.boxes:
            image = read_rgb(Path(whole.item.file))
            patches[whole.item.character] += [(i, *face_patches(image, b)) for b in whole.boxes]
    group = list(range(len(faces) + len(wholes)))

    def root(i: int) -> int:
        while group[i] != i:
            i = group[i]
        return i

    for own in track(list(patches.values()), "same drawings"):
        likely = np.argwhere(np.triu(coarse_correlations([p for _, p, _ in own]) >= MAYBE, 1))
        for a, b in likely.tolist():
            i, j = root(own[a][0]), root(own[b][0])
            if i != j and same_drawing(own[a][1], own[b][2]) >= SAME:
                group[j] = i
    members: dict[int, list[int]] = defaultdict(list)
    for i in range(len(group)):
        members[root(i)].append(i)
    items: list[Item] = []
    for drawing, together in enumerate(members.values()):
        one = _one_side(
            [faces[i] for i in together if i < len(faces)],
            [wholes[i - len(faces)] for i in together if i >= len(faces)],
        )
        items += [replace(item, drawing=drawing) for item in one]
    items.sort(key=lambda item: (item.character, item.kind, item.file))
    return _dealt(items)


def _dealt(items: list[Item]) -> list[Item]:
    """Numbers the folds of the characters that have no validation crops."""
    with_val = {item.character for item in items if item.split == "val"}
    drawings: dict[str, dict[int, int]] = defaultdict(dict)
    for item in items:
        own = drawings[item.character]
        own.setdefault(item.drawing, len(own) % FOLDS)
    return [
        item
        if item.character in with_val
        else replace(item, fold=drawings[item.character][item.drawing])
        for item in items
    ]


def _one_side(faces: list[Item], wholes: list[_Whole]) -> list[Item]:
    """Splits of one drawing's crops and whole pictures."""
    splits = {item.split for item in faces}
    names = sorted(Path(whole.item.file).name for whole in wholes)
    held = "val" in splits or (bool(names) and zlib.crc32(names[0].encode()) % EVERY == 0)
    if held:
        own, other = "whole_val", "unused"
    else:
        own = other = "train"
    items = [item if item.split == "val" else replace(item, split=other) for item in faces]
    for whole in wholes:
        items += [replace(i, split=own) for i in (whole.item, whole.framed) if i is not None]
    return items


def _face_of_crop(image: RgbImage, detector: FaceDetector) -> tuple[RgbImage, Box]:
    """The crop on a wider canvas, and the face's box there, or the crop's where none is found."""
    h, w = image.shape[:2]
    edge = max(h, w) // 3
    wide: RgbImage = cv2.copyMakeBorder(image, edge, edge, edge, edge, cv2.BORDER_REPLICATE)
    found = detector.detect(wide)
    return wide, found[0].box if found else Box(edge, edge, edge + w, edge + h)


def _unnamed(data: Path, out: Path, embedder: Embedder, decider: Decider) -> Counter[str]:
    """Writes the unnamed faces that are probably none of the characters."""
    crops = tight_strangers(data, held_out=False) + boxed_strangers(data, FRAME, FRAMED_PX)
    squares = [whole_square(crop, embedder.spec.size_px) for crop in crops]
    out.mkdir(parents=True, exist_ok=True)
    kept = 0
    for i, square in enumerate(track(squares, "unnamed faces")):
        vector = Embedding(embedder.embed_crops([square])[0], embedder.model_id)
        decision, _ = decider.judge(vector, decider.faces)
        if isinstance(decision, Match) and decision.probability >= MAX_PROBABILITY:
            continue
        Image.fromarray(crops[i]).save(out / f"{i:05d}.webp", quality=QUALITY)
        kept += 1
    return Counter({"unnamed/kept": kept, "unnamed/left_out": len(crops) - kept})
