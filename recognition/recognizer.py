"""The whole road for one picture: encode (elsewhere), decide (here), annotate (elsewhere)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from recognition.decision import Decider
from recognition.enrol import Lesson, enrol
from recognition.gallery import Gallery
from recognition.serving.base import EncoderService
from recognition.types import EncodedPicture, KnownCharacter, Mode, Recognition

Check = Callable[[bytes, EncodedPicture, Mode], Awaitable[None]]
"""Raises a PictureError where nothing may be said about a picture."""
CAPTION = "whole picture: {name}"
"""Under a picture in which no face was found; the one who asks may say it in another language."""


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

    async def whois(
        self,
        picture: bytes,
        mode: Mode = Mode.AUTO,
        *,
        decider: Decider | None = None,
        check: Check | None = None,
        caption: str = CAPTION,
    ) -> Answer:
        """Recognises and annotates one picture. Call it within `admit`.

        Args:
            decider: the light half with a server's own gallery; None: ours.
            check: asked before anything is said; None: nobody.
            caption: what is written under a picture without faces; see ``annotate.draw``.

        Raises:
            PictureError, WeightsError: see `EncoderService.encode`.
        """
        encoded = await self.encoder.encode(picture, mode)
        if check is not None:
            await check(picture, encoded, mode)
        recognition = (decider or self.decider)(encoded, mode)

        def draw() -> AnnotatedPicture:
            from recognition.annotate import annotate

            return annotate(picture, recognition, encoded.image, caption)

        return Answer(recognition, await self.encoder.run(draw))

    async def recognize(self, picture: bytes, mode: Mode = Mode.AUTO) -> Recognition:
        """Recognises without drawing. Raises as `whois` does."""
        return self.decide(await self.encoder.encode(picture, mode), mode)

    def decide(self, encoded: EncodedPicture, mode: Mode = Mode.AUTO) -> Recognition:
        """The light half alone; see `Decider`. Microseconds; safe on the event loop."""
        return self.decider(encoded, mode)

    async def enrol(
        self,
        character: KnownCharacter,
        pictures: Sequence[bytes],
        *,
        gallery: Gallery | None = None,
        faces: Mapping[int, int] | None = None,
        keep: Collection[int] = (),
    ) -> Lesson:
        """Learns a character from 1 to 20 pictures, into a new gallery; ours stays as it was.

        Call it within `admit`.

        Args:
            gallery: the snapshot to add to, None for `gallery`; the new one is
                ``lesson.enrolment.gallery``.
            character, pictures, faces, keep: see `recognition.enrol.enrol`, as for what it raises.
        """
        known = self.gallery if gallery is None else gallery
        return await enrol(self.encoder, known, character, pictures, faces=faces, keep=keep)

    async def aclose(self) -> None:
        """Drains and closes the encoder."""
        await self.encoder.aclose()
