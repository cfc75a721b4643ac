"""What can go wrong in the catalog. Errors carry data; the sentences are the caller's.

::

    CatalogError
    ├── CatalogFileMissing          path
    ├── CatalogFileBroken           path, where, problem
    ├── CatalogVersionUnsupported   path, supported, actual
    └── DuplicateCharacter          character_id
"""

from pathlib import Path


class CatalogError(Exception):
    """Base of everything this package raises on purpose."""


class CatalogFileMissing(CatalogError):
    """There is no readable file at ``path``."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path


class CatalogFileBroken(CatalogError):
    """The file is no JSON, or a value in it has the wrong shape.

    ``where`` is the way to the value, such as ``characters[3].names.romaji``; empty for the file
    as a whole. ``problem`` is a technical word or two for the log, not a sentence for users.
    """

    def __init__(self, path: Path, where: str, problem: str) -> None:
        super().__init__(path, where, problem)
        self.path = path
        self.where = where
        self.problem = problem


class CatalogVersionUnsupported(CatalogError):
    """The file was written for another version of this package."""

    def __init__(self, path: Path, supported: int, actual: object) -> None:
        super().__init__(path, supported, actual)
        self.path = path
        self.supported = supported
        self.actual = actual


class DuplicateCharacter(CatalogError):
    """Two characters share one id."""

    def __init__(self, character_id: str) -> None:
        super().__init__(character_id)
        self.character_id = character_id
