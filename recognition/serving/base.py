"""The seam between the light half, which stays in the bot, and the heavy half, which may move."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from recognition.types import EncodedPicture, Mode

T = TypeVar("T")


class EncoderService(Protocol):
    """Encodes pictures off the event loop, for a bounded number of requests at a time."""

    @property
    def waiting(self) -> int:
        """Requests admitted and not finished, those being worked on among them."""
        ...

    @property
    def limit(self) -> int:
        """How many requests are admitted at once."""
        ...

    def admit(self) -> AbstractContextManager[int]:
        """Takes a place for one request, however many pictures it has, and gives it back at exit.

        The value is the number of requests that were admitted before this one.

        Raises:
            EncoderBusy: every place is taken.
        """
        ...

    async def ready(self) -> str:
        """Waits for the weights; returns the ``model_id`` of the vectors to come.

        Raises:
            WeightsError: they cannot be loaded.
        """
        ...

    async def encode(self, picture: bytes, mode: Mode) -> EncodedPicture:
        """Decodes, finds faces and embeds. Waits for the weights where they are still loading.

        Raises:
            PictureError: the picture cannot be used.
            WeightsError: the weights could not be loaded.
        """
        ...

    async def run(self, work: Callable[[], T]) -> T:
        """Runs other work on pictures (annotating) where it does not hold up the event loop."""
        ...

    async def aclose(self) -> None:
        """Finishes what is under way, then frees the threads. Later calls raise RuntimeError."""
        ...
