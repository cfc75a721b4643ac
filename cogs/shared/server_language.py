"""Which language staff chose for their server."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from store.errors import StoreError

if TYPE_CHECKING:
    from store.opening import Store
    from store.types import ServerSettings

PATIENCE_S = 0.5
"""How long the store is waited for: Discord grants three seconds for an acknowledgement."""
_SERVERS = 20_000
"""Servers whose choice is held in memory."""
log = logging.getLogger(__name__)


class ServerLanguages:
    """The choices, as of the last change that was heard of: asked with everything that happens.

    Args:
        store: None: nobody can choose.
    """

    def __init__(self, store: Store | None) -> None:
        self._settings = store.snapshots(store.settings.get, limit=_SERVERS) if store else None
        self._looking: dict[int, asyncio.Task[ServerSettings]] = {}

    async def of(self, guild_id: int | None) -> str | None:
        """The locale that a server chose; None where it chose none, or nobody can tell in time."""
        if self._settings is None or guild_id is None:
            return None
        looking = self._looking.get(guild_id)
        if looking is None:
            looking = asyncio.create_task(self._settings.peek(guild_id))
            self._looking[guild_id] = looking
            looking.add_done_callback(lambda _done: self._looking.pop(guild_id))
        try:
            # Who came together waits for the same, and goes on in the order in which they came.
            # It goes on where it is not waited for any longer: the next one finds it in memory.
            return (await asyncio.wait_for(asyncio.shield(looking), PATIENCE_S)).language
        except (StoreError, TimeoutError):
            # Whoever asks is answered all the same, in a language of theirs.
            log.warning("cannot tell which language was chosen", exc_info=True)
            looking.add_done_callback(_heard)
            return None


def _heard(looking: asyncio.Task[Any]) -> None:
    """A failure that nobody waited for is no news."""
    if not looking.cancelled():
        looking.exception()
