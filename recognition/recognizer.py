"""The whole road for one picture: encode (elsewhere), decide (here), annotate (elsewhere)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from recognition.decision import DecisionRule, decide
from recognition.gallery import Gallery
from recognition.serving.base import EncoderService
from recognition.types import (
    EncodedPicture,
    Mode,
    Recognition,
    RecognizedFace,
    RecognizedWhole,
)

_SEARCHED = 10


@dataclass(frozen=True, slots=True)
class AnnotatedPicture:
    """A picture ready to send. ``suffix`` is ``"png"`` or ``"jpg"``; ``size`` is (width, height)."""

    data: bytes
    suffix: str
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one picture came to."""

    recognition: Recognition
    annotated: AnnotatedPicture


class Recognizer:
    """Says who is in a picture.

    Args:
        encoder: the heavy half.
        gallery: whom we know.
        rules: a decision rule for ``"faces"`` and one for ``"whole"``.
    """

    def __init__(
        self, encoder: EncoderService, gallery: Gallery, rules: Mapping[str, DecisionRule]
    ) -> None:
        self.encoder = encoder
        self.gallery = gallery
        self.rules = rules

    def admit(self) -> AbstractContextManager[int]:
        """A place in the queue for one request; see `EncoderService.admit`."""
        return self.encoder.admit()

    async def whois(self, picture: bytes, mode: Mode = Mode.AUTO) -> Answer:
        """Recognises and annotates one picture. Call it within `admit`.

        Raises:
            PictureError, WeightsError: see `EncoderService.encode`.
        """
        recognition = await self.recognize(picture, mode)

        def draw() -> AnnotatedPicture:
            from recognition.annotate import annotate

            return annotate(picture, recognition)

        return Answer(recognition, await self.encoder.run(draw))

    async def recognize(self, picture: bytes, mode: Mode = Mode.AUTO) -> Recognition:
        """Recognises without drawing. Raises as `whois` does."""
        return self.decide(await self.encoder.encode(picture, mode), mode)

    def decide(self, encoded: EncodedPicture, mode: Mode = Mode.AUTO) -> Recognition:
        """The light half: names for an encoded picture. Microseconds; safe on the event loop.

        Raises:
            ModelMismatch: the gallery belongs to another model.
        """
        faces = tuple(
            RecognizedFace(
                face.box,
                face.score,
                *decide(self.gallery.search(face.embedding, _SEARCHED), self.rules["faces"]),
            )
            for face in encoded.faces
        )
        whole = None
        if encoded.whole is not None:
            whole = RecognizedWhole(
                *decide(self.gallery.search(encoded.whole, _SEARCHED), self.rules["whole"])
            )
        return Recognition(encoded.size, faces, whole, mode, dict(encoded.timings_ms))

    async def aclose(self) -> None:
        """Drains and closes the encoder."""
        await self.encoder.aclose()


