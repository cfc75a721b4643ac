"""Checks what was said between a bot and the sandbox against Discord's own OpenAPI description.

``check_transcript(transcript)`` returns what does not fit, one sentence each; an empty list is a
pass. Every end-to-end test calls it last::

    assert check_transcript(sandbox.transcript) == []

The description is read from ``$ANIWHOIS_CONTRACTS/discord-openapi.json`` or
``../shared/contracts/discord-openapi.json``. Without it nothing can be checked: that is said once,
loudly, on the terminal, and the tests of this module itself are skipped with the same words.
"""

from __future__ import annotations

import functools
import json
import os
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from sandbox import Exchange, Frame, Transcript

ROOT = Path(__file__).resolve().parents[2]
_DEFAULT = ROOT.parent / "shared" / "contracts"
CONTRACT = Path(os.environ.get("ANIWHOIS_CONTRACTS", _DEFAULT)) / "discord-openapi.json"
_URN = "urn:discord"

KNOWN_DEVIATIONS = (
    "discord.py 2.7.1 writes snowflakes as JSON integers in attachments[].id, message_reference, "
    "allowed_mentions, default_values of menus and recipient_id; Discord takes them, the "
    "description types strings",
    "Discord's nested form errors carry string codes (BASE_TYPE_MAX_LENGTH in the API reference's "
    "own examples); the description types integers",
    "a forward's message_reference has type 1 (Message resource, 'Message Reference Types'); the "
    "description knows only 0",
)
"""What is smoothed over before checking, by ``_as_described_request``, ``_as_described_errors`` and
``_as_described_forward``.
"""


def _as_described_request(body: Any) -> Any:
    """The first known deviation: integer snowflakes, in the places named there, become strings."""
    if isinstance(body, list):
        return [_as_described_request(one) for one in body]
    if not isinstance(body, dict):
        return body
    fixed = dict(body)
    for key, value in body.items():
        if key in ("attachments", "default_values") and isinstance(value, list):
            fixed[key] = [{**one, "id": _text(one.get("id"))} for one in value]
        elif key == "message_reference" and isinstance(value, dict):
            names = ("message_id", "channel_id", "guild_id")
            fixed[key] = {**value, **{one: _text(value[one]) for one in names if one in value}}
        elif key == "allowed_mentions" and isinstance(value, dict):
            lists = {one: value[one] for one in ("users", "roles") if one in value}
            texts = {one: [_text(two) for two in found] for one, found in lists.items()}
            fixed[key] = {**value, **texts}
        elif key == "recipient_id":
            fixed[key] = _text(value)
        elif key in ("data", "components"):
            fixed[key] = _as_described_request(value)
    return fixed


def _text(value: Any) -> Any:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value


def _as_described_errors(node: Any) -> Any:
    """The second known deviation: the string codes of nested errors become numbers."""
    if not isinstance(node, dict):
        return node
    fixed = {key: _as_described_errors(value) for key, value in node.items()}
    if "_errors" in node:
        fixed["_errors"] = [
            {**one, "code": 0} if isinstance(one.get("code"), str) else one
            for one in node["_errors"]
        ]
    return fixed


def _as_described_forward(value: Any) -> Any:
    """The third known deviation: beside a snapshot, a reference of type 1 becomes one of 0."""
    if isinstance(value, list):
        return [_as_described_forward(one) for one in value]
    if not isinstance(value, dict):
        return value
    fixed = {key: _as_described_forward(one) for key, one in value.items()}
    reference = fixed.get("message_reference")
    if fixed.get("message_snapshots") and isinstance(reference, dict) and reference["type"] == 1:
        fixed["message_reference"] = {**reference, "type": 0}
    return fixed


def missing() -> str | None:
    """Why nothing can be checked, None if it can."""
    return None if CONTRACT.is_file() else f"the contract is not at {CONTRACT}: nothing is checked"


@functools.cache
def _spec() -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(CONTRACT.read_text(), object_hook=_bounded)
    return spec


def _bounded(node: dict[str, Any]) -> dict[str, Any]:
    """A format of integers in words that every validator checks."""
    if node.get("format") != "int32":
        return node
    return {"minimum": -(1 << 31), "maximum": (1 << 31) - 1, **node}


@functools.cache
def _registry() -> Registry[Any]:
    resource = Resource(contents=_spec(), specification=DRAFT202012)
    return Registry().with_resource(_URN, resource)


FORMATS = FormatChecker(formats=())


@FORMATS.checks("snowflake")
def _is_snowflake(value: object) -> bool:
    return not isinstance(value, str) or (value.isdecimal() and int(value) < 1 << 64)


@FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("uri", raises=ValueError)
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and urlsplit(value).netloc)


@functools.cache
def _validator(pointer: str) -> Draft202012Validator:
    """The validator of a part of the description, by JSON pointer. It can say what is wrong."""
    schema = {"$ref": f"{_URN}#{pointer}"}
    return Draft202012Validator(schema, registry=_registry(), format_checker=FORMATS)


@functools.cache
def _fast_validator(pointer: str) -> jsonschema_rs.Draft202012Validator:
    """The same, which can only say whether something is wrong, in a fraction of the time."""
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"{_URN}#{pointer}"},
        registry=_fast_registry(),
        formats={name: functools.partial(_conforms, name) for name in FORMATS.checkers},
        validate_formats=True,
    )


@functools.cache
def _fast_registry() -> jsonschema_rs.Registry:
    return jsonschema_rs.Registry([(_URN, _spec())], draft=jsonschema_rs.Draft202012)


def _conforms(name: str, value: object) -> bool:
    return FORMATS.conforms(value, name)


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


def _complaints(pointer: str, value: Any) -> Iterator[str]:
    if _fast_validator(pointer).is_valid(value):
        return
    errors = list(_validator(pointer).iter_errors(value))
    if not errors:
        yield "refused by jsonschema-rs, taken by jsonschema"
    for error in errors:
        deepest: ValidationError = best_match([error]) or error
        where = "/".join(map(str, error.absolute_path)) or "(top)"
        inner = "/".join(map(str, deepest.absolute_path))
        detail = f"; closest: {inner}: {deepest.message[:200]}" if deepest is not error else ""
        yield f"{where}: {_cut(error.message)}{detail}"


def _cut(text: str) -> str:
    return text if len(text) < 300 else f"{text[:120]} … {text[-160:]}"


def check_schema(name: str, value: Any) -> list[str]:
    """Complaints about ``value`` under a named schema of the description."""
    return list(_complaints(f"/components/schemas/{name}", _as_described_forward(value)))


@functools.cache
def _templates() -> list[tuple[str, re.Pattern[str]]]:
    """Path templates, those with fewer parameters first, so that literal segments win."""
    paths = sorted(_spec()["paths"], key=lambda path: path.count("{"))
    return [(path, re.compile(re.sub(r"{\w+}", "[^/]+", path) + "$")) for path in paths]


def operation(method: str, path: str) -> tuple[str, dict[str, Any]] | None:
    """(JSON pointer, description) of the operation a request is, None if there is no such."""
    for template, pattern in _templates():
        found = _spec()["paths"][template].get(method.lower())
        if found and pattern.match(path):
            return f"/paths/{_escape(template)}/{method.lower()}", found
    return None


def check_exchange(exchange: Exchange) -> list[str]:
    """Complaints about one request and its answer.

    A request that was refused is not held against the description (refusing it was right), its
    answer is.
    """
    title = f"{exchange.method} {exchange.path} → {exchange.status}"
    found = operation(exchange.method, exchange.path)
    if found is None:
        return [f"{title}: the description has no such route"]
    pointer, described = found
    problems: list[str] = []
    if exchange.status < 400:
        found_here = _check_request(pointer, described, exchange)
        problems += [f"{title}: request: {text}" for text in found_here]
    if not (exchange.fault and exchange.status >= 500):
        found_here = _check_response(pointer, described, exchange)
        problems += [f"{title}: response: {text}" for text in found_here]
    return problems


def _check_request(pointer: str, described: dict[str, Any], exchange: Exchange) -> Iterator[str]:
    allowed = {one["name"]: one for one in described.get("parameters", []) if one["in"] == "query"}
    for name, value in exchange.query.items():
        if name not in allowed:
            yield f"query {name!r} is not described"
            continue
        at = described["parameters"].index(allowed[name])
        readings = [
            list(_complaints(f"{pointer}/parameters/{at}/schema", one)) for one in _parse(value)
        ]
        if all(readings):
            yield f"query {name!r}: {readings[0][0]}"
    content = described.get("requestBody", {}).get("content", {})
    if exchange.request is None and not exchange.files:
        if described.get("requestBody", {}).get("required"):
            yield "the body is missing"
        return
    kind = exchange.content_type
    if kind not in content:
        yield f"a body of type {kind!r} is not described"
        return
    where = f"{pointer}/requestBody/content/{_escape(kind)}/schema"
    body = exchange.request if exchange.request is not None else {}
    yield from _complaints(where, _as_described_request(body))


def _parse(value: str) -> list[Any]:
    """What a query value may mean: a query is text, the description gives it a type."""
    readings: list[Any] = [value]
    if value.lower() in ("0", "1", "true", "false"):
        readings.append(value.lower() in ("1", "true"))
    if value.isdecimal():
        readings.append(int(value))
    return readings


def _check_response(pointer: str, described: dict[str, Any], exchange: Exchange) -> Iterator[str]:
    responses = described["responses"]
    family = f"{exchange.status // 100}XX"
    status = next((one for one in (str(exchange.status), family) if one in responses), None)
    if status is None:
        yield f"status {exchange.status} is not described"
        return
    where = f"{pointer}/responses/{status}"
    answer = responses[status]
    if "$ref" in answer:
        where = answer["$ref"].removeprefix("#")
        answer = _spec()["components"]["responses"][where.rsplit("/", 1)[-1]]
    content = answer.get("content", {}).get("application/json")
    if content is None:
        if exchange.response is not None:
            yield "a body where none is described"
        return
    body = exchange.response
    if exchange.status == 400 and isinstance(body, dict) and "errors" in body:
        body = {**body, "errors": _as_described_errors(body["errors"])}
    schema = f"{where}/content/application~1json/schema"
    yield from _complaints(schema, _as_described_forward(body))


_INTERACTION_KEYS = (
    "id",
    "application_id",
    "type",
    "data",
    "channel_id",
    "channel",
    "token",
    "version",
    "app_permissions",
    "locale",
    "entitlements",
    "authorizing_integration_owners",
    "context",
    "attachment_size_limit",
)
"""What the Interaction object's table says is always there (for interactions other than a ping)."""


def check_frame(frame: Frame) -> list[str]:
    """Complaints about one gateway dispatch, as far as the description names its parts."""
    data = frame.data
    problems: list[str] = []

    def part(schema: str, value: Any, where: str) -> None:
        problems.extend(f"{frame.event}: {where}: {text}" for text in check_schema(schema, value))

    if frame.event == "READY":
        part("UserPIIResponse", data["user"], "user")
    elif frame.event in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
        part("MessageResponse", data, "message")
    elif frame.event == "GUILD_CREATE":
        part("GuildWithCountsResponse", data, "guild")
        for one in data["channels"]:
            part("GuildChannelResponse", one, "channel")
        for one in data["threads"]:
            part("ThreadResponse", one, "thread")
        for one in data["members"]:
            part("GuildMemberResponse", one, "member")
    elif frame.event == "THREAD_CREATE":
        part("ThreadResponse", data, "thread")
    elif frame.event == "GUILD_MEMBERS_CHUNK":
        for one in data["members"]:
            part("GuildMemberResponse", one, "member")
    elif frame.event == "INTERACTION_CREATE":
        _check_interaction(data, problems, part)
    return problems


def _check_interaction(data: dict[str, Any], problems: list[str], part: Any) -> None:
    absent = [key for key in _INTERACTION_KEYS if key not in data]
    problems.extend(f"INTERACTION_CREATE: {key} is missing" for key in absent)
    if ("member" in data) == ("user" in data):
        problems.append("INTERACTION_CREATE: exactly one of member and user belongs here")
    part("InteractionTypes", data.get("type"), "type")
    part("InteractionContextType", data.get("context"), "context")
    part("AvailableLocalesEnum", data.get("locale"), "locale")
    kinds = {
        0: "GuildChannelResponse",
        1: "PrivateChannelResponse",
        3: "PrivateGroupChannelResponse",
        11: "ThreadResponse",
    }
    channel = data.get("channel") or {}
    part(kinds.get(channel.get("type"), "GuildChannelResponse"), channel, "channel")
    if "member" in data:
        part("GuildMemberResponse", data["member"], "member")
    if "user" in data:
        part("UserResponse", data["user"], "user")
    if "message" in data:
        part("MessageResponse", data["message"], "message")
    resolved = (data.get("data") or {}).get("resolved", {})
    schemas = {
        "users": "UserResponse",
        "roles": "GuildRoleResponse",
        "messages": "MessageResponse",
        "attachments": "MessageAttachmentResponse",
    }
    for name, schema in schemas.items():
        for key, value in resolved.get(name, {}).items():
            part(schema, value, f"resolved {name}")
            if str(value.get("id")) != key:
                problems.append(f"INTERACTION_CREATE: resolved {name}: {key} is not its id")


@functools.cache
def _say_once(reason: str) -> None:
    print(f"\n*** CONTRACT NOT CHECKED: {reason} ***", file=sys.__stderr__)


def check_transcript(transcript: Transcript) -> list[str]:
    """Every complaint about a transcript: requests, answers, and dispatches to the bot."""
    reason = missing()
    if reason is not None:
        _say_once(reason)
        return []
    problems = [text for one in transcript.exchanges for text in check_exchange(one)]
    problems += [text for one in transcript.frames if one.event for text in check_frame(one)]
    return list(dict.fromkeys(problems))
