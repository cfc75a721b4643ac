"""Every deck there is, by the word that ``/quiz start deck:`` takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cogs.quiz.clues import ClueDeck
from cogs.quiz.deck import Deck
from cogs.shared.services import Services
from teaching.confusions import Confusions


def _clues(services: Services) -> Deck | None:
    return ClueDeck(services.catalog, Confusions(services.recognizer.gallery))


BUILDERS: Mapping[str, Callable[[Services], Deck | None]] = {"clues": _clues}
"""One builder a deck, in the order in which they are offered. None: this bot cannot have it."""


def open_decks(services: Services) -> dict[str, Deck]:
    """The decks of this bot by name."""
    built = {name: build(services) for name, build in BUILDERS.items()}
    return {name: deck for name, deck in built.items() if deck is not None}
