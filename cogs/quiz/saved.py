"""A game as JSON and back: what is kept while it runs.

Members stand under ``players`` (and ``uploader_id``) and nowhere else, so that the store can keep
them apart from the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from cogs.quiz.game import Game
from cogs.quiz.rules import (
    Answers,
    Asked,
    Choice,
    Ending,
    Mode,
    Phase,
    Player,
    Rules,
    Tolerance,
    Vote,
)


def to_json(game: Game) -> dict[str, Any]:
    """The whole game, of values that JSON has; keys of ``players`` are text."""
    document = asdict(game)
    document["players"] = {str(one): asdict(player) for one, player in game.players.items()}
    return document


def player_to_json(player: Player) -> dict[str, Any]:
    """One player, as in ``players``."""
    return asdict(player)


def from_json(document: Mapping[str, Any]) -> Game:
    """The game that `to_json` wrote. Raises KeyError, TypeError, ValueError: it did not."""
    fields = dict(document)
    rules = dict(fields["rules"])
    rules["answers"] = Answers(rules["answers"])
    rules["mode"] = Mode(rules["mode"])
    rules["tolerance"] = Tolerance(rules["tolerance"])
    fields["rules"] = Rules(**rules)
    fields["phase"] = Phase(fields["phase"])
    fields["ending"] = None if fields["ending"] is None else Ending(fields["ending"])
    fields["asked"] = _asked(fields["asked"])
    fields["rival"] = _vote(fields["rival"])
    fields["players"] = {int(one): _player(player) for one, player in fields["players"].items()}
    return Game(**fields)


def _asked(document: Mapping[str, Any] | None) -> Asked | None:
    if document is None:
        return None
    choices = tuple(Choice(**one) for one in document["choices"])
    return Asked(**{**document, "choices": choices, "hints": tuple(document["hints"])})


def _vote(document: Mapping[str, Any] | None) -> Vote | None:
    return None if document is None else Vote(**document)


def _player(document: Mapping[str, Any]) -> Player:
    return Player(**{**document, "vote": _vote(document["vote"])})
