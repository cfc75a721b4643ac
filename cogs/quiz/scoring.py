"""What an answer is worth, and who is ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cogs.quiz.rules import Mode, Player

BEST = 100
"""Points of an answer at once, at the first step, without a hint."""
LEAST = 10
"""Points of every right answer, however late."""
_SPEED = 50  # of `BEST`, what the clock takes away
STEP_COST = 10
HINT_COST = 15
N_TEAMS = 2


def points_for(elapsed_s: float, seconds: int, *, steps: int, hints: int) -> int:
    """Points of a right answer.

    Args:
        elapsed_s: since the clock started.
        seconds: that the round has.
        steps: that were shown, at least 1.
        hints: that the member has seen.

    >>> points_for(0, 25, steps=1, hints=0), points_for(25, 25, steps=4, hints=3)
    (100, 10)
    """
    share = min(1.0, max(0.0, elapsed_s / seconds))
    points = BEST - round(_SPEED * share) - STEP_COST * (steps - 1) - HINT_COST * hints
    return max(LEAST, points)


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the standing; equals share a rank."""

    rank: int
    member_id: int
    player: Player


def standing(players: Mapping[int, Player], mode: Mode) -> list[Place]:
    """Everybody who plays, best first. In survival lives count before points."""

    def worth(player: Player) -> tuple[int, int]:
        return (player.lives if mode is Mode.SURVIVAL else 0, player.points)

    def order(item: tuple[int, Player]) -> tuple[int, int, float, int]:
        lives, points = worth(item[1])
        return (-lives, -points, item[1].total_s, item[0])

    places: list[Place] = []
    for index, (member_id, player) in enumerate(sorted(players.items(), key=order)):
        same = places and worth(places[-1].player) == worth(player)
        places.append(Place(places[-1].rank if same else index + 1, member_id, player))
    return places


def team_points(players: Mapping[int, Player]) -> list[int]:
    """Points by team."""
    totals = [0] * N_TEAMS
    for player in players.values():
        if player.team is not None:
            totals[player.team] += player.points
    return totals


def winners(players: Mapping[int, Player], mode: Mode) -> frozenset[int]:
    """Who has won: the first of the standing, or the better team. Nobody wins without points."""
    scored = {one: player for one, player in players.items() if player.points > 0}
    if mode is Mode.TEAMS:
        totals = team_points(players)
        best = max(totals)
        ahead = {team for team, total in enumerate(totals) if total == best}
        return frozenset(one for one, player in scored.items() if player.team in ahead)
    return frozenset(one.member_id for one in standing(players, mode) if one.rank == 1) & set(
        scored
    )
