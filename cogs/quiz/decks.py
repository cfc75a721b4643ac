"""Every deck there is, by the word that ``/quiz start deck:`` takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cogs.quiz.anilist_deck import AniListDeck
from cogs.quiz.clues import ClueDeck
from cogs.quiz.deck import Deck
from cogs.quiz.host_deck import HostDeck
from cogs.quiz.pool_deck import PoolDeck
from cogs.shared.services import Services
from teaching.confusions import Confusions


def _clues(services: Services) -> Deck | None:
    return ClueDeck(services.catalog, Confusions(services.recognizer.gallery))


def _pictures(services: Services) -> Deck | None:
    if services.pool is None or services.studio is None:
        return None
    return PoolDeck(services.pool, services.studio, services.catalog)


def _host(services: Services) -> Deck | None:
    return None if services.studio is None else HostDeck()


def _anilist(services: Services) -> Deck | None:
    if services.anilist is None or services.studio is None:
        return None
    fetch = services.downloader.fetch
    return AniListDeck(services.anilist, fetch, services.studio, services.catalog)


BUILDERS: Mapping[str, Callable[[Services], Deck | None]] = {
    "clues": _clues,
    "pictures": _pictures,
    "host": _host,
    "anilist": _anilist,
}
"""One builder a deck, in the order in which they are offered. None: this bot cannot have it."""


def open_decks(services: Services) -> dict[str, Deck]:
    """The decks of this bot by name."""
    built = {name: build(services) for name, build in BUILDERS.items()}
    return {name: deck for name, deck in built.items() if deck is not None}
