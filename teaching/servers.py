"""Whom the bot knows in each server: those it came with, and the server's own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from recognition.decision import Decider
from recognition.gallery import Gallery
from recognition.references import MOST_PICTURES, find_looks
from recognition.types import KnownCharacter
from store.errors import StoreUnavailable
from store.opening import Store
from store.types import ServerSettings, TaughtCharacter, TaughtGallery

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class KnownHere:
    """One server as of one revision: how it decides, what it taught, what its staff set."""

    decider: Decider
    taught: TaughtGallery
    settings: ServerSettings

    @property
    def gallery(self) -> Gallery:
        """Everybody who is known here."""
        return self.decider.gallery


class ServerGalleries:
    """The joined galleries, one a server; never older than what was committed before the call.

    Args:
        base: the light half with those the bot came with.
        store: what servers taught and set.
    """

    def __init__(self, base: Decider, store: Store) -> None:
        self.base = base
        self._store = store
        self._known = store.snapshots(self._load)

    async def get(self, guild_id: int) -> KnownHere:
        """A server as it is now, whichever process changed it. Raises StoreUnavailable."""
        return await self._known.get(guild_id)

    async def decider(self, guild_id: int | None) -> Decider:
        """How to decide in a server; outside servers (None) as the bot came.

        Without its store the bot goes on with those it came with.
        """
        if guild_id is None:
            return self.base
        try:
            return (await self._known.get(guild_id)).decider
        except StoreUnavailable:
            log.exception("answering without what servers taught")
            return self.base

    def close(self) -> None:
        """Drops what is kept in memory."""
        self._known.close()

    async def _load(self, guild_id: int) -> KnownHere:
        settings = await self._store.settings.get(guild_id)
        taught = await self._store.gallery.load(guild_id, self.base.gallery.model_id)
        # Thousands of vectors take their time, which the event loop does not have.
        decider = await asyncio.to_thread(decider_of, self.base, taught, settings)
        return KnownHere(decider, taught, settings)


def decider_of(base: Decider, taught: TaughtGallery, settings: ServerSettings) -> Decider:
    """`base` with a server's own characters, naming from the confidence that its staff set."""
    gallery = base.gallery
    if taught.characters:
        gallery = gallery.joined(own_gallery(gallery.model_id, taught.characters))
    faces, whole = base.faces, base.whole
    if (least := settings.naming_confidence) is not None:
        faces, whole = replace(faces, threshold=least), replace(whole, threshold=least)
    return Decider(gallery, faces, whole, base.background)


def own_gallery(model_id: str, characters: Iterable[TaughtCharacter]) -> Gallery:
    """A gallery of what was taught alone; the centres of each are the looks of its vectors."""
    listed, centres = [], []
    for one in characters:
        listed.append(KnownCharacter(one.gallery_id, one.name, one.series))
        vectors = np.stack([exemplar.embedding.vector for exemplar in one.exemplars])
        # Looks are searched for among as many as are taught at a time; finding them is cubic.
        parts = range(0, len(vectors), MOST_PICTURES)
        centres.append(np.concatenate([find_looks(vectors[i : i + MOST_PICTURES]) for i in parts]))
    owners = np.repeat(np.arange(len(listed)), [len(one) for one in centres])
    return Gallery(model_id, listed, np.concatenate(centres), owners)
