"""What crosses rooms: frozen values, errors with data, and no database behind an import."""

from __future__ import annotations

import dataclasses
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from store import errors, types


def test_values_are_frozen() -> None:
    values = [one for name in types.__all__ if inspect.isclass(one := getattr(types, name))]
    kept = [one for one in values if dataclasses.is_dataclass(one)]
    assert len(kept) >= 20
    for one in kept:
        assert one.__dataclass_params__.frozen, one  # type: ignore[attr-defined]


def test_the_tree_of_errors_is_drawn() -> None:
    drawn = set(re.findall(r"[├└]── ([A-Za-z, ]+?)(?:  |$)", errors.__doc__ or "", re.M))
    named = {name.strip() for names in drawn for name in names.split(",")}
    found = {
        name
        for name, one in vars(errors).items()
        if inspect.isclass(one) and issubclass(one, errors.StoreError)
    }
    assert named == found - {"StoreError"}


@pytest.mark.parametrize("module", ["store", "store.types", "store.types.audit", "store.errors"])
def test_cogs_can_use_values_without_the_database(module: str) -> None:
    code = (
        f"import sys, {module}; print([m for m in ('sqlalchemy', 'alembic') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.strip() == "[]"
