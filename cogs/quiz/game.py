"""The rules of a quiz: what happens, and what it makes of the game.

::

    WAITING → POSTING → OPEN → REVEALED → WAITING … → OVER

Here is no Discord, no clock, no dice and no file: time comes with every move, and what is drawn at
random comes with the question. So a game is the same on every machine, and after every restart.
"""

from __future__ import annotations

from dataclasses import dataclass

from cogs.quiz import moves
from cogs.quiz.moves import Move, Reply, Said
from cogs.quiz.rules import Ending, Mode, Phase, Player, Rules, Verdict, Vote
from cogs.quiz.scoring import N_TEAMS, points_for
from cogs.quiz.table import PAUSE_S, REVEAL_S, WAIT_S, Table

GRACE_S = 10.0
"""Seconds that are left of a round in which the bot was away."""
AWAY_S = 900.0
"""Seconds of absence after which a game does not go on."""
LIVES = 3
MOST_NEARLY = 3


@dataclass(slots=True)
class Game(Table):
    """One quiz: every move goes through `handle`."""

    @classmethod
    def new(cls, rules: Rules, now_s: float) -> Game:
        """A game that waits for its first question."""
        return cls(rules, now_s + WAIT_S)

    def handle(self, move: Move, now_s: float) -> Reply:
        """What a move does. Whatever has run out by then happens first."""
        self._advance(now_s, waking=isinstance(move, moves.Wake))
        if isinstance(move, moves.Forget):
            self._forget(move.member_id)
            return Reply(Said.DONE)
        if self.over:
            return Reply(Said.OVER)
        match move:
            case moves.Drawn():
                return self._draw(move, now_s)
            case moves.Posted():
                return self._post(move.message_id, now_s)
            case moves.Chose():
                return self._choose(move, now_s)
            case moves.Typed():
                return self._type(move, now_s)
            case moves.Guessed():
                return self._guess(move.person_id, now_s)
            case moves.TakeHint() | moves.WantHint():
                return self._hint(move.member_id, alone=isinstance(move, moves.TakeHint))
            case moves.WantSkip():
                return self._want_skip(move.member_id, now_s)
            case moves.Join():
                return self._join(move)
            case moves.Skip():
                return self._skip(now_s)
            case moves.Void():
                return self._void(now_s)
            case moves.Pause():
                return self._pause(now_s)
            case moves.Resume():
                return self._resume(now_s)
            case moves.Stop():
                self._end(move.why)
        return Reply(Said.DONE)

    # -- time ----------------------------------------------------------------------------------

    def _advance(self, now_s: float, *, waking: bool) -> None:
        if waking:
            self._wake(now_s)
        while not self.over:
            if self.paused_s is not None:
                if now_s < self.paused_s + PAUSE_S:
                    return
                self._end(Ending.FORGOTTEN)
                return
            if now_s < self.until_s:
                return
            match self.phase:
                case Phase.WAITING:
                    self._end(Ending.FORGOTTEN)
                case Phase.POSTING:
                    self._end(Ending.UNPOSTED)
                case Phase.OPEN:
                    self._reveal(self.until_s)
                case _:
                    self._go_on(self.until_s)

    def _wake(self, now_s: float) -> None:
        """What ran out while the bot was away gets a little time: nobody could answer."""
        late_s = now_s - self.until_s
        if self.over or self.paused_s is not None or late_s < 0:
            return
        if late_s > AWAY_S:
            self._end(Ending.RESTARTED)
        elif self.phase is Phase.OPEN:
            self.until_s = now_s + min(GRACE_S, self.rules.seconds)
            self.began_s = self.until_s - self.rules.seconds
        else:
            self.until_s = now_s + (REVEAL_S if self.phase is Phase.REVEALED else WAIT_S)

    def _pause(self, now_s: float) -> Reply:
        if self.paused_s is not None:
            return Reply(Said.NOTHING)
        self.paused_s = now_s
        return Reply(Said.DONE)

    def _resume(self, now_s: float) -> Reply:
        if self.paused_s is None:
            return Reply(Said.NOTHING)
        away_s = max(0.0, now_s - self.paused_s)
        self.began_s += away_s
        self.until_s += away_s
        self.paused_s = None
        return Reply(Said.DONE)

    # -- members -------------------------------------------------------------------------------

    def _choose(self, move: moves.Chose, now_s: float) -> Reply:
        choices = self.asked.choices if self.asked else ()
        found = next((one for one in choices if one.token == move.token), None)
        if found is None or self.asked is None:
            return Reply(Said.LATE)
        return self._vote(move.member_id, found.id == self.asked.person_id, now_s)

    def _type(self, move: moves.Typed, now_s: float) -> Reply:
        if move.number not in (None, self.number):
            return Reply(Said.LATE)
        refused = self._refusal(move.member_id)
        if refused is None and move.verdict is Verdict.NEARLY:
            player = self._player(move.member_id)
            if player.nearly < MOST_NEARLY:
                player.nearly += 1
                return Reply(Said.NEARLY)
        return self._vote(move.member_id, move.verdict is Verdict.RIGHT, now_s)

    def _vote(self, member_id: int, right: bool, now_s: float) -> Reply:
        refused = self._refusal(member_id)
        if refused is not None:
            return Reply(refused)
        player = self._player(member_id)
        player.vote = self._worth(right, max(player.hints, self.hints), now_s)
        if self.rules.mode is Mode.TEAMS and player.team is None:
            player.team = self._smaller_team()
        if self.rules.mode is Mode.FIRST and right and member_id != self.uploader_id:
            self._reveal(now_s)
        return Reply(Said.NOTED)

    def _guess(self, person_id: str | None, now_s: float) -> Reply:
        if self.phase is not Phase.OPEN or self.rival is not None or self.asked is None:
            return Reply(Said.LATE)
        if self.rules.mode is not Mode.BOT or self.paused_s is not None:
            return Reply(Said.NOTHING)
        self.rival = self._worth(person_id == self.asked.person_id, self.hints, now_s)
        return Reply(Said.NOTED)

    def _worth(self, right: bool, hints: int, now_s: float) -> Vote:
        elapsed_s = self.elapsed_s(now_s)
        points = points_for(elapsed_s, self.rules.seconds, steps=self.steps(now_s), hints=hints)
        return Vote(right, elapsed_s, points if right else 0)

    def _refusal(self, member_id: int) -> Said | None:
        """Why a member cannot answer now; None: he can."""
        if self.phase is not Phase.OPEN:
            return Said.LATE
        if self.paused_s is not None:
            return Said.PAUSED
        player = self.players.get(member_id)
        if player is None:
            return None
        if self.rules.mode is Mode.SURVIVAL and not player.lives:
            return Said.OUT
        return Said.ALREADY if player.vote is not None else None

    def _player(self, member_id: int) -> Player:
        """Whoever does something plays from then on. Who comes late to survival has fewer lives."""
        if member_id not in self.players:
            lives = max(1, LIVES - max(0, self.number - 1))
            self.players[member_id] = Player(lives=lives)
        player = self.players[member_id]
        player.seen = self.number
        return player

    def _hint(self, member_id: int, *, alone: bool) -> Reply:
        refused = self._refusal(member_id)
        if refused is not None:
            return Reply(refused)
        player = self._player(member_id)
        there = len(self.asked.hints) if self.asked else 0
        seen = max(player.hints, self.hints) if alone else self.hints
        if seen >= there:
            return Reply(Said.NO_HINT)
        if alone:
            player.hints = seen + 1
            return Reply(Said.HINT, seen)
        player.wants_hint = True
        missing = self._missing(sum(one.wants_hint for one in self.players.values()))
        if missing > 0:
            return Reply(Said.COUNTED, missing)
        self.hints += 1
        for one in self.players.values():
            one.wants_hint = False
        return Reply(Said.HINT, seen)

    def _want_skip(self, member_id: int, now_s: float) -> Reply:
        if self.phase is not Phase.OPEN:
            return Reply(Said.LATE)
        if self.paused_s is not None:
            return Reply(Said.PAUSED)
        self._player(member_id).wants_skip = True
        missing = self._missing(sum(one.wants_skip for one in self.players.values()))
        return Reply(Said.COUNTED, missing) if missing > 0 else self._skip(now_s)

    def _missing(self, votes: int) -> int:
        """Votes that are missing to more than half of those who did something lately."""
        here = sum(player.seen >= self.number - 1 for player in self.players.values())
        return here // 2 + 1 - votes

    def _join(self, move: moves.Join) -> Reply:
        if self.rules.mode is not Mode.TEAMS or not 0 <= move.team < N_TEAMS:
            return Reply(Said.NOTHING)
        player = self.players.get(move.member_id)
        if player is not None and player.team is not None:
            return Reply(Said.ALREADY, player.team)
        sizes = self._team_sizes()
        if sizes[move.team] > min(sizes):
            return Reply(Said.FULL)
        self._player(move.member_id).team = move.team
        return Reply(Said.JOINED, move.team)

    def _team_sizes(self) -> list[int]:
        teams = [player.team for player in self.players.values()]
        return [teams.count(team) for team in range(N_TEAMS)]

    def _smaller_team(self) -> int:
        sizes = self._team_sizes()
        return sizes.index(min(sizes))
