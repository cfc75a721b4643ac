"""Limits of modals and of autocomplete choices (Interactions docs, "Interaction Response Data
Structure").
"""

from __future__ import annotations

from typing import Any

from sandbox.errors import Json, Path, Problems
from sandbox.limits import fields
from sandbox.limits.components import ROW, SELECTS, TEXT, TEXT_INPUT, check_select, check_unique_ids
from sandbox.models import walk

LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 18, 19, 21, 22, 23
_IN_LABEL = (TEXT_INPUT, *SELECTS, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX)

MAX_TITLE = 45
MAX_LABEL = 45
MAX_ROWS = 5
MAX_TEXT = 4000
MAX_PLACEHOLDER = 100
MAX_CHOICES = 25


def check_modal(data: Json, path: Path = ("data",)) -> None:
    """Refuse a modal (callback type 9) that breaks a limit.

    Raises:
        InvalidFormBody: 50035 naming every field at once.
    """
    problems = Problems()
    custom_id, title = data.get("custom_id"), data.get("title")
    fields.text(problems, (*path, "custom_id"), custom_id, least=1, most=100, need=True)
    fields.text(problems, (*path, "title"), title, least=1, most=MAX_TITLE, need=True)
    where = (*path, "components")
    rows = fields.items(problems, where, data.get("components"), least=1, most=MAX_ROWS)
    for index, row in enumerate(rows):
        _check_row(problems, (*where, index), row)
    check_unique_ids(problems, where, list(walk(rows)))
    problems.raise_if_any()


def _check_row(problems: Problems, path: Path, row: Json) -> None:
    kind = row.get("type")
    if kind == ROW:
        where = (*path, "components")
        for index, one in enumerate(
            fields.items(problems, where, row.get("components"), least=1, most=1)
        ):
            if fields.choice(problems, (*where, index, "type"), one.get("type"), (TEXT_INPUT,)):
                _check_input(problems, (*where, index), one, labelled=False)
    elif kind == LABEL:
        fields.text(
            problems, (*path, "label"), row.get("label"), least=1, most=MAX_LABEL, need=True
        )
        fields.text(problems, (*path, "description"), row.get("description"), least=1, most=100)
        inner = row.get("component")
        where = (*path, "component")
        if not isinstance(inner, dict):
            fields.required(problems, where)
        elif fields.choice(problems, (*where, "type"), inner.get("type"), _IN_LABEL):
            if inner["type"] == TEXT_INPUT:
                _check_input(problems, where, inner, labelled=True)
            elif inner["type"] in SELECTS:
                check_select(problems, where, inner)
    else:
        fields.choice(problems, (*path, "type"), kind, (ROW, TEXT, LABEL))


def _check_input(problems: Problems, path: Path, one: Json, *, labelled: bool) -> None:
    custom_id = one.get("custom_id")
    fields.text(problems, (*path, "custom_id"), custom_id, least=1, most=100, need=True)
    fields.choice(problems, (*path, "style"), one.get("style"), (1, 2))
    if not labelled:
        label = one.get("label")
        fields.text(problems, (*path, "label"), label, least=1, most=MAX_LABEL, need=True)
    fields.text(problems, (*path, "value"), one.get("value"), most=MAX_TEXT)
    fields.text(problems, (*path, "placeholder"), one.get("placeholder"), most=MAX_PLACEHOLDER)
    least, most = one.get("min_length"), one.get("max_length")
    fields.integer(problems, (*path, "min_length"), least, least=0, most=MAX_TEXT)
    fields.integer(problems, (*path, "max_length"), most, least=1, most=MAX_TEXT)


def check_choices(value: Any, path: Path = ("data", "choices")) -> None:
    """Refuse autocomplete choices (callback type 8) that break a limit.

    Raises:
        InvalidFormBody: 50035 naming every field at once.
    """
    problems = Problems()
    for index, one in enumerate(fields.items(problems, path, value, most=MAX_CHOICES)):
        where = (*path, index)
        fields.text(problems, (*where, "name"), one.get("name"), least=1, most=100, need=True)
        if isinstance(one.get("value"), str):
            fields.text(problems, (*where, "value"), one["value"], least=1, most=100)
        elif not isinstance(one.get("value"), (int, float)):
            fields.required(problems, (*where, "value"))
    problems.raise_if_any()
