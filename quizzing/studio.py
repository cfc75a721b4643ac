"""Makes a question of a picture: looked at, measured, and shown step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizzing.encoding import SUFFIX, as_webp, kept_form
from quizzing.measures import confused_with, difficulty
from recognition.decision import Decider
from recognition.gallery import Similarity
from recognition.images import decode_picture
from recognition.recognizer import CAPTION, AnnotatedPicture, Check, Recognizer
from recognition.types import (
    Box,
    Candidate,
    Decision,
    EncodedPicture,
    Match,
    Mode,
    Recognition,
    RgbImage,
)
from teaching.servers import ServerGalleries

_SEARCHED = 12
MOST_FACES = 24
"""Faces to choose from; one place of Discord's menus is for "none of these"."""


@dataclass(frozen=True, slots=True, eq=False)
class Sitter:
    """Somebody in a picture. ``match`` is whom the bot takes him for, None: nobody it knows.

    ``candidates`` are the best five; ``box`` is None where no face was found and the picture
    stands for itself.
    """

    box: Box | None
    match: Match | None
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """A picture ready to be kept. ``sitters`` are in the order of their numbers on ``marked``,
    which is there where several are to be chosen from; their boxes are in pixels of ``picture``.
    """

    picture: bytes
    size: tuple[int, int]
    print: bytes
    sitters: tuple[Sitter, ...]
    marked: AnnotatedPicture | None


@dataclass(frozen=True, slots=True, eq=False)
class PictureQuestion:
    """What a round shows. Nothing in ``steps`` tells more than the pixels do.

    ``steps`` are files with the suffix ``suffix``, the last one the whole picture; ``annotated``
    is the right answer drawn on it; ``confused`` are ids of whom one could take the character for,
    nearest first; ``names`` of everybody the bot sees in it, left to right, None for strangers.
    """

    steps: tuple[bytes, ...]
    suffix: str
    annotated: AnnotatedPicture
    difficulty: float
    confused: tuple[str, ...]
    names: tuple[str | None, ...]


class Studio:
    """Looks at pictures for quizzes. Stateless.

    Args:
        recognizer: the heavy half.
        galleries: whom each server knows.
        check: says of which pictures nothing may be told to whoever offers them.
    """

    def __init__(
        self, recognizer: Recognizer, galleries: ServerGalleries, check: Check | None = None
    ) -> None:
        self._check = check
        self._recognizer = recognizer
        self._galleries = galleries

    async def portray(self, guild_id: int, picture: bytes) -> Portrait:
        """Looks at a picture that somebody wants to add.

        Raises:
            PictureError, EncoderBusy, WeightsError: see `EncoderService.encode`.
            PictureInQuiz: a quiz asks just now who that is.
        """
        decider = await self._galleries.decider(guild_id)
        with self._recognizer.admit():
            _, image, recognition = await self._look(decider, picture, self._check)
            boxes = [one.box for one in recognition.faces[:MOST_FACES]]
            run = self._recognizer.encoder.run
            kept, size, small, print_ = await run(lambda: kept_form(image, boxes))
            marked = None
            if len(boxes) > 1:
                marked = await run(lambda: _drawn(picture, recognition, image))
        sitters = tuple(
            Sitter(
                box,
                one.decision if isinstance(one.decision, Match) else None,
                one.candidates,
            )
            for box, one in zip(small, recognition.faces, strict=False)
        ) or (_whole_sitter(recognition),)
        return Portrait(kept, size, print_.to_bytes(), sitters, marked)

    async def question(
        self,
        guild_id: int,
        picture: bytes,
        character_id: str,
        name: str,
        *,
        seed: int,
        face: Box | None = None,
        caption: str = CAPTION,
    ) -> PictureQuestion:
        """The steps, the answer and the measures of a picture; equal for equal arguments.

        Args:
            face: whom it asks for, in pixels of `picture`; None: whoever looks most like the
                character.
            name: drawn beside the face in the answer.
            caption: how it is written where there is no face; see ``annotate.draw``.

        Raises:
            PictureError, EncoderBusy, WeightsError
        """
        from recognition.reveal import reveal_steps  # brings OpenCV, as `_drawn`

        decider = await self._galleries.decider(guild_id)
        with self._recognizer.admit():
            encoded, image, recognition = await self._look(decider, picture)
            asked = _asked(recognition, character_id, face)
            similar = _similar(decider, encoded, asked)
            truth = _with_truth(recognition, asked, character_id, name)

            def draw() -> tuple[tuple[bytes, ...], AnnotatedPicture]:
                boxes = [one.box for one in recognition.faces]
                steps = reveal_steps(image, boxes, seed=seed, face=asked)
                return tuple(as_webp(one) for one in steps), _drawn(picture, truth, image, caption)

            steps, annotated = await self._recognizer.encoder.run(draw)
        candidates = _candidates(recognition, asked)
        sure = next((one.probability for one in candidates if one.character == character_id), 0.0)
        return PictureQuestion(
            steps,
            SUFFIX,
            annotated,
            difficulty(similar, character_id, sure),
            confused_with(similar, character_id),
            tuple(_name(one.decision) for one in truth.faces),
        )

    async def _look(
        self, decider: Decider, picture: bytes, check: Check | None = None
    ) -> tuple[EncodedPicture, RgbImage, Recognition]:
        encoder = self._recognizer.encoder
        encoded = await encoder.encode(picture, Mode.AUTO)
        if check is not None:
            await check(picture, encoded, Mode.AUTO)
        image = encoded.image
        if image is None:  # the encoder works elsewhere
            image = await encoder.run(lambda: decode_picture(picture))
        return encoded, image, decider(encoded, Mode.AUTO)


def _drawn(
    picture: bytes, recognition: Recognition, image: RgbImage, caption: str = CAPTION
) -> AnnotatedPicture:
    from recognition.annotate import annotate  # brings OpenCV, which the start does not wait for

    return annotate(picture, recognition, image, caption)


def _whole_sitter(recognition: Recognition) -> Sitter:
    whole = recognition.whole
    if whole is None:
        return Sitter(None, None, ())
    match = whole.decision if isinstance(whole.decision, Match) else None
    return Sitter(None, match, whole.candidates)


def _asked(recognition: Recognition, character_id: str, face: Box | None) -> int | None:
    """Index of the face that is asked for; None where there is no face."""
    if not recognition.faces:
        return None
    places = range(len(recognition.faces))
    if face is not None:
        return max(places, key=lambda i: recognition.faces[i].box.iou(face))

    def likely(i: int) -> tuple[float, float]:
        one = recognition.faces[i]
        found = [c.probability for c in one.candidates if c.character == character_id]
        return max(found, default=0.0), one.box.area

    return max(places, key=likely)


def _candidates(recognition: Recognition, asked: int | None) -> Sequence[Candidate]:
    if asked is not None:
        return recognition.faces[asked].candidates
    return recognition.whole.candidates if recognition.whole else ()


def _similar(decider: Decider, encoded: EncodedPicture, asked: int | None) -> list[Similarity]:
    if asked is not None:
        face = encoded.faces[asked].embedding
        return decider.gallery.search(face, _SEARCHED, decider.faces.taught_bonus)
    whole = encoded.whole
    return decider.gallery.search(whole, _SEARCHED, decider.whole.taught_bonus) if whole else []


def _with_truth(
    recognition: Recognition, asked: int | None, character_id: str, name: str
) -> Recognition:
    """The answer as it is, not as the bot would have it."""
    truth = Match(character_id, name, 1.0)
    if asked is not None:
        faces = list(recognition.faces)
        faces[asked] = replace(faces[asked], decision=truth)
        return replace(recognition, faces=tuple(faces))
    if recognition.whole is not None:
        return replace(recognition, whole=replace(recognition.whole, decision=truth))
    return recognition


def _name(decision: Decision) -> str | None:
    return decision.name if isinstance(decision, Match) else None
