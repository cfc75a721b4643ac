"""Checks of single fields, each with the error code and sentence Discord uses for it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from sandbox.errors import Path, Problems

MAX_URL = 2048


def required(problems: Problems, path: Path) -> None:
    problems.add(path, "BASE_TYPE_REQUIRED", "This field is required")


def text(
    problems: Problems, path: Path, value: Any, *, most: int, least: int = 0, need: bool = False
) -> None:
    """A string of ``least``..``most`` characters; ``need``: absent and empty are refused."""
    if value is None or (need and value == ""):
        if need:
            required(problems, path)
    elif not isinstance(value, str):
        problems.add(path, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
    elif least and not least <= len(value) <= most:
        message = f"Must be between {least} and {most} in length."
        problems.add(path, "BASE_TYPE_BAD_LENGTH", message)
    elif len(value) > most:
        problems.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


def items(
    problems: Problems, path: Path, value: Any, *, most: int, least: int = 0
) -> list[dict[str, Any]]:
    """A list of ``least``..``most`` objects; returns those that are objects, for further checks."""
    if value is None:
        value = []
    if not isinstance(value, list):
        problems.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return []
    if least and not least <= len(value) <= most:
        message = f"Must be between {least} and {most} in length."
        problems.add(path, "BASE_TYPE_BAD_LENGTH", message)
    elif len(value) > most:
        problems.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
    for index, item in enumerate(value):
        if not isinstance(item, dict):
            message = "Only dictionaries may be used in a DictType"
            problems.add((*path, index), "DICT_TYPE_CONVERT", message)
    return [item for item in value if isinstance(item, dict)]


def integer(
    problems: Problems, path: Path, value: Any, *, least: int, most: int, need: bool = False
) -> None:
    if value is None:
        if need:
            required(problems, path)
    elif isinstance(value, bool) or not isinstance(value, int):
        problems.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
    elif value < least:
        message = f"int value should be greater than or equal to {least}."
        problems.add(path, "NUMBER_TYPE_MIN", message)
    elif value > most:
        message = f"int value should be less than or equal to {most}."
        problems.add(path, "NUMBER_TYPE_MAX", message)


def choice(problems: Problems, path: Path, value: Any, allowed: Collection[Any]) -> bool:
    """One of ``allowed``; returns whether it is."""
    if value in allowed:
        return True
    shown = ", ".join(str(one) for one in sorted(allowed))
    problems.add(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{shown}}}.")
    return False


def url(
    problems: Problems,
    path: Path,
    value: Any,
    *,
    files: Collection[str] = (),
    schemes: tuple[str, ...] = ("http", "https"),
    most: int = MAX_URL,
) -> None:
    """A well-formed address; ``attachment://name`` must name one of ``files`` where that scheme is
    allowed.

    Discord drops an embed's dangling ``attachment://`` silently and refuses a component's; here
    both are refused, because either way the person sees no picture.
    """
    text(problems, path, value, most=most)
    if not isinstance(value, str) or len(value) > most:
        return
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme and parts.scheme not in schemes:
        shown = ", ".join(repr(one) for one in schemes)
        message = f'Scheme "{parts.scheme}" is not supported. Scheme must be one of ({shown}).'
        problems.add(path, "URL_TYPE_INVALID_SCHEME", message)
    elif not parts.scheme or not parts.netloc or any(one.isspace() for one in value):
        problems.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    elif parts.scheme == "attachment" and value.removeprefix("attachment://") not in files:
        code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
        problems.add(path, code, "The referenced attachment was not found in the request.")
