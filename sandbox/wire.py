"""How gateway payloads travel: JSON text, or a zlib or zstd stream (Gateway docs, "Transport
Compression").
"""

from __future__ import annotations

import importlib
import json
import zlib
from typing import Any, Protocol


class Encoder(Protocol):
    """Turns a payload into what goes on the socket; keeps its state for one connection."""

    def __call__(self, payload: dict[str, Any]) -> str | bytes: ...


def plain(payload: dict[str, Any]) -> str:
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False)


class ZlibStream:
    """One zlib context for the connection; every message ends with a sync flush."""

    def __init__(self) -> None:
        self._context = zlib.compressobj()

    def __call__(self, payload: dict[str, Any]) -> bytes:
        body = self._context.compress(plain(payload).encode())
        return body + self._context.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """One zstd frame for the connection, flushed block by block. Needs a zstd library."""

    def __init__(self) -> None:
        try:
            module = importlib.import_module("zstandard")
            self._context = module.ZstdCompressor().compressobj()
            self._flush = module.COMPRESSOBJ_FLUSH_BLOCK
            self._old_api = True
        except ImportError:
            module = importlib.import_module("compression.zstd")
            self._context = module.ZstdCompressor()
            self._flush = module.ZstdCompressor.FLUSH_BLOCK
            self._old_api = False

    def __call__(self, payload: dict[str, Any]) -> bytes:
        data = plain(payload).encode()
        if self._old_api:
            return bytes(self._context.compress(data) + self._context.flush(self._flush))
        return bytes(self._context.compress(data, self._flush))


def encoder_for(compress: str | None) -> Encoder:
    """The encoder a client asked for in the query.

    Raises:
        ValueError: unknown compression, or zstd without a library for it.
    """
    if compress is None:
        return plain
    if compress == "zlib-stream":
        return ZlibStream()
    if compress == "zstd-stream":
        try:
            return ZstdStream()
        except ImportError as missing:
            raise ValueError("zstd-stream needs a zstd library") from missing
    raise ValueError(f"unknown compression {compress!r}")
