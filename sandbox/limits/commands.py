"""Limits of application commands (Application Commands docs, "Application Command Naming",
"Limits").
"""

from __future__ import annotations

import unicodedata
from typing import Any

from sandbox import errors
from sandbox.errors import Json, Path, Problems
from sandbox.limits import fields

MAX_NAME = 32
MAX_DESCRIPTION = 100
MAX_OPTIONS = 25
MAX_CHOICES = 25
MAX_SIZE = 8000
MAX_COMMANDS = {1: 100, 2: 15, 3: 15}
"""Most commands of each type (chat input, user, message) in one scope."""

SUBCOMMAND, GROUP, STRING, INTEGER, NUMBER = 1, 2, 3, 4, 10
OPTION_TYPES = range(1, 12)
LOCALES = frozenset(
    """id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg
    ru uk hi th zh-CN ja zh-TW ko ar he""".split()  # noqa: SIM905  (a table of 34 short words)
)


def valid_name(name: str) -> bool:
    """A chat-input name: ``^[-_'\\p{L}\\p{N}\\p{sc=Deva}\\p{sc=Thai}]{1,32}$``, lower case where
    case exists.
    """
    if not 1 <= len(name) <= MAX_NAME or name != name.lower():
        return False
    return all(one in "-_'" or _is_letter_or_number(one) for one in name)


def _is_letter_or_number(one: str) -> bool:
    if unicodedata.category(one)[0] in "LN":
        return True
    return "\u0900" <= one <= "\u097f" or "\u0e00" <= one <= "\u0e7f"


def check_commands(payload: Any) -> None:
    """Refuse a bulk overwrite that breaks a limit.

    Raises:
        InvalidFormBody: 50035, paths start with the command's index.
        DiscordError: 30032, too many commands of a type.
    """
    problems = Problems()
    commands = fields.items(problems, (), payload, most=130)
    seen: set[tuple[Any, Any]] = set()
    for index, command in enumerate(commands):
        check_command(problems, (index,), command)
        key = (command.get("type", 1), command.get("name"))
        if key in seen:
            message = "Application command names must be unique"
            problems.add((index, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        seen.add(key)
    problems.raise_if_any()
    for kind, most in MAX_COMMANDS.items():
        if sum(command.get("type", 1) == kind for command in commands) > most:
            raise errors.too_many_commands(most)


def check_command(problems: Problems, path: Path, command: Json) -> None:
    """Note everything wrong with one command."""
    kind = command.get("type") or 1
    if not fields.choice(problems, (*path, "type"), kind, (1, 2, 3)):
        return
    if kind == 1:
        _check_named(problems, path, command)
        _check_options(problems, (*path, "options"), command.get("options"), depth=0)
        if _size(command) > MAX_SIZE:
            message = f"Command exceeds maximum size ({MAX_SIZE})"
            problems.add(path, "APPLICATION_COMMAND_TOO_LARGE", message)
    else:
        name = command.get("name")
        fields.text(problems, (*path, "name"), name, least=1, most=MAX_NAME, need=True)
        if command.get("description"):
            message = "Context menu commands cannot have description"
            code = "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID"
            problems.add((*path, "description"), code, message)
        if command.get("options"):
            message = "Context menu commands cannot have options"
            code = "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_INVALID"
            problems.add((*path, "options"), code, message)
    _check_places(problems, path, command)


def _check_places(problems: Problems, path: Path, command: Json) -> None:
    for name, allowed in (("contexts", (0, 1, 2)), ("integration_types", (0, 1))):
        values = command.get(name)
        if values is None:
            continue
        if not values:
            problems.add((*path, name), "BASE_TYPE_MIN_LENGTH", "Must be 1 or more in length.")
        for index, value in enumerate(values):
            fields.choice(problems, (*path, name, index), value, allowed)
        if len(values) != len(set(values)):
            message = "The values must be unique"
            problems.add((*path, name), "SET_TYPE_CONTAINS_DUPLICATES", message)


def _check_named(problems: Problems, path: Path, one: Json) -> None:
    """Name and description of a command or option, and their translations."""
    name = one.get("name")
    fields.text(problems, (*path, "name"), name, least=1, most=MAX_NAME, need=True)
    if isinstance(name, str) and 1 <= len(name) <= MAX_NAME and not valid_name(name):
        code = "APPLICATION_COMMAND_INVALID_NAME"
        problems.add((*path, "name"), code, "Command name is invalid")
    where, text = (*path, "description"), one.get("description")
    fields.text(problems, where, text, least=1, most=MAX_DESCRIPTION, need=True)
    for field, most in (("name", MAX_NAME), ("description", MAX_DESCRIPTION)):
        translations = one.get(f"{field}_localizations") or {}
        for locale, translated in translations.items():
            here = (*path, f"{field}_localizations", locale)
            if locale not in LOCALES:
                problems.add(here, "BASE_TYPE_CHOICES", "Not a valid locale")
            fields.text(problems, here, translated, least=1, most=most, need=True)
            if field == "name" and isinstance(translated, str) and not valid_name(translated):
                code = "APPLICATION_COMMAND_INVALID_NAME"
                problems.add(here, code, "Command name is invalid")


def _check_options(problems: Problems, path: Path, value: Any, depth: int) -> None:
    options = fields.items(problems, path, value, most=MAX_OPTIONS)
    names = [option.get("name") for option in options]
    if len(names) != len(set(names)):
        code = "APPLICATION_COMMAND_OPTIONS_NAME_INVALID"
        problems.add(path, code, "Option names must be unique within a command")
    optional_seen = False
    for index, option in enumerate(options):
        where = (*path, index)
        kind = option.get("type")
        if not fields.choice(problems, (*where, "type"), kind, OPTION_TYPES):
            continue
        _check_named(problems, where, option)
        if kind in (SUBCOMMAND, GROUP):
            if depth > (1 if kind == SUBCOMMAND else 0):
                message = "Sub-command option type is too deeply nested"
                problems.add((*where, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
            _check_options(problems, (*where, "options"), option.get("options"), depth + 1)
            continue
        if option.get("required") and optional_seen:
            message = "Required options must be placed before non-required options"
            problems.add(where, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_seen = optional_seen or not option.get("required")
        _check_value_limits(problems, where, option)


def _check_value_limits(problems: Problems, path: Path, option: Json) -> None:
    choices = fields.items(problems, (*path, "choices"), option.get("choices"), most=MAX_CHOICES)
    for index, choice in enumerate(choices):
        where = (*path, "choices", index)
        fields.text(problems, (*where, "name"), choice.get("name"), least=1, most=100, need=True)
        if option["type"] == STRING:
            value = choice.get("value")
            fields.text(problems, (*where, "value"), value, least=1, most=100, need=True)
    if option.get("autocomplete") and choices:
        message = "Autocomplete and choices cannot be used together"
        problems.add(path, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", message)
    least, most = option.get("min_length"), option.get("max_length")
    fields.integer(problems, (*path, "min_length"), least, least=0, most=6000)
    fields.integer(problems, (*path, "max_length"), most, least=1, most=6000)


def _size(one: Json) -> int:
    """Characters of names, descriptions and choice values, nested options included."""
    total = sum(len(str(one.get(key) or "")) for key in ("name", "description"))
    for choice in one.get("choices") or []:
        total += len(str(choice.get("name", ""))) + len(str(choice.get("value", "")))
    return total + sum(_size(option) for option in one.get("options") or [])
