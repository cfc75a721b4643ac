"""Using components and modals as the Discord client does: finding a button, choosing, filling in a
form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.errors import Json, UsageError
from sandbox.models import Channel, Role, StoredMessage, User, walk
from sandbox.options import Filler

BUTTON, STRING_SELECT, TEXT_INPUT = 2, 3, 4
SELECTS = (3, 5, 6, 7, 8)
TEXT_DISPLAY, LABEL, FILE_UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 10, 18, 19, 21, 22, 23
LINK_STYLES = (5, 6)


def find(message: StoredMessage, key: str, kinds: Sequence[int]) -> Json:
    """The component with this ``custom_id``, or else with this label or placeholder.

    Raises:
        UsageError: there is none, or it is disabled.
    """
    usable = [one for one in message.walk_components() if one["type"] in kinds]
    for name in ("custom_id", "label", "placeholder"):
        for one in usable:
            if one.get(name) == key:
                if one.get("disabled"):
                    raise UsageError(f"{key!r} is disabled")
                return one
    offered = [one.get("label") or one.get("custom_id") for one in usable]
    raise UsageError(f"the message has no component {key!r}; it has {offered}")


def click_data(message: StoredMessage, key: str) -> Json:
    """``data`` of a button click; link and premium buttons send nothing."""
    button = find(message, key, (BUTTON,))
    if button["style"] in LINK_STYLES:
        raise UsageError(f"{key!r} is a link; clicking it tells the bot nothing")
    return {"component_type": BUTTON, "custom_id": button["custom_id"], "id": button["id"]}


def select_data(filler: Filler, message: StoredMessage, key: str, values: Sequence[Any]) -> Json:
    """``data`` of a choice in a select menu: option values or labels, or users, roles, channels."""
    menu = find(message, key, SELECTS)
    data: Json = {
        "component_type": menu["type"],
        "custom_id": menu["custom_id"],
        "id": menu["id"],
        "values": chosen(filler, menu, values),
    }
    if filler.resolved:
        data["resolved"] = filler.resolved
    return data


def chosen(filler: Filler, menu: Json, values: Sequence[Any]) -> list[str]:
    """The ``values`` of a select menu, checked against its bounds and options."""
    least, most = menu.get("min_values", 1), menu.get("max_values", 1)
    if not least <= len(values) <= most:
        raise UsageError(f"choose {least} to {most}, not {len(values)}")
    if menu["type"] != STRING_SELECT:
        return [_entity(filler, menu, value) for value in values]
    by_name = {one["label"]: one["value"] for one in menu["options"]}
    by_name |= {one["value"]: one["value"] for one in menu["options"]}
    missing = [value for value in values if value not in by_name]
    if missing:
        raise UsageError(f"no option {missing[0]!r} among {sorted(by_name)}")
    return [by_name[value] for value in values]


_TAKES: dict[int, tuple[type[User] | type[Role] | type[Channel], ...]] = {
    5: (User,),
    6: (Role,),
    7: (User, Role),
    8: (Channel,),
}


def _entity(filler: Filler, menu: Json, value: Any) -> str:
    takes = _TAKES[menu["type"]]
    if not isinstance(value, takes):
        raise UsageError(f"choose a {' or '.join(one.__name__ for one in takes)}, not {value!r}")
    kinds = menu.get("channel_types")
    if isinstance(value, Channel) and kinds and value.type not in kinds:
        raise UsageError(f"this menu takes channels of the types {kinds}, not {int(value.type)}")
    filler.resolve(value)
    return str(value.id)


def modal_data(filler: Filler, modal: Json, answers: Mapping[str, Any]) -> Json:
    """``data`` of a submitted modal; ``answers`` are keyed by custom_id or by label.

    Raises:
        UsageError: an unknown field, a required one left empty, or a text of the wrong length.
    """
    left = dict(answers)
    numbers = iter(range(1, 1000))
    components = [_row(filler, row, left, numbers) for row in modal["components"]]
    if left:
        names = [one.get("label") or one.get("custom_id") for one in walk(modal["components"])]
        raise UsageError(f"the modal has no field {sorted(left)[0]!r}; it has {names}")
    data: Json = {"custom_id": modal["custom_id"], "components": components}
    if filler.resolved:
        data["resolved"] = filler.resolved
    return data


def _row(filler: Filler, row: Json, left: dict[str, Any], numbers: Any) -> Json:
    shown: Json = {"type": row["type"], "id": row.get("id") or next(numbers)}
    if row["type"] == LABEL:
        shown["component"] = _field(filler, row["component"], row["label"], left, numbers)
    elif row["type"] != TEXT_DISPLAY:
        inner = row["components"]
        shown["components"] = [
            _field(filler, one, one.get("label"), left, numbers) for one in inner
        ]
    return shown


def _field(
    filler: Filler, one: Json, label: str | None, left: dict[str, Any], numbers: Any
) -> Json:
    name = one["custom_id"]
    given = left.pop(name, left.pop(label, None) if label else None)
    shown: Json = {"type": one["type"], "custom_id": name, "id": one.get("id") or next(numbers)}
    kind = one["type"]
    required = one.get("required", True) is not False
    if kind == TEXT_INPUT:
        shown["value"] = _text(one, label or name, given, required)
    elif kind == CHECKBOX:
        shown["value"] = bool(given if given is not None else one.get("default"))
    elif kind == RADIO:
        shown["value"] = given
    elif given is None and not required:
        shown["values"] = []
    elif given is None:
        raise UsageError(f"the field {label or name!r} is required")
    elif kind == FILE_UPLOAD:
        shown["values"] = [filler.attach(*file) for file in given]
    elif kind == CHECKBOXES:
        shown["values"] = list(given)
    else:
        shown["values"] = chosen(filler, one, given)
    return shown


def _text(one: Json, name: str, given: Any, required: bool) -> str:
    value = str(given if given is not None else one.get("value") or "")
    if not value and required:
        raise UsageError(f"the field {name!r} is required")
    least, most = one.get("min_length") or 0, one.get("max_length") or 4000
    if value and not least <= len(value) <= most:
        raise UsageError(f"the field {name!r} takes {least} to {most} characters")
    return value
