"""The README says what the weights' manifest says, and invites with what the bot needs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import discord
import pytest

from scripts import figures


@pytest.fixture(scope="module")
def manifest(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / "weights" / "manifest.json").read_text())
    return found


def test_the_table_is_the_manifests(root: Path, manifest: dict[str, Any]) -> None:
    readme = (root / "README.md").read_text()
    assert figures.updated(readme, manifest) == readme, "run python -m scripts.figures"
    shown = [what for what, *_ in figures.ROWS if f"| {what} | " in readme]
    assert len(shown) >= 8


def test_a_figure_that_changes_is_seen(root: Path, manifest: dict[str, Any]) -> None:
    readme = (root / "README.md").read_text()
    changed = json.loads(json.dumps(manifest))
    changed["detector"]["measured"]["iou_0.4"]["recall"] = 0.1234
    assert "12.3 %" in figures.updated(readme, changed)
    del changed["gallery"]["characters"]
    assert "characters known" not in figures.table(changed)
    with pytest.raises(ValueError, match="no <!--"):
        figures.updated("nothing", manifest)


def test_the_number_of_characters_is_said_rightly(root: Path, manifest: dict[str, Any]) -> None:
    readme = (root / "README.md").read_text()
    found = {int(one) for one in re.findall(r"\*\*(\d+) characters\*\*", readme)}
    assert found == {manifest["gallery"]["characters"]}


def test_the_invitation_asks_for_what_is_explained(root: Path) -> None:
    readme = (root / "README.md").read_text()
    (bits,) = {int(one) for one in re.findall(r"permissions=(\d+)", readme)}
    asked = {name for name, on in discord.Permissions(bits) if on}
    explained = set(re.findall(r"^\| \*([A-Z][^*|]+)\* \|", readme, re.M))
    names = {
        "view_channel": "View Channels",
        "read_messages": "View Channels",
        "send_messages": "Send Messages",
        "send_messages_in_threads": "Send Messages in Threads",
        "embed_links": "Embed Links",
        "attach_files": "Attach Files",
        "read_message_history": "Read Message History",
    }
    assert {names[one] for one in asked} == explained
