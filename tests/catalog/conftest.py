"""The catalog as shipped, read once."""

from pathlib import Path

import pytest

from catalog import Catalog

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog.load(ROOT / "data" / "characters.json")
