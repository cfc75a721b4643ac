"""A picture that somebody means, before anybody has looked at it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PictureLink:
    """A picture on Discord's file host, or anywhere else, not yet downloaded.

    ``declared_bytes`` is the size Discord states, None where it states none. ``spoiler``: people
    see it only after a click, so nothing about it may be shown openly either. ``outside``: a member
    named the address, so nothing about it is to be trusted. The ids say where Discord has it.
    """

    url: str
    declared_bytes: int | None = None
    spoiler: bool = False
    outside: bool = False
    channel_id: int | None = None
    message_id: int | None = None
    attachment_id: int | None = None
