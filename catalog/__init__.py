"""What is known about a character, offline: names, series, facts.

>>> catalog = Catalog.load(Path("data/characters.json"))
>>> catalog.get("ayanami_rei").names.romaji_western
'Rei Ayanami'
>>> catalog.search("綾波", limit=1)[0].character.id
'ayanami_rei'
"""

from catalog.catalog import Catalog
from catalog.errors import (
    CatalogError,
    CatalogFileBroken,
    CatalogFileMissing,
    CatalogVersionUnsupported,
    DuplicateCharacter,
)
from catalog.types import Alias, Birthday, Character, Facts, Names, SearchHit, Series

__all__ = [
    "Alias",
    "Birthday",
    "Catalog",
    "CatalogError",
    "CatalogFileBroken",
    "CatalogFileMissing",
    "CatalogVersionUnsupported",
    "Character",
    "DuplicateCharacter",
    "Facts",
    "Names",
    "SearchHit",
    "Series",
]
