"""Route table of the REST API, and what a handler gets and gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox import errors
from sandbox.compose import Draft, Upload
from sandbox.errors import Json, Path, Problems
from sandbox.state import World


@dataclass(frozen=True)
class Call:
    """One request, parsed. ``payload`` is the JSON body or the multipart ``payload_json``."""

    world: World
    params: dict[str, str]
    query: dict[str, str]
    payload: Any
    uploads: tuple[Upload, ...] = ()

    def id(self, name: str) -> int:
        """A snowflake from the path.

        Raises:
            InvalidFormBody: NUMBER_TYPE_COERCE, it is none.
        """
        return self._snowflake(name, self.params[name])

    def query_id(self, name: str) -> int | None:
        """A snowflake from the query, None if absent."""
        return self._snowflake(name, self.query[name]) if name in self.query else None

    def _snowflake(self, name: str, value: str) -> int:
        if value.isdecimal():
            return int(value)
        problems = Problems()
        message = f'Value "{value}" is not snowflake.'
        problems.add((name,), "NUMBER_TYPE_COERCE", message)
        problems.raise_if_any()
        raise AssertionError("unreachable")

    def limit(self, default: int, most: int) -> int:
        """The ``limit`` query parameter, 1..most."""
        value = self.query.get("limit", str(default))
        if not value.isdecimal() or not 1 <= int(value) <= most:
            problems = Problems()
            message = f"int value should be between 1 and {most}."
            problems.add(("limit",), "NUMBER_TYPE_MAX", message)
            problems.raise_if_any()
        return int(value)

    def body(self) -> Json:
        """The body as an object; an absent one counts as empty.

        Raises:
            DiscordError: 50109, it is something else.
        """
        if self.payload is None:
            return {}
        if not isinstance(self.payload, dict):
            raise errors.bad_request()
        return self.payload

    def draft(self, payload: Json | None = None, path: Path = ()) -> Draft:
        """The message in the body (or in a part of it, at ``path``)."""
        return Draft(self.body() if payload is None else payload, self.uploads, path)


@dataclass(frozen=True)
class Reply:
    """An answer: HTTP status and JSON body (None: no body)."""

    status: int = 200
    body: Any = None


Handler = Callable[[Call], Reply]
NO_CONTENT = Reply(204)


@dataclass(frozen=True)
class Route:
    """A method and a path template, named as in Discord's OpenAPI description."""

    method: str
    template: str
    handler: Handler
    needs_bot: bool
    pattern: re.Pattern[str] = field(compare=False)


ROUTES: list[Route] = []


def route(method: str, template: str, *, needs_bot: bool = True) -> Callable[[Handler], Handler]:
    """Register a handler. ``needs_bot`` False: the token in the path is the only key (webhooks)."""
    pattern = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", template) + "$")

    def register(handler: Handler) -> Handler:
        ROUTES.append(Route(method, template, handler, needs_bot, pattern))
        return handler

    return register


def find(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """The route of a request and the values in its path; literal segments win over parameters.

    Raises:
        DiscordError: 404 (no such path) or 405 (not with this method).
    """
    fits = [(one, found) for one in ROUTES if (found := one.pattern.match(path))]
    if not fits:
        raise errors.not_found_route()
    for one, found in sorted(fits, key=lambda fit: fit[0].template.count("{")):
        if one.method == method:
            return one, found.groupdict()
    raise errors.method_not_allowed()
