"""Which language staff chose for their server."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from store.errors import StoreError

if TYPE_CHECKING:
    from store.opening import Store

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

    async def of(self, guild_id: int | None) -> str | None:
        """The locale that a server chose; None where it chose none, or nobody can tell."""
        if self._settings is None or guild_id is None:
            return None
        try:
            return (await self._settings.peek(guild_id)).language
        except StoreError:
            # Whoever asks is answered all the same, in a language of theirs.
            log.exception("cannot tell which language was chosen")
            return None
