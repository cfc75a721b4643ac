"""Gallery and decision rules for the network that lies in ``weights/``, and what they are worth."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from recognition.decision import DecisionRule
from recognition.embedding.preprocess import picture_views
from recognition.gallery import Gallery
from recognition.manifest import describe_file, load_manifest, update_manifest
from recognition.training.calibrate import (
    KNOWN_SHARE,
    MAX_STRANGERS_NAMED,
    MIN_THRESHOLD,
    Cosines,
    Evidence,
    Floats,
    cross_fitted,
    curve,
    fit_rule,
    gather,
    plot_calibration,
    reliability_error,
)
from recognition.training.centres import build_gallery
from recognition.training.data import list_faces, load_faces, read_rgb
from recognition.training.evaluate import Embed, evaluate_embedding, served_embedder
from recognition.training.export import LICENCE
from recognition.training.material import unseen_wholes
from recognition.training.unnamed import tight_strangers
from recognition.training.vectors import KnownVectors, read_zip, strangers
from recognition.types import KnownCharacter, RgbImage

NO_ONE = 300
"""So many tight faces and patches without a face stand for whole pictures of nobody we know."""
VIEW_PX = 128
"""Side of the views that are handed to the embedder, which brings them to its own."""


def calibrate_weights(
    weights: Path, data: Path, material: Path, cache: Path, plots: Path, runtime: str = "onnx"
) -> dict[str, Any]:
    """Writes ``gallery.safetensors`` and the manifest's ``gallery``, ``decision`` and
    ``embedding.measured``.

    Args:
        weights: the weights folder with ``embedding.safetensors``.
        data: the data folder; see its description for what lies there.
        material: what ``prepare`` wrote: tells which whole pictures were not trained on.
        cache: where exported graphs are kept.
        plots: folder for ``calibration.png`` and ``measured.json``.

    Returns:
        The measured figures, as they stand in the manifest.
    """
    entry = load_manifest(weights)["embedding"]
    embed = served_embedder(weights, cache, runtime)
    rows = list_faces(data / "faces")
    names = {r.character: KnownCharacter(r.character, r.name, r.series) for r in rows}
    gallery = build_gallery(_embed_split(embed, data, "train"), names, entry["model_id"])
    file = weights / "gallery.safetensors"
    gallery.save(file)
    file.chmod(0o644)
    section = {
        **describe_file(file),
        "licence": LICENCE,
        "model_id": entry["model_id"],
        "characters": len(gallery),
        "centres": gallery.n_centres,
    }
    update_manifest(weights, {"gallery": section})  # at once: whoever starts now reads both
    gallery = Gallery.load(file)  # its centres rounded as they are shipped
    plots.mkdir(parents=True, exist_ok=True)
    wholes = unseen_wholes(material, _splits_trained_on(entry, material))
    decision, figures = _decision(embed, gallery, data, wholes, plots)
    rule = DecisionRule.from_manifest(decision["faces"])
    measured = evaluate_embedding(embed, gallery, rule, data) | figures
    update_manifest(
        weights,
        {
            "embedding": entry | {"measured": measured},
            "decision": decision,
        },
    )
    (plots / "measured.json").write_text(json.dumps(measured, indent=2) + "\n")
    return measured


def _embed_split(embed: Embed, data: Path, split: str) -> KnownVectors:
    faces = load_faces(data / "faces", split)
    return KnownVectors(embed(faces.images), faces.labels, faces.classes)


def _splits_trained_on(entry: dict[str, Any], material: Path) -> list[str]:
    """The material's splits in the recipe of the network; none where it was trained without it."""
    recipe = entry.get("recipe") or {"data": ""}
    return list(recipe["splits"]) if Path(recipe["data"]).name == material.name else []


def _decision(
    embed: Embed, gallery: Gallery, data: Path, rows: list[tuple[Path, str]], plots: Path
) -> tuple[dict[str, Any], dict[str, float]]:
    """The manifest's ``decision`` section; reliability errors, and what the whole mode is worth."""
    index = {c.id: i for i, c in enumerate(gallery.characters)}
    val = _embed_split(embed, data, "val")
    framed_pictures = [i for many in strangers(data, for_fitting=True).values() for i in many]
    tight = tight_strangers(data, held_out=True)
    evidence = gather(
        gallery.cosines(val.vectors),
        [index[val.classes[label]] for label in val.labels],
        gallery.cosines(embed(framed_pictures)),
        gallery.cosines(embed(tight)),
    )
    probability = cross_fitted(evidence)
    faces = fit_rule(evidence)
    plot_calibration(evidence, probability, faces["threshold"], plots / "calibration.png")
    no_one = tight[:NO_ONE] + read_zip(data / "patches" / "not_faces.zip", NO_ONE)
    of_whole = gather(
        _by_views(embed, gallery, [read_rgb(path) for path, _ in rows]),
        [index[character] for _, character in rows],
        _by_views(embed, gallery, framed_pictures),
        _by_views(embed, gallery, no_one),
    )
    whole = fit_rule(of_whole)
    p_whole = cross_fitted(of_whole)
    many = Counter(character for _, character in rows)
    right = of_whole.right[of_whole.known] == 1
    section = {
        "faces": faces | {"curve": curve(evidence, probability)},
        "whole": whole | {"curve": curve(of_whole, p_whole)},
        "curve": "threshold, known named rightly, known named wrongly, framed strangers named",
        "rule": (
            f"lowest probability at which at most {MAX_STRANGERS_NAMED:.0%} of the framed "
            f"strangers used for fitting are named, at least {MIN_THRESHOLD}; known faces weigh "
            f"{KNOWN_SHARE:.2f} of the whole"
        ),
        "fitted_on": {
            "faces": f"{len(val.vectors)} val faces, "
            f"{len(framed_pictures)} framed and {len(tight)} tight strangers",
            "whole": f"{len(rows)} whole pictures whose faces were not trained on, "
            f"{len(framed_pictures)} framed and {len(no_one)} other strangers",
        },
    }
    figures = {
        "reliability_error": _reliability(evidence, probability),
        "whole_pictures": len(rows),
        "whole_characters": len(many),
        "whole_top1": round(float(right.mean()), 4),
        "whole_named_and_right": round(
            float((right & (p_whole[of_whole.known] >= whole["threshold"])).mean()), 4
        ),
        "whole_reliability_error": _reliability(of_whole, p_whole),
    }
    return section, figures


def _by_views(embed: Embed, gallery: Gallery, images: list[RgbImage]) -> Cosines:
    """Cosines ``(n, characters)``, of each picture the nearest view's, as `Gallery.search` does."""
    views = [view for image in images for view in picture_views(image, VIEW_PX)]
    cosines = gallery.cosines(embed(views))
    nearest: Cosines = cosines.reshape(len(images), -1, len(gallery)).max(axis=1)
    return nearest


def _reliability(evidence: Evidence, probability: Floats) -> float:
    return round(reliability_error(probability, evidence.right, evidence.weight), 4)
