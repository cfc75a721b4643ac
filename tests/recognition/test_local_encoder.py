"""The bounded thread pool: admission, waiting for weights, draining."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import cast

import pytest

from recognition.encoder import PictureEncoder
from recognition.errors import EncoderBusy, WeightsMissing
from recognition.serving.local import LocalEncoder
from recognition.types import EncodedPicture, Mode


class SlowEncoder:
    """Stands in for the networks: counts how many run at once."""

    model_id = "slow"

    def __init__(self) -> None:
        self.running = 0
        self.most = 0
        self.lock = threading.Lock()

    def encode(self, picture: bytes, mode: Mode) -> EncodedPicture:
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
        time.sleep(0.02)
        with self.lock:
            self.running -= 1
        return EncodedPicture((1, 1), (), (), self.model_id)


def service(slow: SlowEncoder, **options: int) -> LocalEncoder:
    return LocalEncoder(lambda: cast(PictureEncoder, slow), **options)


async def test_never_more_at_once_than_threads() -> None:
    slow = SlowEncoder()
    encoder = service(slow, threads=2, limit=8)
    await asyncio.gather(*(encoder.encode(b"", Mode.AUTO) for _ in range(8)))
    assert slow.most == 2
    await encoder.aclose()


async def test_a_full_queue_says_so_and_empties() -> None:
    encoder = service(SlowEncoder(), threads=1, limit=2)
    with encoder.admit() as first, encoder.admit() as second:
        assert (first, second) == (0, 1)
        with pytest.raises(EncoderBusy) as caught, encoder.admit():
            pass
        assert (caught.value.waiting, caught.value.limit) == (2, 2)
    assert encoder.waiting == 0
    with pytest.raises(ZeroDivisionError), encoder.admit():
        raise ZeroDivisionError
    assert encoder.waiting == 0
    await encoder.aclose()


async def test_requests_wait_for_the_weights() -> None:
    gate = threading.Event()

    def load() -> PictureEncoder:
        gate.wait(5)
        return cast(PictureEncoder, SlowEncoder())

    encoder = LocalEncoder(load)
    early = asyncio.create_task(encoder.encode(b"", Mode.AUTO))
    await asyncio.sleep(0.02)
    assert not early.done()
    impatient = asyncio.create_task(encoder.ready())
    await asyncio.sleep(0)
    impatient.cancel()  # must not cancel the load for the others
    gate.set()
    assert (await early).model_id == "slow"
    await encoder.aclose()


async def test_failed_loading_reaches_every_caller(tmp_path: object) -> None:
    def load() -> PictureEncoder:
        raise WeightsMissing(cast("object", tmp_path))  # type: ignore[arg-type]

    encoder = LocalEncoder(load)
    for _ in range(2):
        with pytest.raises(WeightsMissing):
            await encoder.encode(b"", Mode.AUTO)
    await encoder.aclose()


async def test_closing_finishes_what_is_under_way() -> None:
    encoder = service(SlowEncoder(), threads=1, limit=4)
    await encoder.ready()
    task = asyncio.create_task(encoder.encode(b"", Mode.AUTO))
    await asyncio.sleep(0.005)
    await encoder.aclose()
    assert (await task).size == (1, 1)
    with pytest.raises(RuntimeError):
        await encoder.encode(b"", Mode.AUTO)
