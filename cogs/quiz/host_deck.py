"""The deck *Host*: pictures that the quiz master shows live, one after the other."""

from __future__ import annotations

import asyncio

from cogs.quiz.deck import Question, Wanted

MOST_WAITING = 20
"""Pictures that a host may have ready in one channel."""


class HostDeck:
    """Waits for what the host confirms. Nothing of it is kept: after a restart, it is gone."""

    name = "host"
    pictures = True

    def __init__(self) -> None:
        self._lines: dict[int, asyncio.Queue[Question]] = {}

    async def count(self, wanted: Wanted) -> None:
        """Nobody can say how many the host will bring.

        A quiz asks this once, when it begins: what was left of the one before is thrown away.
        """
        self._lines.pop(wanted.channel_id, None)

    async def next(self, wanted: Wanted) -> Question | None:
        line = self._line(wanted.channel_id)
        try:
            return await line.get()
        finally:
            if line.empty():
                self._lines.pop(wanted.channel_id, None)

    async def again(self, wanted: Wanted, question_id: str) -> Question | None:
        return None

    def offer(self, channel_id: int, question: Question) -> bool:
        """Puts a question into the line of a channel; whether there was room for it."""
        line = self._line(channel_id)
        if line.full():
            return False
        line.put_nowait(question)
        return True

    def _line(self, channel_id: int) -> asyncio.Queue[Question]:
        return self._lines.setdefault(channel_id, asyncio.Queue(MOST_WAITING))
