"""The whole road for one picture: encode (elsewhere), decide (here), annotate (elsewhere)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

from recognition.decision import Decider
from recognition.gallery import Gallery
from recognition.serving.base import EncoderService
from recognition.types import EncodedPicture, Mode, Recognition


@dataclass(frozen=True, slots=True)
class AnnotatedPicture:
    """A picture ready to send. ``suffix`` names its format; ``size`` is (width, height), pixels."""

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
        decider: the light half, with the gallery of those we know.
    """

    def __init__(self, encoder: EncoderService, decider: Decider) -> None:
        self.encoder = encoder
        self.decider = decider

    @property
    def gallery(self) -> Gallery:
        """Whom we know."""
        return self.decider.gallery

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
        """The light half alone; see `Decider`. Microseconds; safe on the event loop."""
        return self.decider(encoded, mode)

    async def aclose(self) -> None:
        """Drains and closes the encoder."""
        await self.encoder.aclose()
