"""The drawn samples: source, picture and face boxes agree, and the script redraws them."""

import csv
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data" / "samples"
SVG = "{http://www.w3.org/2000/svg}"
MAX_BYTES = 400_000


def _faces() -> dict[str, list[tuple[tuple[int, int, int, int], str]]]:
    faces: dict[str, list[tuple[tuple[int, int, int, int], str]]] = {}
    with (SAMPLES / "faces.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            box = (int(row["x0"]), int(row["y0"]), int(row["x1"]), int(row["y1"]))
            faces.setdefault(row["file"], []).append((box, row["name"]))
    return faces


def test_every_picture_has_its_source_and_its_faces() -> None:
    faces = _faces()
    assert {path.name for path in SAMPLES.glob("*.png")} == set(faces)
    assert {path.stem for path in SAMPLES.glob("*.svg")} == {Path(name).stem for name in faces}
    assert sorted(len(people) for people in faces.values()) == [1, 2, 3]
    assert [name for people in faces.values() for _, name in people if name] == ["Ayanami Rei"]


@pytest.mark.parametrize("name", sorted(_faces()))
def test_the_picture_fits_its_source_and_its_boxes(name: str) -> None:
    path = SAMPLES / name
    assert path.stat().st_size < MAX_BYTES
    with Image.open(path) as picture:
        picture.load()
        size, mode = picture.size, picture.mode
    root = ElementTree.parse(path.with_suffix(".svg")).getroot()
    assert (float(root.attrib["width"]), float(root.attrib["height"])) == size
    assert root.findtext(f"{SVG}title")
    assert root.find(f".//{SVG}image") is None  # every line is drawn, nothing is pasted in
    assert mode == "RGB"
    for (x0, y0, x1, y1), _ in _faces()[name]:
        assert 0 <= x0 < x1 <= size[0]
        assert 0 <= y0 < y1 <= size[1]
        assert 100 <= x1 - x0 <= 250


def test_the_script_draws_the_same_files_again(tmp_path: Path) -> None:
    script = ROOT / "scripts" / "draw_samples.py"
    subprocess.run(
        [sys.executable, str(script), "--out", str(tmp_path), "--svg-only"],
        check=True,
        capture_output=True,
        timeout=60,
    )
    drawn = sorted(path.name for path in tmp_path.iterdir())
    assert drawn == sorted(
        path.name for path in SAMPLES.iterdir() if path.suffix in {".svg", ".csv"}
    )
    for name in drawn:
        assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes(), name
