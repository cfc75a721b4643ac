"""What can go wrong while recognising, as data.

::

    RecognitionError
    ├── PictureError              the picture itself is the matter; the sender can act on it
    │   ├── PictureTooLarge       over a byte, pixel or frame limit; refused before decoding
    │   ├── UnsupportedPicture    the content is no picture format that we read
    │   ├── BrokenPicture         a known format, but damaged or empty
    │   └── PictureInQuiz         a quiz asks just now who it shows
    ├── WeightsError              the installation is the matter; the operator can act on it
    │   ├── WeightsMissing        a file that the manifest names is not there
    │   └── WeightsCorrupt        a file does not have the checksum or content that was promised
    ├── GalleryError              a change to whom we know cannot be made
    │   ├── CharacterUnknown      nobody with this id is known
    │   ├── CharacterNotAdded     it came with the weights, and stays as it is
    │   └── TooManyPictures       more at once than are learned from
    ├── ModelMismatch             vectors of two different models met
    └── EncoderBusy               the queue is full; trying again later helps

Errors carry values, never sentences for people: ``cogs/errors.py`` turns them into words.
"""

from __future__ import annotations

from pathlib import Path


class RecognitionError(Exception):
    """Root of everything this package raises on purpose."""


class PictureError(RecognitionError):
    """The given picture cannot be used."""


class PictureTooLarge(PictureError):
    """A limit was exceeded. ``what`` is ``"bytes"``, ``"pixels"`` or ``"side_px"``."""

    def __init__(self, what: str, *, limit: int, actual: int) -> None:
        super().__init__(f"{what}: {actual} > {limit}")
        self.what = what
        self.limit = limit
        self.actual = actual


class UnsupportedPicture(PictureError):
    """The bytes are not one of the supported picture formats.

    ``found`` is the format's name where it could be told, else None.
    """

    def __init__(self, found: str | None = None) -> None:
        super().__init__(found or "unknown content")
        self.found = found


class BrokenPicture(PictureError):
    """The header promises a supported format and the rest does not keep the promise."""

    def __init__(self, format_name: str, reason: str) -> None:
        super().__init__(f"{format_name}: {reason}")
        self.format_name = format_name
        self.reason = reason


class PictureInQuiz(PictureError):
    """Nothing is wrong with the picture: a quiz asks just now who it shows, so nobody is told."""


class WeightsError(RecognitionError):
    """The installed weights cannot be used."""


class WeightsMissing(WeightsError):
    """``path`` is named by the manifest and is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class WeightsCorrupt(WeightsError):
    """``path`` is there but is not the file that was promised."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class GalleryError(RecognitionError):
    """The gallery cannot be changed in the way that was asked for."""


class CharacterUnknown(GalleryError):
    """``character`` is no id in the gallery."""

    def __init__(self, character: str) -> None:
        super().__init__(character)
        self.character = character


class CharacterNotAdded(GalleryError):
    """``character`` came with the weights: it can be neither removed nor renamed."""

    def __init__(self, character: str) -> None:
        super().__init__(character)
        self.character = character


class TooManyPictures(GalleryError):
    """``actual`` pictures were given to learn from, ``limit`` are taken at a time."""

    def __init__(self, *, limit: int, actual: int) -> None:
        super().__init__(f"{actual} > {limit}")
        self.limit = limit
        self.actual = actual


class ModelMismatch(RecognitionError):
    """Embeddings of two different models were about to be compared."""

    def __init__(self, *, expected: str, actual: str) -> None:
        super().__init__(f"expected vectors of {expected}, got {actual}")
        self.expected = expected
        self.actual = actual


class EncoderBusy(RecognitionError):
    """Every place in the encoder's queue is taken. ``waiting`` requests of ``limit`` are in it."""

    def __init__(self, *, waiting: int, limit: int) -> None:
        super().__init__(f"{waiting} of {limit} places taken")
        self.waiting = waiting
        self.limit = limit
