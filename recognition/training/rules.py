"""Gallery and decision rules for the network that lies in ``weights/``, and what they are worth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from recognition.decision import DecisionRule
from recognition.gallery import Gallery
from recognition.manifest import describe_file, load_manifest, update_manifest
from recognition.training.calibrate import (
    KNOWN_SHARE,
    MAX_STRANGERS_NAMED,
    MIN_THRESHOLD,
    cross_fitted,
    fit_rule,
    gather,
    plot_calibration,
    reliability_error,
)
from recognition.training.centres import build_gallery
from recognition.training.data import list_faces, load_faces, read_rgb
from recognition.training.evaluate import Embed, evaluate_embedding, served_embedder
from recognition.training.export import LICENCE
from recognition.training.unnamed import tight_strangers
from recognition.training.vectors import KnownVectors, read_zip, strangers
from recognition.types import KnownCharacter


def calibrate_weights(weights: Path, data: Path, cache: Path, plots: Path) -> dict[str, Any]:
    """Writes ``gallery.safetensors`` and the manifest's ``gallery``, ``decision`` and
    ``embedding.measured``.

    Args:
        weights: the weights folder with ``embedding.safetensors``.
        data: the data folder; see its description for what lies there.
        cache: where exported graphs are kept.
        plots: folder for ``calibration.png`` and ``measured.json``.

    Returns:
        The measured figures, as they stand in the manifest.
    """
    entry = load_manifest(weights)["embedding"]
    embed = served_embedder(weights, cache)
    rows = list_faces(data / "faces")
    names = {r.character: KnownCharacter(r.character, r.name, r.series) for r in rows}
    gallery = build_gallery(_embed_split(embed, data, "train"), names, entry["model_id"])
    file = weights / "gallery.safetensors"
    gallery.save(file)
    file.chmod(0o644)
    gallery = Gallery.load(file)  # its centres rounded as they are shipped
    plots.mkdir(parents=True, exist_ok=True)
    decision, reliability = _decision(embed, gallery, data, plots)
    rule = DecisionRule.from_manifest(decision["faces"])
    measured = evaluate_embedding(embed, gallery, rule, data) | {"reliability_error": reliability}
    section = {
        **describe_file(file),
        "licence": LICENCE,
        "model_id": entry["model_id"],
        "characters": len(gallery),
        "centres": gallery.n_centres,
    }
    update_manifest(
        weights,
        {
            "embedding": entry | {"measured": measured},
            "gallery": section,
            "decision": decision,
        },
    )
    (plots / "measured.json").write_text(json.dumps(measured, indent=2) + "\n")
    return measured


def _embed_split(embed: Embed, data: Path, split: str) -> KnownVectors:
    faces = load_faces(data / "faces", split)
    return KnownVectors(embed(faces.images), faces.labels, faces.classes)


def _decision(
    embed: Embed, gallery: Gallery, data: Path, plots: Path
) -> tuple[dict[str, Any], float]:
    """The manifest's ``decision`` section, and the reliability error of the faces' rule."""
    val = _embed_split(embed, data, "val")
    characters = [val.classes[label] for label in val.labels]
    framed = embed([i for many in strangers(data, for_fitting=True).values() for i in many])
    tight = embed(tight_strangers(data, held_out=True))
    evidence = gather(gallery, val.vectors, characters, framed, tight)
    probability = cross_fitted(evidence)
    faces = fit_rule(evidence)
    plot_calibration(evidence, probability, faces["threshold"], plots / "calibration.png")
    whole_rows = [row for row in list_whole(data) if row[1] in {c.id for c in gallery}]
    whole = embed([read_rgb(path) for path, _ in whole_rows])
    patches = embed(read_zip(data / "patches" / "not_faces.zip", 500))
    no_one = np.concatenate([tight, patches])
    section = {
        "faces": faces,
        "whole": fit_rule(gather(gallery, whole, [c for _, c in whole_rows], framed, no_one)),
        "rule": (
            f"lowest probability at which at most {MAX_STRANGERS_NAMED:.0%} of the framed "
            f"strangers used for fitting are named, at least {MIN_THRESHOLD}; known faces weigh "
            f"{KNOWN_SHARE:.2f} of the whole"
        ),
        "fitted_on": {
            "faces": f"{len(val.vectors)} val faces, "
            f"{len(framed)} framed and {len(tight)} tight strangers",
            "whole": f"{len(whole)} whole pictures, "
            f"{len(framed)} framed and {len(no_one)} other strangers",
        },
    }
    return section, round(reliability_error(probability, evidence.right, evidence.weight), 4)


def list_whole(data: Path) -> list[tuple[Path, str]]:
    """(path, character id) of the labelled whole pictures."""
    return [(p, p.parent.name) for p in sorted((data / "whole").glob("*/*.webp"))]
