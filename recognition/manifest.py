"""``weights/manifest.json``: what each shipped file is, and how to tell that it is that one."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recognition.errors import WeightsCorrupt, WeightsMissing

MANIFEST = "manifest.json"


def load_manifest(weights: Path) -> dict[str, Any]:
    """Reads the manifest of a weights folder.

    Raises:
        WeightsMissing, WeightsCorrupt: there is none, it is no JSON object.
    """
    path = weights / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as cause:
        raise WeightsMissing(path) from cause
    except ValueError as cause:
        raise WeightsCorrupt(path, str(cause)) from cause
    if not isinstance(manifest, dict):
        raise WeightsCorrupt(path, "not a JSON object")
    return manifest


def section(manifest: Mapping[str, Any], name: str, weights: Path) -> dict[str, Any]:
    """One section of a manifest. Raises WeightsCorrupt where it is missing."""
    found = manifest.get(name)
    if not isinstance(found, dict):
        raise WeightsCorrupt(weights / MANIFEST, f"it has no section {name!r}")
    return found


def verified_file(weights: Path, entry: Mapping[str, Any]) -> Path:
    """The file that a section names, its checksum compared.

    Raises:
        WeightsMissing, WeightsCorrupt: it is not there, it is another file.
    """
    path = weights / str(entry["file"])
    if not path.is_file():
        raise WeightsMissing(path)
    if sha256_of(path) != entry["sha256"]:
        raise WeightsCorrupt(path, "its sha256 is not the one in the manifest")
    return path


def sha256_of(path: Path) -> str:
    """Hexadecimal sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def describe_file(path: Path) -> dict[str, Any]:
    """The manifest's ``file``, ``sha256`` and ``bytes`` of a file in the weights folder."""
    return {"file": path.name, "sha256": sha256_of(path), "bytes": path.stat().st_size}


def update_manifest(weights: Path, sections: Mapping[str, Any]) -> None:
    """Replaces the given sections and keeps the others; readers see the old or the new file."""
    path = weights / MANIFEST
    manifest = load_manifest(weights) if path.exists() else {"schema": 1}
    manifest.update(sections)
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=weights, delete=False) as fresh:
        fresh.write(text)
    Path(fresh.name).chmod(0o644)
    os.replace(fresh.name, path)
