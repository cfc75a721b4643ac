"""Every cog loads, none pulls in the networks, and the README tells of every command."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import discord
import pytest
from discord import app_commands

import bot
import cogs
from catalog import Catalog
from cogs.shared.download import Downloader
from cogs.shared.services import Services
from quizzing.pool import Pool
from quizzing.studio import Studio
from quizzing.watch import Watch
from store.opening import open_store
from teaching.servers import ServerGalleries
from teaching.teacher import Teacher
from tests.cogs.made import rectangle_recognizer

ASKING = ("whois", "Who is this?", "character", "characters")
HEAVY = ("torch", "torchvision", "cv2", "onnxruntime", "sqlalchemy")


@pytest.fixture
async def commands(
    catalog: Catalog, tmp_path: Path
) -> dict[str, app_commands.Command | app_commands.ContextMenu]:
    """All commands of a bot with every cog loaded; it never connects."""
    async with Downloader() as downloader, open_store(f"sqlite:///{tmp_path}/a.db") as store:
        recognizer = rectangle_recognizer()
        galleries = ServerGalleries(recognizer.decider, store)
        teacher = Teacher(recognizer, galleries, store, catalog)
        studio = Studio(recognizer, galleries)
        services = Services(
            recognizer,
            catalog,
            downloader,
            store=store,
            galleries=galleries,
            teacher=teacher,
            watch=Watch(recognizer, store),
            studio=studio,
            pool=Pool(studio, store),
        )
        made = bot.create_bot(bot.Settings(), services)
        async with made:
            for extension in cogs.EXTENSIONS:
                await made.load_extension(extension)
            found = {command.name: command for command in made.tree.get_commands()}
    return found


def test_cogs_import_without_the_networks() -> None:
    modules = ["cogs", *(one.name for one in pkgutil.walk_packages(cogs.__path__, "cogs."))]
    code = (
        f"import importlib, sys; [importlib.import_module(m) for m in {modules!r}];"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=bot.HERE, check=True
    )
    assert done.stdout.strip() == "[]"


def test_every_module_of_a_feature_that_has_a_setup_is_loaded() -> None:
    able = {
        f"cogs.{one.name}"
        for one in pkgutil.iter_modules(cogs.__path__)
        if hasattr(importlib.import_module(f"cogs.{one.name}"), "setup")
    }
    assert able == set(cogs.EXTENSIONS)


async def test_asking_works_everywhere_and_for_everyone(
    commands: dict[str, app_commands.Command | app_commands.ContextMenu],
) -> None:
    for command in (commands[name] for name in ASKING):
        assert command.allowed_installs
        assert command.allowed_contexts
        assert command.allowed_installs.guild
        assert command.allowed_installs.user
        contexts = command.allowed_contexts
        assert contexts.guild
        assert contexts.dm_channel
        assert contexts.private_channel
        assert not command.nsfw


async def test_the_readme_tells_of_exactly_the_commands(
    commands: dict[str, app_commands.Command | app_commands.ContextMenu], root: Path
) -> None:
    """A table row a command: ``| `/whois` … |`` or ``| **Who is this?** … |``."""
    text = (root / "README.md").read_text()
    slash = set(re.findall(r"^\| *`/([a-z][a-z_ -]*?)[`: ]", text, re.M))
    menus = set(re.findall(r"^\| *\*\*(.+?)\*\*", text, re.M))
    kinds = {True: set[str](), False: set[str]()}
    for name, command in commands.items():
        kinds[isinstance(command, app_commands.ContextMenu)].add(name)
    assert slash == kinds[False]
    assert menus >= kinds[True]


def test_no_privileged_intent_is_asked_for(catalog: Catalog) -> None:
    services = Services(rectangle_recognizer(), catalog, Downloader())
    intents = bot.create_bot(bot.Settings(), services).intents
    assert intents == discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    asked = bot.create_bot(bot.Settings(message_content=True), services).intents
    assert asked.message_content
    assert not asked.members
    assert not asked.presences
