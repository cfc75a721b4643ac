"""The door for untrusted bytes: every format in, every trick out."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from recognition.errors import BrokenPicture, PictureError, PictureTooLarge, UnsupportedPicture
from recognition.images import FORMATS, PictureLimits, decode_picture, sniff_format


def encoded(image: Image.Image, suffix: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, suffix, **options)
    return out.getvalue()


def gradient(w: int = 40, h: int = 30) -> Image.Image:
    y, x = np.mgrid[0:h, 0:w]
    rgb = np.stack([x * 255 // w, y * 255 // h, np.full_like(x, 90)], axis=2)
    return Image.fromarray(rgb.astype(np.uint8))


def png_header(w: int, h: int) -> bytes:
    """A PNG that promises w x h pixels and holds next to none."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_gives_the_same_picture(suffix: str) -> None:
    image = decode_picture(encoded(gradient(), suffix))
    assert image.dtype == np.uint8
    assert image.shape == (30, 40, 3)
    difference = np.abs(image.astype(int) - np.asarray(gradient()).astype(int))
    assert difference.mean() < 12  # lossy formats and GIF's palette


def test_the_name_plays_no_part_and_the_content_does() -> None:
    with pytest.raises(UnsupportedPicture):
        decode_picture(b"just some text, saved as cat.png")


@pytest.mark.parametrize("suffix", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_counts(suffix: str) -> None:
    frames = [Image.new("RGB", (20, 20), c) for c in ((255, 0, 0), (0, 255, 0), (0, 0, 255))]
    data = encoded(frames[0], suffix, save_all=True, append_images=frames[1:], duration=50)
    assert decode_picture(data)[10, 10].argmax() == 0
    with pytest.raises(PictureTooLarge) as caught:
        decode_picture(data, PictureLimits(max_frames=2))
    assert (caught.value.what, caught.value.limit, caught.value.actual) == ("frames", 2, 3)


def test_exif_turns_the_picture() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    assert decode_picture(encoded(gradient(), "JPEG", exif=exif)).shape == (40, 30, 3)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_damaged_exif_is_no_reason_to_refuse() -> None:
    data = encoded(gradient(), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff garbage")
    assert decode_picture(data).shape == (30, 40, 3)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_becomes_white(mode: str) -> None:
    image = Image.new("RGBA", (8, 8), (10, 20, 30, 0))
    if mode == "P":
        image = Image.new("P", (8, 8), 0)
        data = encoded(image, "PNG", transparency=0)
    else:
        data = encoded(image.convert(mode), "PNG")
    assert (decode_picture(data) == 255).all()


def test_cmyk_and_16_bit_keep_their_light() -> None:
    cmyk = decode_picture(encoded(gradient().convert("CMYK"), "JPEG", quality=95))
    assert np.abs(cmyk.astype(int) - np.asarray(gradient()).astype(int)).mean() < 12
    deep = Image.fromarray(np.linspace(0, 65535, 256, dtype=np.uint16).reshape(16, 16))
    grey = decode_picture(encoded(deep, "PNG"))
    assert grey[0, 0, 0] == 0
    assert grey[-1, -1, 0] == 255
    assert 120 <= grey[8, 0, 0] <= 136  # the middle stays the middle: nothing is clipped


def test_one_pixel_is_a_picture() -> None:
    assert decode_picture(encoded(Image.new("RGB", (1, 1)), "PNG")).shape == (1, 1, 3)


def test_a_bomb_is_refused_by_its_header() -> None:
    with pytest.raises(PictureTooLarge) as caught:
        decode_picture(png_header(20_000, 20_000))
    assert caught.value.what == "pixels"
    assert caught.value.actual == 400_000_000
    with pytest.raises(PictureTooLarge) as caught:
        decode_picture(png_header(1_000_000, 1))
    assert caught.value.what == "side_px"
    # A WebP that promises 16,383 x 16,383 must not even be opened: libwebp would allocate 2 GiB.
    big = b"VP8X" + struct.pack("<I", 10) + b"\0" * 4 + b"\xfe\x3f\0" * 2
    data = b"RIFF" + struct.pack("<I", len(big) + 4) + b"WEBP" + big + b"\0" * 8
    with pytest.raises(PictureTooLarge):
        decode_picture(data)


def test_too_many_bytes_are_not_looked_at() -> None:
    with pytest.raises(PictureTooLarge) as caught:
        decode_picture(b"x" * 11, PictureLimits(max_bytes=10))
    assert caught.value.what == "bytes"


def test_nothing_and_half_of_something_are_broken() -> None:
    with pytest.raises(BrokenPicture):
        decode_picture(b"")
    noise = Image.effect_noise((200, 200), 80).convert("RGB")
    for suffix in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "AVIF"):
        data = encoded(noise, suffix)
        with pytest.raises(BrokenPicture):
            decode_picture(data[: len(data) // 2])
        with pytest.raises(BrokenPicture):
            decode_picture(data[:12])


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"\0\0\0\x18ftypmp42", "MP4"),
        (b"<svg xmlns='x'>", "SVG"),
        (b"II*\0", "TIFF"),
    ],
)
def test_other_formats_are_named(head: bytes, name: str) -> None:
    assert sniff_format(head) == name
    with pytest.raises(UnsupportedPicture) as caught:
        decode_picture(head + b"\0" * 64)
    assert caught.value.found == name


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_damage_anywhere_is_an_error_or_a_picture_never_a_crash(
    picture: Callable[..., bytes],
) -> None:
    rng = np.random.default_rng(0)
    for suffix in FORMATS:
        data = bytearray(picture(suffix))
        for _ in range(40):
            hurt = bytearray(data)
            for place in rng.integers(0, len(hurt), 6):
                hurt[place] = rng.integers(0, 256)
            try:
                image = decode_picture(bytes(hurt), PictureLimits(max_pixels=2_000_000))
            except PictureError:
                continue
            assert image.ndim == 3
