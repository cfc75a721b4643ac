"""Messages of a quiz: sent and edited, with patience for Discord's hiccups and none for a "no"."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp
import discord

from cogs.shared.safe import NOBODY

log = logging.getLogger(__name__)
MOST_TRIES = 3
"""How often a message is sent that Discord does not take because of itself."""


class Unpostable(Exception):
    """The bot cannot write in the channel."""


class Poster:
    """One channel. `quiz_id` is for the log."""

    def __init__(self, channel: discord.PartialMessageable, quiz_id: str) -> None:
        self._channel = channel
        self._quiz_id = quiz_id

    async def send(self, **content: Any) -> discord.Message:
        """Posts a message; what is None is left out. Raises Unpostable."""
        content = {key: value for key, value in content.items() if value is not None}
        for attempt in range(MOST_TRIES):
            try:
                message = await self._channel.send(**content, allowed_mentions=NOBODY)
            except (discord.Forbidden, discord.NotFound) as problem:
                log.info("cannot post quiz=%s: %s", self._quiz_id, problem)
                raise Unpostable from problem
            except (discord.HTTPException, aiohttp.ClientError, OSError):
                log.warning("could not post quiz=%s", self._quiz_id, exc_info=True)
                await asyncio.sleep(attempt + 1)
                for file in content.get("files", ()):
                    file.reset()
            else:
                return message
        raise Unpostable

    async def edit(self, message_id: int, **content: Any) -> bool:
        """Changes a message; False: it is gone. Raises Unpostable.

        What Discord does not take because of itself is left: the next change brings it along.
        """
        message = self._channel.get_partial_message(message_id)
        try:
            await message.edit(**content, allowed_mentions=NOBODY)
        except discord.NotFound:
            return False
        except discord.Forbidden as problem:
            raise Unpostable from problem
        except (discord.HTTPException, aiohttp.ClientError, OSError):
            log.warning("could not edit quiz=%s", self._quiz_id, exc_info=True)
        return True
