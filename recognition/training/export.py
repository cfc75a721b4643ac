"""From a run folder to ``weights/``: network, gallery, decision rules and the manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch
import torch

from recognition.decision import DecisionRule
from recognition.gallery import Gallery, KnownCharacter
from recognition.manifest import describe_file, sha256_of, update_manifest
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
from recognition.training.data import FaceFile, list_faces, read_rgb
from recognition.training.evaluate import evaluate_embedding
from recognition.training.unnamed import tight_strangers
from recognition.training.vectors import (
    TrainedNetwork,
    embed_split,
    load_trained,
    read_zip,
    strangers,
)

LICENCE = "MIT, trained by this project"


def export_run(run: Path, data: Path, weights: Path, *, face_margin: float) -> dict[str, Any]:
    """Writes ``embedding.safetensors`` (half precision), ``gallery.safetensors`` and the manifest's
    sections ``embedding``, ``gallery`` and ``decision``.

    Args:
        run: a run folder with a checkpoint.
        data: the data folder; see its description for what lies there.
        weights: the weights folder.
        face_margin: how much of a detected face's surroundings the network will see.

    Returns:
        The measured figures, as they stand in the manifest.
    """
    trained = load_trained(run)
    weights.mkdir(parents=True, exist_ok=True)
    file = weights / "embedding.safetensors"
    state = {
        k: v.half().contiguous() if v.is_floating_point() else v
        for k, v in trained.network.state_dict().items()
    }
    safetensors.torch.save_file(state, file)
    file.chmod(0o644)  # safetensors writes files that only their owner can read
    model_id = f"{trained.config.backbone}-{sha256_of(file)[:12]}"
    rows = list_faces(data / "faces")
    gallery = build_gallery(embed_split(trained, data, "train"), _names(rows), model_id)
    gallery.save(weights / "gallery.safetensors")
    (weights / "gallery.safetensors").chmod(0o644)
    decision, reliability = _decision(trained, gallery, data, run)
    rule = DecisionRule.from_manifest(decision["faces"])
    measured = evaluate_embedding(trained.embed, gallery, rule, data) | {
        "reliability_error": reliability
    }
    update_manifest(
        weights,
        {
            "embedding": {
                **describe_file(file),
                "licence": LICENCE,
                "model_id": model_id,
                "backbone": trained.config.backbone,
                "dimension": trained.config.dimension,
                "input": {
                    "size_px": trained.spec.size_px,
                    "mean": list(trained.config.mean),
                    "std": list(trained.config.std),
                    "face_margin": face_margin,
                },
                "trained_on": f"{len(rows)} face crops of {len(gallery)} characters",
                "epochs": trained.epoch,
                "measured": measured,
            },
            "gallery": {
                **describe_file(weights / "gallery.safetensors"),
                "licence": LICENCE,
                "model_id": model_id,
                "characters": len(gallery),
                "centres": gallery.n_centres,
            },
            "decision": decision,
        },
    )
    (run / "measured.json").write_text(json.dumps(measured, indent=2) + "\n")
    return measured


def _names(rows: list[FaceFile]) -> dict[str, KnownCharacter]:
    return {row.character: KnownCharacter(row.character, row.name, row.series) for row in rows}


@torch.no_grad()
def _decision(
    trained: TrainedNetwork, gallery: Gallery, data: Path, run: Path
) -> tuple[dict[str, Any], float]:
    """The manifest's ``decision`` section, and the reliability error of the faces' rule."""
    val = embed_split(trained, data, "val")
    characters = [val.classes[label] for label in val.labels]
    framed = trained.embed([i for many in strangers(data, for_fitting=True).values() for i in many])
    tight = trained.embed(tight_strangers(data, held_out=True))
    evidence = gather(gallery, val.vectors, characters, framed, tight)
    probability = cross_fitted(evidence)
    faces = fit_rule(evidence)
    plot_calibration(evidence, probability, faces["threshold"], run / "calibration.png")
    whole_rows = [row for row in list_whole(data) if row[1] in {c.id for c in gallery}]
    whole = trained.embed([read_rgb(path) for path, _ in whole_rows])
    patches = trained.embed(read_zip(data / "patches" / "not_faces.zip", 500))
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
