"""Faults on demand: a queue of rules, each hitting the next requests that fit it.

Patterns are shell-style and are tried against the route template and the path, for example
``"/webhooks/*"`` or ``"/channels/{channel_id}/messages"``. Gateway faults act at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sandbox.gateway import Gateway

Kind = Literal["rate_limit", "server_error", "delay", "cdn_missing", "cdn_slow", "cdn_length"]


@dataclass
class Fault:
    """One rule. ``count`` requests are still to be hit; ``hits`` were."""

    kind: Kind
    method: str
    pattern: str
    count: int
    status: int = 500
    seconds: float = 0.0
    is_global: bool = False
    drip_bytes: int = 0
    extra_bytes: int = 0
    lie: bool = False
    hits: int = 0

    def fits(self, method: str, *paths: str) -> bool:
        if self.count <= 0 or self.method not in ("*", method):
            return False
        return any(fnmatchcase(path, self.pattern) for path in paths)


class Faults:
    """The rules, and the gateway faults."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self.rules: list[Fault] = []

    def _add(self, fault: Fault) -> Fault:
        self.rules.append(fault)
        return fault

    def take(self, kinds: tuple[Kind, ...], method: str, *paths: str) -> Fault | None:
        """The first rule of these kinds that fits, used up by one."""
        for fault in self.rules:
            if fault.kind in kinds and fault.fits(method, *paths):
                fault.count -= 1
                fault.hits += 1
                return fault
        return None

    def clear(self) -> None:
        self.rules.clear()

    # -- REST ----------------------------------------------------------------------------------

    def rate_limit(
        self,
        pattern: str = "*",
        *,
        method: str = "*",
        retry_after_s: float = 0.1,
        is_global: bool = False,
        count: int = 1,
    ) -> Fault:
        """Answer the next ``count`` requests with 429 and ``Retry-After``."""
        return self._add(
            Fault("rate_limit", method, pattern, count, 429, retry_after_s, is_global=is_global)
        )

    def server_error(
        self, pattern: str = "*", *, method: str = "*", status: int = 500, count: int = 1
    ) -> Fault:
        """Answer the next ``count`` requests with a 5xx; they have no other effect."""
        return self._add(Fault("server_error", method, pattern, count, status))

    def delay(
        self, pattern: str = "*", *, method: str = "*", seconds: float, count: int = 1
    ) -> Fault:
        """Let the next ``count`` requests wait (real seconds) before they are handled."""
        return self._add(Fault("delay", method, pattern, count, seconds=seconds))

    # -- CDN -----------------------------------------------------------------------------------

    def cdn_missing(self, pattern: str = "/cdn/*", *, count: int = 1) -> Fault:
        """404 for the next ``count`` downloads."""
        return self._add(Fault("cdn_missing", "GET", pattern, count, 404))

    def cdn_slow(
        self,
        pattern: str = "/cdn/*",
        *,
        seconds: float,
        drip_bytes: int = 0,
        count: int = 1,
    ) -> Fault:
        """Wait ``seconds`` before the body, or between every ``drip_bytes`` of it if that is
        set.
        """
        fault = Fault("cdn_slow", "GET", pattern, count, seconds=seconds, drip_bytes=drip_bytes)
        return self._add(fault)

    def cdn_oversized(
        self,
        pattern: str = "/cdn/*",
        *,
        extra_bytes: int = 32 * 1024 * 1024,
        lie: bool = False,
        count: int = 1,
    ) -> Fault:
        """Send ``extra_bytes`` more than the attachment's size.

        ``lie`` False: no Content-Length, the body just goes on (chunked). True: Content-Length
        announces the extra bytes, the body has only the real ones and the connection closes.
        """
        fault = Fault("cdn_length", "GET", pattern, count, extra_bytes=extra_bytes, lie=lie)
        return self._add(fault)

    # -- gateway -------------------------------------------------------------------------------

    def gateway_drop(self, shard: int | None = None) -> int:
        """Cut the sockets without a close frame; returns how many."""
        return self._gateway.drop(shard)

    def gateway_reconnect(self, shard: int | None = None) -> int:
        """Ask for a reconnect (op 7); returns how many sessions were asked."""
        return self._gateway.ask_reconnect(shard)

    def gateway_invalidate(self, shard: int | None = None, *, resumable: bool = False) -> int:
        """Invalidate sessions (op 9); returns how many."""
        return self._gateway.invalidate(shard, resumable=resumable)

    def gateway_mute_acks(self, count: int = 1) -> None:
        """Leave the next ``count`` heartbeats unanswered."""
        self._gateway.mute_acks += count
