"""Application resource: who the app is, and its (empty) sets of emojis, SKUs and entitlements."""

from __future__ import annotations

from sandbox import errors, payloads
from sandbox.rest.routing import Call, Reply, route


@route("GET", "/applications/@me")
@route("GET", "/oauth2/applications/@me")
def get_application(call: Call) -> Reply:
    return Reply(body=payloads.application(call.world))


def require_own(call: Call) -> None:
    """Refuse another application's id: 10002 Unknown Application."""
    if call.id("application_id") != call.world.application.id:
        raise errors.unknown_application()


@route("GET", "/applications/{application_id}/emojis")
def get_application_emojis(call: Call) -> Reply:
    require_own(call)
    return Reply(body={"items": []})


@route("GET", "/applications/{application_id}/entitlements")
def get_entitlements(call: Call) -> Reply:
    require_own(call)
    return Reply(body=[])
