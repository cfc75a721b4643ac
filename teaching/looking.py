"""Looking at a picture to learn from: the faces in it, each ready to be chosen by its number."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from recognition.decision import Decider
from recognition.enrol import hash_of, is_tight
from recognition.errors import PictureError
from recognition.images import decode_picture
from recognition.recognizer import Check, Recognizer
from recognition.types import Box, Mode, RgbImage
from store.types import Crop
from store.types.gallery import CROP_SIDE_PX
from teaching.lessons import FoundFace, Looked

MOST_FACES = 25
"""Faces to choose from; Discord's menus hold no more."""
_CROP_MARGIN = 1.4  # of the face's longer side: hair belongs to it
_CROP_QUALITY = 85


async def look(
    recognizer: Recognizer,
    decider: Decider,
    picture: bytes,
    index: int,
    check: Check | None = None,
) -> Looked:
    """Looks at one picture; one without a face, or that is the crop of one, is taken whole.

    Call it within `Recognizer.admit`. What `check` forbids to speak of is not learned from either:
    a lesson tells whom its pictures resemble.

    Raises:
        WeightsError: see `EncoderService.encode`.
    """
    from recognition.annotate import annotate  # brings OpenCV, which the start does not wait for

    encoder = recognizer.encoder
    try:
        encoded = await encoder.encode(picture, Mode.AUTO)
        if check is not None:
            await check(picture, encoded, Mode.AUTO)
        image = encoded.image
        if image is None:  # the encoder works elsewhere
            image = await encoder.run(lambda: decode_picture(picture))
        if len(encoded.faces) > 1:
            faces = encoded.faces[:MOST_FACES]
            recognition = decider(encoded, Mode.AUTO)
            marked = await encoder.run(lambda: annotate(picture, recognition, image))
            found = [FoundFace(one.embedding, crop_of(image, one.box)) for one in faces]
            return Looked(index, tuple(found), marked)
        face = encoded.faces[0] if encoded.faces else None
        if face is not None and is_tight(encoded, face):
            encoded, face = await encoder.encode(picture, Mode.WHOLE), None
        box = None if face is None else face.box
        embedding = encoded.whole[0] if face is None else face.embedding
        hashed = await encoder.run(lambda: hash_of(picture, box))
        return Looked(index, (FoundFace(embedding, crop_of(image, box), hashed),))
    except PictureError as problem:
        return Looked(index, problem=problem)


def crop_of(image: RgbImage, box: Box | None) -> Crop:
    """A small JPEG of a face, or (None) of the whole picture, for people to compare with."""
    height, width = image.shape[:2]
    if box is not None:
        x, y = box.center
        half = _CROP_MARGIN * max(box.width, box.height) / 2
        around = Box(x - half, y - half, x + half, y + half).clipped((width, height))
        x0, y0, x1, y1 = around.as_ints()
        image = image[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]
    small = Image.fromarray(np.ascontiguousarray(image))
    small.thumbnail((CROP_SIDE_PX, CROP_SIDE_PX), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_CROP_QUALITY)
    return Crop(out.getvalue(), *small.size)
