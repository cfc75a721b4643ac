"""Who is in which picture: tables, folders, and the many ways to write a name."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from recognition.evaluation.errors import InputEmpty, InputMalformed, InputMissing
from recognition.evaluation.source import PictureSource, Skipped
from recognition.types import Box, KnownCharacter

_FILE = ("file", "filename", "path", "picture", "image")
_CHARACTER = ("character", "characters_present", "characters", "name", "id", "label")
_BOX = ("x0", "y0", "x1", "y1")


@dataclass(frozen=True, slots=True)
class Label:
    """One character in one picture. ``box`` is where, in pixels, where the table says so."""

    file: str
    """Path in the source."""
    character: str
    """As it is written in the table."""
    folder: str
    """The folder that the picture lies in, "" for none."""
    split: str = ""
    box: Box | None = None

    @property
    def shown(self) -> str:
        """The name to list it under."""
        return self.character or self.folder or "unnamed"


def read_labels(
    source: PictureSource, table: Path | None, split: str | None = None
) -> tuple[list[Label], list[Skipped]]:
    """The labels of a table, or of the folders' names where there is none.

    Args:
        source: where the pictures lie.
        table: CSV with a header: a column ``file`` and one ``character`` (a name or an id, several
            with ``|`` between them); ``split`` and ``x0,y0,x1,y1`` where there are such.
        split: only lines with this value in the column ``split``.

    Returns:
        The labels, and the lines whose file is not in the source.

    Raises:
        InputMissing, InputMalformed, InputEmpty
    """
    if table is None:
        named = [(name, source.folder_of(name)) for name in source.names]
        labels = [Label(name, folder, folder) for name, folder in named if folder]
        if not labels:
            raise InputEmpty(source.path)
        return labels, []
    labels, skipped = [], []
    for line, row in enumerate(_rows(table), start=2):
        if split is not None and row.get("split") != split:
            continue
        file = _column(row, _FILE)
        if not file:
            raise InputMalformed(table, line, "no file is named")
        found = source.find(file)
        if found is None:
            skipped.append(Skipped(file, "not found"))
            continue
        folder = source.folder_of(found)
        for name in (_column(row, _CHARACTER) or folder).split("|"):
            labels.append(
                Label(found, name.strip(), folder, row.get("split") or "", _box(row, table, line))
            )
    if not labels:
        raise InputEmpty(table, skipped=len(skipped))
    return labels, skipped


def _rows(table: Path) -> list[dict[str, str]]:
    """Lines by column, columns in lower case; comma, semicolon or tab between them."""
    try:
        text = table.read_text(encoding="utf-8-sig")
    except FileNotFoundError as cause:
        raise InputMissing(table) from cause
    except (OSError, UnicodeDecodeError) as cause:
        raise InputMalformed(table, 0, str(cause)) from cause
    lines = text.splitlines()
    if not lines:
        raise InputEmpty(table)
    delimiter = max(",;\t", key=lines[0].count)
    reader = csv.DictReader(lines, delimiter=delimiter)
    columns = [c.strip().lower() for c in reader.fieldnames or ()]
    for wanted in (_FILE, _CHARACTER):
        if not set(wanted) & set(columns):
            raise InputMalformed(table, 1, f"no column {' or '.join(wanted)}")
    reader.fieldnames = columns
    return [{k: (v or "") for k, v in row.items() if k is not None} for row in reader]


def _column(row: dict[str, str], names: tuple[str, ...]) -> str:
    return next((row[n].strip() for n in names if row.get(n, "").strip()), "")


def _box(row: dict[str, str], table: Path, line: int) -> Box | None:
    if not all(row.get(side) for side in _BOX):
        return None
    try:
        box = Box(*(float(row[side]) for side in _BOX))
    except ValueError as cause:
        raise InputMalformed(table, line, str(cause)) from cause
    if box.area <= 0:
        raise InputMalformed(table, line, "the box is empty")
    return box


class NameIndex:
    """Finds a gallery's character by id, by name in either order, or by a folder's name.

    Case, accents, punctuation and the spelling of long vowels (Tōsaka, Tohsaka, Tousaka) do not
    matter. What fits two characters finds neither.
    """

    def __init__(self, characters: Iterable[KnownCharacter]) -> None:
        self._exact: dict[str, str | None] = {}
        self._loose: dict[str, str | None] = {}
        for character in characters:
            for text in (character.id, character.name):
                _enter(self._exact, _key(text), character.id)
                _enter(self._loose, _loose_key(text), character.id)

    def find(self, text: str) -> str | None:
        """The character's id, None where nobody or more than one fits."""
        return self._exact.get(_key(text)) or self._loose.get(_loose_key(text))

    def resolve(self, label: Label) -> str | None:
        """The id for a label: by what the table says, else by the folder."""
        return self.find(label.character) or (self.find(label.folder) if label.folder else None)

    def key(self, label: Label) -> str:
        """The id for a label; one made of the name where the gallery knows nobody by it."""
        made = "_".join(re.findall(r"\w+", label.shown.casefold().replace("_", " ")))
        return self.resolve(label) or made or "unnamed"


def _enter(index: dict[str, str | None], key: str, character: str) -> None:
    index[key] = character if index.get(key, character) == character else None


def _key(text: str) -> str:
    """Words without case, accents and order."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(sorted(re.findall(r"\w+", plain.replace("_", " ").replace("'", ""))))


def _loose_key(text: str) -> str:
    """The same with long vowels short: ou, oo, oh → o; uu → u; word by word, in order of words."""
    words = re.sub(r"o[uo]|oh(?=[^aeiou\s]|\b)", "o", _key(text).replace("uu", "u")).split()
    return " ".join(sorted(words))
