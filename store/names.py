"""Names of characters: what is allowed, and which are the same one."""

from __future__ import annotations

import unicodedata

from store.errors import ValueRefused

NAME_LENGTH = 100
SERIES_LENGTH = 200


def tidy(what: str, value: str, longest: int, *, empty: bool = False) -> str:
    """`value` with single spaces. Raises ValueRefused: too long, empty, or not printable."""
    value = " ".join(value.split())
    if len(value) > longest or not (value or empty) or not value.isprintable():
        raise ValueRefused(what, value)
    return value


def key_of(name: str, catalog_id: str | None) -> str:
    """What makes two characters of a server the same one."""
    if catalog_id is not None:
        return f"catalog:{tidy('catalog_id', catalog_id, NAME_LENGTH)}"
    return f"name:{unicodedata.normalize('NFKC', name).casefold()}"
