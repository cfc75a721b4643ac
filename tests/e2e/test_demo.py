"""``scripts/demo --once``: JSON lines made from what the bot sent."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

from PIL import Image

from scripts.demo import Spoken, read_answer
from tests.e2e.conftest import Club


async def run_once(root: Path, out: Path, *pictures: Path) -> tuple[int, list[dict[str, Any]]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "scripts.demo", "--out", str(out), "--once", *map(str, pictures),
        cwd=root, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    stdout, stderr = await asyncio.wait_for(process.communicate(), 120)
    assert b"Traceback" not in stderr, stderr.decode()
    return process.returncode or 0, [json.loads(line) for line in stdout.decode().splitlines()]


async def test_a_line_a_picture_and_an_error_for_what_is_none(root: Path, tmp_path: Path) -> None:
    words = tmp_path / "words.png"
    words.write_text("no picture")
    sample = root / "data" / "samples" / "friends.png"
    status, lines = await run_once(root, tmp_path / "out", sample, words, sample)
    assert status == 1
    good, bad, again = lines
    assert list(good) == ["picture", "annotated", "alt", "faces", "ack_ms", "answer_ms"]
    assert good["picture"] == str(sample)
    assert [face["number"] for face in good["faces"]] == [1, 2, 3]
    for face in good["faces"]:
        assert set(face) == {"number", "name", "probability"}
        assert 0 <= face["probability"] <= 1
    assert good["alt"].startswith("1: ")
    assert good["ack_ms"] < 1000
    assert good["ack_ms"] <= good["answer_ms"]
    with Image.open(good["annotated"]) as annotated:
        assert max(annotated.size) >= 720
    assert bad["error"].startswith("I can't read that file as a picture")
    assert bad["annotated"] is None
    assert again["faces"] == good["faces"]
    assert again["annotated"] != good["annotated"]


async def test_all_good_is_status_zero(root: Path, tmp_path: Path) -> None:
    status, lines = await run_once(root, tmp_path, root / "data" / "samples" / "portrait.png")
    assert status == 0
    assert len(lines) == 1


async def test_cards_are_read_back_as_they_were_written(club: Club, friends: bytes) -> None:
    """Against what the recogniser itself says, which the demo never sees."""
    message = await club.answer(friends)
    recognition = await club.services.recognizer.recognize(friends)
    expected = []
    for number, face in enumerate(recognition.faces, 1):
        name = getattr(face.decision, "name", None)
        expected.append((number, name))
    assert [(one.number, one.name) for one in read_answer(message)] == expected
    assert all(isinstance(one, Spoken) for one in read_answer(message))
