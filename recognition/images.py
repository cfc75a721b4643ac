"""The one door for untrusted bytes: everything is checked before anything is decoded.

The format is told by content, never by file name. Limits on bytes, pixels, sides and frames are
held against the header; only then the first frame is decoded, turned as EXIF says, laid on white
where it is transparent, and brought to 8-bit RGB.
"""

from __future__ import annotations

import contextlib
import io
import struct
import warnings
import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from recognition.errors import BrokenPicture, PictureTooLarge, UnsupportedPicture
from recognition.types import RgbImage

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF", "BMP")

# Pillow's own guard warns at one size and raises at another, without the numbers as data. Ours
# below is stricter and runs before decoding, so that one is switched off.
Image.MAX_IMAGE_PIXELS = None

# Damaged metadata makes Pillow warn; there is nobody here to act on it.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

#: What damaged files make Pillow's decoders raise (warnings where a program made them errors).
_DECODER_ERRORS = (
    UserWarning,
    RuntimeError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True)
class PictureLimits:
    """What is still accepted. The defaults hold a 40-megapixel scan and a long animation."""

    max_bytes: int = 25 * 2**20
    max_pixels: int = 40_000_000
    max_side_px: int = 16_384
    max_frames: int = 3_000


DEFAULT_LIMITS = PictureLimits()


def decode_picture(data: bytes, limits: PictureLimits = DEFAULT_LIMITS) -> RgbImage:
    """Decodes a picture that anybody may have sent.

    Args:
        data: a whole file: png, jpg, webp, gif, avif or bmp; of animations the first frame counts.
        limits: what is refused before decoding.

    Returns:
        RGB ``uint8 (H, W, 3)``, upright, transparent parts on white.

    Raises:
        PictureTooLarge: a limit is exceeded (``what`` says which).
        UnsupportedPicture: not one of the formats.
        BrokenPicture: one of the formats, but damaged or empty.
    """
    if len(data) > limits.max_bytes:
        raise PictureTooLarge("bytes", limit=limits.max_bytes, actual=len(data))
    if not data:
        raise BrokenPicture("file", "it has zero bytes")
    found = sniff_format(data)
    if found == "WEBP":  # libwebp allocates the canvas when the file is opened, not when it is read
        _check_size(_webp_size(data), limits)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            _check_size(picture.size, limits)
            frames = int(getattr(picture, "n_frames", 1))
            if frames > limits.max_frames:
                raise PictureTooLarge("frames", limit=limits.max_frames, actual=frames)
            picture.seek(0)
            picture.load()
            _turn(picture)
            return _to_rgb(picture)
    except UnidentifiedImageError as cause:
        if found in FORMATS:
            raise BrokenPicture(found, "its header is damaged") from cause
        raise UnsupportedPicture(found) from cause
    except _DECODER_ERRORS as cause:
        raise BrokenPicture(found or "file", str(cause)) from cause


def sniff_format(data: bytes) -> str | None:
    """The format's name by its first bytes, also of some that we do not read; None if unknown."""
    head = data[:32]
    for magic, name in (
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff", "JPEG"),
        (b"GIF87a", "GIF"),
        (b"GIF89a", "GIF"),
        (b"BM", "BMP"),
        (b"II*\x00", "TIFF"),
        (b"MM\x00*", "TIFF"),
        (b"%PDF", "PDF"),
        (b"8BPS", "PSD"),
        (b"\xff\x0a", "JPEG XL"),
        (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
        (b"\x1aE\xdf\xa3", "WebM"),
    ):
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in (b"avif", b"avis"):
            return "AVIF"
        return "HEIC" if brand in (b"heic", b"heix", b"mif1", b"msf1") else "MP4"
    if head.lstrip()[:4].lower() in (b"<svg", b"<?xm"):
        return "SVG"
    return None


def _webp_size(data: bytes) -> tuple[int, int]:
    """(width, height) by the first chunk (RFC 9649, sections 2.5 to 2.7); (0, 0) if damaged."""
    chunk, body = data[12:16], data[20:34]
    if len(body) < 10:
        return 0, 0
    if chunk == b"VP8X":
        return (
            int.from_bytes(body[4:7], "little") + 1,
            int.from_bytes(body[7:10], "little") + 1,
        )
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    w, h = struct.unpack("<HH", body[6:10])
    return w & 0x3FFF, h & 0x3FFF


def _check_size(size: tuple[int, int], limits: PictureLimits) -> None:
    if size[0] * size[1] > limits.max_pixels:
        raise PictureTooLarge("pixels", limit=limits.max_pixels, actual=size[0] * size[1])
    if max(size) > limits.max_side_px:
        raise PictureTooLarge("side_px", limit=limits.max_side_px, actual=max(size))


def _turn(picture: Image.Image) -> None:
    """Turns it as its EXIF orientation wants it; damaged EXIF is no reason to refuse it."""
    with contextlib.suppress(*_DECODER_ERRORS):
        ImageOps.exif_transpose(picture, in_place=True)


def _to_rgb(picture: Image.Image) -> RgbImage:
    if picture.mode.startswith("I") or picture.mode == "F":  # 16-bit grey; convert() would clip
        deep = np.asarray(picture).astype(np.float32)
        top = 65535.0 if deep.max(initial=0) > 255 else 255.0
        grey = np.clip(deep * (255.0 / top), 0, 255).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=2)
    if picture.has_transparency_data:
        rgba = picture.convert("RGBA")
        white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(white, rgba)
    return np.array(picture if picture.mode == "RGB" else picture.convert("RGB"))
