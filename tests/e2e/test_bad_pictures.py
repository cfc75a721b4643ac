"""Whatever somebody sends: a clear sentence or an answer, and the bot goes on."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from tests.e2e.conftest import Club

UNREADABLE = "I can't read that file as a picture"
DAMAGED = "That picture seems to be damaged"
TOO_LARGE = "That picture has too many pixels"


def bomb(side_px: int = 20_000) -> bytes:
    """A small PNG that says it is huge, and would be if it were decoded."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + checksum

    header = struct.pack(">IIBBBBB", side_px, side_px, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side_px // 8 + 1) * side_px), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def saved(image: Image.Image, suffix: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, suffix, **options)
    return out.getvalue()


def sixteen_bit() -> bytes:
    ramp = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
    return saved(Image.fromarray(ramp), "PNG")


def animated() -> bytes:
    frames = [Image.new("RGB", (80, 60), (value, 90, 90)) for value in (10, 120, 230)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


REFUSED = {
    "truncated": (lambda portrait: portrait[: len(portrait) // 2], DAMAGED),
    "zero bytes": (lambda portrait: b"", DAMAGED),
    "text named .png": (lambda portrait: b"just some words", UNREADABLE),
    "bomb": (lambda portrait: bomb(), TOO_LARGE),
    "only a header": (lambda portrait: portrait[:20], DAMAGED),
    "svg": (lambda portrait: b"<svg xmlns='http://www.w3.org/2000/svg'/>", UNREADABLE),
    "random bytes": (lambda portrait: np.random.default_rng(0).bytes(5000), UNREADABLE),
}
ANSWERED = {
    "CMYK": lambda: saved(Image.new("CMYK", (90, 60), (10, 200, 30, 0)), "JPEG"),
    "16 bit": sixteen_bit,
    "animated": animated,
    "1 x 1": lambda: saved(Image.new("RGB", (1, 1)), "PNG"),
    "palette with transparency": lambda: saved(Image.new("P", (50, 50)), "PNG", transparency=0),
    "very long": lambda: saved(Image.new("RGB", (4000, 3)), "PNG"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_no_picture_gets_a_sentence(club: Club, portrait: bytes, name: str) -> None:
    make, sentence = REFUSED[name]
    message = await club.answer(make(portrait))
    assert message.ephemeral
    assert message.content.startswith(sentence)
    assert not message.files
    await club.assert_goes_on(portrait)


@pytest.mark.parametrize("name", ANSWERED)
async def test_what_is_a_picture_gets_an_answer(club: Club, name: str) -> None:
    make: Callable[[], bytes] = ANSWERED[name]
    message = await club.answer(make())
    assert not message.ephemeral
    assert message.files[0].description
    assert message.embeds
