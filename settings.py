"""Everything an operator can set, read from the environment and ``.env`` by ``bot.py`` alone."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

HERE = Path(__file__).parent


class SettingsError(Exception):
    """A setting cannot be used; the message is one sentence for the operator."""


def _between(kind: type, least: float, most: float) -> Callable[[str], Any]:
    def read(raw: str) -> Any:
        value = kind(raw)
        if not least <= value <= most:
            raise ValueError
        return value

    return read


def _like(pattern: str) -> Callable[[str], str]:
    def read(raw: str) -> str:
        if not re.fullmatch(pattern, raw):
            raise ValueError
        return raw

    return read


def _switch(raw: str) -> bool:
    return {"on": True, "off": False}[_like("on|off")(raw.lower())]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set; ``.env.example`` explains each."""

    token: str = field(default="", repr=False)
    discord_api: str = ""
    discord_gateway: str = ""
    message_content: bool = False
    database_url: str = field(default="", repr=False)  # it may hold a password
    anilist: str = "https://graphql.anilist.co"
    detector: str = "neural"
    runtime: str = "auto"
    threads: int = 2
    queue: int = 120
    cooldown_s: float = 3.0
    weights: Path = HERE / "weights"
    cache: Path = Path("~/.cache/aniwhois").expanduser()  # noqa: RUF009 - the same all the time
    log_level: str = "INFO"
    shard_ids: tuple[int, ...] | None = None
    shard_count: int | None = None

    @classmethod
    def from_env(
        cls, environ: Mapping[str, str] = os.environ, file: Path = HERE / ".env"
    ) -> Settings:
        """Reads the environment and, for what is not set there, the ``.env`` file.

        Raises:
            SettingsError: a value cannot be used. Its text names the setting, never a secret.
        """
        found = {**dotenv_values(file), **environ}
        values: dict[str, Any] = {}
        for name, (variable, read, wanted) in VARIABLES.items():
            if raw := (found.get(variable) or "").strip():
                try:
                    values[name] = read(raw)
                except ValueError:
                    given = "" if name in _SECRET else f"is {raw!r}, but it "
                    text = f"{variable} {given}has to be {wanted}."
                    raise SettingsError(text) from None
        if "shard_ids" in values and "shard_count" not in values:
            raise SettingsError("SHARD_IDS also needs SHARD_COUNT, the number of all shards.")
        return cls(**values)


_SECRET = ("token", "database_url")
VARIABLES: dict[str, tuple[str, Callable[[str], Any], str]] = {
    "token": ("DISCORD_TOKEN", str, ""),
    "discord_api": ("ANIWHOIS_DISCORD_API", _like("https?://.+"), "a web address"),
    "discord_gateway": ("ANIWHOIS_DISCORD_GATEWAY", _like("wss?://.+"), "a ws:// address"),
    "message_content": ("ANIWHOIS_MESSAGE_CONTENT", _switch, "on or off"),
    "database_url": (
        "ANIWHOIS_DATABASE_URL",
        _like(r"(sqlite|postgres(ql)?)(\+\w+)?://.+"),
        "an address such as sqlite:///file.db or postgresql://user:word@host/name",
    ),
    "anilist": ("ANIWHOIS_ANILIST", _like("off|https?://.+"), "a web address, or off"),
    "detector": (
        "ANIWHOIS_DETECTOR",
        _like(r"neural|cascade|upstream|.+\.xml"),
        "neural, cascade, upstream or the path of a cascade file ending in .xml",
    ),
    "runtime": ("ANIWHOIS_RUNTIME", _like("auto|int8|onnx|torch"), "auto, int8, onnx or torch"),
    "threads": ("ANIWHOIS_THREADS", _between(int, 1, 64), "a whole number from 1 to 64"),
    "queue": ("ANIWHOIS_QUEUE", _between(int, 1, 1000), "a whole number from 1 to 1000"),
    "cooldown_s": ("ANIWHOIS_COOLDOWN_S", _between(float, 0, 3600), "seconds from 0 to 3600"),
    "weights": ("ANIWHOIS_WEIGHTS", lambda raw: Path(raw).expanduser(), ""),
    "cache": ("ANIWHOIS_CACHE", lambda raw: Path(raw).expanduser(), ""),
    "log_level": (
        "ANIWHOIS_LOG_LEVEL",
        _like("DEBUG|INFO|WARNING|ERROR"),
        "DEBUG, INFO, WARNING or ERROR",
    ),
    "shard_ids": (
        "SHARD_IDS",
        lambda raw: tuple(int(part) for part in raw.split(",")),
        "shard numbers such as 0,1",
    ),
    "shard_count": ("SHARD_COUNT", _between(int, 1, 100_000), "a whole number of at least 1"),
}
"""Setting → the variable it is read from, how, and what its value has to be."""
