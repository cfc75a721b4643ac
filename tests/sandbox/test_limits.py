"""Limits as pure functions: what each allows at its edge, and that one refusal names every
field.
"""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import InvalidFormBody
from sandbox.errors import Problems
from sandbox.limits import check_choices, check_command, check_message, check_modal, embed_length
from sandbox.limits.commands import valid_name
from sandbox.limits.fields import url


def refused(call: Any, *args: Any, **options: Any) -> dict[str, list[str]]:
    """Field path → error codes of a refusal; empty if it passes."""
    try:
        call(*args, **options)
    except InvalidFormBody as refusal:
        return {
            ".".join(map(str, path)): [code for code, _ in found]
            for path, found in refusal.errors.items()
        }
    return {}


def test_one_refusal_names_every_field() -> None:
    body = {
        "content": "x" * 2001,
        "embeds": [{"title": "x" * 257, "fields": [{"name": "", "value": "x"}]}],
        "components": [{"type": 1, "components": []}],
    }
    found = refused(check_message, body)
    assert found == {
        "content": ["BASE_TYPE_MAX_LENGTH"],
        "embeds.0.title": ["BASE_TYPE_MAX_LENGTH"],
        "embeds.0.fields.0.name": ["BASE_TYPE_REQUIRED"],
        "components.0.components": ["BASE_TYPE_BAD_LENGTH"],
    }


def test_the_refusal_is_nested_as_discord_nests_it() -> None:
    with pytest.raises(InvalidFormBody) as refusal:
        check_message({"embeds": [{"title": "x" * 257}]}, path=("data",))
    inner = {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 256 or fewer in length."}
    assert refusal.value.body() == {
        "code": 50035,
        "message": "Invalid Form Body",
        "errors": {"data": {"embeds": {"0": {"title": {"_errors": [inner]}}}}},
    }


def test_characters_of_an_embed() -> None:
    embed = {
        "title": "12",
        "description": "123",
        "footer": {"text": "1234", "icon_url": "https://example.org/not-counted"},
        "author": {"name": "12345"},
        "fields": [{"name": "1", "value": "12"}],
        "url": "https://example.org/not-counted",
    }
    assert embed_length(embed) == 2 + 3 + 4 + 5 + 3


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("whois", True),
        ("who-is_it'", True),
        ("誰", True),
        ("สวัสดี", True),
        ("नमस्ते", True),
        ("Whois", False),
        ("who is", False),
        ("who.is", False),
        ("", False),
        ("x" * 33, False),
    ],
)
def test_command_names(name: str, fits: bool) -> None:
    assert valid_name(name) is fits


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://example.org/a?b=c", None),
        ("attachment://here.png", None),
        ("attachment://gone.png", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"),
        ("javascript:alert(1)", "URL_TYPE_INVALID_SCHEME"),
        ("//example.org", "URL_TYPE_INVALID_URL"),
        ("https://exam ple.org", "URL_TYPE_INVALID_URL"),
        ("http://[", "URL_TYPE_INVALID_URL"),
        ("https://example.org/" + "x" * 2048, "BASE_TYPE_MAX_LENGTH"),
    ],
)
def test_addresses(address: str, code: str | None) -> None:
    problems = Problems()
    schemes = ("http", "https", "attachment")
    url(problems, ("url",), address, files={"here.png"}, schemes=schemes)
    assert bool(problems) is (code is not None)
    if code is not None:
        with pytest.raises(InvalidFormBody, match=code):
            problems.raise_if_any()


def test_a_select_fills_its_row() -> None:
    select = {"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}]}
    button = {"type": 2, "style": 1, "label": "x", "custom_id": "b"}
    body = {"content": "x", "components": [{"type": 1, "components": [select, button]}]}
    assert refused(check_message, body) == {
        "components.0.components": ["COMPONENT_LAYOUT_WIDTH_EXCEEDED"]
    }


def test_bounds_of_selects() -> None:
    select = {"type": 6, "custom_id": "s", "min_values": 3, "max_values": 2}
    select["default_values"] = [{"id": str(number), "type": "role"} for number in range(3)]
    body = {"content": "x", "components": [{"type": 1, "components": [select]}]}
    assert refused(check_message, body) == {
        "components.0.components.0.min_values": ["BASE_TYPE_MAX"],
        "components.0.components.0.default_values": ["BASE_TYPE_BAD_LENGTH"],
    }


@pytest.mark.parametrize(
    ("button", "path", "code"),
    [
        ({"style": 1, "label": "x"}, "custom_id", "BASE_TYPE_REQUIRED"),
        ({"style": 1, "custom_id": "x"}, "label", "BASE_TYPE_REQUIRED"),
        ({"style": 9, "label": "x", "custom_id": "x"}, "style", "BASE_TYPE_CHOICES"),
        ({"style": 5, "label": "x"}, "url", "BASE_TYPE_REQUIRED"),
        ({"style": 5, "label": "x", "url": "file:///x"}, "url", "URL_TYPE_INVALID_SCHEME"),
    ],
)
def test_buttons(button: Any, path: str, code: str) -> None:
    row = {"type": 1, "components": [{"type": 2, **button}]}
    found = refused(check_message, {"content": "x", "components": [row]})
    assert found == {f"components.0.components.0.{path}": [code]}


def test_components_v2_nest() -> None:
    section = {
        "type": 9,
        "components": [{"type": 10, "content": "Asuka"}],
        "accessory": {"type": 11, "media": {"url": "attachment://a.png"}},
    }
    gallery = {"type": 12, "items": [{"media": {"url": "attachment://a.png"}, "description": "x"}]}
    box = {"type": 17, "components": [section, gallery, {"type": 14}]}
    body = {"flags": 1 << 15, "components": [box]}
    assert refused(check_message, body, files={"a.png"}) == {}
    found = refused(check_message, body)
    assert set(found) == {
        "components.0.components.0.accessory.media.url",
        "components.0.components.1.items.0.media.url",
    }
    nested = {"flags": 1 << 15, "components": [{"type": 17, "components": [box]}]}
    assert list(refused(check_message, nested)) == ["components.0.components.0.type"]
    wordy = {"flags": 1 << 15, "components": [{"type": 10, "content": "x" * 2001}] * 2}
    code = ["COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"]
    assert refused(check_message, wordy) == {"components": code}


def test_modal_labels_and_inputs() -> None:
    field = {"type": 4, "custom_id": "t", "style": 1, "value": "x" * 4001}
    label = {"type": 18, "label": "x" * 46, "component": field}
    twin = {"type": 18, "label": "Again", "component": {**field, "value": ""}}
    modal = {"custom_id": "m", "title": "", "components": [label, twin]}
    assert refused(check_modal, modal) == {
        "data.title": ["BASE_TYPE_REQUIRED"],
        "data.components.0.label": ["BASE_TYPE_BAD_LENGTH"],
        "data.components.0.component.value": ["BASE_TYPE_MAX_LENGTH"],
        "data.components": ["COMPONENT_CUSTOM_ID_DUPLICATED"],
    }


def test_autocomplete_choices() -> None:
    assert refused(check_choices, [{"name": "x", "value": "x"}] * 25) == {}
    assert list(refused(check_choices, [{"name": "x", "value": "x"}] * 26)) == ["data.choices"]
    found = refused(check_choices, [{"name": "x" * 101, "value": "x" * 101}])
    assert set(found) == {"data.choices.0.name", "data.choices.0.value"}


def test_subcommands_nest_twice_at_most() -> None:
    leaf = {"name": "leaf", "description": "x", "type": 1}
    group = {"name": "group", "description": "x", "type": 2, "options": [leaf]}
    for options, fits in (
        ([leaf], True),
        ([group], True),
        ([{**group, "options": [group]}], False),
    ):
        problems = Problems()
        check_command(problems, (), {"name": "x", "description": "x", "options": options})
        assert bool(problems) is not fits
