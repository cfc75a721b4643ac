"""What is found in pictures to learn from, and what a lesson came to."""

from __future__ import annotations

from dataclasses import dataclass

from recognition.errors import PictureError
from recognition.gallery import Similarity
from recognition.learning import Outlier
from recognition.recognizer import AnnotatedPicture
from recognition.references import Duplicate
from recognition.types import Embedding
from store.names import NAME_LENGTH, SERIES_LENGTH, tidy
from store.types import Crop, Lesson, Sample, Subject

MOST_PICTURES = 10
"""Pictures of a lesson."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundFace:
    """What can be learned of one face; ``hash`` is a perceptual hash, where it was computed."""

    embedding: Embedding
    crop: Crop
    hash: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """What picture `index` (from 0) shows.

    ``faces`` are in the order of their numbers on ``marked``, which is there where several are to
    be chosen from. ``problem``: it could not be read, and there are no faces.
    """

    index: int
    faces: tuple[FoundFace, ...] = ()
    marked: AnnotatedPicture | None = None
    problem: PictureError | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What teaching came to; indices count the given pictures from 0.

    ``lesson`` is None where nothing was new. ``used`` were learned (or proposed); ``outliers`` look
    like somebody else, those that are not in ``used`` were left out; ``nearest`` is the other
    character that the used ones resemble most.
    """

    subject: Subject
    lesson: Lesson | None
    used: tuple[int, ...]
    looks: int
    duplicates: tuple[Duplicate, ...]
    outliers: tuple[Outlier, ...]
    nearest: Similarity | None
    samples: tuple[Sample, ...] = ()

    @property
    def left_out(self) -> tuple[int, ...]:
        """The outliers that were not used."""
        return tuple(one.index for one in self.outliers if one.index not in self.used)


def tidied(subject: Subject) -> Subject:
    """`subject` with single spaces. Raises ValueRefused: a name that nobody can have."""
    name = tidy("name", subject.name, NAME_LENGTH)
    series = tidy("series", subject.series, SERIES_LENGTH, empty=True)
    return Subject(name, series, subject.catalog_id)
