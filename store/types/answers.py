"""Answers that were given, so that their buttons survive a restart, and their corrections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from recognition.types import Embedding, Recognition


@dataclass(frozen=True, slots=True)
class PictureSource:
    """Where a picture can be looked at again: an attachment, or the address of a link or embed."""

    channel_id: int | None = None
    message_id: int | None = None
    attachment_id: int | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class AnsweredPicture:
    """One picture of an answer and what was said about it."""

    source: PictureSource
    recognition: Recognition
    spoiler: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody said a face, or the whole picture, should have been called.

    ``picture`` and ``face`` count from 0; ``face`` None is the whole picture. ``said`` is the
    gallery id that was shown, None for "unknown". ``truth`` is the right name; None: it is nobody
    we could know. ``catalog_id`` is set where the catalog has the character.
    """

    picture: int
    face: int | None
    said: str | None
    truth: str | None
    catalog_id: str | None
    corrected_by: int
    corrected_at: datetime


Looked: TypeAlias = Mapping[tuple[int, int | None], Embedding]
"""Vectors of an answer by ``(picture, face)``, counted as in `Correction`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. ``version`` grows with each change; ``message_id`` is None until it is posted."""

    id: str
    guild_id: int | None
    channel_id: int
    message_id: int | None
    asker_id: int
    asked_at: datetime
    private: bool
    locale: str
    version: int
    pictures: tuple[AnsweredPicture, ...]
    corrections: tuple[Correction, ...] = ()
