"""The rules, one by one."""

from __future__ import annotations

import subprocess
import sys

import pytest

import bot
from cogs.quiz import moves
from cogs.quiz.moves import Reply, Said
from cogs.quiz.rules import Ending, Mode, Phase, Verdict
from cogs.quiz.scoring import points_for, standing, team_points, winners
from tests.cogs.quiz.made import (
    HANA,
    KAI,
    MORI,
    RIGHT,
    START_S,
    WRONG,
    YUKI,
    new_game,
    opened,
    play_round,
)


def test_the_rules_need_no_discord() -> None:
    modules = ["game", "table", "moves", "rules", "scoring", "saved", "judging", "deck"]
    code = (
        f"import importlib, sys; [importlib.import_module('cogs.quiz.' + m) for m in {modules!r}];"
        "print([m for m in ('discord', 'store', 'recognition', 'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=bot.HERE, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_clock_starts_when_the_question_is_posted() -> None:
    game = new_game(seconds=25)
    game.handle(moves.Drawn(opened(new_game()).asked, None), START_S + 3)  # type: ignore[arg-type]
    assert game.phase is Phase.POSTING
    assert game.handle(moves.Chose(KAI, RIGHT), START_S + 60).said is Said.LATE
    game.handle(moves.Posted(7), START_S + 60)
    assert (game.phase, game.until_s) == (Phase.OPEN, START_S + 85)


def test_everybody_who_is_right_scores_and_faster_more() -> None:
    game = opened(new_game())
    for member, token, after_s in ((KAI, RIGHT, 1), (YUKI, RIGHT, 20), (MORI, WRONG, 2)):
        assert game.handle(moves.Chose(member, token), START_S + after_s).said is Said.NOTED
    assert all(player.points == 0 for player in game.players.values()), "secret until the bell"
    game.handle(moves.Tick(), START_S + 25)
    assert game.phase is Phase.REVEALED
    points = {one: player.points for one, player in game.players.items()}
    assert points[KAI] > points[YUKI] > points[MORI] == 0


def test_one_answer_a_member_and_none_after_the_bell() -> None:
    game = opened(new_game())
    game.handle(moves.Chose(KAI, WRONG), START_S + 1)
    assert game.handle(moves.Chose(KAI, RIGHT), START_S + 2).said is Said.ALREADY
    assert game.handle(moves.Typed(KAI, Verdict.RIGHT), START_S + 2).said is Said.ALREADY
    assert game.handle(moves.Chose(YUKI, RIGHT), START_S + 25).said is Said.LATE
    assert game.handle(moves.Chose(YUKI, "of another round"), START_S + 3).said is Said.LATE
    assert set(game.players) == {KAI}


def test_later_steps_and_hints_cost_points() -> None:
    assert points_for(0, 25, steps=1, hints=0) > points_for(0, 25, steps=2, hints=0)
    assert points_for(0, 25, steps=1, hints=0) > points_for(0, 25, steps=1, hints=1)
    game = opened(new_game(seconds=20))
    assert [game.steps(START_S + s) for s in (0, 4.9, 5, 10, 19.9)] == [1, 1, 2, 3, 4]
    assert game.due_s(START_S) == START_S + 5
    assert game.due_s(START_S + 16) == START_S + 20
    # A third of five seconds is no float: the step that is due is shown then, and not a bit later.
    game = opened(new_game(seconds=5), n_steps=3)
    assert game.steps(game.due_s(START_S)) == 2
    assert game.due_s(game.due_s(START_S)) > game.due_s(START_S)


def test_a_hint_for_oneself_costs_only_oneself() -> None:
    game = opened(new_game())
    assert [game.handle(moves.TakeHint(KAI), START_S) for _ in range(4)] == [
        Reply(Said.HINT, 0), Reply(Said.HINT, 1), Reply(Said.HINT, 2), Reply(Said.NO_HINT),
    ]  # fmt: skip
    for member in (KAI, YUKI):
        game.handle(moves.Chose(member, RIGHT), START_S)
    game.handle(moves.Tick(), START_S + 25)
    assert (game.players[YUKI].points, game.players[KAI].points) == (100, 55)


def test_a_hint_for_all_needs_more_than_half() -> None:
    game = new_game()
    now_s = play_round(game, START_S, *((one, WRONG, 1.0) for one in (KAI, YUKI, MORI)))
    opened(game, now_s)
    assert game.handle(moves.WantHint(KAI), now_s) == Reply(Said.COUNTED, 1)
    assert game.handle(moves.WantHint(KAI), now_s) == Reply(Said.COUNTED, 1)
    assert game.handle(moves.WantHint(YUKI), now_s) == Reply(Said.HINT, 0)
    assert game.hints == 1
    assert game.handle(moves.TakeHint(MORI), now_s) == Reply(Said.HINT, 1)
    game.handle(moves.Chose(KAI, RIGHT), now_s)
    assert game.players[KAI].vote is not None
    assert game.players[KAI].vote.points == 85


def test_a_majority_skips_and_host_or_staff_alone() -> None:
    game = new_game()
    now_s = play_round(game, START_S, *((one, WRONG, 1.0) for one in (KAI, YUKI, MORI)))
    opened(game, now_s)
    game.handle(moves.Chose(KAI, RIGHT), now_s)
    assert game.handle(moves.WantSkip(YUKI), now_s) == Reply(Said.COUNTED, 1)
    assert game.handle(moves.WantSkip(MORI), now_s).said is Said.SKIPPED
    assert game.phase is Phase.REVEALED
    assert game.players[KAI].points == 100, "what was noted counts"
    game.handle(moves.Tick(), now_s + 8)
    opened(game, now_s + 9)
    assert game.handle(moves.Skip(), now_s + 9).said is Said.SKIPPED
    assert game.handle(moves.Skip(), now_s + 9).said is Said.NOTHING


def test_the_first_who_is_right_ends_the_round() -> None:
    game = opened(new_game(mode=Mode.FIRST))
    game.handle(moves.Chose(MORI, WRONG), START_S + 1)
    assert game.phase is Phase.OPEN
    game.handle(moves.Chose(KAI, RIGHT), START_S + 2)
    assert game.phase is Phase.REVEALED
    assert game.handle(moves.Chose(YUKI, RIGHT), START_S + 2).said is Said.LATE
    assert game.players[KAI].points > 0
    assert game.players[MORI].points == 0


def test_who_uploaded_the_picture_scores_nothing() -> None:
    game = opened(new_game(mode=Mode.FIRST), uploader_id=KAI)
    game.handle(moves.Chose(KAI, RIGHT), START_S)
    assert game.phase is Phase.OPEN, "nor does he end the round for the others"
    game.handle(moves.Chose(YUKI, RIGHT), START_S + 5)
    assert (game.players[KAI].points, game.players[KAI].correct) == (0, 0)
    assert game.players[YUKI].points > 0


def test_teams_stay_even() -> None:
    game = opened(new_game(mode=Mode.TEAMS))
    assert game.handle(moves.Join(KAI, 1), START_S) == Reply(Said.JOINED, 1)
    assert game.handle(moves.Join(YUKI, 1), START_S).said is Said.FULL
    assert game.handle(moves.Join(KAI, 0), START_S) == Reply(Said.ALREADY, 1)
    for member in (YUKI, MORI, HANA):
        game.handle(moves.Chose(member, RIGHT if member != HANA else WRONG), START_S)
    assert [game.players[one].team for one in (YUKI, MORI, HANA)] == [0, 0, 1]
    game.handle(moves.Tick(), START_S + 25)
    assert team_points(game.players) == [200, 0]
    assert winners(game.players, Mode.TEAMS) == {YUKI, MORI}


def test_survival_has_three_lives() -> None:
    game, now_s = new_game(mode=Mode.SURVIVAL), START_S
    for n in range(3):
        late = [(MORI, RIGHT, 1.0)] if n == 2 else []
        silent = [(HANA, RIGHT, 1.0)] if n == 0 else []
        now_s = play_round(game, now_s, (KAI, RIGHT, 1.0), (YUKI, WRONG, 1.0), *late, *silent)
    lives = {one: player.lives for one, player in game.players.items()}
    assert lives == {KAI: 3, YUKI: 0, MORI: 1, HANA: 1}, "no answer costs a life, late is fewer"
    opened(game, now_s)
    assert game.handle(moves.Chose(YUKI, RIGHT), now_s).said is Said.OUT
    assert standing(game.players, Mode.SURVIVAL)[0].member_id == KAI
    game.handle(moves.Chose(KAI, RIGHT), now_s)
    game.handle(moves.Tick(), now_s + 33)
    assert game.ending is Ending.SURVIVED
    assert winners(game.players, Mode.SURVIVAL) == {KAI}


def test_a_skipped_round_costs_no_life() -> None:
    game = new_game(mode=Mode.SURVIVAL)
    now_s = play_round(game, START_S, (KAI, RIGHT, 1.0), (YUKI, RIGHT, 1.0))
    opened(game, now_s)
    game.handle(moves.Skip(), now_s)
    assert [player.lives for player in game.players.values()] == [3, 3]


def test_the_bot_plays_and_is_never_ranked() -> None:
    game = opened(new_game(mode=Mode.BOT))
    assert game.handle(moves.Guessed("a"), START_S + 10).said is Said.NOTED
    assert game.handle(moves.Guessed("b"), START_S + 11).said is Said.LATE
    game.handle(moves.Chose(KAI, RIGHT), START_S + 1)
    game.handle(moves.Tick(), START_S + 25)
    assert 0 < game.rival_points < game.players[KAI].points
    assert [one.member_id for one in standing(game.players, Mode.BOT)] == [KAI]
    assert opened(new_game()).handle(moves.Guessed("a"), START_S).said is Said.NOTHING


def test_three_rounds_without_an_answer_end_it() -> None:
    game, now_s = new_game(), START_S
    now_s = play_round(game, now_s)
    now_s = play_round(game, now_s)
    now_s = play_round(game, now_s, (KAI, WRONG, 1.0))
    for _ in range(2):
        now_s = play_round(game, now_s)
        assert not game.over
    play_round(game, now_s)
    assert (game.ending, game.number) == (Ending.SILENCE, 6)


def test_it_ends_after_its_rounds() -> None:
    game, now_s = new_game(rounds=3), START_S
    for _ in range(3):
        assert not game.over
        now_s = play_round(game, now_s, (KAI, RIGHT, 1.0))
    assert game.ending is Ending.PLAYED
    assert game.handle(moves.Chose(KAI, RIGHT), now_s).said is Said.OVER


def test_a_pause_stops_the_clock() -> None:
    game = opened(new_game())
    game.handle(moves.Chose(YUKI, RIGHT), START_S + 5)
    assert game.handle(moves.Pause(), START_S + 10).said is Said.DONE
    assert game.handle(moves.Pause(), START_S + 11).said is Said.NOTHING
    assert game.handle(moves.Chose(KAI, RIGHT), START_S + 100).said is Said.PAUSED
    assert game.handle(moves.WantSkip(KAI), START_S + 100).said is Said.PAUSED
    game.handle(moves.Resume(), START_S + 600)
    assert game.until_s == START_S + 615
    game.handle(moves.Chose(KAI, RIGHT), START_S + 601)
    vote = game.players[KAI].vote
    assert vote is not None
    assert vote.elapsed_s == 11
    assert game.handle(moves.Resume(), START_S + 602).said is Said.NOTHING
    game.handle(moves.Pause(), START_S + 602)
    game.handle(moves.Tick(), START_S + 602 + 1800)
    assert game.ending is Ending.FORGOTTEN
    assert game.players[KAI].points > 0, "what was noted counts"


@pytest.mark.parametrize("paused", [False, True])
def test_stopping_counts_what_was_noted(paused: bool) -> None:
    game = opened(new_game())
    game.handle(moves.Chose(KAI, RIGHT), START_S)
    if paused:
        game.handle(moves.Pause(), START_S + 1)
    game.handle(moves.Stop(), START_S + 2)
    assert (game.ending, game.players[KAI].points) == (Ending.STOPPED, 100)


def test_back_after_a_short_absence_there_is_time_to_answer() -> None:
    game = opened(new_game())
    game.handle(moves.Chose(KAI, RIGHT), START_S + 1)
    game.handle(moves.Wake(), START_S + 5)
    assert game.until_s == START_S + 25, "the bell has not rung yet"
    game.handle(moves.Wake(), START_S + 60)
    assert game.phase is Phase.OPEN
    assert game.until_s == START_S + 70
    assert game.handle(moves.Chose(KAI, RIGHT), START_S + 61).said is Said.ALREADY
    assert game.handle(moves.Chose(YUKI, RIGHT), START_S + 61).said is Said.NOTED
    game.handle(moves.Tick(), START_S + 70)
    assert game.players[KAI].points > game.players[YUKI].points > 0


def test_back_after_a_long_absence_it_is_closed_with_its_points() -> None:
    game = opened(new_game())
    game.handle(moves.Chose(KAI, RIGHT), START_S)
    game.handle(moves.Wake(), START_S + 25 + 901)
    assert (game.ending, game.players[KAI].points) == (Ending.RESTARTED, 100)


def test_a_question_that_is_gone_scores_nothing() -> None:
    game = opened(new_game())
    game.handle(moves.Chose(KAI, RIGHT), START_S)
    game.handle(moves.Void(), START_S + 2)
    assert (game.phase, game.players[KAI].points, game.silent) == (Phase.REVEALED, 0, 0)


def test_nearly_costs_no_answer_three_times() -> None:
    game = opened(new_game())
    said = [game.handle(moves.Typed(KAI, Verdict.NEARLY), START_S).said for _ in range(5)]
    assert said == [Said.NEARLY] * 3 + [Said.NOTED, Said.ALREADY]


def test_what_was_typed_for_another_round_is_late() -> None:
    game = opened(new_game())
    assert game.handle(moves.Typed(KAI, Verdict.RIGHT, 2), START_S).said is Said.LATE
    assert game.handle(moves.Typed(KAI, Verdict.RIGHT, 1), START_S).said is Said.NOTED


def test_who_is_forgotten_is_gone() -> None:
    game = opened(new_game(), uploader_id=KAI)
    game.handle(moves.Chose(YUKI, RIGHT), START_S)
    game.handle(moves.Forget(YUKI), START_S + 1)
    game.handle(moves.Forget(KAI), START_S + 1)
    assert (game.players, game.uploader_id) == ({}, None)
