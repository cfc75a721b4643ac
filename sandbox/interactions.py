"""The life of an interaction: made by a person, acknowledged within 3 s, answered within 15 min.

Source: Discord docs, "Receiving and Responding to Interactions".
"""

from __future__ import annotations

import secrets

from sandbox import compose, errors, payloads, permissions
from sandbox.compose import Draft
from sandbox.errors import Json
from sandbox.events import InteractionChanged, InteractionCreated
from sandbox.limits import MAX_UPLOAD_BYTES
from sandbox.models import (
    Channel,
    Command,
    Context,
    Interaction,
    InteractionType,
    MessageFlag,
    MessageType,
    StoredMessage,
    User,
)
from sandbox.state import World

ACK_WITHIN_S = 3.0
TOKEN_LIFETIME_S = 15 * 60.0
MAX_USER_INSTALL_FOLLOWUPS = 5
"""Follow-ups an app may send where only the user has installed it."""


def start(
    world: World,
    kind: InteractionType,
    user: User,
    channel: Channel,
    data: Json,
    *,
    command: Command | None = None,
    source: StoredMessage | None = None,
    parent: Interaction | None = None,
) -> Interaction:
    """Record an interaction and send it to the bot."""
    guild = world.guild_of(channel)
    interaction = Interaction(
        id=world.ids.next(),
        token=secrets.token_urlsafe(120),
        type=kind,
        user=user,
        channel=channel,
        guild=guild,
        context=context_of(world, channel),
        data=data,
        owners=_owners(world, user, channel, command, parent, source),
        invoked_at=world.clock.monotonic(),
        source=source,
        parent=parent,
        command=command,
    )
    world.interactions[interaction.id] = interaction
    world.publish(InteractionCreated(interaction))
    return interaction


def context_of(world: World, channel: Channel) -> Context:
    """Where a channel counts as: a server, the bot's DM, or other people's private channel."""
    if channel.guild_id is not None:
        return Context.GUILD
    return Context.BOT_DM if world.bot_in(channel) else Context.PRIVATE_CHANNEL


def _owners(
    world: World,
    user: User,
    channel: Channel,
    command: Command | None,
    parent: Interaction | None,
    source: StoredMessage | None,
) -> dict[str, str]:
    """``authorizing_integration_owners``: "0" → the server (or "0" in the bot's DM), "1" → the
    user.
    """
    before = parent or (source.interaction if source else None)
    if command is None and before is not None:
        return dict(before.owners)
    allowed = (command.data.get("integration_types") if command else None) or [0]
    owners = {}
    if 0 in allowed and world.bot_in(channel):
        owners["0"] = str(channel.guild_id or 0)
    if 1 in allowed and user.user_installed:
        owners["1"] = str(user.id)
    return owners


def event_payload(world: World, interaction: Interaction) -> Json:
    """The INTERACTION_CREATE event (Interaction object)."""
    user, channel, guild = interaction.user, interaction.channel, interaction.guild
    bot_bits = _app_permissions(world, interaction)
    shown: Json = {
        "id": str(interaction.id),
        "application_id": str(world.application.id),
        "type": int(interaction.type),
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": str(channel.id),
        "channel": payloads.interaction_channel(world, channel, user),
        "app_permissions": str(bot_bits),
        "locale": user.locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": interaction.owners,
        "context": int(interaction.context),
        "attachment_size_limit": MAX_UPLOAD_BYTES,
    }
    if guild is None:
        shown["user"] = payloads.user(user)
    else:
        shown["member"] = payloads.interaction_member(world, guild, user, channel)
        shown["guild_id"] = str(guild.id)
        shown["guild"] = {"id": str(guild.id), "locale": guild.locale, "features": []}
        shown["guild_locale"] = guild.locale
    if interaction.source is not None:
        shown["message"] = payloads.message(world, interaction.source)
    return shown


def _app_permissions(world: World, interaction: Interaction) -> int:
    if world.bot_in(interaction.channel):
        return world.permissions_in(world.application.bot, interaction.channel)
    needed = permissions.ATTACH_FILES | permissions.EMBED_LINKS | permissions.SEND_MESSAGES
    return needed & world.permissions_in(interaction.user, interaction.channel)


def expired(world: World, interaction: Interaction) -> bool:
    """Whether the token no longer works."""
    return world.clock.monotonic() - interaction.invoked_at > TOKEN_LIFETIME_S


def require_unanswered(world: World, interaction: Interaction) -> None:
    """Refuse an acknowledgement that comes twice (40060) or later than 3 s (10062)."""
    if interaction.acked_at is not None:
        raise errors.already_acknowledged()
    if world.clock.monotonic() - interaction.invoked_at > ACK_WITHIN_S:
        raise errors.unknown_interaction()


def acknowledge(world: World, interaction: Interaction, callback_type: int) -> None:
    interaction.acked_at = world.clock.monotonic()
    interaction.callback_type = callback_type


def note_answer(
    world: World, interaction: Interaction, message: StoredMessage | None = None
) -> None:
    """Remember the first message that answers, and tell those who wait."""
    if interaction.answer is None and message is not None and message.has_answer:
        interaction.answer = message
        interaction.answered_at = world.clock.monotonic()
    world.publish(InteractionChanged(interaction))


def respond(
    world: World, interaction: Interaction, draft: Draft, *, loading: bool = False
) -> StoredMessage:
    """A new message: the first response or a follow-up."""
    is_first = interaction.original is None and not interaction.followups
    is_component = interaction.source is not None
    if is_component or not is_first:
        kind = MessageType.REPLY
    elif interaction.data.get("type") == 1:
        kind = MessageType.CHAT_INPUT_COMMAND
    else:
        kind = MessageType.CONTEXT_MENU_COMMAND
    reference = interaction.source if is_component and is_first else interaction.original
    if kind is MessageType.REPLY and reference is None:
        kind = MessageType.DEFAULT
    return compose.create(
        world,
        interaction.channel,
        world.application.bot,
        draft,
        kind=kind,
        interaction=interaction,
        reference=reference if kind is MessageType.REPLY else None,
        extra_flags=MessageFlag.LOADING if loading else 0,
    )
