"""``python -m recognition evaluate copies`` as a person or a script meets it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from PIL import Image
from typer.testing import CliRunner

from recognition.__main__ import app
from recognition.evaluation.copies import half_of
from recognition.evaluation.copying import KINDS
from recognition.evaluation.report import REPOSITORY

ROOT = Path(__file__).resolve().parents[3]


def evaluate(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["evaluate", "copies", *map(str, arguments)])


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, small, and one of them twice: that is no picture wrongly declined."""
    folder = tmp_path_factory.mktemp("pictures")
    for path in (ROOT / "data" / "samples").glob("*.png"):
        with Image.open(path) as image:
            image.thumbnail((500, 500))
            image.save(folder / path.name)
    shutil.copy(folder / "umbrella.png", folder / "umbrella-again.png")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n no picture")
    return folder


def test_figures_and_report(pictures: Path, tmp_path: Path) -> None:
    report = tmp_path / "report"
    options = ("--half", "all", "--running", 3, "--most", 2, "--threads", 1)
    done = evaluate("--dir", pictures, *options, "--json", "--report", report)
    assert done.exit_code == 0, done.output
    figures: dict[str, Any] = json.loads(done.stdout)
    assert set(figures["by_kind"]) <= set(KINDS)
    assert all(row["copies"] <= 2 for row in figures["by_kind"].values())
    assert figures["declined"] >= 0.95
    assert (figures["unrelated_declined"], figures["unrelated"]) == (0, 2)
    assert figures["same_picture_twice"] == 2
    assert figures["skipped"] == [{"file": "broken.png", "reason": "BrokenPicture"}]
    assert figures["bytes"] < 20_000
    assert "Copies of quiz pictures" in (report / "report.html").read_text()


def test_the_table(pictures: Path) -> None:
    done = evaluate("--dir", pictures, "--half", "all", "--running", 2, "--most", 1)
    assert done.exit_code == 0, done.output
    assert "other pictures" in done.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--dir", "nowhere"), "InputMissing"),
        (("--dir", "PICTURES", "--running", 50), "InputEmpty"),
        (("--dir", "PICTURES", "--report", REPOSITORY / "out"), "ReportRefused"),
        (("--dir", "PICTURES", "--half", "third"), "first, second or all"),
    ],
)
def test_what_is_wrong_is_told(arguments: tuple[object, ...], told: str, pictures: Path) -> None:
    given = [pictures if one == "PICTURES" else one for one in arguments]
    done = evaluate(*given)
    assert done.exit_code == 2
    assert told in done.output


def test_the_halves_share_nothing_and_stay_the_same() -> None:
    names = [f"{n}.png" for n in range(101)]
    first, second = half_of(names, "first"), half_of(names[::-1], "second")
    assert not set(first) & set(second)
    assert sorted(first + second) == sorted(names) == sorted(half_of(names, "all"))
