"""What Discord makes of the embeds and components it stores: defaults, ids, and real addresses for
files.

A file that an embed or a component shows leaves the message's ``attachments`` list, and its alt
text moves to where it is shown (Message resource; seen in discord-api-docs #1340 and #8279).
"""

from __future__ import annotations

import copy
from typing import Any

from sandbox.errors import Json
from sandbox.files import safe_name
from sandbox.models import StoredFile, walk
from sandbox.state import World


def place_embeds(world: World, embeds: list[Json], files: list[StoredFile]) -> list[Json]:
    """Embeds as Discord answers them; marks the files they show as embedded."""
    placed = []
    for embed in copy.deepcopy(embeds):
        shown = {key: value for key, value in embed.items() if value is not None}
        shown["type"] = "rich"
        for name in ("image", "thumbnail"):
            if name in shown:
                shown[name] = _embed_media(world, shown[name], files)
        for name in ("footer", "author"):
            if name in shown:
                shown[name] = _embed_icon(world, shown[name], files)
        for field in shown.get("fields", []):
            field["inline"] = bool(field.get("inline"))
        placed.append(shown)
    return placed


def _embed_media(world: World, media: Json, files: list[StoredFile]) -> Json:
    file = _file_at(world, media["url"], files)
    if file is None:
        return {"url": media["url"], "proxy_url": media["url"], **media}
    file.embedded = True
    url = world.base_url + file.path
    shown: Json = {"url": url, "proxy_url": url, "content_type": file.content_type}
    if file.width is not None and file.height is not None:
        shown.update(width=file.width, height=file.height)
    if file.description is not None:
        shown["description"] = file.description
    return shown


def _embed_icon(world: World, part: Json, files: list[StoredFile]) -> Json:
    shown = {key: value for key, value in part.items() if value is not None}
    if shown.get("icon_url"):
        file = _file_at(world, shown["icon_url"], files)
        if file is not None:
            file.embedded = True
            shown["icon_url"] = world.base_url + file.path
        shown["proxy_icon_url"] = shown["icon_url"]
    return shown


def place_components(world: World, components: list[Json], files: list[StoredFile]) -> list[Json]:
    """Components as Discord answers them: every one with an ``id``, defaults filled, media
    resolved.
    """
    placed: list[Json] = [_without_none(one) for one in copy.deepcopy(components)]
    taken = {one["id"] for one in walk(placed) if one.get("id")}
    fresh = (number for number in range(1, 10_000) if number not in taken)
    for one in walk(placed):
        if not one.get("id"):
            one["id"] = next(fresh)
        for value in one.get("default_values", ()):
            value["id"] = str(value["id"])  # discord.py sends numbers
        _fill_defaults(world, one, files)
    return placed


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_none(one) for one in value]
    return value


def _fill_defaults(world: World, one: Json, files: list[StoredFile]) -> None:
    kind = one["type"]
    if kind in (3, 5, 6, 7, 8):
        one.setdefault("min_values", 1)
        one.setdefault("max_values", 1)
    elif kind == 11:
        one["media"] = _media(world, one["media"], files)
        one.setdefault("description", None)
        one.setdefault("spoiler", False)
    elif kind == 12:
        for item in one["items"]:
            item["media"] = _media(world, item["media"], files)
            item.setdefault("description", None)
            item.setdefault("spoiler", False)
    elif kind == 13:
        file = _file_at(world, one["file"]["url"], files)
        one["file"] = _media(world, one["file"], files)
        one.setdefault("spoiler", False)
        one.update(name=file.filename if file else None, size=file.size if file else None)
    elif kind == 14:
        one.setdefault("divider", True)
        one.setdefault("spacing", 1)
    elif kind == 17:
        one.setdefault("accent_color", None)
        one.setdefault("spoiler", False)


def _media(world: World, media: Json, files: list[StoredFile]) -> Json:
    file = _file_at(world, media["url"], files)
    if file is None:
        shown: Json = {"id": str(world.ids.next()), "url": media["url"], "proxy_url": media["url"]}
        return shown
    file.embedded = True
    url = world.base_url + file.path
    shown = {"id": str(file.id), "url": url, "proxy_url": url, "attachment_id": str(file.id)}
    shown.update(width=file.width, height=file.height, content_type=file.content_type)
    return shown


def _file_at(world: World, url: str, files: list[StoredFile]) -> StoredFile | None:
    """The file an ``attachment://`` or CDN address points to."""
    name = url.removeprefix("attachment://")
    for file in files:
        if name != url and file.filename in (name, safe_name(name)):
            return file
        if url.split("?")[0] == (world.base_url + file.path).split("?")[0]:
            return file
    return None
