"""Limits of embeds (Message resource, "Embed Limits")."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sandbox.errors import Json, Path, Problems
from sandbox.limits import fields

MAX_EMBEDS = 10
MAX_TITLE = 256
MAX_DESCRIPTION = 4096
MAX_FIELDS = 25
MAX_FIELD_NAME = 256
MAX_FIELD_VALUE = 1024
MAX_FOOTER = 2048
MAX_AUTHOR = 256
MAX_TOTAL = 6000
"""Characters in title, description, field names and values, footer and author, over all embeds."""

MEDIA_SCHEMES = ("http", "https", "attachment")


def embed_length(embed: Json) -> int:
    """The characters of an embed that count towards MAX_TOTAL."""
    parts: list[object] = [embed.get("title"), embed.get("description")]
    parts.append((embed.get("footer") or {}).get("text"))
    parts.append((embed.get("author") or {}).get("name"))
    for row in embed.get("fields") or []:
        parts += [row.get("name"), row.get("value")]
    return sum(len(part) for part in parts if isinstance(part, str))


def check_embeds(problems: Problems, path: Path, value: Any, files: Collection[str]) -> None:
    """All limits of a message's ``embeds``; ``files``: the names ``attachment://`` may point to."""
    embeds = fields.items(problems, path, value, most=MAX_EMBEDS)
    for index, embed in enumerate(embeds):
        _check_embed(problems, (*path, index), embed, files)
    if sum(embed_length(embed) for embed in embeds) > MAX_TOTAL:
        message = f"Embed size exceeds maximum size of {MAX_TOTAL}"
        problems.add(path, "MAX_EMBED_SIZE_EXCEEDED", message)


def _check_embed(problems: Problems, path: Path, embed: Json, files: Collection[str]) -> None:
    fields.text(problems, (*path, "title"), embed.get("title"), most=MAX_TITLE)
    description = embed.get("description")
    fields.text(problems, (*path, "description"), description, most=MAX_DESCRIPTION)
    fields.integer(problems, (*path, "color"), embed.get("color"), least=0, most=0xFFFFFF)
    if embed.get("url"):
        fields.url(problems, (*path, "url"), embed["url"])
    _check_timestamp(problems, (*path, "timestamp"), embed.get("timestamp"))
    for name in ("image", "thumbnail"):
        media = embed.get(name) or {}
        where = (*path, name, "url")
        if media.get("url") is not None:
            fields.url(problems, where, media["url"], files=files, schemes=MEDIA_SCHEMES)
    _check_footer_and_author(problems, path, embed, files)
    rows = fields.items(problems, (*path, "fields"), embed.get("fields"), most=MAX_FIELDS)
    for index, row in enumerate(rows):
        where = (*path, "fields", index)
        label, shown = row.get("name"), row.get("value")
        fields.text(problems, (*where, "name"), label, most=MAX_FIELD_NAME, need=True)
        fields.text(problems, (*where, "value"), shown, most=MAX_FIELD_VALUE, need=True)
    parts = ("title", "description", "fields", "image", "thumbnail", "footer", "author")
    if not any(embed.get(name) for name in parts):
        fields.required(problems, (*path, "description"))


def _check_footer_and_author(
    problems: Problems, path: Path, embed: Json, files: Collection[str]
) -> None:
    footer, author = embed.get("footer"), embed.get("author")
    if footer:
        where = (*path, "footer", "text")
        fields.text(problems, where, footer.get("text"), most=MAX_FOOTER, need=True)
    if author:
        where = (*path, "author", "name")
        fields.text(problems, where, author.get("name"), most=MAX_AUTHOR, need=True)
        if author.get("url"):
            fields.url(problems, (*path, "author", "url"), author["url"])
    for name, part in (("footer", footer), ("author", author)):
        if part and part.get("icon_url"):
            where = (*path, name, "icon_url")
            fields.url(problems, where, part["icon_url"], files=files, schemes=MEDIA_SCHEMES)


def _check_timestamp(problems: Problems, path: Path, value: Any) -> None:
    if value is None:
        return
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        message = f"Could not parse {value}. Should be ISO8601."
        problems.add(path, "DATE_TIME_TYPE_PARSE", message)
