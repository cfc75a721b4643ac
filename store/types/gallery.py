"""Taught characters, and the acts of teaching them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from recognition.types import Embedding
from store.errors import ValueRefused

CROP_SIDE_PX = 128
CROP_BYTES = 64 * 1024


class LessonSource(StrEnum):
    """How a lesson came about."""

    TEACH = "teach"
    CORRECTION = "correction"
    IMPORT = "import"


class LessonState(StrEnum):
    """Where a lesson stands. Only what was learned takes part in recognition."""

    PENDING = "pending"
    LEARNED = "learned"
    REJECTED = "rejected"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is to be taught.

    A character of the catalog is told by its ``catalog_id``, anybody else by the name: 1 to 100
    characters, compared without regard to case, width of letters and repeated spaces.
    """

    name: str
    series: str = ""
    catalog_id: str | None = None


@dataclass(frozen=True, slots=True)
class Crop:
    """An encoded picture of at most 128 by 128 pixels and 64 KiB.

    Raises:
        ValueRefused: it is larger or empty.
    """

    data: bytes
    width_px: int
    height_px: int

    def __post_init__(self) -> None:
        if not (0 < self.width_px <= CROP_SIDE_PX and 0 < self.height_px <= CROP_SIDE_PX):
            raise ValueRefused("crop", (self.width_px, self.height_px))
        if not 0 < len(self.data) <= CROP_BYTES:
            raise ValueRefused("crop", len(self.data))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What staff should see of a proposed picture.

    ``nearest`` is the known character that it resembles most, ``cosine`` how much (-1 to 1);
    ``outlier``: it does not look like the others of its lesson, or like its character.
    """

    nearest: str | None = None
    cosine: float | None = None
    outlier: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One picture to learn from. The crop is kept only where the server wants crops."""

    embedding: Embedding
    crop: Crop | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Exemplar:
    """One learned vector, who taught it and when."""

    id: int
    lesson_id: int
    embedding: Embedding
    taught_by: int
    taught_at: datetime
    has_crop: bool


@dataclass(frozen=True, slots=True, eq=False)
class TaughtCharacter:
    """A character as one server has taught it."""

    id: int
    name: str
    series: str
    catalog_id: str | None
    exemplars: tuple[Exemplar, ...]

    @property
    def gallery_id(self) -> str:
        """Its id in a recogniser's gallery: the catalog's, or one that no catalog uses."""
        return gallery_id(self.id, self.catalog_id)


def gallery_id(character_id: int, catalog_id: str | None) -> str:
    """See `TaughtCharacter.gallery_id`; ids of the catalog hold no colon."""
    return catalog_id or f"own:{character_id}"


@dataclass(frozen=True, slots=True, eq=False)
class TaughtGallery:
    """Everything one server has taught, in vectors of one model.

    ``outdated`` counts the vectors of other models: what has to be taught again since the network
    changed. ``revision`` grows with each change of the server; 0: nothing is stored of it.
    """

    guild_id: int
    model_id: str
    revision: int
    characters: tuple[TaughtCharacter, ...]
    outdated: int


@dataclass(frozen=True, slots=True)
class CharacterSummary:
    """A taught character without its vectors. Counts are of learned vectors, of all models."""

    id: int
    name: str
    series: str
    catalog_id: str | None
    exemplars: int
    last_taught_at: datetime

    @property
    def gallery_id(self) -> str:
        """See `TaughtCharacter.gallery_id`."""
        return gallery_id(self.id, self.catalog_id)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One act of teaching. ``exemplars`` counts its vectors, ``duplicates`` those known before.

    ``name`` is whom it was about when it was given, ``character_id`` its character (None: an
    import, which has many, or nothing is left of it). ``channel_id`` and ``message_id`` are where
    its approval was asked for.
    """

    id: int
    guild_id: int
    source: LessonSource
    state: LessonState
    name: str
    character_id: int | None
    taught_by: int
    taught_at: datetime
    exemplars: int
    duplicates: int = 0
    decided_by: int | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    channel_id: int | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ProposedSample:
    """One vector of a proposal with the evidence that staff decide by."""

    exemplar_id: int
    embedding: Embedding
    evidence: Evidence
    has_crop: bool


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """A lesson that waits for staff."""

    lesson: Lesson
    samples: tuple[ProposedSample, ...]
