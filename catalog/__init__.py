"""What is known about a character: names, series, facts. It works offline.

``catalog.lookup`` adds what AniList knows, where it can be reached.

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
from catalog.types import (
    Alias,
    Appearance,
    Birthday,
    Character,
    Facts,
    Names,
    Profile,
    SearchHit,
    Series,
)

__all__ = [
    "Alias",
    "Appearance",
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
    "Profile",
    "SearchHit",
    "Series",
]
