"""Where pictures lie: a folder or a zip archive, read alike."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from recognition.errors import BrokenPicture, PictureError, PictureTooLarge
from recognition.evaluation.errors import InputMalformed, InputMissing
from recognition.images import DEFAULT_LIMITS, decode_picture
from recognition.types import RgbImage

#: What counts as a picture when a folder is listed; some of them we cannot read, and say so.
SUFFIXES = frozenset(
    {
        *(".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif", ".avif", ".bmp"),
        *(".tif", ".tiff", ".heic", ".heif", ".jxl"),
    }
)

#: What zipfile raises of a damaged member; RuntimeError of one that wants a password.
_ARCHIVE_ERRORS = (zipfile.BadZipFile, RuntimeError, zlib.error, EOFError)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A picture that could not be used, and why: the name of an error, or ``"not found"``."""

    file: str
    reason: str


class PictureSource:
    """The pictures of a folder or a zip archive, by their paths in it (``/`` between parts).

    Raises:
        InputMissing: neither a folder nor a file is there.
        InputMalformed: the file is no zip archive.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip: zipfile.ZipFile | None = None
        if path.is_dir():
            found = (p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file())
        elif path.is_file():
            try:
                self._zip = zipfile.ZipFile(path)
            except (zipfile.BadZipFile, OSError) as cause:
                raise InputMalformed(path, 0, f"no folder and no zip archive ({cause})") from cause
            found = (n for n in self._zip.namelist() if not n.endswith("/"))
        else:
            raise InputMissing(path)
        self.files = frozenset(found)
        self.names = tuple(sorted(n for n in self.files if _is_picture(n)))
        tops = {n.split("/")[0] for n in self.files if not n.startswith("__MACOSX/")}
        self._top = tops.pop() if len(tops) == 1 else ""

    def find(self, file: str) -> str | None:
        """The path in this source of what a table calls `file`, None where there is nothing.

        A table may count from the folder above, and an archive may have one folder around all.
        """
        name = PurePosixPath(file.strip().replace("\\", "/")).as_posix()
        first, _, rest = name.partition("/")
        candidates = [name, f"{self._top}/{name}"]
        if first in (self.path.name, self.path.stem):
            candidates += [rest, f"{self._top}/{rest}"]
        return next((c for c in candidates if c in self.files), None)

    def read(self, name: str) -> bytes:
        """A file's bytes.

        Raises:
            PictureTooLarge: it has more bytes than a picture may have.
            BrokenPicture: the archive is damaged there, or wants a password.
            OSError: the file cannot be read.
        """
        if self._zip is not None:
            size = self._zip.getinfo(name).file_size
        else:
            size = (self.path / name).stat().st_size
        if size > DEFAULT_LIMITS.max_bytes:
            raise PictureTooLarge("bytes", limit=DEFAULT_LIMITS.max_bytes, actual=size)
        if self._zip is None:
            return (self.path / name).read_bytes()
        try:
            return self._zip.read(name)
        except _ARCHIVE_ERRORS as cause:
            raise BrokenPicture("ZIP", str(cause)) from cause

    def folder_of(self, name: str) -> str:
        """The name of the folder that a picture lies in, "" for none."""
        return PurePosixPath(name).parent.name


def decode_all(
    source: PictureSource, names: list[str], skipped: list[Skipped]
) -> Iterator[tuple[int, RgbImage]]:
    """(index in `names`, picture) of what can be read; the rest is appended to `skipped`."""
    for i, name in enumerate(names):
        try:
            yield i, decode_picture(source.read(name))
        except (PictureError, OSError) as error:
            skipped.append(Skipped(name, type(error).__name__))


def _is_picture(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith(".") for part in path.parts) or path.parts[0] == "__MACOSX"
    return path.suffix.lower() in SUFFIXES and not hidden
