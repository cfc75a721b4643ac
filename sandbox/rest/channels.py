"""Channel resource: one channel, and the typing indicator."""

from __future__ import annotations

from sandbox import payloads, permissions
from sandbox.events import TypingStarted
from sandbox.rest.routing import NO_CONTENT, Call, Reply, route


@route("GET", "/channels/{channel_id}")
def get_channel(call: Call) -> Reply:
    channel = call.world.channel(call.id("channel_id"))
    return Reply(body=payloads.channel(call.world, channel))


@route("POST", "/channels/{channel_id}/typing")
def trigger_typing(call: Call) -> Reply:
    channel = call.world.channel(call.id("channel_id"))
    call.world.channel(channel.id, need=permissions.TO_SPEAK[channel.is_thread])
    call.world.publish(TypingStarted(channel, call.world.application.bot))
    return NO_CONTENT
