"""A PostgreSQL of the tests' own: a new cluster in a temporary folder, on a free loopback port.

It never runs as root (PostgreSQL refuses that, rightly), answers on 127.0.0.1 alone, asks for a
password made up for this run, and is stopped through the process id that started it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

T = TypeVar("T")
STARTED_S = 30.0


def binaries() -> Path | None:
    """Folder of ``initdb`` and ``postgres``; None where PostgreSQL is not installed."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4])
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def apart(work: Coroutine[Any, Any, T]) -> T:
    """Runs `work` on a loop of its own: fixtures are made while a test's loop is running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def _user() -> str | None:
    """Who runs the server; None: whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


class Cluster:
    """A running server. ``create`` makes databases in it."""

    def __init__(self, port: int, password: str) -> None:
        self._base = f"postgresql://aniwhois:{password}@127.0.0.1:{port}"

    def url(self, name: str) -> str:
        """The address of a database."""
        return f"{self._base}/{name}"

    async def create(self, name: str) -> str:
        """A new database; returns its address."""
        await self._run("postgres", f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self.url(name)

    async def drop(self, name: str) -> None:
        """Deletes a database, whoever is still connected to it."""
        await self._run("postgres", f'DROP DATABASE "{name}" WITH (FORCE)')

    async def clear(self, name: str, tables: Sequence[str]) -> None:
        """Disconnects everybody from a database and deletes all rows of `tables`."""
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        await self._run(
            name,
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}",
            f"TRUNCATE {', '.join(tables)} RESTART IDENTITY",
        )

    async def _run(self, name: str, *statements: str) -> None:
        connection = await asyncpg.connect(self.url(name))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


@contextlib.contextmanager
def running(programs: Path) -> Iterator[Cluster]:
    """Starts a cluster, and stops it and removes its folder at the end."""
    user = _user()
    with tempfile.TemporaryDirectory(prefix="aniwhois-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        password = secrets.token_hex(16)
        (folder / "password").write_text(password)
        if user is not None:
            for path in (folder, folder / "password"):
                shutil.chown(path, user)
        subprocess.run(
            [
                *(programs / "initdb", "--pgdata", folder / "data", "--username", "aniwhois"),
                *("--auth", "scram-sha-256", "--pwfile", folder / "password"),
                *("--encoding", "UTF8", "--locale", "C", "--no-sync"),
            ],
            user=user,
            cwd=folder,
            check=True,
            capture_output=True,
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": folder,
            "fsync": "off",  # the tests kill our processes, never the server
            "shared_buffers": "32MB",
        }
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", *options],
                user=user,
                cwd=folder,
                stdout=log,
                stderr=log,
            )
        try:
            cluster = Cluster(port, password)
            apart(_ready(cluster, server, folder / "log"))
            yield cluster
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing of it is needed any more
            server.wait(STARTED_S)


async def _ready(cluster: Cluster, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTED_S
    while True:
        try:
            connection = await asyncpg.connect(cluster.url("postgres"))
        except (OSError, asyncpg.PostgresError):
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL does not start: {_end_of(log)}") from None
            await asyncio.sleep(0.05)
        else:
            await connection.close()
            return


def _end_of(log: Path) -> str:
    return log.read_text()[-2000:]
