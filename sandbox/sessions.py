"""Sessions that outlive their sockets, the sockets themselves, opcodes and close codes."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.dispatch import Audience
from sandbox.errors import Json
from sandbox.wire import Encoder

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE_STATE, RESUME = 0, 1, 2, 3, 4, 6
RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 8, 9, 10, 11

UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED, AUTHENTICATION_FAILED = 4001, 4002, 4003, 4004
ALREADY_AUTHENTICATED, INVALID_SEQ, RATE_LIMITED, TIMED_OUT = 4005, 4007, 4008, 4009
INVALID_SHARD, INVALID_VERSION, INVALID_INTENTS, DISALLOWED_INTENTS = 4010, 4012, 4013, 4014

REPLAY_EVENTS = 1000


class Close(Exception):
    """Close the socket with a code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


@dataclass(eq=False)
class Session:
    """What survives a reconnect: identity, intents, sequence, and the last events."""

    id: str
    audience: Audience
    seq: int = 0
    buffer: deque[Json] = field(default_factory=lambda: deque(maxlen=REPLAY_EVENTS))
    connection: Connection | None = None
    lost_at: float | None = None
    ready: bool = False


@dataclass(eq=False)
class Connection:
    """One socket. Payloads queue in ``outbox`` and leave in order."""

    socket: web.WebSocketResponse
    request: web.Request
    encode: Encoder
    outbox: asyncio.Queue[Json | Close] = field(default_factory=asyncio.Queue)
    session: Session | None = None
    commands: deque[float] = field(default_factory=deque)

    def send(
        self, op: int, data: Any = None, event: str | None = None, seq: int | None = None
    ) -> None:
        """Queue a payload."""
        self.outbox.put_nowait({"op": op, "d": data, "t": event, "s": seq})

    def abort(self) -> None:
        """Cut the TCP connection without a close frame."""
        if self.request.transport is not None:
            self.request.transport.abort()
