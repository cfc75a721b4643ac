"""Files on the CDN: content type and size of a picture by its bytes, names, signed links.

Links carry ``ex`` (expiry, hexadecimal Unix seconds), ``is`` (issued) and ``hm`` (signature), and
stop working after a day, as Discord's do (Discord docs, "Reference" → "Signed Attachment CDN
URLs").
"""

from __future__ import annotations

import hashlib
import hmac
import mimetypes
import re
import struct
from urllib.parse import quote

LINK_LIFETIME_S = 24 * 3600
_UNSAFE = re.compile(r"[^\w.\-]+", re.UNICODE)


def sniff(data: bytes, filename: str) -> tuple[str, int | None, int | None]:
    """(content type, width, height) of a file. Pictures are known by their bytes, the rest by
    name.
    """
    for probe in (_png, _gif, _jpeg, _webp, _bmp):
        found = probe(data)
        if found is not None:
            return found
    if data[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif", None, None
    guess = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return guess, None, None


def _png(data: bytes) -> tuple[str, int, int] | None:
    if data[:8] != b"\x89PNG\r\n\x1a\n" or len(data) < 24:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return "image/png", width, height


def _gif(data: bytes) -> tuple[str, int, int] | None:
    if data[:6] not in (b"GIF87a", b"GIF89a") or len(data) < 10:
        return None
    width, height = struct.unpack("<HH", data[6:10])
    return "image/gif", width, height


def _bmp(data: bytes) -> tuple[str, int, int] | None:
    if data[:2] != b"BM" or len(data) < 26:
        return None
    width, height = struct.unpack("<ii", data[18:26])
    return "image/bmp", width, abs(height)


def _webp(data: bytes) -> tuple[str, int | None, int | None] | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    kind, body = data[12:16], data[20:30]
    if len(body) < 10:
        return "image/webp", None, None
    if kind == b"VP8X":
        width = 1 + int.from_bytes(body[4:7], "little")
        return "image/webp", width, 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return "image/webp", 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF)
    width, height = struct.unpack("<HH", body[6:10])
    return "image/webp", width & 0x3FFF, height & 0x3FFF


def _jpeg(data: bytes) -> tuple[str, int | None, int | None] | None:
    if data[:3] != b"\xff\xd8\xff":
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return "image/jpeg", width, height
        at += 2 + length
    return "image/jpeg", None, None


def safe_name(filename: str) -> str:
    """The name Discord stores: no folders, other than word characters, dot and dash become
    ``_``.
    """
    bare = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return _UNSAFE.sub("_", bare).strip("_") or "unknown"


class LinkSigner:
    """Signs CDN paths and checks them."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def sign(self, path: str, now_s: float) -> str:
        """``path`` with the three query parameters, valid for LINK_LIFETIME_S from ``now_s``."""
        expires = f"{int(now_s) + LINK_LIFETIME_S:x}"
        issued = f"{int(now_s):x}"
        return f"{quote(path)}?ex={expires}&is={issued}&hm={self._mac(path, expires, issued)}&"

    def valid(self, path: str, expires: str, issued: str, mac: str, now_s: float) -> bool:
        """Whether the signature fits the (unquoted) path and has not run out."""
        if not hmac.compare_digest(self._mac(path, expires, issued), mac):
            return False
        return int(expires, 16) >= now_s

    def _mac(self, path: str, expires: str, issued: str) -> str:
        text = f"{path}?{expires}&{issued}".encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()
