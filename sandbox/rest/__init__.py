"""REST API v10: one module per resource, one function per route, registered in ``ROUTES``."""

from sandbox.rest import (  # noqa: F401  (importing registers the routes)
    application,
    channels,
    commands,
    guilds,
    interactions,
    messages,
    reactions,
    stickers,
    users,
    webhooks,
)
from sandbox.rest.api import Api
from sandbox.rest.routing import ROUTES

__all__ = ["ROUTES", "Api"]
