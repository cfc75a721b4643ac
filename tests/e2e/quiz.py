"""Quiz nights in tests: a clock that tests push, and people who play."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pytest

from cogs.quiz.cog import QuizCog
from cogs.quiz.session import Session
from sandbox import Channel, InteractionHandle, StoredMessage, User, ratelimits
from tests.e2e.conftest import Club


class PushedClock:
    """Time stands still until it is pushed; whoever sleeps wakes when it is late enough."""

    def __init__(self, now_s: float = 1_800_000_000.0) -> None:
        self._now_s = now_s
        self._sleeping: list[tuple[float, asyncio.Future[None]]] = []

    def now_s(self) -> float:
        return self._now_s

    async def sleep_until(self, when_s: float) -> None:
        if when_s <= self._now_s:
            await asyncio.sleep(0)
            return
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleeping.append((when_s, waking))
        try:
            await waking
        finally:
            self._sleeping = [one for one in self._sleeping if one[1] is not waking]

    def push(self, seconds: float) -> None:
        self._now_s += seconds
        for when_s, waking in self._sleeping:
            if when_s <= self._now_s and not waking.done():
                waking.set_result(None)


@dataclass
class Night:
    """A quiz in a channel, and whoever plays it."""

    club: Club
    clock: PushedClock
    channel: Channel
    players: Sequence[User]
    host: User

    @property
    def cog(self) -> QuizCog:
        return cast(QuizCog, self.club.bot.get_cog("Quiz"))

    @property
    def session(self) -> Session:
        found = self.cog.sessions.get(self.channel.id)
        assert found is not None, "no quiz is running"
        return found

    @property
    def running(self) -> bool:
        return self.cog.sessions.get(self.channel.id) is not None

    def messages(self) -> list[StoredMessage]:
        """What the bot has posted in the channel for all."""
        bot = self.club.sandbox.application.bot
        return [one for one in self.club.sandbox.messages(self.channel) if one.author is bot]

    async def start(self, user: User | None = None, **options: Any) -> InteractionHandle:
        handle = await self.club.sandbox.slash(
            user or self.host, self.channel, "quiz start", options
        )
        await handle.wait_answer()
        return handle

    async def command(self, name: str, user: User | None = None, **options: Any) -> StoredMessage:
        handle = await self.club.sandbox.slash(
            user or self.host, self.channel, f"quiz {name}", options
        )
        return await handle.wait_answer()

    async def until(self, look: Any, within_s: float = 30.0) -> None:
        """Waits for something that no event of the sandbox need announce."""
        ends_s = asyncio.get_running_loop().time() + within_s
        while not look():
            assert asyncio.get_running_loop().time() < ends_s, [
                self.running and self.session.game,
                *map(text_of, self.messages()),
            ]
            await asyncio.sleep(0.005)

    async def question(self, number: int) -> StoredMessage:
        """The message of an open round, with its clock running for everybody to see."""
        await self.until(lambda: self._is_open(number))
        message_id = self.session.game.message_id
        return next(one for one in self.messages() if one.id == message_id)

    def _is_open(self, number: int) -> bool:
        if not self.running:
            return False
        game = self.session.game
        # By value: discord.py loads extensions anew for every bot, and their classes with them.
        if game.number != number or game.phase.value != "open":
            return False
        shown = [one for one in self.messages() if one.id == game.message_id]
        return bool(shown) and f"<t:{round(game.until_s)}:R>" in text_of(shown[0])

    def right(self) -> str:
        """The custom id of the right button."""
        return self._token(True)

    def wrong(self) -> str:
        return self._token(False)

    def _token(self, right: bool) -> str:
        asked = self.session.game.asked
        assert asked is not None
        found = next(one for one in asked.choices if (one.id == asked.person_id) is right)
        return f"quiz:a:{found.token}"

    async def press(self, user: User, message: StoredMessage, button: str) -> str:
        handle = await self.club.sandbox.click(user, message, button)
        answer = await handle.wait_answer()
        assert answer.ephemeral
        assert (handle.ack_ms or 9999) < 3000
        return answer.content

    async def bell(self) -> None:
        """The round ends, and its reveal is posted."""
        number = self.session.game.number
        self.clock.push(self.session.game.rules.seconds)
        await self.revealed(number)

    async def revealed(self, number: int) -> None:
        await self.until(lambda: not self.running or self.session.stage.revealed >= number)
        await self.until(lambda: len(self.reveals()) >= number or not self.running)

    def reveals(self) -> list[StoredMessage]:
        return [one for one in self.messages() if "It was " in text_of(one)]

    async def after_reveal(self) -> None:
        self.clock.push(8.0)
        await self.until(lambda: not self.running or self.session.game.phase.value != "revealed")

    async def ended(self) -> StoredMessage:
        """The podium."""
        await self.until(lambda: not self.running)
        return next(one for one in reversed(self.messages()) if "The podium" in text_of(one))


def text_of(message: StoredMessage) -> str:
    return message.content + json.dumps(message.embeds, ensure_ascii=False)


def people(club: Club, n: int, prefix: str = "player") -> list[User]:
    found = [club.sandbox.create_user(f"{prefix}{i}", f"{prefix} {i}") for i in range(n)]
    club.sandbox.join(club.sandbox.guild, *found)
    return found


def limits_of_pushed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord's five messages in five seconds are of the clock that is pushed here: a round that
    takes 33 of its seconds is over in a fraction of one of ours. How many messages a round takes is
    counted where a whole night is played.
    """
    for method, route in (
        ("POST", "/channels/{channel_id}/messages"),
        ("PATCH", "/channels/{channel_id}/messages/{message_id}"),
    ):
        monkeypatch.setitem(ratelimits._LIMITS, (method, route), (500, 5.0))
