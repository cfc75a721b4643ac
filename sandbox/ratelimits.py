"""Rate limits, counted for real and told in Discord's headers (Discord docs, "Rate Limits")."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

from sandbox.clock import Clock

GLOBAL_PER_S = 50
_LIMITS: dict[tuple[str, str], tuple[int, float]] = {
    ("POST", "/channels/{channel_id}/messages"): (5, 5.0),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): (5, 5.0),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"): (5, 1.0),
    ("POST", "/channels/{channel_id}/typing"): (5, 5.0),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"): (5, 2.0),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original"): (5, 2.0),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"): (5, 2.0),
}
_DEFAULT = (20, 1.0)
"""Seen on Discord in practice; it publishes no table and asks clients to read the headers."""


@dataclass
class _Window:
    ends_at: float
    used: int = 0


@dataclass(frozen=True)
class Verdict:
    """Whether a request passes, and the headers to answer it with."""

    passed: bool
    retry_after_s: float
    is_global: bool
    headers: dict[str, str]


class RateLimits:
    """Fixed windows per route and major parameter, and one of 50 requests/s over everything."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, ...], _Window] = {}

    def take(self, method: str, route: str, params: dict[str, str]) -> Verdict:
        """Count one request."""
        limit, per_s = _LIMITS.get((method, route), _DEFAULT)
        bucket = hashlib.md5(f"{method} {route}".encode()).hexdigest()
        names = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_token")
        major = [params[name] for name in names if name in params]
        window = self._window((bucket, *major), per_s)
        if not route.startswith(("/interactions/", "/webhooks/")):
            everything = self._window(("global",), 1.0)
            if everything.used >= GLOBAL_PER_S:
                wait_s = everything.ends_at - self._clock.monotonic()
                return Verdict(False, wait_s, True, _limited(wait_s, True))
            everything.used += 1
        passed = window.used < limit
        window.used += passed
        wait_s = window.ends_at - self._clock.monotonic()
        headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, limit - window.used)),
            "X-RateLimit-Reset": f"{self._clock.time() + wait_s:.3f}",
            "X-RateLimit-Reset-After": f"{wait_s:.3f}",
            "X-RateLimit-Bucket": bucket,
        }
        return Verdict(passed, wait_s, False, headers | ({} if passed else _limited(wait_s, False)))

    def _window(self, key: tuple[str, ...], per_s: float) -> _Window:
        now = self._clock.monotonic()
        window = self._windows.get(key)
        if window is None or window.ends_at <= now:
            if len(self._windows) > 4096:
                self._windows = {k: w for k, w in self._windows.items() if w.ends_at > now}
            window = self._windows[key] = _Window(now + per_s)
        return window


def _limited(wait_s: float, is_global: bool) -> dict[str, str]:
    headers = {"Retry-After": str(math.ceil(wait_s)), "X-RateLimit-Scope": "user"}
    if is_global:
        headers |= {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
    return headers


def limited_body(wait_s: float, is_global: bool) -> dict[str, object]:
    """The JSON body of a 429."""
    return {
        "message": "You are being rate limited.",
        "retry_after": round(wait_s, 3),
        "global": is_global,
        "code": 0,
    }


def fault_headers(wait_s: float, is_global: bool) -> dict[str, str]:
    """The headers of a 429 that a test ordered."""
    return _limited(wait_s, is_global)
