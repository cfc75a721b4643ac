"""Faces of people nobody has named, which the network learns to tell apart without names.

Two sources with different framing, so that framing alone does not give a stranger away: tight
faces from a zip, and faces cut from whole pictures at their boxes with hair and shoulders.
"""

from __future__ import annotations

import json
from pathlib import Path

from recognition.embedding.preprocess import square_crop
from recognition.training.data import read_rgb
from recognition.training.vectors import read_zip
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
