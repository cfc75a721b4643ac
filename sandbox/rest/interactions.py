"""The interaction callback: the one acknowledgement every interaction needs within 3 s."""

from __future__ import annotations

from sandbox import compose, errors, payloads
from sandbox import interactions as desk
from sandbox.errors import Json, Problems
from sandbox.limits import check_choices, check_modal
from sandbox.limits.fields import choice
from sandbox.models import Interaction, InteractionType, MessageFlag, StoredMessage
from sandbox.rest.routing import NO_CONTENT, Call, Reply, route

MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9


def _allowed(interaction: Interaction) -> set[int]:
    """The callback types an interaction may be answered with."""
    if interaction.type is InteractionType.AUTOCOMPLETE:
        return {CHOICES}
    allowed = {MESSAGE, DEFERRED}
    if interaction.type is not InteractionType.MODAL_SUBMIT:
        allowed.add(MODAL)
    if interaction.source is not None:
        allowed |= {DEFERRED_UPDATE, UPDATE}
    return allowed


@route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", needs_bot=False)
def create_callback(call: Call) -> Reply:
    """Acknowledge: 10062 if unknown or after 3 s, 40060 the second time, 50035 for a bad body."""
    interaction = call.world.interactions.get(call.id("interaction_id"))
    if interaction is None or interaction.token != call.params["interaction_token"]:
        raise errors.unknown_interaction()
    desk.require_unanswered(call.world, interaction)
    kind = call.body().get("type")
    problems = Problems()
    choice(problems, ("type",), kind, _allowed(interaction))
    problems.raise_if_any()
    assert isinstance(kind, int)
    data = call.body().get("data") or {}
    message = _perform(call, interaction, kind, data)
    desk.acknowledge(call.world, interaction, kind)
    desk.note_answer(call.world, interaction, message if kind in (MESSAGE, UPDATE) else None)
    if call.query.get("with_response") not in ("1", "true", "True"):
        return NO_CONTENT
    return Reply(body=_callback_response(call, interaction, kind, message))


def _perform(call: Call, interaction: Interaction, kind: int, data: Json) -> StoredMessage | None:
    draft = call.draft(data, ("data",))
    if kind == CHOICES:
        check_choices(data.get("choices"))
        interaction.choices = list(data.get("choices") or [])
    elif kind == MODAL:
        check_modal(data)
        interaction.modal = data
    elif kind == UPDATE:
        source = _source(interaction)
        interaction.original = compose.edit(call.world, source, draft)
    elif kind == DEFERRED_UPDATE:
        interaction.original = _source(interaction)
    else:
        draft = draft if kind == MESSAGE else _only_flags(call, data)
        loading = kind == DEFERRED
        interaction.original = desk.respond(call.world, interaction, draft, loading=loading)
    return interaction.original


def _only_flags(call: Call, data: Json) -> compose.Draft:
    """A deferral has no content; of its data only EPHEMERAL matters."""
    flags = int(data.get("flags") or 0) & MessageFlag.EPHEMERAL
    return compose.Draft({"flags": flags}, (), ("data",))


def _source(interaction: Interaction) -> StoredMessage:
    if interaction.source is None or interaction.source.deleted:
        raise errors.unknown_message()
    return interaction.source


def _callback_response(
    call: Call, interaction: Interaction, kind: int, message: StoredMessage | None
) -> Json:
    """Interaction Callback Response object."""
    shown: Json = {
        "id": str(interaction.id),
        "type": int(interaction.type),
        "channel_id": str(interaction.channel.id),
    }
    if interaction.guild is not None:
        shown["guild_id"] = str(interaction.guild.id)
    if message is None:
        return {"interaction": shown}
    shown["response_message_id"] = str(message.id)
    shown["response_message_loading"] = message.loading
    shown["response_message_ephemeral"] = message.ephemeral
    if kind in (DEFERRED, DEFERRED_UPDATE):
        return {"interaction": shown}
    resource = {"type": kind, "message": payloads.message(call.world, message)}
    return {"interaction": shown, "resource": resource}
