"""While a round shows a picture, the bot tells nobody who that is: see `quizzing.watch`."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from cogs.quiz.deck import Question
from recognition.errors import RecognitionError
from store.errors import StoreError

if TYPE_CHECKING:
    from quizzing.watch import Watch

log = logging.getLogger(__name__)


class Guarding:
    """One quiz's pictures, kept from being asked about.

    Args:
        watch: None: this bot looks out for nothing.
        key: the quiz's id.
    """

    def __init__(self, watch: Watch | None, guild_id: int, key: str) -> None:
        self._watch = watch
        self._guild_id = guild_id
        self._key = key
        self._up = False

    async def up(self, question: Question) -> None:
        """Call it before the question is posted: whoever is quick gets no answer either."""
        pictures = [one.picture.data for one in question.steps if one.picture is not None]
        if question.reveal.picture is not None and pictures:
            pictures.append(question.reveal.picture.data)
        if self._watch is None or not pictures:
            return
        try:
            await self._watch.put_up(self._guild_id, self._key, pictures)
            self._up = True
        except (RecognitionError, StoreError):
            log.exception("a round goes on although others can ask who that is")

    async def down(self) -> None:
        """The answer has been told. What cannot be taken down now goes down by itself."""
        if self._watch is None or not self._up:
            return
        try:
            await self._watch.take_down(self._guild_id, self._key)
            self._up = False
        except StoreError:
            log.exception("a picture stays declined for longer than its round")
