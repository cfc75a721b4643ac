"""The application and its commands."""

from __future__ import annotations

from sandbox.errors import Json
from sandbox.models import Command
from sandbox.payloads.people import user
from sandbox.state import World


def command(world: World, command_: Command) -> Json:
    """Application Command object."""
    owner = {"id": str(command_.id), "application_id": str(world.application.id)}
    if command_.guild_id is not None:
        owner["guild_id"] = str(command_.guild_id)
    return {**command_.data, **owner}


def application(world: World) -> Json:
    """Application object as ``/applications/@me`` answers it; ``flags`` shows the intents switched
    on.
    """
    app = world.application
    bits = {"GUILD_PRESENCES": 13, "GUILD_MEMBERS": 15, "MESSAGE_CONTENT": 19}
    flags = sum(1 << bits[name] for name in app.privileged)
    installed = [one for one in world.guilds.values() if one.app_installed]
    return {
        "id": str(app.id),
        "name": app.name,
        "icon": None,
        "description": "",
        "type": None,
        "verify_key": "0" * 64,
        "flags": flags,
        "flags_new": str(flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(app.owner),
        "bot": user(app.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "integration_types_config": {"0": {}, "1": {}},
        "approximate_guild_count": len(installed),
        "approximate_user_install_count": sum(one.user_installed for one in world.users.values()),
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    }
