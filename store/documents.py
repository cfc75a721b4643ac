"""Answered pictures as JSON documents, and back.

Only what an answer shows is written: no vectors (they have rows of their own) and no timings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from recognition.types import (
    Box,
    Candidate,
    Decision,
    Match,
    Mode,
    Recognition,
    RecognizedFace,
    RecognizedWhole,
    Unknown,
)
from store.types import AnsweredPicture, PictureSource


def write_pictures(pictures: Sequence[AnsweredPicture]) -> list[dict[str, Any]]:
    """JSON objects; `read_pictures` gives equal values back."""
    return [
        {
            "source": [
                picture.source.channel_id,
                picture.source.message_id,
                picture.source.attachment_id,
                picture.source.url,
            ],
            "spoiler": picture.spoiler,
            "recognition": _write_recognition(picture.recognition),
        }
        for picture in pictures
    ]


def read_pictures(document: Sequence[dict[str, Any]]) -> tuple[AnsweredPicture, ...]:
    """What `write_pictures` wrote."""
    return tuple(
        AnsweredPicture(
            PictureSource(*item["source"]),
            _read_recognition(item["recognition"]),
            bool(item["spoiler"]),
        )
        for item in document
    )


def _write_recognition(recognition: Recognition) -> dict[str, Any]:
    whole = recognition.whole
    return {
        "size": list(recognition.size),
        "mode": recognition.mode.value,
        "faces": [
            {
                "box": [face.box.x0, face.box.y0, face.box.x1, face.box.y1],
                "score": face.score,
                **_write_decision(face.decision, face.candidates),
            }
            for face in recognition.faces
        ],
        "whole": _write_decision(whole.decision, whole.candidates) if whole else None,
    }


def _read_recognition(item: dict[str, Any]) -> Recognition:
    faces = tuple(
        RecognizedFace(
            box=Box(*face["box"]),
            score=face["score"],
            decision=_read_decision(face),
            candidates=_read_candidates(face),
        )
        for face in item["faces"]
    )
    whole = item["whole"]
    return Recognition(
        size=(item["size"][0], item["size"][1]),
        faces=faces,
        whole=RecognizedWhole(_read_decision(whole), _read_candidates(whole)) if whole else None,
        mode=Mode(item["mode"]),
    )


def _write_decision(decision: Decision, candidates: Sequence[Candidate]) -> dict[str, Any]:
    found: Match | Candidate | None = decision if isinstance(decision, Match) else decision.nearest
    return {
        "named": isinstance(decision, Match),
        "best": [found.character, found.name] if found else None,
        "nearest_probability": found.probability if found else None,
        "probability": decision.probability,
        "candidates": [[one.character, one.name, one.probability] for one in candidates],
    }


def _read_decision(item: dict[str, Any]) -> Decision:
    best, probability = item["best"], item["probability"]
    if item["named"]:
        return Match(best[0], best[1], probability)
    nearest = Candidate(best[0], best[1], item["nearest_probability"]) if best else None
    return Unknown(nearest, probability)


def _read_candidates(item: dict[str, Any]) -> tuple[Candidate, ...]:
    return tuple(Candidate(*one) for one in item["candidates"])
