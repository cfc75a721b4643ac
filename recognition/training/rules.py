"""Gallery and decision rules for the network that lies in ``weights/``, and what they are worth."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recognition.factory import make_decider
from recognition.gallery import Gallery
from recognition.manifest import describe_file, load_manifest, update_manifest
from recognition.training.background import Looker, make_background, save_background
from recognition.training.calibrate import (
    CURVE,
    KNOWN_SHARE,
    MAX_BLANKS_NAMED,
    MAX_STRANGERS_NAMED,
    MIN_THRESHOLD,
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
from recognition.training.silence import MAX_LEFT_OUT_NAMED
from recognition.training.unnamed import tight_strangers
from recognition.training.vectors import KnownVectors, read_folder, read_zip, strangers
from recognition.types import KnownCharacter, RgbImage

NO_ONE = 300
"""So many patches without a face show nobody, and so many tight faces stand for whole pictures of
people we do not know."""
WHOLES = "wholes.csv"
"""Lists the whole pictures that were judged, for ``recognition evaluate whole``."""
NO_FOLDS: Mapping[str, Any] = {"threshold": 0.0, "taught_bonus": 0.0}
"""Of a network whose folds nobody has trained."""


def calibrate_weights(
    weights: Path,
    data: Path,
    material: Path,
    cache: Path,
    plots: Path,
    runtime: str = "onnx",
    *,
    photographs: Path | None = None,
    folds: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Writes ``gallery.safetensors``, ``background.safetensors`` and the manifest's ``gallery``,
    ``background``, ``decision`` and ``embedding.measured``.

    Args:
        weights: the weights folder with ``embedding.safetensors``.
        data: the data folder; see its description for what lies there.
        material: what ``prepare`` wrote: tells which whole pictures were not trained on.
        cache: where exported graphs are kept.
        plots: folder for ``calibration.png``, ``measured.json`` and `WHOLES`.
        photographs: folder of photographs without anime faces (`detector photographs` fills one).
        folds: what `measure_silence` gave; None: what the manifest keeps of it, if anything.

    Returns:
        The measured figures, as they stand in the manifest.

    Raises:
        FileNotFoundError: there is nothing in `photographs`.
    """
    manifest = load_manifest(weights)
    entry = manifest["embedding"]
    folds = folds or manifest.get("decision", {}).get("folds") or NO_FOLDS
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
    plots.mkdir(parents=True, exist_ok=True)
    patches = read_zip(data / "patches" / "not_faces.zip", NO_ONE)
    taken = read_folder(photographs) if photographs is not None else []
    pictures = taken or patches
    background = make_background(embed, pictures[::2])
    of = f"{len(pictures[::2])} {'photographs' if taken else 'patches'} without an anime face"
    section = save_background(background, weights, entry["model_id"], of)
    update_manifest(weights, {"background": section})
    gallery = Gallery.load(file)  # its centres rounded as they are shipped
    looker = Looker(embed, gallery, background.astype("f2").astype("f4"))
    wholes = unseen_wholes(material, _splits_trained_on(entry, material))
    _list_wholes(wholes, data / "whole", plots / WHOLES)
    decision, figures = _decision(looker, data, wholes, patches + pictures[1::2], folds, plots)
    update_manifest(weights, {"decision": decision})
    measured = evaluate_embedding(embed, make_decider(weights), data) | figures
    update_manifest(weights, {"embedding": entry | {"measured": measured}})
    (plots / "measured.json").write_text(json.dumps(measured, indent=2) + "\n")
    return measured


def _list_wholes(rows: list[tuple[Path, str]], folder: Path, to: Path) -> None:
    """A table for ``recognition evaluate whole``."""
    with to.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines)
        table.writerow(["file", "character"])
        table.writerows([path.resolve().relative_to(folder.resolve()), who] for path, who in rows)


def _embed_split(embed: Embed, data: Path, split: str) -> KnownVectors:
    faces = load_faces(data / "faces", split)
    return KnownVectors(embed(faces.images), faces.labels, faces.classes)


def _splits_trained_on(entry: dict[str, Any], material: Path) -> list[str]:
    """The material's splits in the recipe of the network; none where it was trained without it."""
    recipe = entry.get("recipe") or {"data": ""}
    return list(recipe["splits"]) if Path(recipe["data"]).name == material.name else []


def _decision(
    looker: Looker,
    data: Path,
    rows: list[tuple[Path, str]],
    blank: list[RgbImage],
    folds: Mapping[str, Any],
    plots: Path,
) -> tuple[dict[str, Any], dict[str, float]]:
    """The manifest's ``decision`` section; reliability errors, and what the whole mode is worth.

    Args:
        rows: whole pictures that were not trained on, and who they show.
        blank: pictures without an anime face that made no background centre.
    """
    index = {c.id: i for i, c in enumerate(looker.gallery.characters)}
    val = _embed_split(looker.embed, data, "val")
    framed = [i for many in strangers(data, for_fitting=True).values() for i in many]
    tight = tight_strangers(data, held_out=True)
    evidence = gather(
        looker.vectors(val.vectors),
        [index[val.classes[label]] for label in val.labels],
        looker.faces(framed),
        looker.faces(tight),
        looker.faces(blank),
    )
    probability = cross_fitted(evidence)
    faces = fit_rule(evidence, max(MIN_THRESHOLD, folds["threshold"]))
    left_out = [(row[0], row[-1]) for row in folds.get("curve", ())]
    plot = plots / "calibration.png"
    plot_calibration(evidence, probability, faces["threshold"], plot, left_out)
    of_whole = gather(
        looker.wholes([read_rgb(path) for path, _ in rows]),
        [index[character] for _, character in rows],
        looker.wholes(framed),
        looker.wholes(tight[:NO_ONE]),
        looker.wholes(blank),
    )
    whole = fit_rule(of_whole)
    p_whole = cross_fitted(of_whole)
    many = Counter(character for _, character in rows)
    right = of_whole.right[of_whole.known] == 1
    bonus = {"taught_bonus": folds["taught_bonus"]}
    section = {
        "faces": faces | bonus | {"curve": curve(evidence, probability)},
        "whole": whole | bonus | {"curve": curve(of_whole, p_whole)},
        "curve": CURVE,
        "rule": (
            f"lowest probability at which at most {MAX_STRANGERS_NAMED:.0%} of the framed "
            f"strangers used for fitting are named, and {MAX_BLANKS_NAMED:.1%} of what shows no "
            f"anime face, at least {MIN_THRESHOLD}; for faces also at most "
            f"{MAX_LEFT_OUT_NAMED:.0%} of the characters left out of training (folds); known "
            f"faces weigh {KNOWN_SHARE:.2f} of the whole"
        ),
        "fitted_on": {
            "faces": f"{len(val.vectors)} val faces, {len(framed)} framed and "
            f"{len(tight)} tight strangers, {len(blank)} patches and photographs",
            "whole": f"{len(rows)} whole pictures whose faces were not trained on, "
            f"{len(framed)} framed and {len(tight[:NO_ONE])} tight strangers, "
            f"{len(blank)} patches and photographs",
        },
        "folds": dict(folds),
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


def _reliability(evidence: Evidence, probability: Floats) -> float:
    return round(reliability_error(probability, evidence.right, evidence.weight), 4)
