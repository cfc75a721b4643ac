"""Tells Discord which commands there are, and only when they changed: syncing is rate-limited."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from pathlib import Path

from discord import app_commands

from cogs.shared.services import ServedBot

log = logging.getLogger(__name__)


async def sync_commands(tree: app_commands.CommandTree[ServedBot], mark_file: Path | None) -> bool:
    """Syncs all global commands; returns whether it was necessary.

    Args:
        tree: with every cog loaded.
        mark_file: remembers what was synced last from this machine; None syncs always. Delete the
            file when the commands were changed elsewhere.
    """
    commands, translator = tree.get_commands(), tree.translator
    if translator is None:
        payload = [one.to_dict(tree) for one in commands]
    else:
        payload = [await one.get_translated_payload(tree, translator) for one in commands]
    mark = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    if mark_file is not None and await asyncio.to_thread(_read, mark_file) == mark:
        return False
    await tree.sync()
    log.info("commands synced count=%d", len(payload))
    if mark_file is not None:
        await asyncio.to_thread(_write, mark_file, mark)
    return True


def _read(file: Path) -> str | None:
    return file.read_text() if file.is_file() else None


def _write(file: Path, mark: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(mark)
