"""Teaching from pictures: find the face in each, and hand its vector to the gallery.

A taught picture may be a drawing with one face in it, or a crop that is a face already. Where there
are several faces nothing is guessed: the picture is reported, and the caller chooses by number.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from PIL import Image

from recognition.errors import PictureError
from recognition.gallery import Gallery
from recognition.images import decode_picture
from recognition.learning import Enrolment
from recognition.references import check_count
from recognition.serving.base import EncoderService
from recognition.types import Box, Embedding, EncodedPicture, FaceEncoding, KnownCharacter, Mode

TIGHT_PART = 0.6
"""A picture whose only face is at least this part of its shorter side is a crop of a face, and is
taken whole: the square that is cut around a face (1.7 times its side) would reach beyond it."""


@dataclass(frozen=True, slots=True)
class SeveralFaces:
    """Picture `index` shows several faces, ``boxes`` from left to right, numbered from 1."""

    index: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Unusable:
    """Picture `index` could not be read, or has no face of the number that was chosen."""

    index: int
    error: PictureError | None


@dataclass(frozen=True, slots=True, eq=False)
class TaughtFace:
    """What is learned of picture `index`. ``box`` is None where it was taken whole; ``hash`` is the
    perceptual hash, 64 bits, of what was taken.
    """

    index: int
    box: Box | None
    embedding: Embedding
    hash: int


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What teaching came to. All indices count the given pictures from 0.

    ``enrolment`` is None where no picture could be used; see `Enrolment` for the new gallery,
    outliers and duplicates.
    """

    enrolment: Enrolment | None
    faces: tuple[TaughtFace, ...]
    several: tuple[SeveralFaces, ...]
    unusable: tuple[Unusable, ...]


async def enrol(
    encoder: EncoderService,
    gallery: Gallery,
    character: KnownCharacter,
    pictures: Sequence[bytes],
    *,
    faces: Mapping[int, int] | None = None,
    keep: Collection[int] = (),
) -> Lesson:
    """Adds a character to a gallery from pictures; the given gallery stays as it was.

    Call it within `EncoderService.admit`.

    Args:
        encoder: finds faces and embeds; the model that the gallery's vectors come from.
        gallery: whom we know; the new snapshot is ``lesson.enrolment.gallery``.
        character: an id that is known gets more pictures and keeps its name.
        pictures: 1 to 20 files.
        faces: picture's index → number of the face in it, from 1, left to right, where the caller
            has chosen.
        keep: pictures to use even where they look like somebody else.

    Raises:
        ValueError, TooManyPictures, ModelMismatch: see `Gallery.add`; nothing was learned.
        WeightsError: see `EncoderService.encode`.
    """
    check_count(len(pictures))
    chosen = faces or {}
    taught: list[TaughtFace] = []
    several: list[SeveralFaces] = []
    unusable: list[Unusable] = []
    for index, picture in enumerate(pictures):
        try:
            found = await find_taught_face(encoder, picture, index, chosen.get(index))
        except PictureError as error:
            found = Unusable(index, error)
        match found:
            case TaughtFace():
                taught.append(found)
            case SeveralFaces():
                several.append(found)
            case Unusable():
                unusable.append(found)
    enrolment = None
    if taught:
        enrolment = gallery.add(
            character,
            [face.embedding for face in taught],
            hashes=[face.hash for face in taught],
            keep=[place for place, face in enumerate(taught) if face.index in keep],
        ).reindexed([face.index for face in taught])
    return Lesson(enrolment, tuple(taught), tuple(several), tuple(unusable))


async def find_taught_face(
    encoder: EncoderService, picture: bytes, index: int = 0, number: int | None = None
) -> TaughtFace | SeveralFaces | Unusable:
    """The face that a picture teaches; the whole picture where it is a crop or shows no face.

    Raises:
        PictureError: the picture cannot be read.
    """
    encoded = await encoder.encode(picture, Mode.AUTO)
    if number is None and len(encoded.faces) > 1:
        return SeveralFaces(index, tuple(face.box for face in encoded.faces))
    if number is not None and not 1 <= number <= len(encoded.faces):
        return Unusable(index, None)
    face = encoded.faces[(number or 1) - 1] if encoded.faces else None
    if face is not None and is_tight(encoded, face):
        encoded, face = await encoder.encode(picture, Mode.WHOLE), None
    if face is None:
        assert encoded.whole  # asked for, or there was no face
        embedding, box = encoded.whole[0], None
    else:
        embedding, box = face.embedding, face.box
    return TaughtFace(index, box, embedding, await encoder.run(lambda: hash_of(picture, box)))


def is_tight(encoded: EncodedPicture, face: FaceEncoding) -> bool:
    """Whether the picture is a crop of this one face; see `TIGHT_PART`."""
    side = max(face.box.width, face.box.height)
    return len(encoded.faces) == 1 and side >= TIGHT_PART * min(encoded.size)


def hash_of(picture: bytes, box: Box | None) -> int:
    """64-bit perceptual hash (pHash: Zauner 2010) of a picture's box, or of all of it.

    The smaller of the hash and that of the mirror image, so that a mirrored copy has the same.

    Raises:
        PictureError: the picture cannot be read.
    """
    import imagehash  # brings scipy, which nothing else that is served needs

    image = Image.fromarray(decode_picture(picture))
    if box is not None:
        x0, y0, x1, y1 = box.clipped(image.size).as_ints()
        image = image.crop((x0, y0, max(x0 + 1, x1), max(y0 + 1, y1)))
    both = (image, image.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    return min(int(str(imagehash.phash(side)), 16) for side in both)
