"""A stand-in Discord on loopback: REST v10, gateway, CDN, and a page, on one port.

discord.py runs unmodified against it; only its two base addresses are redirected::

    discord.http.Route.BASE = sandbox.rest_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway_url)
    await bot.start(sandbox.token)

It is strict: what Discord refuses is refused here, with Discord's status, error code and JSON body,
and noted in ``sandbox.violations``. Everything said either way is in ``sandbox.transcript``; faults
(429, 5xx, a slow or lying CDN, a dropped gateway) are ordered from ``sandbox.faults``; deadlines
run on ``sandbox.clock``, which ``advance`` pushes forward. People act through the methods of
:class:`sandbox.client.Sandbox`. ``python -m sandbox`` runs it alone.
"""

from sandbox.availability import CommandUnavailable, UnknownCommand
from sandbox.client import Sandbox
from sandbox.errors import DiscordError, InvalidFormBody, NoAnswer, SandboxError, UsageError
from sandbox.handle import InteractionHandle
from sandbox.models import Channel, Guild, Role, Sticker, StoredFile, StoredMessage, User
from sandbox.transcript import Exchange, Frame, Transcript

__all__ = [
    "Channel",
    "CommandUnavailable",
    "DiscordError",
    "Exchange",
    "Frame",
    "Guild",
    "InteractionHandle",
    "InvalidFormBody",
    "NoAnswer",
    "Role",
    "Sandbox",
    "SandboxError",
    "Sticker",
    "StoredFile",
    "StoredMessage",
    "Transcript",
    "UnknownCommand",
    "UsageError",
    "User",
]
