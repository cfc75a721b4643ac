"""Reactions with Unicode emojis; custom ones do not exist here (10014)."""

from __future__ import annotations

from sandbox import errors, payloads, permissions
from sandbox.events import ReactionChanged
from sandbox.models import StoredMessage, User
from sandbox.rest.routing import NO_CONTENT, Call, Reply, route
from sandbox.state import World

_REACTIONS = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}"


def _message(call: Call, need: int = 0) -> StoredMessage:
    channel = call.world.channel(call.id("channel_id"), need=need)
    return call.world.message(channel, call.id("message_id"))


def _emoji(call: Call) -> str:
    emoji = call.params["emoji_name"]
    if emoji.isascii():
        raise errors.unknown_emoji()
    return emoji


def set_reaction(
    world: World, message: StoredMessage, user: User, emoji: str, *, added: bool
) -> None:
    """Add or take away a reaction and announce it if that changed anything."""
    people = message.reactions.setdefault(emoji, set())
    changed = (user.id in people) is not added
    (people.add if added else people.discard)(user.id)
    if not people:
        del message.reactions[emoji]
    if changed:
        world.publish(ReactionChanged(message, user, emoji, added))


@route("PUT", _REACTIONS + "/@me")
def add_my_reaction(call: Call) -> Reply:
    message = _message(call, permissions.ADD_REACTIONS | permissions.READ_MESSAGE_HISTORY)
    set_reaction(call.world, message, call.world.application.bot, _emoji(call), added=True)
    return NO_CONTENT


@route("DELETE", _REACTIONS + "/@me")
def delete_my_reaction(call: Call) -> Reply:
    bot = call.world.application.bot
    set_reaction(call.world, _message(call), bot, _emoji(call), added=False)
    return NO_CONTENT


@route("GET", _REACTIONS)
def get_reactions(call: Call) -> Reply:
    people = _message(call).reactions.get(_emoji(call), set())
    known = [call.world.users[one] for one in sorted(people)]
    return Reply(body=[payloads.user(one) for one in known])
