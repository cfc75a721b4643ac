"""``python -m recognition`` as a person or a script meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from recognition.images import decode_picture

ROOT = Path(__file__).resolve().parents[2]
FRIENDS = ROOT / "data" / "samples" / "friends.png"


def recognition(*arguments: object, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "recognition", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_whois_prints_one_json_line_a_picture_and_saves_it(tmp_path: Path) -> None:
    bad = tmp_path / "text.png"
    bad.write_text("no picture")
    done = recognition("whois", FRIENDS, bad, "--json", "--save", tmp_path / "out")
    assert done.returncode == 1
    good, error = map(json.loads, done.stdout.splitlines())
    assert error["error"] == "UnsupportedPicture"
    assert set(good) == {"picture", "size", "mode", "faces", "whole", "ms"}
    assert good["size"] == [1200, 800]
    assert good["mode"] == "auto"
    assert good["whole"] is None
    assert len(good["faces"]) == 3
    for face in good["faces"]:
        assert set(face) == {"box", "score", "name", "character", "probability", "candidates"}
        x0, y0, x1, y1 = face["box"]
        assert 0 <= x0 < x1 <= 1200
        assert 0 <= y0 < y1 <= 800
        assert (face["name"] is None) == (face["character"] is None)
        assert 1 <= len(face["candidates"]) <= 5
        assert set(face["candidates"][0]) == {"name", "character", "probability"}
    assert {"decode", "detect", "embed", "annotate"} == set(good["ms"])
    saved = (tmp_path / "out" / "friends.whois.jpg").read_bytes()
    assert decode_picture(saved).shape[:2] == (800, 1200)


def test_whole_mode_looks_for_no_face() -> None:
    done = recognition("whois", FRIENDS, "--json", "--mode", "whole")
    assert done.returncode == 0, done.stderr
    line = json.loads(done.stdout)
    assert line["faces"] == []
    assert {"name", "character", "probability", "candidates"} == set(line["whole"])


def test_missing_weights_are_one_sentence(tmp_path: Path) -> None:
    done = recognition("whois", FRIENDS, ANIWHOIS_WEIGHTS=str(tmp_path))
    assert done.returncode != 0
    assert "WeightsMissing" in done.stderr
    assert "Traceback" not in done.stderr


def test_benchmark_measures_every_stage() -> None:
    done = recognition("benchmark", FRIENDS, "--rounds", 2, "--callers", 2, "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert set(result["stages"]) == {"decode", "detect", "embed", "annotate"}
    assert 0 < result["median_ms"] <= result["p95_ms"]
    assert result["pictures_per_s"] > 0
    assert result["peak_mib"] > 50
    assert {"old_way_median_ms", "ratio"} <= set(result)


@pytest.mark.shared
def test_benchmark_times_the_old_way_in_turn(shared_data: Path) -> None:
    """The target is four and not reached (docs/recognition.md); this catches a collapse only."""
    cascade = shared_data.parent / "weights" / "lbpcascade_animeface.xml"
    pictures = [shared_data / "seed_pictures" / name for name in ("neon.jpg", "download3.png")]
    done = recognition("benchmark", *pictures, "--rounds", 2, "--json", "--old-cascade", cascade)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ratio"] >= 0.5
