"""Limits of message components, classic rows and components v2 (Component Reference)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandbox.errors import Json, Path, Problems
from sandbox.limits import fields
from sandbox.limits.embeds import MEDIA_SCHEMES
from sandbox.models import walk

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
ENTITY_SELECTS = (5, 6, 7, 8)
SELECTS = (STRING_SELECT, *ENTITY_SELECTS)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17

MAX_ROWS = 5
MAX_BUTTONS_PER_ROW = 5
MAX_LABEL = 80
MAX_CUSTOM_ID = 100
MAX_OPTIONS = 25
MAX_OPTION_TEXT = 100
MAX_PLACEHOLDER = 150
MAX_TOTAL_V2 = 40
MAX_TEXT_V2 = 4000
MAX_BUTTON_URL = 512

_TOP_V2 = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER)
_IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)


def check_components(
    problems: Problems, path: Path, value: Any, files: Collection[str], *, v2: bool
) -> None:
    """All limits of a message's ``components``; ``v2``: the IS_COMPONENTS_V2 flag is set."""
    most = MAX_TOTAL_V2 if v2 else MAX_ROWS
    tree = fields.items(problems, path, value, most=most)
    for index, component in enumerate(tree):
        where = (*path, index)
        if _known_type(problems, where, component, _TOP_V2 if v2 else (ROW,)):
            _check(problems, where, component, files)
    everything = list(walk(tree))
    check_unique_ids(problems, path, everything)
    if v2:
        if len(everything) > MAX_TOTAL_V2 >= len(tree):
            message = f"Must be {MAX_TOTAL_V2} or fewer components in total."
            problems.add(path, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)
        shown = sum(len(str(one.get("content", ""))) for one in everything if one["type"] == TEXT)
        if shown > MAX_TEXT_V2:
            message = f"Displayable text must be {MAX_TEXT_V2} or fewer characters in total."
            problems.add(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message)


def check_unique_ids(problems: Problems, path: Path, everything: list[Json]) -> None:
    """No two components may share a ``custom_id``, nor an ``id`` (0 and absent are filled in
    later).
    """
    for key in ("custom_id", "id"):
        seen = [one[key] for one in everything if one.get(key)]
        if len(seen) != len(set(seen)):
            code = f"COMPONENT_{key.upper()}_DUPLICATED"
            what = key.replace("_", " ")
            problems.add(path, code, f"Component {what} cannot be duplicated")


def _known_type(problems: Problems, path: Path, component: Json, allowed: tuple[int, ...]) -> bool:
    kind = component.get("type")
    if kind in allowed:
        return True
    message = f'Value of field "type" must be one of {allowed}.'
    problems.add((*path, "type"), "UNION_TYPE_CHOICES", message)
    component.setdefault("type", 0)
    return False


def _check(problems: Problems, path: Path, component: Json, files: Collection[str]) -> None:
    kind = component["type"]
    if kind == ROW:
        _check_row(problems, path, component)
    elif kind == TEXT:
        where = (*path, "content")
        content = component.get("content")
        fields.text(problems, where, content, least=1, most=MAX_TEXT_V2, need=True)
    elif kind == SECTION:
        _check_section(problems, path, component, files)
    elif kind == CONTAINER:
        inner = component.get("components")
        where = (*path, "components")
        for index, one in enumerate(fields.items(problems, where, inner, least=1, most=40)):
            if _known_type(problems, (*where, index), one, _IN_CONTAINER):
                _check(problems, (*where, index), one, files)
    elif kind == GALLERY:
        where = (*path, "items")
        shown = fields.items(problems, where, component.get("items"), least=1, most=10)
        for index, item in enumerate(shown):
            _check_media(problems, (*where, index), item, files, "media")
    elif kind in (FILE, THUMBNAIL):
        _check_media(problems, path, component, files, "file" if kind == FILE else "media")


def _check_media(
    problems: Problems, path: Path, item: Json, files: Collection[str], key: str
) -> None:
    schemes = ("attachment",) if key == "file" else MEDIA_SCHEMES
    address = (item.get(key) or {}).get("url")
    if address is None:
        fields.required(problems, (*path, key, "url"))
    fields.url(problems, (*path, key, "url"), address, files=files, schemes=schemes)
    fields.text(problems, (*path, "description"), item.get("description"), least=1, most=1024)


def _check_section(problems: Problems, path: Path, component: Json, files: Collection[str]) -> None:
    where = (*path, "components")
    inner = fields.items(problems, where, component.get("components"), least=1, most=3)
    for index, one in enumerate(inner):
        if _known_type(problems, (*where, index), one, (TEXT,)):
            _check(problems, (*where, index), one, files)
    accessory = component.get("accessory")
    if not isinstance(accessory, dict):
        fields.required(problems, (*path, "accessory"))
    elif _known_type(problems, (*path, "accessory"), accessory, (BUTTON, THUMBNAIL)):
        if accessory["type"] == BUTTON:
            _check_button(problems, (*path, "accessory"), accessory)
        else:
            _check(problems, (*path, "accessory"), accessory, files)


def _check_row(problems: Problems, path: Path, row: Json) -> None:
    where = (*path, "components")
    inner = fields.items(problems, where, row.get("components"), least=1, most=MAX_BUTTONS_PER_ROW)
    if any(one.get("type") in SELECTS for one in inner) and len(inner) > 1:
        message = "The specified component exceeds the maximum width"
        problems.add(where, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)
    for index, one in enumerate(inner):
        here = (*where, index)
        if not _known_type(problems, here, one, (BUTTON, *SELECTS)):
            continue
        if one["type"] == BUTTON:
            _check_button(problems, here, one)
        else:
            check_select(problems, here, one)


def _check_button(problems: Problems, path: Path, button: Json) -> None:
    style = button.get("style")
    if not fields.choice(problems, (*path, "style"), style, range(1, 7)):
        return
    fields.text(problems, (*path, "label"), button.get("label"), most=MAX_LABEL)
    if style == 5:
        if not button.get("url"):
            fields.required(problems, (*path, "url"))
        schemes = ("http", "https", "discord")
        address = button.get("url")
        fields.url(problems, (*path, "url"), address, schemes=schemes, most=MAX_BUTTON_URL)
    elif style != 6:
        where, custom_id = (*path, "custom_id"), button.get("custom_id")
        fields.text(problems, where, custom_id, least=1, most=MAX_CUSTOM_ID, need=True)
        if button.get("url"):
            message = "A url cannot be specified for a button with a custom id"
            problems.add((*path, "url"), "BUTTON_COMPONENT_URL_NOT_ALLOWED", message)
    if style != 6 and not button.get("label") and not button.get("emoji"):
        fields.required(problems, (*path, "label"))


def check_select(problems: Problems, path: Path, select: Json) -> None:
    """Limits of a select menu, in a message or in a modal."""
    where, custom_id = (*path, "custom_id"), select.get("custom_id")
    fields.text(problems, where, custom_id, least=1, most=MAX_CUSTOM_ID, need=True)
    where = (*path, "placeholder")
    fields.text(problems, where, select.get("placeholder"), most=MAX_PLACEHOLDER)
    least, most = select.get("min_values"), select.get("max_values")
    fields.integer(problems, (*path, "min_values"), least, least=0, most=MAX_OPTIONS)
    fields.integer(problems, (*path, "max_values"), most, least=1, most=MAX_OPTIONS)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        message = "min_values must be less than or equal to max_values"
        problems.add((*path, "min_values"), "BASE_TYPE_MAX", message)
    if select["type"] != STRING_SELECT:
        given, bound = select.get("default_values") or [], most if most is not None else 1
        if isinstance(bound, int) and len(given) > bound:
            message = f"Must be {bound} or fewer in length."
            problems.add((*path, "default_values"), "BASE_TYPE_BAD_LENGTH", message)
        return
    where = (*path, "options")
    options = fields.items(problems, where, select.get("options"), least=1, most=MAX_OPTIONS)
    for index, option in enumerate(options):
        for key in ("label", "value"):
            here, shown = (*where, index, key), option.get(key)
            fields.text(problems, here, shown, least=1, most=MAX_OPTION_TEXT, need=True)
        here = (*where, index, "description")
        fields.text(problems, here, option.get("description"), most=MAX_OPTION_TEXT)
    values = [option.get("value") for option in options]
    if len(values) != len(set(values)):
        message = "The specified option value is already used"
        problems.add(where, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
