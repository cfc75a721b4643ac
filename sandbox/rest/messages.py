"""Message resource: what the bot posts, reads, edits and deletes in channels it is in."""

from __future__ import annotations

from sandbox import compose, errors, payloads, permissions
from sandbox.errors import Json
from sandbox.models import Channel, ChannelType, MessageType, StoredMessage
from sandbox.privacy import without_content
from sandbox.rest.routing import NO_CONTENT, Call, Reply, route
from sandbox.state import MESSAGE_CONTENT

_MESSAGES = "/channels/{channel_id}/messages"
_ONE = _MESSAGES + "/{message_id}"


def _readable(call: Call, message: StoredMessage) -> Json:
    """A message as this app may read it: content is stripped unless the portal grants
    MESSAGE_CONTENT.
    """
    shown = payloads.message(call.world, message)
    if MESSAGE_CONTENT in call.world.application.privileged:
        return shown
    return without_content(shown, message, call.world.application.bot)


@route("GET", _MESSAGES)
def get_messages(call: Call) -> Reply:
    """Newest first; empty without READ_MESSAGE_HISTORY."""
    channel = call.world.channel(call.id("channel_id"))
    limit = call.limit(50, 100)
    bot = call.world.application.bot
    if not call.world.permissions_in(bot, channel) & permissions.READ_MESSAGE_HISTORY:
        return Reply(body=[])
    seen = [one for one in call.world.history(channel, bot) if not one.ephemeral]
    before, after, around = (call.query_id(name) for name in ("before", "after", "around"))
    if around is not None:
        older = [one for one in seen if one.id <= around][-(limit // 2 + 1) :]
        seen = (older + [one for one in seen if one.id > around])[:limit]
    elif before is not None:
        seen = [one for one in seen if one.id < before][-limit:]
    elif after is not None:
        seen = [one for one in seen if one.id > after][:limit]
    else:
        seen = seen[-limit:]
    return Reply(body=[_readable(call, one) for one in reversed(seen)])


@route("POST", _MESSAGES)
def create_message(call: Call) -> Reply:
    channel = call.world.channel(call.id("channel_id"))
    need = permissions.TO_SPEAK[channel.is_thread]
    if call.uploads:
        need |= permissions.ATTACH_FILES
    call.world.channel(channel.id, need=need)
    _refuse_closed(call, channel)
    reference = compose.referenced(call.world, channel, call.body())
    if reference is not None:
        call.world.channel(channel.id, need=permissions.READ_MESSAGE_HISTORY)
    kind = MessageType.REPLY if reference else MessageType.DEFAULT
    bot = call.world.application.bot
    message = compose.create(call.world, channel, bot, call.draft(), kind=kind, reference=reference)
    return Reply(body=payloads.message(call.world, message))


def _refuse_closed(call: Call, channel: Channel) -> None:
    """50007 for the direct messages of somebody who accepts none from the bot."""
    bot = call.world.application.bot
    others = [one for one in channel.recipients if one is not bot]
    if channel.type is ChannelType.DM and not all(one.accepts_dms for one in others):
        raise errors.cannot_message_user()


@route("GET", _ONE)
def get_message(call: Call) -> Reply:
    channel = call.world.channel(call.id("channel_id"), need=permissions.READ_MESSAGE_HISTORY)
    message = call.world.message(channel, call.id("message_id"))
    return Reply(body=_readable(call, message))


@route("PATCH", _ONE)
def edit_message(call: Call) -> Reply:
    """Edit an own message; 50005 for others'."""
    channel = call.world.channel(call.id("channel_id"))
    message = call.world.message(channel, call.id("message_id"))
    if message.author is not call.world.application.bot:
        raise errors.cannot_edit_others_message()
    compose.edit(call.world, message, call.draft())
    return Reply(body=payloads.message(call.world, message))


@route("DELETE", _ONE)
def delete_message(call: Call) -> Reply:
    """Delete an own message, or with MANAGE_MESSAGES anybody's."""
    channel = call.world.channel(call.id("channel_id"))
    message = call.world.message(channel, call.id("message_id"))
    if message.author is not call.world.application.bot:
        call.world.channel(channel.id, need=permissions.MANAGE_MESSAGES)
    compose.delete(call.world, message)
    return NO_CONTENT
