"""Recognitions to render, discord.py objects without a connection, a small strict encoder."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import discord
import numpy as np
from PIL import Image, UnidentifiedImageError

from recognition.decision import Decider, DecisionRule
from recognition.errors import EncoderBusy, UnsupportedPicture
from recognition.gallery import Gallery, KnownCharacter
from recognition.recognizer import AnnotatedPicture, Recognizer
from recognition.types import (
    Box,
    Candidate,
    Embedding,
    EncodedPicture,
    FaceEncoding,
    Match,
    Mode,
    Recognition,
    RecognizedFace,
    RecognizedWhole,
    Unknown,
)

T = TypeVar("T")
MODEL = "made-for-tests"
REI = Candidate("ayanami_rei", "Ayanami Rei", 0.93)
ASUKA = Candidate("asuka_langley_soryu", "Asuka Langley Soryu", 0.84)
HINT = Candidate("asuka_langley_soryu", "Asuka Langley Soryu", 0.21)


def named(who: Candidate = REI, *others: Candidate, x: float = 10, y: float = 10) -> RecognizedFace:
    """A face with a name, 20 px wide, its upper left corner at (x, y)."""
    decision = Match(who.character, who.name, who.probability)
    return RecognizedFace(Box(x, y, x + 20, y + 20), 0.9, decision, (who, *others))


def stranger(nearest: Candidate | None = None, x: float = 70, y: float = 10) -> RecognizedFace:
    """A face without one."""
    decision = Unknown(nearest, nearest.probability if nearest else 0.0)
    candidates = (nearest,) if nearest else ()
    return RecognizedFace(Box(x, y, x + 20, y + 20), 0.9, decision, candidates)


def of_faces(*faces: RecognizedFace, size: tuple[int, int] = (100, 60)) -> Recognition:
    return Recognition(size, faces, None, Mode.AUTO)


def of_whole(who: Candidate | None, mode: Mode = Mode.AUTO) -> Recognition:
    decision = Match(who.character, who.name, who.probability) if who else Unknown(None, 0.0)
    return Recognition((100, 60), (), RecognizedWhole(decision, (who,) if who else ()), mode)


def drawn(size_bytes: int = 10) -> AnnotatedPicture:
    return AnnotatedPicture(bytes(size_bytes), "jpg", (100, 60))


def offline_state() -> Any:
    """discord.py's own connection state, of a client that never connects."""
    return discord.Client(intents=discord.Intents.none())._connection


def attachment_json(**fields: Any) -> dict[str, Any]:
    """A usual picture's attachment object, with `fields` changed."""
    usual = {
        "id": "1",
        "filename": "a.png",
        "size": 100,
        "url": "https://cdn.discordapp.com/attachments/1/2/a.png",
        "proxy_url": "https://media.discordapp.net/attachments/1/2/a.png",
        "content_type": "image/png",
    }
    return {**usual, **fields}


def attachment(**fields: Any) -> discord.Attachment:
    """A real attachment of discord.py."""
    return discord.Attachment(data=attachment_json(**fields), state=offline_state())  # type: ignore


class RectangleEncoder:
    """Finds red rectangles by connected columns; the taller one is Rei, the wider one Asuka.

    Keeps every promise of `EncoderService`, without networks.
    """

    def __init__(self, limit: int = 8) -> None:
        self._waiting, self._limit = 0, limit
        self.closed = False

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
        return MODEL

    async def encode(self, picture: bytes, mode: Mode) -> EncodedPicture:
        return await self.run(lambda: self._encode(picture, mode))

    async def run(self, work: Callable[[], T]) -> T:
        if self.closed:
            raise RuntimeError("closed")
        return await asyncio.to_thread(work)

    async def aclose(self) -> None:
        self.closed = True

    def _encode(self, picture: bytes, mode: Mode) -> EncodedPicture:
        try:
            pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)
        except UnidentifiedImageError as cause:
            raise UnsupportedPicture from cause
        red = (pixels[..., 0] > 150) & (pixels[..., 1] < 100)
        columns = np.flatnonzero(red.any(axis=0))
        faces = []
        runs = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1) if columns.size else []
        for run in runs:
            rows = np.flatnonzero(red[:, run[0]])
            box = Box(int(run[0]), int(rows[0]), int(run[-1]) + 1, int(rows[-1]) + 1)
            faces.append(FaceEncoding(box, 0.9, _vector(box.height >= box.width)))
        whole = (_vector(True),) if mode is Mode.WHOLE or not faces else ()
        size = pixels.shape[1], pixels.shape[0]
        return EncodedPicture(size, () if mode is Mode.WHOLE else tuple(faces), whole, MODEL, {})


def _vector(tall: bool) -> Embedding:
    return Embedding(np.array([1, 0] if tall else [0, 1], np.float32), MODEL)


def rectangle_recognizer(limit: int = 8) -> Recognizer:
    """Knows Rei and Asuka."""
    who = [KnownCharacter(one.character, one.name, "Evangelion") for one in (REI, ASUKA)]
    gallery = Gallery(MODEL, who, np.eye(2, dtype=np.float32), np.arange(2))
    rule = DecisionRule(-5.0, 8.0, 0.0, 10.0, 0.5)
    return Recognizer(RectangleEncoder(limit), Decider(gallery, rule, rule))
