"""Games to play in tests."""

from __future__ import annotations

from typing import Any

from cogs.quiz import moves
from cogs.quiz.game import Game
from cogs.quiz.rules import Asked, Choice, Rules

START_S = 1_800_000_000.0
RIGHT, WRONG = "token-a", "token-b"
KAI, YUKI, MORI, HANA = 101, 102, 103, 104


def asked(n_steps: int = 4) -> Asked:
    """Who is it? A."""
    choices = tuple(Choice(f"token-{one}", one, one.upper()) for one in "abcd")
    return Asked("question", "a", choices, n_steps, ("series", "letter", "looks"))


def new_game(**rules: Any) -> Game:
    return Game.new(Rules("clues", **rules), START_S)


def opened(
    game: Game, now_s: float = START_S, uploader_id: int | None = None, n_steps: int = 4
) -> Game:
    """The next round, its clock started."""
    game.handle(moves.Drawn(asked(n_steps), uploader_id), now_s)
    game.handle(moves.Posted(7), now_s)
    return game


def play_round(game: Game, now_s: float, *answers: tuple[int, str, float]) -> float:
    """A round with answers (member, token, seconds after its start); the time after its reveal."""
    opened(game, now_s)
    for member_id, token, after_s in answers:
        game.handle(moves.Chose(member_id, token), now_s + after_s)
    now_s += game.rules.seconds
    game.handle(moves.Tick(), now_s)
    now_s += 8.0
    game.handle(moves.Tick(), now_s)
    return now_s
