"""Downloads of what we may not ship: checked, atomic, and clear when there is no connection."""

from __future__ import annotations

import hashlib
import http.server
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BODY = b"<?xml version='1.0'?><opencv_storage/>"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "good.xml").write_bytes(BODY)
    (folder / "bad.xml").write_bytes(BODY + b"!")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()
        thread.join()


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    folder = tmp_path / "weights"
    folder.mkdir()
    entry = {
        "file": "cascade.xml",
        "url": "https://example.invalid/cascade.xml",
        "sha256": hashlib.sha256(BODY).hexdigest(),
        "bytes": len(BODY),
    }
    (folder / "manifest.json").write_text(json.dumps({"downloads": {"cascade.xml": entry}}))
    return folder


def fetch(weights: Path, url: str, name: str = "cascade.xml") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "scripts/fetch.py", name, "--weights", str(weights), "--url", url]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_promised_file_is_kept(server: str, weights: Path) -> None:
    done = fetch(weights, f"{server}/good.xml")
    assert done.returncode == 0, done.stderr
    assert (weights / "downloads" / "cascade.xml").read_bytes() == BODY
    assert "there already" in fetch(weights, f"{server}/gone.xml").stdout


def test_another_file_is_not(server: str, weights: Path) -> None:
    done = fetch(weights, f"{server}/bad.xml")
    assert done.returncode == 1
    assert "not the file we know" in done.stderr
    assert not (weights / "downloads").exists()


def test_no_file_and_no_connection_say_what_to_do(server: str, weights: Path) -> None:
    assert "404" in fetch(weights, f"{server}/gone.xml").stderr
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        done = fetch(weights, f"http://127.0.0.1:{closed.getsockname()[1]}/x")
    assert done.returncode == 1
    assert "by hand" in done.stderr
    assert "Traceback" not in done.stderr


def test_local_paths_and_unknown_names_are_refused(weights: Path) -> None:
    assert "not an http(s) address" in fetch(weights, "file:///etc/passwd").stderr
    assert "the manifest knows only cascade.xml" in fetch(weights, "http://x", "other").stderr
