"""What a person holds after using the bot: wait for the acknowledgement, the answer, a modal or
choices.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from sandbox import interactions
from sandbox.errors import Json, NoAnswer
from sandbox.events import Event
from sandbox.models import Interaction, StoredMessage
from sandbox.state import World

T = TypeVar("T")
_LOOK_AGAIN_S = 0.25
"""How often a waiting person looks at the clock, which tests may push forward."""


class Watch:
    """Lets people wait for the world to change."""

    def __init__(self, world: World) -> None:
        self._waiting: set[asyncio.Future[None]] = set()
        world.listeners.append(self._wake)

    def _wake(self, _: Event) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, look: Callable[[], T | None], timeout_s: float, what: str) -> T:
        """The first value of ``look`` that is not None; it may raise to give up.

        Raises:
            NoAnswer: ``timeout_s`` (real seconds) went by.
        """
        ends_at = time.monotonic() + timeout_s
        while True:
            found = look()
            if found is not None:
                return found
            left_s = ends_at - time.monotonic()
            if left_s <= 0:
                raise NoAnswer(f"{what}: nothing within {timeout_s:g} s")
            future = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await asyncio.wait([future], timeout=min(left_s, _LOOK_AGAIN_S))
            finally:
                self._waiting.discard(future)


class InteractionHandle:
    """One use of the bot: a command, a click, a choice, a submitted modal."""

    def __init__(self, world: World, watch: Watch, interaction: Interaction) -> None:
        self._world = world
        self._watch = watch
        self.interaction = interaction

    def __repr__(self) -> str:
        return f"<InteractionHandle {self._name} {self._progress()}>"

    @property
    def acked(self) -> bool:
        """The bot acknowledged in time."""
        return self.interaction.acked_at is not None

    @property
    def ack_ms(self) -> float | None:
        """Milliseconds from use to acknowledgement; None before it."""
        return self._since_use(self.interaction.acked_at)

    @property
    def answer_ms(self) -> float | None:
        """Milliseconds from use to the first readable answer; None before it."""
        return self._since_use(self.interaction.answered_at)

    def _since_use(self, moment: float | None) -> float | None:
        return None if moment is None else (moment - self.interaction.invoked_at) * 1000

    @property
    def answer(self) -> StoredMessage | None:
        """The first message that carried content, embeds, components or files; None so far."""
        return self.interaction.answer

    @property
    def messages(self) -> list[StoredMessage]:
        """The original response or updated message, then the follow-ups."""
        return self.interaction.messages

    @property
    def ephemeral(self) -> bool:
        """Whether only the invoker sees the (coming) answer."""
        shown = self.interaction.answer or self.interaction.original
        return shown is not None and shown.ephemeral

    @property
    def modal(self) -> Json | None:
        """The modal the bot opened (Modal object: custom_id, title, components)."""
        return self.interaction.modal

    @property
    def choices(self) -> list[Json] | None:
        """Autocomplete choices ({"name", "value"})."""
        return self.interaction.choices

    async def wait_acked(self, timeout: float = 5.0) -> InteractionHandle:
        """Wait for the acknowledgement; returns itself.

        Raises:
            NoAnswer: 3 s went by ("The application did not respond"), or ``timeout``.
        """
        await self._wait(lambda: True if self.acked else None, timeout)
        return self

    async def wait_answer(self, timeout: float = 30.0) -> StoredMessage:
        """Wait for a readable answer: the response, the filled-in deferral, or the first follow-up.

        Raises:
            NoAnswer: not acknowledged within 3 s, or no answer within ``timeout`` real seconds.
        """
        return await self._wait(lambda: self.answer, timeout)

    async def wait_modal(self, timeout: float = 5.0) -> Json:
        """Wait for the modal; returns it. Raises NoAnswer as ``wait_answer`` does."""
        return await self._wait(lambda: self.modal, timeout)

    async def wait_choices(self, timeout: float = 5.0) -> list[Json]:
        """Wait for autocomplete choices. Raises NoAnswer as ``wait_answer`` does."""
        return await self._wait(lambda: self.choices, timeout)

    async def _wait(self, look: Callable[[], T | None], timeout_s: float) -> T:
        def look_or_give_up() -> T | None:
            found = look()
            if found is None and not self.acked and self._too_late():
                raise NoAnswer(f"{self._name}: the application did not respond. {self._progress()}")
            return found

        try:
            return await self._watch.until(look_or_give_up, timeout_s, self._name)
        except NoAnswer as failure:
            if self._progress() in str(failure):
                raise
            raise NoAnswer(f"{failure}. {self._progress()}") from None

    def _too_late(self) -> bool:
        waited_s = self._world.clock.monotonic() - self.interaction.invoked_at
        return waited_s > interactions.ACK_WITHIN_S

    @property
    def _name(self) -> str:
        data = self.interaction.data
        return str(data.get("name") or data.get("custom_id") or self.interaction.type.name)

    def _progress(self) -> str:
        if not self.interaction.delivered:
            return "It reached no bot session."
        if not self.acked:
            return "It reached the bot, which did not acknowledge it."
        kind = f"Acknowledged after {self.ack_ms:.0f} ms with type {self.interaction.callback_type}"
        return f"{kind}, {'answered' if self.answer else 'no answer'}."
