"""The bot as a player: its recogniser looks at the picture that the members see, and no other."""

from __future__ import annotations

import logging
from collections.abc import Collection

from cogs.shared.services import Services
from recognition.errors import RecognitionError
from recognition.types import Candidate, Match, Mode, Recognition

log = logging.getLogger(__name__)


class Rival:
    """Guesses with the recogniser of this bot, and what the server has taught it."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def guess(
        self, picture: bytes, options: Collection[str], guild_id: int, *, last: bool
    ) -> str | None:
        """A person's id; None: not sure yet.

        Args:
            picture: as it is shown.
            options: the ids to choose from; like everybody the bot names one of them.
            last: there is no later step: it names whoever seems likeliest, if anybody does.
        """
        recognizer = self._services.recognizer
        decider = recognizer.decider
        if self._services.galleries is not None:
            decider = await self._services.galleries.decider(guild_id)
        try:
            with recognizer.admit():
                encoded = await recognizer.encoder.encode(picture, Mode.AUTO)
        except RecognitionError as problem:
            log.info("the bot cannot look at a question: %s", type(problem).__name__)
            return None
        recognition = decider(encoded, Mode.AUTO)
        fitting = [one for one in _candidates(recognition) if one.character in options]
        best = max(fitting, key=lambda one: one.probability, default=None)
        if best is None:
            return None
        return best.character if last or best.character in _named(recognition) else None


def _candidates(recognition: Recognition) -> list[Candidate]:
    found = [one for face in recognition.faces for one in face.candidates]
    if recognition.whole is not None:
        found += recognition.whole.candidates
    return found


def _named(recognition: Recognition) -> set[str]:
    decisions = [face.decision for face in recognition.faces]
    if recognition.whole is not None:
        decisions.append(recognition.whole.decision)
    return {one.character for one in decisions if isinstance(one, Match)}
