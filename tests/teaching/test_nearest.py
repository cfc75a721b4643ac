"""The kept picture that a face resembles most, and what waits for staff already."""

from __future__ import annotations

import dataclasses
import io

import numpy as np
import pytest
from PIL import Image

from recognition.types import (
    Box,
    Embedding,
    EncodedPicture,
    FaceEncoding,
    Match,
    Mode,
    Recognition,
    RecognizedFace,
    RecognizedWhole,
    Unknown,
)
from store.types import Subject
from teaching.lessons import FoundFace
from teaching.looking import crop_of
from teaching.nearest import Watched, nearest_crops
from tests.cogs.made import MODEL
from tests.teaching.conftest import School

HERE, STAFF = 1, 7
GREYS = (10, 90, 200)


def vector(*numbers: float) -> Embedding:
    found = np.array(numbers, np.float32)
    return Embedding(found / np.linalg.norm(found), MODEL)


def face(grey: int, *numbers: float) -> FoundFace:
    """A face whose small picture is of one grey, so that it can be told apart."""
    crop = crop_of(np.full((40, 60, 3), grey, np.uint8), None)
    return FoundFace(vector(*numbers), crop)


def grey_of(data: bytes) -> int:
    with Image.open(io.BytesIO(data)) as image:
        return int(np.asarray(image.convert("L")).mean())


def picture(*faces: Embedding, whole: Embedding | None = None) -> EncodedPicture:
    box = Box(0, 0, 10, 10)
    found = tuple(FaceEncoding(box, 0.9, one) for one in faces)
    return EncodedPicture((100, 60), found, None if whole is None else (whole,), MODEL)


def named(*characters: str | None) -> Recognition:
    faces = tuple(
        RecognizedFace(
            Box(0, 0, 10, 10),
            0.9,
            Unknown(None, 0.0) if one is None else Match(one, one, 0.9),
            (),
        )
        for one in characters
    )
    return Recognition((100, 60), faces, None, Mode.AUTO)


@pytest.fixture
async def kept(school: School) -> School:
    """A server that keeps pictures, and was taught Yui from three that look quite different."""
    await school.store.settings.change(HERE, None, keep_crops=True)
    faces = {
        0: face(GREYS[0], -1, 0.1),
        1: face(GREYS[1], -1, 1),
        2: face(GREYS[2], -0.1, 1),
    }
    await school.teacher.teach(HERE, Subject("Yui"), faces, actor_id=STAFF, keep=list(faces))
    return school


async def yui(school: School) -> str:
    known = await school.galleries.get(HERE)
    return known.taught.characters[0].gallery_id


@pytest.mark.parametrize(("like", "grey"), [((-1, 0.05), 10), ((-1, 0.9), 90), ((0, 1), 200)])
async def test_the_nearest_one_is_found(kept: School, like: tuple[float, float], grey: int) -> None:
    known = await kept.galleries.get(HERE)
    encoded = picture(vector(1, 0), vector(*like))
    found = await nearest_crops(kept.store, known, encoded, named(None, await yui(kept)))
    assert [(number, abs(grey_of(one.data) - grey) < 4) for number, one in found.items()] == [
        (2, True)
    ]
    whole = RecognizedWhole(Match(await yui(kept), "Yui", 0.9), ())
    as_whole = dataclasses.replace(named(), whole=whole)
    found = await nearest_crops(kept.store, known, picture(whole=vector(*like)), as_whole)
    assert list(found) == [0]
    assert abs(grey_of(found[0].data) - grey) < 4


async def test_one_picture_a_character(kept: School) -> None:
    known, her = await kept.galleries.get(HERE), await yui(kept)
    encoded = picture(vector(-1, 0), vector(0, 1))
    assert list(await nearest_crops(kept.store, known, encoded, named(her, her))) == [1]


async def test_none_where_none_is_kept(kept: School) -> None:
    her, encoded = await yui(kept), picture(vector(-1, 0))
    shipped = next(iter(kept.recognizer.gallery)).id
    known = await kept.galleries.get(HERE)
    assert await nearest_crops(kept.store, known, encoded, named(shipped)) == {}
    assert await nearest_crops(kept.store, known, encoded, named(None)) == {}
    await kept.store.settings.change(HERE, None, keep_crops=False)
    # Whoever still holds the old copy of the gallery finds nothing behind it.
    assert await nearest_crops(kept.store, known, encoded, named(her)) == {}
    known = await kept.galleries.get(HERE)
    assert await nearest_crops(kept.store, known, encoded, named(her)) == {}


def test_a_watched_decider_remembers_the_picture() -> None:
    encoded = picture(vector(1, 0))
    watched = Watched(lambda *_: named("a"))
    assert watched.encoded is None
    assert watched(encoded, Mode.AUTO) == named("a")
    assert watched.encoded is encoded


async def test_what_waits_for_staff_is_known_by_face_and_name(school: School) -> None:
    teacher, mine = school.teacher, face(10, -1, 0.1)
    assert not await teacher.waits(HERE, Subject("Yui"), mine)
    await teacher.propose(HERE, Subject("Yui"), {0: mine}, actor_id=STAFF)
    assert await teacher.waits(HERE, Subject("  YUI "), mine)
    assert not await teacher.waits(HERE, Subject("Ayanami Rei", catalog_id="ayanami_rei"), mine)
    assert not await teacher.waits(HERE, Subject("Mio"), mine)
    assert not await teacher.waits(HERE, Subject("Yui"), face(10, -1, 0.5))
    assert not await teacher.waits(2, Subject("Yui"), mine)
    (waiting,) = await school.store.proposals.pending(HERE)
    await school.store.proposals.reject(HERE, waiting.id, actor_id=STAFF)
    assert not await teacher.waits(HERE, Subject("Yui"), mine)
