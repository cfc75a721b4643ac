"""Encoding in threads of this process, with a bounded number of requests."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from recognition.encoder import PictureEncoder
from recognition.errors import EncoderBusy
from recognition.types import EncodedPicture, Mode

T = TypeVar("T")


class LocalEncoder:
    """An `EncoderService` on a thread pool. The native code under it releases the GIL.

    Args:
        load: makes the encoder; called once, in a thread of the pool, at construction.
        threads: pictures worked on at a time.
        limit: requests admitted at a time, those being worked on among them.
    """

    def __init__(
        self, load: Callable[[], PictureEncoder], *, threads: int = 2, limit: int = 8
    ) -> None:
        if threads < 1 or limit < 1:
            raise ValueError("threads and limit are at least 1")
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="encoder")
        self._encoder: Future[PictureEncoder] = self._pool.submit(load)
        self._limit = limit
        self._waiting = 0

    @property
    def waiting(self) -> int:
        return self._waiting

    @property
    def limit(self) -> int:
        return self._limit

    @contextlib.contextmanager
    def admit(self) -> Iterator[int]:
        if self._waiting >= self._limit:
            raise EncoderBusy(waiting=self._waiting, limit=self._limit)
        ahead = self._waiting
        self._waiting += 1
        try:
            yield ahead
        finally:
            self._waiting -= 1

    async def ready(self) -> str:
        return (await self._loaded()).model_id

    async def encode(self, picture: bytes, mode: Mode = Mode.AUTO) -> EncodedPicture:
        encoder = await self._loaded()
        return await self.run(lambda: encoder.encode(picture, mode))

    async def run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def aclose(self) -> None:
        await asyncio.to_thread(self._pool.shutdown)

    async def _loaded(self) -> PictureEncoder:
        # shield: whoever stops waiting must not cancel the load for everybody else
        return await asyncio.shield(asyncio.wrap_future(self._encoder))
