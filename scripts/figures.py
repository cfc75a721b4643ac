"""The README's table of measured figures, made anew from ``weights/manifest.json``.

``python -m scripts.figures`` writes it, after new weights; ``--check`` only says whether it is what
the manifest says, as a test does. What a manifest does not hold is left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
README, MANIFEST = ROOT / "README.md", ROOT / "weights" / "manifest.json"
BEGIN, END = "<!-- figures: python -m scripts.figures -->", "<!-- end of figures -->"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _plain(number: float) -> str:
    return f"{number:,}"


def _named(found: dict[str, Any]) -> str:
    pictures = found["pictures"]
    return f"{round(found['named_at_threshold'] * pictures)} of {pictures}"


Row = tuple[str, str, Callable[[Any], str]]
"""What it is, where the manifest has it, how it is written."""
_FACES, _FOUND = "embedding.measured", "detector.measured.iou_0.4"
_STRANGERS = f"{_FACES}.strangers"
ROWS: tuple[Row, ...] = (
    ("characters known", "gallery.characters", _plain),
    ("faces found, on pictures chosen to be hard", f"{_FOUND}.recall", _percent),
    ("of what is found there, faces", f"{_FOUND}.precision", _percent),
    ("unseen faces of known characters: the nearest is right", f"{_FACES}.top1", _percent),
    ("… named, and rightly", f"{_FACES}.named_and_right_at_threshold", _percent),
    ("… named, and wrongly", f"{_FACES}.named_and_wrong_at_threshold", _percent),
    ("… without colours: the nearest is right", f"{_FACES}.top1_of_copies.grey", _percent),
    ("… of 48 pixels: the nearest is right", f"{_FACES}.top1_of_copies.48px", _percent),
    ("strangers who get a name that is not theirs", f"{_STRANGERS}.random_strangers", _named),
    ("photographs that get a name", f"{_FACES}.photographs_as_wholes", _named),
    (
        "whole pictures, faces not looked for: the nearest is right",
        f"{_FACES}.whole_top1",
        _percent,
    ),
    ("… named, and rightly", f"{_FACES}.whole_named_and_right", _percent),
)


def table(manifest: dict[str, Any]) -> str:
    """The table in Markdown."""
    lines = ["| On pictures that it was not trained on | measured |", "|---|---|"]
    for what, key, written in ROWS:
        value = _at(manifest, key)
        if value is not None:
            lines.append(f"| {what} | {written(value)} |")
    return "\n".join(lines)


def _at(manifest: dict[str, Any], key: str) -> Any:
    """The value behind a dotted key, whose parts may hold dots themselves; None: there is none."""
    return next(_found(manifest, key), None)


def _found(here: Any, key: str) -> Iterator[Any]:
    if not isinstance(here, dict):
        return
    for name, value in here.items():
        if key == name:
            yield value
        elif key.startswith(f"{name}."):
            yield from _found(value, key.removeprefix(f"{name}."))


def updated(readme: str, manifest: dict[str, Any]) -> str:
    """`readme` with the table as it should be. Raises ValueError: it has no place for one."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n\n{table(manifest)}\n\n{END}{after}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/figures", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 where it is old")
    arguments = parser.parse_args()
    readme = README.read_text()
    wanted = updated(readme, json.loads(MANIFEST.read_text()))
    if arguments.check:
        return int(wanted != readme)
    README.write_text(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
