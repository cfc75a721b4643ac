"""Settings: ``.env.example`` is complete, and a wrong value is one clear sentence."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from settings import VARIABLES, Settings, SettingsError

NOWHERE = Path("/nonexistent/.env")


def test_env_example_names_exactly_the_settings(root: Path) -> None:
    text = (root / ".env.example").read_text()
    named = re.findall(r"^#? ?([A-Z][A-Z_]+)=", text, re.M)
    assert sorted(named) == sorted(variable for variable, _, _ in VARIABLES.values())
    assert list(VARIABLES) == [field.name for field in dataclasses.fields(Settings)]


def test_env_example_is_the_defaults(root: Path) -> None:
    assert Settings.from_env({}, root / ".env.example") == Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("ANIWHOIS_QUEUE=3\nANIWHOIS_THREADS=4\nSHARD_IDS=0,2\nSHARD_COUNT=3\n")
    settings = Settings.from_env({"ANIWHOIS_QUEUE": "5", "ANIWHOIS_DETECTOR": "a/b.xml"}, file)
    assert (settings.queue, settings.threads, settings.detector) == (5, 4, "a/b.xml")
    assert (settings.shard_ids, settings.shard_count) == ((0, 2), 3)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ANIWHOIS_RUNTIME", "cuda"),
        ("ANIWHOIS_DETECTOR", "best"),
        ("ANIWHOIS_THREADS", "many"),
        ("ANIWHOIS_THREADS", "0"),
        ("ANIWHOIS_QUEUE", "-1"),
        ("ANIWHOIS_COOLDOWN_S", "nan"),
        ("ANIWHOIS_LOG_LEVEL", "loud"),
        ("ANIWHOIS_DISCORD_API", "discord.com"),
        ("ANIWHOIS_ANILIST", "graphql.anilist.co"),
        ("ANIWHOIS_ANILIST", "never"),
        ("ANIWHOIS_MESSAGE_CONTENT", "yes"),
        ("ANIWHOIS_DATABASE_URL", "mysql://host/name"),
        ("SHARD_IDS", "0;1"),
        ("SHARD_IDS", "0,1"),
    ],
)
def test_a_wrong_value_is_one_sentence_naming_the_setting(variable: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({variable: value}, NOWHERE)
    text = str(caught.value)
    assert text.startswith(variable)
    assert text.endswith(".")
    assert "\n" not in text


def test_the_token_is_in_no_representation() -> None:
    assert "secret" not in repr(Settings.from_env({"DISCORD_TOKEN": "secret"}, NOWHERE))


def test_a_wrong_database_address_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"ANIWHOIS_DATABASE_URL": "mysql://me:hunter2@host/name"}, NOWHERE)
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(Settings(database_url="postgresql://me:hunter2@host/name"))
