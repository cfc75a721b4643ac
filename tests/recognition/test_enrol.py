"""Teaching from pictures, with the shipped networks and the drawings of this project."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from recognition.enrol import TaughtFace, find_taught_face, hash_of
from recognition.errors import TooManyPictures, UnsupportedPicture
from recognition.factory import open_recognizer
from recognition.recognizer import Recognizer
from recognition.references import SAME_BITS
from recognition.types import KnownCharacter, Match, Mode

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data" / "samples"
PORTRAIT, FRIENDS, UMBRELLA = (
    (SAMPLES / f"{name}.png").read_bytes() for name in ("portrait", "friends", "umbrella")
)
FACE_OF_PORTRAIT = (329, 331, 566, 610)
NEW = KnownCharacter("someone_new", "Someone New", "Samples")


def saved(image: Image.Image, suffix: str = "JPEG", **options: int) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, suffix, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


@pytest.fixture
async def recognizer() -> AsyncIterator[Recognizer]:
    made = open_recognizer(threads=1)
    yield made
    await made.aclose()


async def test_one_face_is_learned_and_named_afterwards(recognizer: Recognizer) -> None:
    encoded = await recognizer.encoder.encode(FRIENDS, Mode.FACES)
    lesson = await recognizer.enrol(NEW, [FRIENDS], faces={0: 2})
    assert lesson.enrolment is not None
    assert lesson.enrolment.used == (0,)
    assert lesson.faces[0].box == encoded.faces[1].box
    found = lesson.enrolment.gallery.search(encoded.faces[1].embedding)[0]
    assert found.character == NEW
    assert found.cosine == pytest.approx(1, abs=1e-4)
    assert NEW.id not in {c.id for c in recognizer.gallery}, "our own gallery stays as it was"


async def test_several_faces_are_reported_and_one_is_chosen_by_number(
    recognizer: Recognizer,
) -> None:
    lesson = await recognizer.enrol(NEW, [FRIENDS, UMBRELLA])
    assert lesson.enrolment is None
    assert [(s.index, len(s.boxes)) for s in lesson.several] == [(0, 3), (1, 2)]
    lefts = [box.x0 for box in lesson.several[0].boxes]
    assert lefts == sorted(lefts)
    chosen = await recognizer.enrol(NEW, [FRIENDS, UMBRELLA], faces={1: 2}, keep=[1])
    assert [s.index for s in chosen.several] == [0]
    assert chosen.enrolment is not None
    assert chosen.enrolment.used == (1,), "indices count the given pictures"


async def test_a_crop_that_is_a_face_is_taken_whole(recognizer: Recognizer) -> None:
    crop = saved(opened(PORTRAIT).crop(FACE_OF_PORTRAIT), "PNG")
    found = await find_taught_face(recognizer.encoder, crop)
    assert isinstance(found, TaughtFace)
    assert found.box is None
    framed = await find_taught_face(recognizer.encoder, PORTRAIT)
    assert isinstance(framed, TaughtFace)
    assert framed.box is not None


async def test_a_picture_without_a_face_is_taken_whole(
    recognizer: Recognizer, picture: Callable[..., bytes]
) -> None:
    found = await find_taught_face(recognizer.encoder, picture())
    assert isinstance(found, TaughtFace)
    assert found.box is None


async def test_what_cannot_be_read_is_reported_and_the_rest_learned(
    recognizer: Recognizer,
) -> None:
    lesson = await recognizer.enrol(NEW, [b"no picture", PORTRAIT, FRIENDS], faces={2: 9})
    assert [u.index for u in lesson.unusable] == [0, 2]
    assert isinstance(lesson.unusable[0].error, UnsupportedPicture)
    assert lesson.unusable[1].error is None
    assert lesson.enrolment is not None
    assert lesson.enrolment.used == (1,)


async def test_recompressed_and_mirrored_copies_are_ignored(recognizer: Recognizer) -> None:
    portrait = opened(PORTRAIT)
    copies = [
        saved(portrait, quality=60),
        saved(ImageOps.mirror(portrait), quality=80),
        saved(portrait.resize((portrait.width // 2, portrait.height // 2)), "WEBP", quality=80),
    ]
    lesson = await recognizer.enrol(NEW, [PORTRAIT, *copies], keep=range(4))
    assert lesson.enrolment is not None
    assert lesson.enrolment.used == (0,)
    assert [(d.index, d.of) for d in lesson.enrolment.duplicates] == [(1, 0), (2, 0), (3, 0)]


async def test_too_many_are_refused_before_anything_is_read(recognizer: Recognizer) -> None:
    with pytest.raises(TooManyPictures):
        await recognizer.enrol(NEW, [b"not even pictures"] * 21)
    with pytest.raises(ValueError):
        await recognizer.enrol(NEW, [])


async def test_a_taught_drawing_is_named_by_the_shipped_rule(recognizer: Recognizer) -> None:
    lesson = await recognizer.enrol(NEW, [UMBRELLA], faces={0: 1})
    assert lesson.enrolment is not None
    taught = recognizer.decider.with_gallery(lesson.enrolment.gallery)
    answer = taught(await recognizer.encoder.encode(UMBRELLA, Mode.FACES))
    decision = answer.faces[0].decision
    assert isinstance(decision, Match)
    assert decision.character == NEW.id


def test_hashes_of_different_drawings_differ() -> None:
    hashes = [hash_of(data, None) for data in (PORTRAIT, FRIENDS, UMBRELLA)]
    mirrored = hash_of(saved(ImageOps.mirror(opened(PORTRAIT)), "PNG"), None)
    assert (hashes[0] ^ mirrored).bit_count() <= SAME_BITS
    for i in range(3):
        for j in range(i):
            assert (hashes[i] ^ hashes[j]).bit_count() > 2 * SAME_BITS
