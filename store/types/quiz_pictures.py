"""Pictures of a server's own quiz."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from recognition.types import Box


@dataclass(frozen=True, slots=True)
class NewQuizPicture:
    """A picture to keep. Whoever adds it has said that it may be shown and kept.

    ``picture`` is re-encoded (WebP, at most 768 pixels a side, no metadata), ``size`` its (width,
    height); ``face`` is whom it asks for, in its pixels, None where no face was found. ``adult``:
    it comes from a channel for adults; ``spoiler``: it was hidden. ``difficulty`` is 0 to 1.
    ``print`` is a `recognition.likeness.Fingerprint` as bytes.
    """

    character_id: str
    name: str
    series: str
    picture: bytes
    size: tuple[int, int]
    face: Box | None
    print: bytes
    adult: bool = False
    spoiler: bool = False
    difficulty: float = 0.5


@dataclass(frozen=True, slots=True)
class QuizPictureSummary:
    """A kept picture without its bytes."""

    id: int
    guild_id: int
    character_id: str
    name: str
    series: str
    added_by: int
    added_at: datetime
    consented_at: datetime
    size: tuple[int, int]
    face: Box | None
    adult: bool
    spoiler: bool
    difficulty: float
    bytes: int


@dataclass(frozen=True, slots=True)
class QuizPicture:
    """A kept picture."""

    summary: QuizPictureSummary
    picture: bytes
    print: bytes
