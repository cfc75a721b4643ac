"""Whatever happens, in whatever order: points, votes, endings, and the way to JSON and back."""

from __future__ import annotations

import json
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.quiz import moves
from cogs.quiz.game import Game
from cogs.quiz.moves import Move
from cogs.quiz.rules import Ending, Mode, Phase, Rules, Verdict
from cogs.quiz.saved import from_json, to_json
from cogs.quiz.scoring import BEST, standing, team_points, winners
from tests.cogs.quiz.made import START_S, asked

MEMBERS = st.integers(1, 4)
MOVES: st.SearchStrategy[Move] = st.one_of(
    st.builds(moves.Drawn, st.integers(1, 6).map(asked), st.none() | MEMBERS),
    st.builds(moves.Posted, st.integers(1, 9)),
    st.builds(moves.Chose, MEMBERS, st.sampled_from([f"token-{one}" for one in "aabcx"])),
    st.builds(moves.Typed, MEMBERS, st.sampled_from(Verdict)),
    st.builds(moves.Guessed, st.sampled_from(["a", "b", None])),
    st.builds(moves.TakeHint, MEMBERS),
    st.builds(moves.WantHint, MEMBERS),
    st.builds(moves.WantSkip, MEMBERS),
    st.builds(moves.Join, MEMBERS, st.integers(0, 2)),
    st.builds(moves.Skip),
    st.builds(moves.Void),
    st.builds(moves.Pause),
    st.builds(moves.Resume),
    st.builds(moves.Forget, MEMBERS),
    st.builds(moves.Wake),
    st.builds(moves.Tick),
    st.builds(moves.Stop, st.just(Ending.STOPPED)),
)
# Stops are rare in life, and would hide the rest here.
ORDINARY = MOVES.filter(lambda move: not isinstance(move, moves.Stop))
STEPS = st.tuples(ORDINARY, st.sampled_from([0.0, 0.1, 1.0, 4.0, 9.0, 26.0, 1000.0]))
SCENES = st.lists(STEPS, max_size=80)
RULES = st.builds(
    Rules,
    st.just("clues"),
    rounds=st.integers(1, 12),
    seconds=st.sampled_from([5, 25, 300]),
    mode=st.sampled_from(Mode),
)


def play(rules: Rules, scene: Iterable[tuple[Move, float]]) -> Iterable[tuple[Game, Move, float]]:
    """The game after each move. A question is drawn and posted more often than by chance."""
    now_s = START_S
    game = Game.new(rules, now_s)
    for move, after_s in scene:
        now_s += after_s
        if game.phase is Phase.WAITING:
            game.handle(moves.Drawn(asked()), now_s)
        elif game.phase is Phase.POSTING:
            game.handle(moves.Posted(1), now_s)
        game.handle(move, now_s)
        yield game, move, now_s


def played(rules: Rules, scene: Iterable[tuple[Move, float]]) -> tuple[Game, float]:
    """The game after all moves, and the time."""
    last = Game.new(rules, START_S), START_S
    for game, _, now_s in play(rules, scene):
        last = game, now_s
    return last


@given(RULES, SCENES)
@settings(max_examples=80, deadline=None)
def test_points_are_never_negative_and_never_taken_away(
    rules: Rules, scene: list[tuple[Move, float]]
) -> None:
    before: dict[int, int] = {}
    for game, move, _ in play(rules, scene):
        points = {one: player.points for one, player in game.players.items()}
        if isinstance(move, moves.Forget):
            before.pop(move.member_id, None)
        assert all(points[one] >= before.get(one, 0) >= 0 for one in points)
        assert all(player.points <= BEST * player.correct for player in game.players.values())
        assert all(player.lives >= 0 for player in game.players.values())
        assert game.rival_points >= 0
        before = points


@given(RULES, SCENES)
@settings(max_examples=80, deadline=None)
def test_one_answer_a_member_and_round(rules: Rules, scene: list[tuple[Move, float]]) -> None:
    kept: dict[tuple[int, int], object] = {}
    for game, move, _ in play(rules, scene):
        if isinstance(move, moves.Forget | moves.Void):
            kept = {key: vote for key, vote in kept.items() if key[0] != game.number}
        for member_id, player in game.players.items():
            assert player.correct <= player.answers <= game.number
            if player.vote is not None:
                assert kept.setdefault((game.number, member_id), player.vote) == player.vote


@given(RULES, SCENES)
@settings(max_examples=80, deadline=None)
def test_every_order_of_moves_ends_by_itself(rules: Rules, scene: list[tuple[Move, float]]) -> None:
    game, now_s = played(rules, scene)
    for _ in range(3 * rules.rounds + 3):
        if game.over:
            break
        now_s = max(now_s, game.due_s(now_s))
        game.handle(moves.Tick(), now_s)
        for _ in range(6):  # as many steps as a question can have
            if game.phase is Phase.OPEN:
                now_s = game.due_s(now_s)
                game.handle(moves.Tick(), now_s)
    assert game.over
    assert game.ending is not None
    assert game.number <= rules.rounds


@given(RULES, SCENES)
@settings(max_examples=60, deadline=None)
def test_a_game_that_is_saved_and_read_is_the_same(
    rules: Rules, scene: list[tuple[Move, float]]
) -> None:
    for game, _, now_s in play(rules, scene):
        again = from_json(json.loads(json.dumps(to_json(game))))
        assert again == game
        assert again.due_s(now_s) == game.due_s(now_s)


@given(RULES, SCENES, st.lists(MOVES, max_size=30))
@settings(max_examples=60, deadline=None)
def test_nothing_after_the_end_changes_points(
    rules: Rules, scene: list[tuple[Move, float]], after: list[Move]
) -> None:
    game, now_s = played(rules, scene)
    game.handle(moves.Stop(), now_s)
    assert game.over
    for move in after:
        points = {one: player.points for one, player in game.players.items()}
        now_s += 7.0
        game.handle(move, now_s)
        if isinstance(move, moves.Forget):
            points.pop(move.member_id, None)
        assert {one: player.points for one, player in game.players.items()} == points
        assert game.over


@given(RULES, SCENES)
@settings(max_examples=60, deadline=None)
def test_the_standing_is_one_of_everybody_and_winners_stand_first(
    rules: Rules, scene: list[tuple[Move, float]]
) -> None:
    for game, _, _ in play(rules, scene):
        places = standing(game.players, rules.mode)
        assert sorted(one.member_id for one in places) == sorted(game.players)
        assert [one.rank for one in places] == sorted(one.rank for one in places)
        won = winners(game.players, rules.mode)
        assert all(game.players[one].points > 0 for one in won)
        if rules.mode is Mode.TEAMS:
            assert sum(team_points(game.players)) == sum(
                one.points for one in game.players.values() if one.team is not None
            )
        else:
            assert {one.member_id for one in places if one.rank == 1} >= won
