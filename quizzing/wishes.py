"""What somebody wants to add to a server's quiz."""

from __future__ import annotations

from dataclasses import dataclass

from store.types import Subject


@dataclass(frozen=True, slots=True)
class Wish:
    """The sitter's index in the portrait, and who it is.

    ``character_id`` is an id of the server's gallery, or one that the caller made up for somebody
    whom nobody has taught.
    """

    sitter: int
    character_id: str
    subject: Subject
    adult: bool
    spoiler: bool
