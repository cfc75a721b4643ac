"""Where a quiz stands, and how its rounds begin and end: what `cogs.quiz.game` moves."""

from __future__ import annotations

from dataclasses import dataclass, field

from cogs.quiz import moves
from cogs.quiz.moves import Reply, Said
from cogs.quiz.rules import Asked, Ending, Mode, Phase, Player, Rules, Vote

REVEAL_S = 8.0
"""Seconds between a reveal and the next question."""
WAIT_S = 900.0
"""Seconds that a deck gets: a host has to find his picture."""
POST_S = 120.0
PAUSE_S = 1800.0
MOST_SILENT = 3
ROUNDED_S = 1e-3
"""What seconds since 1970 lose in a float, and more: a step is due when it is due."""


@dataclass(slots=True)
class Table:
    """Where a quiz stands. Times are seconds of one clock, which goes on while the bot is away.

    ``number`` is the round, from 1. ``began_s`` is when its clock started, moved by pauses;
    ``until_s`` is when the phase ends by itself. ``hints`` is how many everybody has seen,
    ``used`` which questions were asked.
    """

    rules: Rules
    until_s: float
    phase: Phase = Phase.WAITING
    number: int = 0
    asked: Asked | None = None
    uploader_id: int | None = None
    message_id: int | None = None
    began_s: float = 0.0
    paused_s: float | None = None
    hints: int = 0
    silent: int = 0
    skipped: bool = False
    rival: Vote | None = None
    rival_points: int = 0
    used: list[str] = field(default_factory=list)
    ending: Ending | None = None
    players: dict[int, Player] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        return self.phase is Phase.OVER

    # -- time ----------------------------------------------------------------------------------

    def elapsed_s(self, now_s: float) -> float:
        """Seconds of the round so far; pauses do not count."""
        now_s = now_s if self.paused_s is None else self.paused_s
        return min(float(self.rules.seconds), max(0.0, now_s - self.began_s))

    def steps(self, now_s: float) -> int:
        """How many steps of the question are shown."""
        if self.asked is None:
            return 0
        if self.phase is not Phase.OPEN:
            return 1 if self.phase is Phase.POSTING else self.asked.n_steps
        part_s = self.rules.seconds / self.asked.n_steps
        return min(self.asked.n_steps, 1 + int((self.elapsed_s(now_s) + ROUNDED_S) / part_s))

    def due_s(self, now_s: float) -> float:
        """When something happens next if nobody does anything."""
        if self.paused_s is not None:
            return self.paused_s + PAUSE_S
        if self.phase is Phase.OPEN and self.asked is not None:
            part_s = self.rules.seconds / self.asked.n_steps
            return min(self.until_s, self.began_s + part_s * self.steps(now_s))
        return self.until_s

    # -- rounds --------------------------------------------------------------------------------

    def _draw(self, move: moves.Drawn, now_s: float) -> Reply:
        if self.phase is not Phase.WAITING:
            return Reply(Said.NOTHING)
        self.asked, self.uploader_id = move.asked, move.uploader_id
        self.used.append(move.asked.id)
        self.number += 1
        self.rival, self.hints, self.skipped = None, 0, False
        for player in self.players.values():
            player.clear()
        self.phase, self.until_s = Phase.POSTING, now_s + POST_S
        self.message_id = None
        return Reply(Said.DONE)

    def _post(self, message_id: int, now_s: float) -> Reply:
        if self.phase is Phase.POSTING:
            self.phase, self.began_s = Phase.OPEN, now_s
            self.until_s = now_s + self.rules.seconds
            if self.paused_s is not None:
                self.paused_s = now_s
        elif self.phase is not Phase.OPEN:
            return Reply(Said.NOTHING)
        self.message_id = message_id
        return Reply(Said.DONE)

    def _reveal(self, now_s: float) -> None:
        for member_id, player in self.players.items():
            if member_id != self.uploader_id:
                self._settle(player)
        if self.rival is not None and self.rival.right:
            self.rival_points += self.rival.points
        answered = any(player.vote is not None for player in self.players.values())
        self.silent = 0 if answered or self.skipped else self.silent + 1
        self.phase, self.until_s = Phase.REVEALED, now_s + REVEAL_S

    def _settle(self, player: Player) -> None:
        vote = player.vote
        if vote is not None:
            player.answers += 1
        if vote is not None and vote.right:
            player.points += vote.points
            player.correct += 1
            player.total_s += vote.elapsed_s
            fastest_s = player.fastest_s
            player.fastest_s = (
                vote.elapsed_s if fastest_s is None else min(fastest_s, vote.elapsed_s)
            )
        elif self.rules.mode is Mode.SURVIVAL and player.lives and not (self.skipped and not vote):
            player.lives -= 1

    def _go_on(self, now_s: float) -> None:
        """Answers stay readable until the next question: somebody may still be telling of them."""
        if self._decided():
            self._end(Ending.SURVIVED)
        elif self.number >= self.rules.rounds:
            self._end(Ending.PLAYED)
        elif self.silent >= MOST_SILENT:
            self._end(Ending.SILENCE)
        else:
            self.phase, self.until_s = Phase.WAITING, now_s + WAIT_S

    def _decided(self) -> bool:
        if self.rules.mode is not Mode.SURVIVAL or not self.players:
            return False
        alive = sum(player.lives > 0 for player in self.players.values())
        return alive == 0 or (alive == 1 and len(self.players) > 1)

    def _skip(self, now_s: float) -> Reply:
        if self.phase is not Phase.OPEN:
            return Reply(Said.NOTHING)
        self.paused_s, self.skipped = None, True
        self._reveal(now_s)
        return Reply(Said.SKIPPED)

    def _void(self, now_s: float) -> Reply:
        if self.phase not in (Phase.POSTING, Phase.OPEN):
            return Reply(Said.NOTHING)
        for player in self.players.values():
            player.vote = None
        self.rival, self.paused_s, self.skipped = None, None, True
        self._reveal(now_s)
        return Reply(Said.SKIPPED)

    def _end(self, why: Ending) -> None:
        """It is over. What was noted in an open round counts; no answer costs nothing."""
        if self.phase is Phase.OPEN:
            self.skipped = True
            self._reveal(self.until_s)
        self.phase, self.ending, self.paused_s = Phase.OVER, why, None

    def _forget(self, member_id: int) -> None:
        self.players.pop(member_id, None)
        if self.uploader_id == member_id:
            self.uploader_id = None
