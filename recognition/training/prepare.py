"""Makes the folder of strangers that training pushes away from every character.

Two sources with different framing, so that framing alone does not give a stranger away: tight
faces from a zip, and faces cut from whole pictures at their boxes with hair and shoulders. Faces
that a trained network takes for one of its characters are left out: some of the unnamed are known.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

from recognition.embedding.preprocess import square_crop
from recognition.training.centres import build_gallery, unnamed
from recognition.training.data import read_rgb
from recognition.training.vectors import TrainedNetwork, embed_split, read_zip
from recognition.types import Box, RgbImage

HELD_OUT_TIGHT = 1_000
"""The last so many of ``patches/faces.zip`` are never trained on: calibration uses them."""


def tight_strangers(data: Path, *, held_out: bool) -> list[RgbImage]:
    """Unnamed tight faces, ``uint8 (64, 64, 3)``: those for training or those held out."""
    faces = read_zip(data / "patches" / "faces.zip")
    return faces[-HELD_OUT_TIGHT:] if held_out else faces[:-HELD_OUT_TIGHT]


def boxed_strangers(data: Path, margin: float, size_px: int = 128) -> list[RgbImage]:
    """Faces of the unlabelled pictures, cut at their pseudo boxes with a margin."""
    folder = data / "detection"
    crops: list[RgbImage] = []
    for line in (folder / "pseudo_boxes.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        boxes = [Box(*box[:4]) for box in row["boxes"]]
        if not boxes:
            continue
        image = read_rgb(folder / row["file"])
        crops += [square_crop(image, box, margin, size_px) for box in boxes]
    return crops


def prepare_outliers(
    trained: TrainedNetwork, data: Path, out: Path, *, max_cosine: float = 0.8, margin: float = 1.9
) -> dict[str, int]:
    """Writes the strangers into `out` as PNG files.

    Args:
        trained: tells which of them look like one of its characters.
        data: the data folder with ``faces``, ``patches`` and ``detection``.
        max_cosine: faces nearer than this to a character's centre are left out.

    Returns:
        How many were kept and how many left out.
    """
    known = embed_split(trained, data, "train")
    gallery = build_gallery(known, unnamed(known.classes), "prepare")
    crops = tight_strangers(data, held_out=False) + boxed_strangers(data, margin)
    nearest = gallery.cosines(trained.embed(crops)).max(axis=1)
    out.mkdir(parents=True, exist_ok=True)
    for i in np.flatnonzero(nearest < max_cosine):
        Image.fromarray(crops[i]).save(out / f"{i:05d}.png")
    kept = int((nearest < max_cosine).sum())
    return {"kept": kept, "left_out": len(crops) - kept}
