"""Looks out for the pictures that quizzes ask just now, in whatever anybody shows the bot.

What is up lies in the store, so that every process sees it: a round in one server is looked out for
in all servers and in direct messages. Without a running round a look costs one read of an empty
index. OpenCV, which comes with looking, is not waited for at the start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from recognition.errors import PictureError, PictureInQuiz
from recognition.images import decode_picture
from recognition.recognizer import Recognizer
from recognition.types import EncodedPicture, Mode
from store.errors import StoreUnavailable
from store.opening import Store

if TYPE_CHECKING:
    from recognition.likeness import Fingerprint, Lookout

log = logging.getLogger(__name__)
UP_S = 3600.0
"""A round is up for so long at most: it is taken down when it ends, unless the bot has crashed."""


class Watch:
    """What is up, and whether a picture is a copy of it.

    Args:
        recognizer: decodes, and finds faces.
        store: where the prints lie.
    """

    def __init__(self, recognizer: Recognizer, store: Store) -> None:
        self._encoder = recognizer.encoder
        self._store = store
        self._ids: tuple[int, ...] = ()
        self._lookout: Lookout | None = None
        self._prints: dict[int, Fingerprint] = {}
        self._reading = asyncio.Lock()

    async def put_up(
        self, guild_id: int, key: str, pictures: Sequence[bytes], *, for_s: float = UP_S
    ) -> None:
        """From here on nobody is told who these show. Call it before any of them is posted.

        Args:
            key: the quiz; what was up under it goes down.
            pictures: every form in which the round shows its picture.

        Raises:
            PictureError: one of them cannot be read.
            StoreUnavailable, WeightsError
        """
        prints = [await self._print_of(one) for one in dict.fromkeys(pictures)]
        await self._store.running_pictures.put_up(
            guild_id, key, [one.to_bytes() for one in prints], for_s=for_s
        )

    async def take_down(self, guild_id: int, key: str) -> None:
        """The round is over. Raises StoreUnavailable."""
        await self._store.running_pictures.take_down(guild_id, key)

    async def check(self, picture: bytes, encoded: EncodedPicture, mode: Mode) -> None:
        """Raises PictureInQuiz: a quiz asks just now who the picture, or a part of it, shows.

        Args:
            picture: a file's bytes.
            encoded: what was found in it.
            mode: how it was looked at; where it was without its faces, they are looked for here.

        Raises:
            WeightsError: see `EncoderService.encode`.
        """
        lookout = await self._current()
        if lookout is None:
            return
        if mode is Mode.WHOLE:
            encoded = await self._encoder.encode(picture, Mode.FACES)
        boxes = [one.box for one in encoded.faces]

        def look() -> bool:
            image = decode_picture(picture) if encoded.image is None else encoded.image
            return lookout.find(image, boxes) is not None

        if await self._encoder.run(look):
            log.info("declined a picture that a quiz asks")
            raise PictureInQuiz

    async def anything(self) -> bool:
        """Whether a quiz asks any picture just now."""
        return await self._current() is not None

    async def asks(self, picture: bytes) -> bool:
        """Whether a quiz asks just now who this shows, which nobody has looked at yet.

        Raises:
            WeightsError: see `EncoderService.encode`.
        """
        if await self._current() is None:
            return False
        try:
            await self.check(picture, await self._encoder.encode(picture, Mode.FACES), Mode.FACES)
        except PictureInQuiz:
            return True
        except PictureError:
            return False
        return False

    async def _current(self) -> Lookout | None:
        """The lookout of this moment; None where nothing is up.

        While the store cannot be asked, what was up is still looked out for.
        """
        try:
            ids = await self._store.running_pictures.up()
            if ids != self._ids:
                async with self._reading:
                    await self._read(ids)
        except StoreUnavailable:
            log.exception("cannot see which pictures are asked")
        return self._lookout

    async def _read(self, ids: tuple[int, ...]) -> None:
        from recognition.likeness import Fingerprint, FingerprintBroken, Lookout

        if ids == self._ids:  # somebody else has read them meanwhile
            return
        new = [one for one in ids if one not in self._prints]
        found = await self._store.running_pictures.prints(new) if new else {}
        prints = {one: self._prints[one] for one in ids if one in self._prints}
        for number, data in found.items():
            try:
                prints[number] = Fingerprint.from_bytes(data)
            except FingerprintBroken:  # written by another version, which looks out for it itself
                log.warning("a print cannot be read")
        lookout = await asyncio.to_thread(Lookout, list(prints.values())) if prints else None
        self._prints, self._lookout, self._ids = prints, lookout, ids

    async def _print_of(self, picture: bytes) -> Fingerprint:
        from recognition.likeness import take_fingerprint

        encoded = await self._encoder.encode(picture, Mode.FACES)
        boxes = [one.box for one in encoded.faces]

        def take() -> Fingerprint:
            image = decode_picture(picture) if encoded.image is None else encoded.image
            return take_fingerprint(image, boxes)

        return await self._encoder.run(take)
