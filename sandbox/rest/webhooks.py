"""Follow-ups: the webhook that an interaction's token opens for 15 minutes."""

from __future__ import annotations

from sandbox import compose, errors, payloads
from sandbox import interactions as desk
from sandbox.models import Interaction, InteractionType, StoredMessage
from sandbox.rest.routing import NO_CONTENT, Call, Reply, route

_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"


def _interaction(call: Call) -> Interaction:
    """The interaction a webhook token belongs to.

    Raises:
        DiscordError: 10015 (not this app, not acknowledged yet, an autocomplete) or 50027 (expired,
            unknown).
    """
    if call.id("webhook_id") != call.world.application.id:
        raise errors.unknown_webhook()
    token = call.params["webhook_token"]
    found = next((one for one in call.world.interactions.values() if one.token == token), None)
    if found is None or desk.expired(call.world, found):
        raise errors.invalid_webhook_token()
    if found.acked_at is None or found.type is InteractionType.AUTOCOMPLETE:
        raise errors.unknown_webhook()
    return found


def _message(call: Call, interaction: Interaction) -> StoredMessage:
    """``@original`` or one of this interaction's messages."""
    wanted = call.params.get("message_id", "@original")
    if wanted == "@original":
        message = interaction.original
    else:
        ids = {str(one.id): one for one in interaction.messages}
        message = ids.get(wanted)
    if message is None or message.deleted:
        raise errors.unknown_message()
    return message


@route("POST", _WEBHOOK, needs_bot=False)
def execute_webhook(call: Call) -> Reply:
    """A follow-up; the first one after a deferral fills the waiting response, keeping its
    visibility.
    """
    interaction = _interaction(call)
    original = interaction.original
    if original is not None and original.loading and not original.deleted:
        message = compose.edit(call.world, original, call.draft())
        message.edited_timestamp = None
    else:
        _count_followup(interaction)
        message = desk.respond(call.world, interaction, call.draft())
        interaction.followups.append(message)
    desk.note_answer(call.world, interaction, message)
    return Reply(body=payloads.message(call.world, message))


def _count_followup(interaction: Interaction) -> None:
    only_user = "0" not in interaction.owners
    if only_user and len(interaction.followups) >= desk.MAX_USER_INSTALL_FOLLOWUPS:
        raise errors.too_many_followups()


@route("GET", _WEBHOOK + "/messages/@original", needs_bot=False)
@route("GET", _WEBHOOK + "/messages/{message_id}", needs_bot=False)
def get_webhook_message(call: Call) -> Reply:
    message = _message(call, _interaction(call))
    return Reply(body=payloads.message(call.world, message))


@route("PATCH", _WEBHOOK + "/messages/@original", needs_bot=False)
@route("PATCH", _WEBHOOK + "/messages/{message_id}", needs_bot=False)
def edit_webhook_message(call: Call) -> Reply:
    interaction = _interaction(call)
    message = _message(call, interaction)
    was_loading = message.loading
    compose.edit(call.world, message, call.draft())
    if was_loading:
        message.edited_timestamp = None
    desk.note_answer(call.world, interaction, message)
    return Reply(body=payloads.message(call.world, message))


@route("DELETE", _WEBHOOK + "/messages/@original", needs_bot=False)
@route("DELETE", _WEBHOOK + "/messages/{message_id}", needs_bot=False)
def delete_webhook_message(call: Call) -> Reply:
    interaction = _interaction(call)
    compose.delete(call.world, _message(call, interaction))
    desk.note_answer(call.world, interaction)
    return NO_CONTENT
