"""Downloads a file that ``weights/manifest.json`` names but the project may not ship.

Kept only when its sha256 is the promised one; an interrupted download leaves nothing behind.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).resolve().parent.parent / "weights"
TIMEOUT_S = 30


class FetchFailed(Exception):
    """One sentence for the person at the terminal."""


def fetch(name: str, weights: Path, url: str | None = None) -> Path:
    """Downloads `name` into ``weights/downloads``.

    Args:
        name: key of the manifest's ``downloads`` section.
        url: instead of the manifest's address (a mirror, say); the checksum stays the same.

    Raises:
        FetchFailed: unknown name, no connection, or another file than was promised.
    """
    entries: dict[str, Any] = json.loads((weights / "manifest.json").read_text("utf-8"))[
        "downloads"
    ]
    if name not in entries:
        raise FetchFailed(f"{name}: the manifest knows only {', '.join(sorted(entries))}")
    entry = entries[name]
    target = weights / "downloads" / entry["file"]
    if target.exists() and hashlib.sha256(target.read_bytes()).hexdigest() == entry["sha256"]:
        print(f"{target} is there already.")
        return target
    address = url or entry["url"]
    if not address.startswith(("https://", "http://")):
        raise FetchFailed(f"{address}: not an http(s) address")
    print(f"Fetching {address} ...", flush=True)
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_S) as answer:
            data = answer.read(entry["bytes"] + 1)
    except (urllib.error.URLError, OSError) as cause:
        raise FetchFailed(
            f"cannot fetch {address} ({cause}). Put the file at {target} by hand; "
            f"its sha256 must be {entry['sha256']}."
        ) from cause
    actual = hashlib.sha256(data).hexdigest()
    if actual != entry["sha256"]:
        raise FetchFailed(
            f"{address} is not the file we know: sha256 {actual} instead of {entry['sha256']}. "
            "Nothing was kept."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    fresh.write_bytes(data)
    os.replace(fresh, target)
    print(f"Saved {target} ({len(data)} bytes, sha256 as promised).")
    return target


def main() -> None:
    """Command line: ``python scripts/fetch.py NAME [--url URL] [--weights DIR]``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--url")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    try:
        fetch(arguments.name, arguments.weights, arguments.url)
    except FetchFailed as failure:
        sys.exit(f"fetch: {failure}")


if __name__ == "__main__":
    main()
