"""docs/store.md says what is true: tables, relations, days, commands."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from store.__main__ import app
from store.address import DEFAULT, VARIABLE
from store.models import MARK, Base
from store.types import Retention


@pytest.fixture(scope="module")
def text() -> str:
    return (Path(__file__).parents[2] / "docs" / "store.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rows(text: str) -> dict[str, list[str]]:
    """The cells of the table of tables, by table."""
    lines = re.findall(r"^\| (`[a-z_`, ]+`) \|(.+)\|$", text, re.M)
    return {
        name: [cell.strip() for cell in cells.split("|")]
        for names, cells in lines
        for name in re.findall(r"`([a-z_]+)`", names)
    }


def test_every_table_is_told(rows: dict[str, list[str]]) -> None:
    assert set(rows) == set(Base.metadata.tables)


def test_every_relation_is_drawn(text: str) -> None:
    drawn = set(re.findall(r"^    ([a-z_]+) \|\|--o[|{] ([a-z_]+) :", text, re.M))
    assert drawn == {
        (key.referred_table.name, table.name)
        for table in Base.metadata.tables.values()
        for key in table.foreign_key_constraints
    }


def test_tables_that_name_members_say_so(rows: dict[str, list[str]]) -> None:
    for name, table in Base.metadata.tables.items():
        names_members = any(MARK in column.info for column in table.columns)
        told = rows[name][1] != "–"
        assert names_members <= told, name
        if told and not names_members:
            assert rows[name][1].startswith("through"), name


def test_the_days_are_the_defaults(rows: dict[str, list[str]]) -> None:
    where = {
        "answers": "answers",
        "undone": "exemplars",
        "proposals": "lessons",
        "log": "audit",
        "left": "servers",
        "stale": "catalog_cache",
        "asked": "quiz_asked",
    }
    days = dataclasses.asdict(Retention())
    assert set(where) == set(days)
    for field, table in where.items():
        assert f"{days[field]} days" in rows[table][2], table


def test_every_command_is_told(text: str) -> None:
    told = set(re.findall(r"^python -m store ([a-z]+)", text, re.M))
    assert told == {one.name or one.callback.__name__ for one in app.registered_commands}  # type: ignore[union-attr]


def test_the_address_is_told(text: str) -> None:
    assert f"`{VARIABLE}`" in text
    assert f"`{DEFAULT}`" in text
