"""Answered pictures as JSON."""

from __future__ import annotations

import dataclasses
import json

import pytest

from recognition.types import Mode, Recognition, RecognizedFace, RecognizedWhole
from store.documents import read_pictures, write_pictures
from store.types import AnsweredPicture, PictureSource
from tests.store.made import picture


def test_what_was_written_comes_back() -> None:
    link = PictureSource(url="https://example.com/a.png")
    both = dataclasses.replace(
        picture(1).recognition, mode=Mode.WHOLE, whole=picture(0).recognition.whole
    )
    pictures = (picture(3), picture(0, spoiler=True), AnsweredPicture(link, both))
    assert read_pictures(json.loads(json.dumps(write_pictures(pictures)))) == pictures


def test_timings_are_not_kept() -> None:
    timed = dataclasses.replace(picture().recognition, timings_ms={"detect": 5.0})
    (found,) = read_pictures(write_pictures([AnsweredPicture(PictureSource(), timed)]))
    assert found.recognition.timings_ms == {}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Recognition, {"size", "faces", "whole", "mode", "timings_ms"}),
        (RecognizedFace, {"box", "score", "decision", "candidates"}),
        (RecognizedWhole, {"decision", "candidates"}),
    ],
)
def test_a_new_field_of_an_answer_is_not_lost_unnoticed(kind: type, fields: set[str]) -> None:
    """Where this fails, ``store.documents`` has to learn the field, or knowingly leave it out."""
    assert {field.name for field in dataclasses.fields(kind)} == fields
