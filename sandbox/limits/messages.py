"""Limits of a message body (Message resource, "Create Message")."""

from __future__ import annotations

from collections.abc import Collection

from sandbox.errors import Json, Path, Problems
from sandbox.limits import fields
from sandbox.limits.components import check_components
from sandbox.limits.embeds import check_embeds
from sandbox.models import MessageFlag

MAX_CONTENT = 2000
MAX_ATTACHMENTS = 10
MAX_ALT_TEXT = 1024
MAX_FILENAME = 1024
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
"""The default upload limit of a file; also ``attachment_size_limit`` in interactions."""

_NOT_WITH_V2 = ("content", "embeds", "poll", "sticker_ids")


def check_message(
    payload: Json,
    *,
    files: Collection[str] = (),
    uploads: Collection[int] = (),
    existing: Collection[int] = (),
    path: Path = (),
    flags: int = 0,
) -> None:
    """Refuse a message body that breaks any limit.

    Args:
        payload: the body (of a message, a webhook message, or an interaction callback's ``data``).
        files: every file name the message will have, for ``attachment://``.
        uploads: the ``n`` of each ``files[n]`` part.
        existing: ids of the files the message already has (an edit may keep those).
        path: where the body sits in the request, for the error's field paths.
        flags: the flags of the message being edited.

    Raises:
        InvalidFormBody: 50035 naming every field at once.
    """
    problems = Problems()
    fields.text(problems, (*path, "content"), payload.get("content"), most=MAX_CONTENT)
    fields.integer(problems, (*path, "flags"), payload.get("flags"), least=0, most=(1 << 31) - 1)
    v2 = bool((flags | _as_int(payload.get("flags"))) & MessageFlag.IS_COMPONENTS_V2)
    check_embeds(problems, (*path, "embeds"), payload.get("embeds"), files)
    components = payload.get("components")
    check_components(problems, (*path, "components"), components, files, v2=v2)
    if v2:
        _check_v2_alone(problems, path, payload)
    known = {str(one) for one in (*uploads, *existing)}
    _check_attachments(problems, (*path, "attachments"), payload, known)
    nonce = payload.get("nonce")
    if isinstance(nonce, str):
        fields.text(problems, (*path, "nonce"), nonce, most=25)
    _check_mentions(problems, (*path, "allowed_mentions"), payload.get("allowed_mentions"))
    problems.raise_if_any()


def _as_int(value: object) -> int:
    return value if isinstance(value, int) else 0


def _check_v2_alone(problems: Problems, path: Path, payload: Json) -> None:
    for name in _NOT_WITH_V2:
        if payload.get(name):
            code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
            message = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            problems.add((*path, name), code, message)


def _check_attachments(problems: Problems, path: Path, payload: Json, known: set[str]) -> None:
    listed = fields.items(problems, path, payload.get("attachments"), most=MAX_ATTACHMENTS)
    if len(known) > MAX_ATTACHMENTS and not problems:
        message = f"Must be {MAX_ATTACHMENTS} or fewer in length."
        problems.add(path, "BASE_TYPE_MAX_LENGTH", message)
    for index, one in enumerate(listed):
        where = (*path, index)
        if str(one.get("id")) not in known:
            message = "No file with this id is part of the request or of the message."
            problems.add((*where, "id"), "ATTACHMENT_NOT_FOUND", message)
        description, name = one.get("description"), one.get("filename")
        fields.text(problems, (*where, "description"), description, most=MAX_ALT_TEXT)
        fields.text(problems, (*where, "filename"), name, least=1, most=MAX_FILENAME)


def _check_mentions(problems: Problems, path: Path, value: object) -> None:
    if not isinstance(value, dict):
        return
    parse = value.get("parse") or []
    for name in ("users", "roles"):
        ids = value.get(name) or []
        if len(ids) > 100:
            problems.add((*path, name), "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
        if name in parse and ids:
            message = f'parse:["{name}"] and {name}: [ids...] are mutually exclusive.'
            problems.add(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
