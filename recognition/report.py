"""The JSON shapes of the command line, one line a picture."""

from __future__ import annotations

from typing import Any

from recognition.types import Candidate, Decision, Match, Recognition, RecognizedWhole


def recognition_json(picture: str, recognition: Recognition) -> dict[str, Any]:
    """What ``python -m recognition whois --json`` prints of one picture.

    Boxes are ``[x0, y0, x1, y1]`` in pixels of the original; ``name`` and ``character`` are null
    for an unknown, ``probability`` is then that of the nearest candidate.
    """
    return {
        "picture": picture,
        "size": list(recognition.size),
        "mode": str(recognition.mode),
        "faces": [
            {
                "box": [round(v, 1) for v in (f.box.x0, f.box.y0, f.box.x1, f.box.y1)],
                "score": round(f.score, 4),
                **_decision(f.decision),
                "candidates": [_candidate(c) for c in f.candidates],
            }
            for f in recognition.faces
        ],
        "whole": _whole(recognition.whole),
        "ms": {stage: round(ms, 1) for stage, ms in recognition.timings_ms.items()},
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "name": decision.name if isinstance(decision, Match) else None,
        "character": decision.character if isinstance(decision, Match) else None,
        "probability": decision.probability,
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "name": candidate.name,
        "character": candidate.character,
        "probability": candidate.probability,
    }


def _whole(whole: RecognizedWhole | None) -> dict[str, Any] | None:
    if whole is None:
        return None
    return {**_decision(whole.decision), "candidates": [_candidate(c) for c in whole.candidates]}
