"""What the quiz refuses, with the sentences for it."""

from __future__ import annotations

from cogs.quiz import texts
from cogs.shared.refusals import ToldRefusal


class NoQuiz(ToldRefusal):
    """Nothing runs in this channel, or not the quiz that was meant."""

    def sentence(self) -> str:
        return texts.no_quiz()


class RoundOver(ToldRefusal):
    """The round that was meant is not open any more."""

    def sentence(self) -> str:
        return texts.round_over()


class NotHost(ToldRefusal):
    """Only host and staff may do that."""

    def sentence(self) -> str:
        return texts.not_host()


class CannotStart(ToldRefusal):
    """A quiz cannot be begun like this. ``text`` says why."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def sentence(self) -> str:
        return self.text


class CannotTake(CannotStart):
    """A picture cannot go into a quiz like this. ``text`` says why."""
