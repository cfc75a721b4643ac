"""A game in the store: what changed is written, and nothing is acknowledged before it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogs.quiz.game import Game
from cogs.quiz.rules import Player
from cogs.quiz.saved import from_json, player_to_json, to_json
from cogs.quiz.scoring import winners
from store.types import QuizResult, RunningQuiz

if TYPE_CHECKING:
    from store.opening import Store

Document = dict[str, Any]


class Saving:
    """One running quiz in the store.

    Args:
        store: where it is.
        quiz: as it was read.
    """

    def __init__(self, store: Store, quiz: RunningQuiz) -> None:
        self._store = store
        self.quiz_id = quiz.id
        self.guild_id = quiz.guild_id
        self._version = quiz.version
        self._state: Document = dict(quiz.state)
        self._question = (quiz.uploader_id, self._state.get("number"))
        self._players: dict[int, Document] = {one: dict(doc) for one, doc in quiz.players.items()}

    async def save(self, game: Game) -> frozenset[int]:
        """Writes what is different from the last time.

        Returns:
            Members who asked to be forgotten since; they are to be taken out of the game.

        Raises:
            UnknownQuiz, QuizChanged, StoreUnavailable
        """
        state, players, uploader_id = apart(game)
        question = (uploader_id, state["number"])
        changed = {one: doc for one, doc in players.items() if self._players.get(one) != doc}
        if state == self._state and not changed:
            return frozenset()
        more: dict[str, Any] = {}
        if question != self._question:
            more["uploader_id"] = uploader_id
        gone = await self._store.quizzes.save(
            self.guild_id,
            self.quiz_id,
            version=self._version,
            state=state,
            players=changed,
            joined=changed.keys() - self._players.keys(),
            **more,
        )
        self._version += 1
        self._state, self._question = state, question
        self._players = {one: doc for one, doc in players.items() if one not in gone}
        return gone

    async def finish(self, game: Game) -> None:
        """Ends the quiz and adds its points. Raises as `save` does."""
        await self._store.quizzes.finish(
            self.guild_id, self.quiz_id, version=self._version, results=results_of(game)
        )


def apart(game: Game) -> tuple[Document, dict[int, Document], int | None]:
    """A game as three parts: without members, members, and who brought the picture."""
    state = to_json(game)
    uploader_id = state.pop("uploader_id")
    del state["players"]
    players = {one: player_to_json(player) for one, player in game.players.items()}
    return state, players, uploader_id


def game_of(quiz: RunningQuiz) -> Game:
    """The game as it was saved. Raises KeyError, TypeError, ValueError: nobody can read it."""
    players = {str(one): doc for one, doc in quiz.players.items()}
    return from_json({**quiz.state, "players": players, "uploader_id": quiz.uploader_id})


def results_of(game: Game) -> list[QuizResult]:
    """What everybody scored."""
    won = winners(game.players, game.rules.mode)
    return [_result(one, player, one in won) for one, player in game.players.items()]


def _result(member_id: int, player: Player, won: bool) -> QuizResult:
    fastest_s = player.fastest_s
    return QuizResult(
        member_id=member_id,
        points=player.points,
        won=won,
        answers=player.answers,
        correct=player.correct,
        total_ms=round(1000 * player.total_s),
        fastest_ms=None if fastest_s is None else round(1000 * fastest_s),
    )
