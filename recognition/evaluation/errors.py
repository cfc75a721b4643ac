"""What can be wrong with the material of an evaluation, as data.

::

    EvaluationError
    ├── InputMissing      a file or folder that was named is not there
    ├── InputEmpty        it is there, and holds nothing to measure
    ├── InputMalformed    a table or an annotation file is not laid out as it should be
    ├── ReportRefused     the report would lie inside the repository
    └── PlotsMissing      matplotlib, which only reports need, is not installed

A single picture that cannot be used is none of these: it is skipped, counted and listed.
"""

from __future__ import annotations

from pathlib import Path


class EvaluationError(Exception):
    """Root of what the evaluation raises on purpose; the command line ends with code 2."""


class InputMissing(EvaluationError):
    """``path`` was named and is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class InputEmpty(EvaluationError):
    """``path`` holds no picture that can be used; ``skipped`` of them could not be read."""

    def __init__(self, path: Path, *, skipped: int = 0) -> None:
        super().__init__(f"{path}: no usable picture, {skipped} skipped")
        self.path = path
        self.skipped = skipped


class InputMalformed(EvaluationError):
    """``path`` is not what it should be in ``line`` (from 1; 0 = the file as such)."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


class ReportRefused(EvaluationError):
    """``path`` lies inside ``repository``: a report shows other people's pictures."""

    def __init__(self, path: Path, repository: Path) -> None:
        super().__init__(f"{path} lies inside {repository}")
        self.path = path
        self.repository = repository


class PlotsMissing(EvaluationError):
    """A report needs ``package``, which requirements-dev.txt brings."""

    def __init__(self, package: str) -> None:
        super().__init__(f"{package} is not installed; requirements-dev.txt has it")
        self.package = package
