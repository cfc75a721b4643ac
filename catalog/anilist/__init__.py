"""Characters on AniList (anilist.co), asked for lazily, kept modestly, and never relied upon.

>>> async with AniList() as anilist:
...     answer = await anilist.search("Frieren")
...     [profile.name for profile in answer.value]
['Frieren']
"""

from catalog.anilist.breaker import Breaker
from catalog.anilist.client import PUBLIC_API, AniList, Answer
from catalog.anilist.errors import (
    AniListBusy,
    AniListMalformed,
    AniListRefused,
    AniListResting,
    AniListUnavailable,
    AniListUnreachable,
)
from catalog.anilist.keeping import Budget, Cache, MemoryBudget, MemoryCache
from catalog.anilist.markup import discord_text, plain_text

__all__ = [
    "PUBLIC_API",
    "AniList",
    "AniListBusy",
    "AniListMalformed",
    "AniListRefused",
    "AniListResting",
    "AniListUnavailable",
    "AniListUnreachable",
    "Answer",
    "Breaker",
    "Budget",
    "Cache",
    "MemoryBudget",
    "MemoryCache",
    "discord_text",
    "plain_text",
]
