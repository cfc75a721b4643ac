"""A data folder of drawn pictures: faces are discs with two eyes and a mouth."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition.types import Box, RgbImage

Row = dict[str, object]


def draw_face(image: RgbImage, x: int, y: int, side: int) -> None:
    """A face whose box is the square of `side` px around (x, y)."""
    r = side // 2
    cv2.circle(image, (x, y), r, (235, 205, 180), -1, cv2.LINE_AA)
    for sign in (-1, 1):
        cv2.circle(image, (x + sign * r * 2 // 5, y - r // 10), r // 4, (60, 40, 90), -1)
    cv2.ellipse(image, (x, y + r // 2), (r // 4, r // 8), 0, 0, 360, (150, 60, 60), -1)


def background(rng: np.random.Generator, h: int, w: int) -> RgbImage:
    """Soft noise with lines and discs that are no faces."""
    coarse = rng.integers(0, 256, (h // 12 + 2, w // 12 + 2, 3)).astype(np.uint8)
    image = cv2.resize(coarse, (w, h), interpolation=cv2.INTER_CUBIC)
    for _ in range(4):
        colour = tuple(int(v) for v in rng.integers(0, 256, 3))
        at = tuple(int(v) for v in rng.integers(0, min(h, w), 2))
        cv2.circle(image, at, int(rng.integers(4, 30)), colour, -1)
        to = tuple(int(v) for v in rng.integers(0, min(h, w), 2))
        cv2.line(image, at, to, colour, int(rng.integers(1, 5)))
    return np.ascontiguousarray(image)


def draw_scene(rng: np.random.Generator) -> tuple[RgbImage, list[float]]:
    """A picture of 150 x 200 px with one face, and its box."""
    image = background(rng, 150, 200)
    side = int(rng.integers(30, 70))
    x, y = (int(rng.integers(side, extent - side)) for extent in (200, 150))
    draw_face(image, x, y, side)
    return image, [x - side / 2, y - side / 2, x + side / 2, y + side / 2]


@pytest.fixture(scope="session")
def scenes() -> list[tuple[RgbImage, Box]]:
    """Thirty pictures that nothing was trained on, each with its face."""
    rng = np.random.default_rng(123)
    drawings = [draw_scene(rng) for _ in range(30)]
    return [(image, Box(*box)) for image, box in drawings]


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder; ``labels.jsonl`` in it is what a detector would have said."""
    root = tmp_path_factory.mktemp("drawn")
    rng = np.random.default_rng(0)
    for folder in ("detection/pictures", "patches", "faces"):
        (root / folder).mkdir(parents=True)
    rows: list[Row] = []
    labels: list[Row] = []
    for i in range(60):
        image, box = draw_scene(rng)
        name = f"pictures/{i}.png"
        cv2.imwrite(str(root / "detection" / name), image[..., ::-1])
        rows.append({"file": name, "boxes": [[*box, 1.0]]})
        labels.append({"file": f"detection/{name}", "crop": False, "found": [[*box, 0.9]]})
    with zipfile.ZipFile(root / "patches/faces.zip", "w") as archive:
        for i in range(60):
            image = background(rng, 64, 64)
            draw_face(image, 32, 35, 40)
            archive.writestr(f"{i}.png", cv2.imencode(".png", image[..., ::-1])[1].tobytes())
            found = [[12.0, 15.0, 52.0, 55.0, 0.8]]
            labels.append({"file": f"patches/faces.zip/{i}.png", "crop": True, "found": found})
    with zipfile.ZipFile(root / "patches/not_faces.zip", "w") as archive:
        for i in range(128):
            image = background(rng, 64, 64)
            archive.writestr(f"{i}.png", cv2.imencode(".png", image[..., ::-1])[1].tobytes())
    for name, lines in (("detection/pseudo_boxes.jsonl", rows), ("labels.jsonl", labels)):
        (root / name).write_text("".join(json.dumps(line) + "\n" for line in lines))
    return root
