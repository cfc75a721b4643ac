"""Addresses of databases."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from store.address import DEFAULT, prepare_file, read_url
from store.errors import DatabaseUnsupported


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("sqlite:////data/a.db", "sqlite+aiosqlite:////data/a.db"),
        ("sqlite+aiosqlite:////data/a.db", "sqlite+aiosqlite:////data/a.db"),
        ("postgres://u:p@h:5/n", "postgresql+asyncpg://u:p@h:5/n"),
        ("postgresql://u@h/n?ssl=require", "postgresql+asyncpg://u@h/n?ssl=require"),
        ("postgresql://u@h/n?sslmode=require", "postgresql+asyncpg://u@h/n?ssl=require"),
    ],
)
def test_operators_need_not_know_drivers(raw: str, wanted: str) -> None:
    assert read_url(raw).render_as_string(hide_password=False) == wanted


def test_paths_are_absolute() -> None:
    assert read_url("sqlite:///a.db").database == str(Path("a.db").absolute())
    assert read_url(DEFAULT).database == str(
        Path("~/.local/share/aniwhois/aniwhois.db").expanduser()
    )


@pytest.mark.parametrize(
    "raw",
    ["", "aniwhois.db", "sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/n", "secret:word"],
)
def test_other_databases_are_refused_without_telling_the_password(raw: str) -> None:
    with pytest.raises(DatabaseUnsupported) as caught:
        read_url(raw)
    assert "secret@" not in str(caught.value)
    assert "word" not in str(caught.value)


def test_the_file_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "a.db"
    prepare_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("kept")
    prepare_file(path)
    assert path.read_text() == "kept"
