"""The gateway: sessions that outlive their sockets, replay what was missed, and close with
Discord's codes.

Source: Gateway docs ("Connections", "Resuming", "Sharding"), "Opcodes and Status Codes".
"""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from sandbox import chunking, dispatch
from sandbox import sessions as ws
from sandbox.dispatch import Audience
from sandbox.errors import Json
from sandbox.events import Event, InteractionCreated, SessionsChanged
from sandbox.sessions import Close, Connection, Session
from sandbox.state import World
from sandbox.transcript import Frame, Transcript
from sandbox.wire import encoder_for

MAX_PAYLOAD_BYTES = 4096
COMMANDS_PER_MINUTE = 120
RESUME_WITHIN_S = 90.0


class Gateway:
    """All sessions of the application."""

    def __init__(self, world: World, transcript: Transcript, heartbeat_s: float = 41.25) -> None:
        self._world = world
        self._transcript = transcript
        self._heartbeat_s = heartbeat_s
        self.member_chunk_size = 1000
        self.mute_acks = 0
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        world.listeners.append(self._on_event)

    @property
    def ready_sessions(self) -> list[Session]:
        """Sessions with an open socket that got READY and their servers."""
        return [one for one in self.sessions.values() if one.ready and one.connection]

    # -- events out ----------------------------------------------------------------------------

    def _on_event(self, event: Event) -> None:
        self._forget_lost()
        for session in self.sessions.values():
            for name, data in dispatch.translate(self._world, event, session.audience):
                self._dispatch(session, name, data)
                if isinstance(event, InteractionCreated):
                    event.interaction.delivered = True

    def _dispatch(self, session: Session, name: str, data: Json) -> None:
        session.seq += 1
        payload: Json = {"op": ws.DISPATCH, "d": data, "t": name, "s": session.seq}
        session.buffer.append(payload)
        if session.connection is not None:
            session.connection.outbox.put_nowait(payload)

    def _forget_lost(self) -> None:
        now = self._world.clock.monotonic()
        for session in list(self.sessions.values()):
            if session.lost_at is not None and now - session.lost_at > RESUME_WITHIN_S:
                del self.sessions[session.id]

    # -- faults --------------------------------------------------------------------------------

    def _open(self, shard: int | None) -> list[Session]:
        return [
            one
            for one in self.sessions.values()
            if one.connection and shard in (None, one.audience.shard[0])
        ]

    def drop(self, shard: int | None = None) -> int:
        """Cut sockets without a close frame; the sessions can be resumed."""
        sessions = self._open(shard)
        for session in sessions:
            if session.connection is not None:
                session.connection.abort()
                self._detach(session.connection)
        return len(sessions)

    def ask_reconnect(self, shard: int | None = None) -> int:
        """Op 7."""
        sessions = self._open(shard)
        for session in sessions:
            if session.connection is not None:
                session.connection.send(ws.RECONNECT)
        return len(sessions)

    def invalidate(self, shard: int | None = None, *, resumable: bool = False) -> int:
        """Op 9; a session that is not resumable is forgotten."""
        sessions = self._open(shard)
        for session in sessions:
            if session.connection is not None:
                session.connection.send(ws.INVALID_SESSION, resumable)
            if not resumable:
                del self.sessions[session.id]
        return len(sessions)

    # -- one connection ------------------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """aiohttp handler of /gateway."""
        socket = web.WebSocketResponse(autoping=True, compress=False, max_msg_size=1 << 20)
        await socket.prepare(request)
        try:
            connection = Connection(socket, request, encoder_for(request.query.get("compress")))
        except ValueError as unsupported:
            await socket.close(code=ws.DECODE_ERROR, message=str(unsupported).encode())
            return socket
        self.connections.add(connection)
        writer = asyncio.create_task(self._write(connection))
        refused = False
        try:
            if request.query.get("v", "10") != "10":
                raise Close(ws.INVALID_VERSION, "Invalid API version.")
            connection.send(ws.HELLO, {"heartbeat_interval": int(self._heartbeat_s * 1000)})
            await self._read(connection)
        except Close as close:
            refused = True
            self._transcript.violation(f"gateway closed with {close}")
            connection.outbox.put_nowait(close)
            await asyncio.wait([writer], timeout=5)
        finally:
            clean = not refused and socket.close_code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY)
            session = connection.session
            self._detach(connection)
            if clean and session is not None and session.connection is None:
                self.sessions.pop(session.id, None)
            self.connections.discard(connection)
            writer.cancel()
        return socket

    def _detach(self, connection: Connection) -> None:
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection, session.lost_at = None, self._world.clock.monotonic()
            self._world.publish(SessionsChanged())

    async def _write(self, connection: Connection) -> None:
        while True:
            payload = await connection.outbox.get()
            if isinstance(payload, Close):
                code, reason = payload.code, payload.reason
                await connection.socket.close(code=code, message=reason.encode())
                return
            try:
                encoded = connection.encode(payload)
                if isinstance(encoded, bytes):
                    await connection.socket.send_bytes(encoded)
                else:
                    await connection.socket.send_str(encoded)
            except (ConnectionError, RuntimeError):
                return
            self._log("received", connection, payload)

    def _log(self, direction: Any, connection: Connection, payload: Json) -> None:
        session = connection.session
        self._transcript.add(
            Frame(
                at=self._world.clock.monotonic(),
                direction=direction,
                op=payload.get("op", -1),
                data=payload.get("d"),
                event=payload.get("t"),
                seq=payload.get("s"),
                session=session.id if session else None,
                shard=session.audience.shard[0] if session else None,
            )
        )

    async def _read(self, connection: Connection) -> None:
        patience_s = self._heartbeat_s * 2 + 5
        while True:
            try:
                message = await connection.socket.receive(timeout=patience_s)
            except TimeoutError:
                raise Close(ws.TIMED_OUT, "Session timed out.") from None
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            payload = self._decode(connection, message.data)
            self._log("sent", connection, payload)
            self._obey(connection, payload["op"], payload.get("d"))

    def _decode(self, connection: Connection, raw: str | bytes) -> Json:
        now = self._world.clock.monotonic()
        connection.commands.append(now)
        while connection.commands[0] < now - 60:
            connection.commands.popleft()
        if len(connection.commands) > COMMANDS_PER_MINUTE:
            raise Close(ws.RATE_LIMITED, "You are being rate limited.")
        if len(raw) > MAX_PAYLOAD_BYTES:
            raise Close(ws.DECODE_ERROR, "Error while decoding payload.")
        try:
            payload = json.loads(raw)
        except ValueError:
            payload = None
        if not isinstance(payload, dict) or not isinstance(payload.get("op"), int):
            raise Close(ws.DECODE_ERROR, "Error while decoding payload.")
        return payload

    def _obey(self, connection: Connection, op: int, data: Any) -> None:
        if op == ws.HEARTBEAT:
            if self.mute_acks > 0:
                self.mute_acks -= 1
            else:
                connection.send(ws.HEARTBEAT_ACK)
        elif op == ws.IDENTIFY:
            self._identify(connection, data)
        elif op == ws.RESUME:
            self._resume(connection, data)
        elif op not in (ws.PRESENCE, ws.VOICE_STATE, ws.REQUEST_MEMBERS):
            raise Close(ws.UNKNOWN_OPCODE, "Unknown opcode.")
        elif connection.session is None:
            raise Close(ws.NOT_AUTHENTICATED, "Not authenticated.")
        elif op == ws.REQUEST_MEMBERS:
            session = connection.session
            size = self.member_chunk_size
            for chunk in chunking.member_chunks(self._world, session.audience, data, size):
                self._dispatch(session, "GUILD_MEMBERS_CHUNK", chunk)

    def _identify(self, connection: Connection, data: Any) -> None:
        if connection.session is not None:
            raise Close(ws.ALREADY_AUTHENTICATED, "Already authenticated.")
        if not isinstance(data, dict) or not isinstance(data.get("properties"), dict):
            raise Close(ws.DECODE_ERROR, "Error while decoding payload.")
        self._check_token(data)
        audience = Audience(self._intents(data), _shard(data))
        session = Session(secrets.token_hex(16), audience, connection=connection)
        connection.session = self.sessions[session.id] = session
        url = self._world.base_url.replace("http://", "ws://") + "/gateway"
        ready = dispatch.ready_event(self._world, audience, session.id, url)
        self._dispatch(session, "READY", ready)
        for guild in list(self._world.guilds.values()):
            known = guild.app_installed and audience.covers(guild.id)
            if known and audience.has("GUILDS"):
                data = dispatch.guild_event(self._world, guild, audience)
                self._dispatch(session, "GUILD_CREATE", data)
        session.ready = True
        self._world.publish(SessionsChanged())

    def _check_token(self, data: Json) -> None:
        given = str(data.get("token", "")).removeprefix("Bot ")
        if not secrets.compare_digest(given.encode(), self._world.application.token.encode()):
            raise Close(ws.AUTHENTICATION_FAILED, "Authentication failed.")

    def _intents(self, data: Json) -> int:
        intents = data.get("intents")
        if not isinstance(intents, int) or intents < 0 or intents >> dispatch.LAST_INTENT_BIT + 1:
            raise Close(ws.INVALID_INTENTS, "Invalid intent(s).")
        audience = Audience(intents)
        for name in ("GUILD_PRESENCES", "GUILD_MEMBERS", "MESSAGE_CONTENT"):
            if audience.has(name) and name not in self._world.application.privileged:
                raise Close(ws.DISALLOWED_INTENTS, "Disallowed intent(s).")
        return intents

    def _resume(self, connection: Connection, data: Any) -> None:
        if connection.session is not None:
            raise Close(ws.ALREADY_AUTHENTICATED, "Already authenticated.")
        if not isinstance(data, dict):
            raise Close(ws.DECODE_ERROR, "Error while decoding payload.")
        self._check_token(data)
        self._forget_lost()
        session = self.sessions.get(str(data.get("session_id")))
        seq = data.get("seq")
        if session is None or not isinstance(seq, int):
            connection.send(ws.INVALID_SESSION, False)
            return
        if seq > session.seq:
            raise Close(ws.INVALID_SEQ, "Invalid seq.")
        if session.buffer and seq < session.buffer[0]["s"] - 1:
            del self.sessions[session.id]
            connection.send(ws.INVALID_SESSION, False)
            return
        if session.connection is not None:
            session.connection.abort()
        session.connection, session.lost_at = connection, None
        connection.session = session
        for payload in list(session.buffer):
            if payload["s"] > seq:
                connection.outbox.put_nowait(payload)
        self._dispatch(session, "RESUMED", {"_trace": []})
        self._world.publish(SessionsChanged())


def _shard(data: Json) -> tuple[int, int]:
    shard = data.get("shard", [0, 1])
    fits = isinstance(shard, list) and len(shard) == 2 and all(isinstance(x, int) for x in shard)
    if not fits or not 0 <= shard[0] < shard[1]:
        raise Close(ws.INVALID_SHARD, "Invalid shard.")
    return shard[0], shard[1]
