"""``python -m store``."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from store import __main__ as cli
from store.bundle import read_bundle
from store.migrate import newest
from store.opening import open_store
from tests.store.made import ALICE, HERE, MODEL, STAFF, THERE, samples
from tests.store.test_privacy import fill


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(cli, "ENV_FILE", tmp_path / "no.env")
    address = f"sqlite:///{tmp_path / 'cli.db'}"
    monkeypatch.setenv("ANIWHOIS_DATABASE_URL", address)
    return address


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(cli.app, [str(one) for one in arguments])
    assert result.exit_code == code, result.output + repr(result.exception)
    return result.output


def put(address: str) -> None:
    async def work() -> None:
        async with open_store(address) as store:
            await fill(store)

    asyncio.run(work())


def test_migrate_and_status(address: str) -> None:
    assert "no database" in run("status", code=2)
    assert run("migrate").strip() == f"empty -> {newest()}"
    assert run("migrate").strip() == f"{newest()} -> {newest()}"
    put(address)
    found = json.loads(run("status", "--json"))
    assert (found["kind"], found["schema"]) == ("sqlite", newest())
    assert (found["rows"]["servers"], found["rows"]["lessons"]) == (2, 8)
    assert found["size_bytes"] > 10_000
    assert "lessons" in run("status")


def test_backup_and_restore(address: str, tmp_path: Path) -> None:
    put(address)
    file = tmp_path / "backup.db"
    run("backup", file)
    assert "FileExistsError" in run("backup", file, code=2)
    other = f"sqlite:///{tmp_path / 'other.db'}"
    run("restore", file, "--database", other)
    assert "NotEmpty" in run("restore", file, "--database", other, code=2)
    rows = [
        json.loads(run("status", "--json", *more))["rows"] for more in ([], ["--database", other])
    ]
    assert rows[0] == rows[1]


def test_export_and_delete_one_server(address: str, tmp_path: Path) -> None:
    put(address)
    file = tmp_path / "gallery.zip"
    assert f"2 characters, model {MODEL}" in run("export", HERE, file)
    bundle = read_bundle(file.read_bytes(), model_id=MODEL)
    assert sorted(len(vectors) for _, vectors in bundle.characters) == [1, 2]
    assert "nobody" in run("export", HERE, tmp_path / "none.zip", "--model", "x", code=2)
    run("delete", HERE, code=1)  # nobody says yes
    assert json.loads(run("status", "--json"))["rows"]["servers"] == 2
    run("delete", HERE, "--yes")
    assert json.loads(run("status", "--json"))["rows"]["servers"] == 1
    run("forget", STAFF, "--yes")


def test_purge(address: str) -> None:
    async def leave() -> None:
        async with open_store(address) as store:
            await store.lessons.teach(THERE, ALICE, samples(1), actor_id=STAFF)
            await store.servers.left(THERE)

    asyncio.run(leave())
    assert "left: 0" in run("purge")


def test_a_wrong_address_is_one_line(address: str) -> None:
    output = run("status", "--database", "mysql://u:secret@h/n", code=2)
    assert "DatabaseUnsupported" in output
    assert "secret" not in output
