"""``python -m recognition evaluate …`` as a person or a script meets it."""

from __future__ import annotations

import base64
import csv
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result
from PIL import Image, ImageEnhance
from typer.testing import CliRunner

from recognition.__main__ import app
from recognition.evaluation.report import REPOSITORY
from recognition.images import decode_picture

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "data" / "samples"
FACES_KEYS = {
    "top1",
    "top5",
    "macro_top1",
    "auroc",
    "known_named",
    "strangers_named",
    "strangers_named_at_90",
}


def evaluate(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


def figures(*arguments: object) -> dict[str, Any]:
    """What ``--json`` prints: one object, and nothing else on standard output."""
    done = evaluate(*arguments, "--json", "--threads", 1)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def sample_faces() -> list[tuple[str, tuple[int, int, int, int]]]:
    with (SAMPLES / "faces.csv").open(encoding="utf-8", newline="") as lines:
        return [
            (row["file"], tuple(int(row[k]) for k in ("x0", "y0", "x1", "y1")))
            for row in csv.DictReader(lines)
        ]


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six drawn people, eight different crops each, a folder a person."""
    root = tmp_path_factory.mktemp("taught")
    rng = np.random.default_rng(0)
    for number, (file, (x0, y0, x1, y1)) in enumerate(sample_faces()):
        image = Image.open(SAMPLES / file).convert("RGB")
        side = max(x1 - x0, y1 - y0)
        for i in range(8):
            dx, dy = rng.uniform(-0.12, 0.12, 2) * side
            reach = rng.uniform(0.6, 0.85) * side
            cx, cy = (x0 + x1) / 2 + dx, (y0 + y1) / 2 + dy
            crop = image.crop(
                tuple(round(v) for v in (cx - reach, cy - reach, cx + reach, cy + reach))
            )  # type: ignore[arg-type]
            crop = ImageEnhance.Brightness(crop).enhance(rng.uniform(0.75, 1.2)).resize((128, 128))
            folder = root / f"person_{number}"
            folder.mkdir(exist_ok=True)
            crop.save(folder / f"{i}.png")
    return root


def test_faces_by_boxes_in_whole_pictures() -> None:
    found = figures("faces", "--dir", SAMPLES, "--csv", SAMPLES / "faces.csv")
    assert set(found) >= FACES_KEYS
    assert found["known"]["pictures"] == 1
    assert found["top1"] in (0.0, 1.0)
    assert found["not_in_gallery"] == {"unnamed": 5}
    assert found["strangers"]["not in the gallery"]["pictures"] == 5
    assert found["strangers_named"] == found["strangers"]["not in the gallery"]["named"]
    assert found["few_shot_top1"] is None
    assert found["skipped"] == []


def test_characters_are_learned_from_five_pictures(taught: Path, tmp_path: Path) -> None:
    table = tmp_path / "faces.csv"
    table.write_text("file,character\nperson_0/0.png,Rei Ayanami\nperson_1/0.png,Person 1\n")
    found = figures("faces", "--dir", taught, "--csv", table, "--references", taught)
    row = found["few_shot"]
    assert row["characters"] == 6
    assert row["draws"] == 10
    assert row["enrolled_each"] == 5
    assert row["pictures"] == 6 * 3, "the table's are the same files again"
    assert found["few_shot_top1"] == row["top1"]["mean"] >= 0.9
    assert 0 <= row["top1"]["std"] <= 0.1
    assert row["top1"]["mean"] <= row["top1_among"]["mean"]
    assert found["known"]["pictures"] == 1
    assert row["known_top1_before"] is not None
    assert row["known_top1_after"]["mean"] <= 1
    assert found["not_in_gallery"] == {}, "who is learned is no stranger"
    assert found["auroc"] is None


def test_a_shipped_character_is_forgotten_before_she_is_learned(
    taught: Path, tmp_path: Path
) -> None:
    references = tmp_path / "references"
    for person in ("person_1", "person_2"):
        shutil.copytree(taught / person, references / person)
    shutil.copytree(taught / "person_0", references / "Rei Ayanami")
    table = tmp_path / "faces.csv"
    table.write_text("file,character\nperson_0/0.png,ayanami_rei\nperson_3/0.png,Somebody\n")
    found = figures("faces", "--dir", taught, "--csv", table, "--references", references)
    assert found["known"]["pictures"] == 1, "the shipped gallery is judged as it is shipped"
    row = found["few_shot"]
    assert row["characters"] == 3
    assert row["pictures"] == 9
    assert row["known_top1_before"] is None, "nobody else in the table is known"
    assert found["few_shot_top1"] >= 0.8
    assert found["not_in_gallery"] == {"Somebody": 1}


def test_folders_and_archives_of_strangers(taught: Path, tmp_path: Path) -> None:
    archive = tmp_path / "strangers.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted((taught / "person_3").iterdir()):
            file.write(path, f"strangers/{path.name}")
        file.writestr("strangers/broken.png", b"\x89PNG\r\n\x1a\n")
    rei = tmp_path / "known" / "ayanami_rei"
    shutil.copytree(taught / "person_0", rei)
    folder = taught / "person_4"
    found = figures("faces", "--dir", rei.parent, "--strangers", archive, folder)
    assert found["known"] == found["known"] | {"pictures": 8, "characters": 1}
    assert [row["pictures"] for row in found["strangers"].values()] == [8, 8]
    assert 0 <= found["auroc"] <= 1
    assert 0 <= found["strangers_named_at_90"] <= 1
    assert found["skipped"] == [{"file": "strangers/broken.png", "reason": "BrokenPicture"}]
    shown = evaluate("faces", "--dir", rei.parent, "--strangers", archive)
    assert shown.exit_code == 0
    assert "broken.png: BrokenPicture" in shown.stdout


def test_detection_on_the_drawings(tmp_path: Path) -> None:
    lines: dict[str, list[list[int]]] = {}
    for file, box in sample_faces():
        lines.setdefault(file, []).append(list(box))
    table = tmp_path / "boxes.jsonl"
    table.write_text(
        "\n".join(json.dumps({"file": f, "boxes": b}) for f, b in lines.items())
        + '\n\n{"file": "gone.png", "boxes": []}\n'
    )
    found = figures("detection", "--annotations", table, "--pictures", SAMPLES)
    for key in ("iou_0.4", "iou_0.5"):
        assert {"precision", "recall", "f1"} <= set(found[key])
        by_size = [row[key] for row in found["by_size_px"].values()]
        for part in ("found", "false", "missed"):
            assert sum(row[part] for row in by_size) == found[key][part]
    assert found["iou_0.4"]["recall"] >= 0.8
    assert found["faces"] == 6
    assert found["skipped"] == [{"file": "gone.png", "reason": "not found"}]
    everything = [{"file": f, "boxes": [], "ignore": b} for f, b in lines.items()]
    table.write_text("\n".join(map(json.dumps, everything)))
    ignored = figures("detection", "--annotations", table, "--pictures", SAMPLES)
    assert ignored["iou_0.4"]["false"] == ignored["iou_0.4"]["missed"] == 0
    assert ignored["ignored_detections"] == 6


@pytest.mark.parametrize("mode", ["auto", "faces", "whole"])
def test_the_whole_road(tmp_path: Path, mode: str, picture: Callable[..., bytes]) -> None:
    for name in ("portrait", "umbrella"):
        shutil.copy(SAMPLES / f"{name}.png", tmp_path)
    (tmp_path / "empty.png").write_bytes(picture())
    table = tmp_path / "pictures.csv"
    table.write_text(
        "file,character\nportrait.png,Rei Ayanami\numbrella.png,Nobody Known\n"
        "empty.png,saber\ngone.png,saber\n"
    )
    found = figures("whole", "--dir", tmp_path, "--csv", table, "--mode", mode)
    assert found["mode"] == mode
    assert found["pictures"] == 2
    assert found["top1"] in (0.0, 0.5, 1.0)
    assert found["nearest_top1"] >= found["top1"]
    assert found["not_in_gallery"]["characters"] == {"Nobody Known": 1}
    assert found["skipped"] == [{"file": "gone.png", "reason": "not found"}]
    assert found["without_a_face"]["pictures"] == (2 if mode == "whole" else 1)
    if mode == "faces":
        assert found["by_character"]["saber"]["top1"] == 0


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("img", "meta"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page_of(folder: Path) -> _Page:
    """The report, parsed: well nested, and nothing outside it is asked for."""
    assert [p.name for p in folder.iterdir()] == ["report.html"]
    page = _Page((folder / "report.html").read_text(encoding="utf-8"))
    assert page.open == []
    assert not {"script", "link", "iframe", "a"} & {tag for tag, _ in page.tags}
    for image in page.all("img"):
        match = re.fullmatch(r"data:image/(png|jpeg);base64,([\w+/=]+)", image["src"] or "")
        assert match
        assert image["alt"]
        assert decode_picture(base64.b64decode(match[2])).size
    return page


def test_reports_are_one_page_with_the_mistakes_on_it(taught: Path, tmp_path: Path) -> None:
    names = tmp_path / "faces.csv"
    names.write_text(
        "file,character\nperson_0/0.png,Rei Ayanami\nperson_2/0.png,saber\n"
        "person_3/0.png,<b>X</b>\n"
    )
    found = figures(
        *("faces", "--dir", taught, "--csv", names, "--references", taught),
        *("--strangers", taught / "person_5", "--report", tmp_path / "f"),
    )
    page = page_of(tmp_path / "f")
    assert len([i for i in page.all("img") if "png" in (i["src"] or "")[:15]]) == 4
    assert "<b>X</b>" not in (tmp_path / "f" / "report.html").read_text()
    # One stranger's clothes do not make a Saber: she is among the mistakes, by name.
    assert found["characters"]["saber"]["top1"] == 0
    assert any("saber" in (i["alt"] or "") for i in page.all("img"))
    boxes = tmp_path / "boxes.jsonl"
    boxes.write_text('{"file": "portrait.png", "boxes": [[1, 1, 60, 60]]}\n')
    figures(
        *("detection", "--annotations", boxes, "--pictures", SAMPLES),
        *("--report", tmp_path / "d"),
    )
    assert any("missed" in (i["alt"] or "") for i in page_of(tmp_path / "d").all("img"))
    names.write_text("file,character\numbrella.png,saber\n")
    figures("whole", "--dir", SAMPLES, "--csv", names, "--report", tmp_path / "w")
    assert any("saber" in (i["alt"] or "") for i in page_of(tmp_path / "w").all("img"))


def test_no_report_inside_the_repository(tmp_path: Path) -> None:
    assert REPOSITORY == ROOT
    link = tmp_path / "link"
    link.symlink_to(ROOT / "docs")
    for folder in (ROOT, ROOT / "runs" / "report", link / "r", ROOT / "docs" / ".." / "r"):
        done = evaluate("whole", "--dir", SAMPLES, "--report", folder, "--json")
        assert done.exit_code == 2
        assert "ReportRefused" in done.stderr
        assert done.stdout == ""
        assert not (folder / "report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("faces", "--dir", "{tmp}/gone"), "InputMissing"),
        (("faces", "--dir", "{tmp}"), "InputEmpty"),
        (("faces", "--dir", "{samples}", "--csv", "{tmp}/gone.csv"), "InputMissing"),
        (("faces", "--dir", "{tmp}/bad", "--csv", "{tmp}/bad/t.csv"), "InputEmpty"),
        (
            (
                "faces",
                "--dir",
                "{samples}",
                "--csv",
                "{samples}/faces.csv",
                "--strangers",
                "{tmp}/no",
            ),
            "InputEmpty",
        ),
        (
            (
                "faces",
                "--dir",
                "{samples}",
                "--csv",
                "{samples}/faces.csv",
                "--references",
                "{tmp}/no",
            ),
            "InputEmpty",
        ),
        (("whole", "--dir", "{tmp}/bad", "--csv", "{tmp}/bad/t.csv"), "InputEmpty"),
        (
            ("detection", "--annotations", "{samples}/faces.csv", "--pictures", "{samples}"),
            "InputMalformed",
        ),
        (("detection", "--annotations", "{tmp}/gone", "--pictures", "{samples}"), "InputMissing"),
        (("detection", "--annotations", "{tmp}/e", "--pictures", "{samples}"), "InputEmpty"),
        (("detection", "--annotations", "{tmp}/x", "--pictures", "{samples}"), "InputMalformed"),
    ],
)
def test_wrong_material_is_one_line(tmp_path: Path, arguments: tuple[str, ...], error: str) -> None:
    (tmp_path / "no").mkdir()
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "a.png").write_bytes(b"no picture")
    (tmp_path / "bad" / "t.csv").write_text("file,character\na.png,Saber\n")
    (tmp_path / "e").write_text("\n")
    (tmp_path / "x").write_text('{"file": "portrait.png", "boxes": [[5, 5, 1, 9]]}')
    places = {"tmp": tmp_path, "samples": SAMPLES}
    done = evaluate(*(a.format(**places) for a in arguments), "--json")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"evaluate: {error}: ")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@pytest.mark.shared
def test_faces_of_the_shared_data(shared_data: Path, tmp_path: Path) -> None:
    with (shared_data / "faces" / "faces.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["split"] == "val"][::8]
    table = tmp_path / "some.csv"
    with table.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    found = figures(
        *("faces", "--dir", shared_data / "faces", "--csv", table, "--split", "val"),
        *("--strangers", shared_data / "strangers" / "named"),
    )
    assert found["known"]["pictures"] == len(rows)
    assert found["not_in_gallery"] == {}, "every name of the data is found in the gallery"
    assert found["top1"] >= 0.9
    assert found["auroc"] >= 0.9
    assert found["strangers_named"] < found["known_named"]


@pytest.mark.shared
def test_detection_agrees_with_what_the_manifest_says(shared_data: Path) -> None:
    """The shipped detector's figures are reproduced by the command that stands beside them."""
    annotations, pictures = shared_data / "detection" / "val.jsonl", shared_data / "detection"
    found = figures("detection", "--annotations", annotations, "--pictures", pictures)
    manifest = json.loads((ROOT / "weights" / "manifest.json").read_text(encoding="utf-8"))
    measured = manifest["detector"]["measured"]
    for key in ("iou_0.4", "iou_0.5"):
        assert found[key]["f1"] == pytest.approx(measured[key]["f1"], abs=0.005)


@pytest.mark.shared
def test_the_seed_pictures_on_the_whole_road(shared_data: Path) -> None:
    folder = shared_data / "seed_pictures"
    found = figures("whole", "--dir", folder, "--csv", folder / "faces.csv")
    assert found["pictures"] == 10
    assert found["nearest_top1"] >= 0.8
