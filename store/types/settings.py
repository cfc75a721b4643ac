"""What staff can set for their server."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

from store.errors import ValueRefused


class NameOrder(StrEnum):
    """How names are written."""

    FAMILY_FIRST = "family_first"
    GIVEN_FIRST = "given_first"


class CardDetail(StrEnum):
    """How much a card tells."""

    SHORT = "short"
    NORMAL = "normal"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class QuizDefaults:
    """What ``/quiz start`` takes where its options are left out.

    ``rounds`` is 1 to 50, ``seconds`` 5 to 300. The words belong to the quiz, which knows which of
    them it has: the store keeps them as they are.

    Raises:
        ValueRefused: a number or a word is out of range.
    """

    deck: str = "clues"
    rounds: int = 10
    seconds: int = 25
    answers: str = "buttons"
    mode: str = "everyone"
    tolerance: str = "normal"

    def __post_init__(self) -> None:
        if not 1 <= self.rounds <= 50:
            raise ValueRefused("rounds", self.rounds)
        if not 5 <= self.seconds <= 300:
            raise ValueRefused("seconds", self.seconds)
        for name in ("deck", "answers", "mode", "tolerance"):
            if not 1 <= len(getattr(self, name)) <= 32:
                raise ValueRefused(name, getattr(self, name))


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """The settings of one server; the defaults are those of a server that never set anything.

    ``listening_per_minute`` is how many pictures a listening channel gets answered in a minute.
    ``teaching_roles`` may teach at once; empty: whoever may manage the server. ``language`` is a
    locale of Discord (None: each member's own). ``naming_confidence`` is the probability, 0 to 1,
    from which a name is said (None: the model's own threshold).
    """

    guild_id: int
    listening_channels: frozenset[int] = frozenset()
    listening_per_minute: int = 6
    teaching_roles: frozenset[int] = frozenset()
    approval_channel: int | None = None
    keep_crops: bool = False
    language: str | None = None
    name_order: NameOrder = NameOrder.FAMILY_FIRST
    card_detail: CardDetail = CardDetail.NORMAL
    naming_confidence: float | None = None
    quiz: QuizDefaults = QuizDefaults()


class SettingsChange(TypedDict, total=False):
    """The settings to change, as in `ServerSettings`; those left out stay as they are."""

    listening_channels: Collection[int]
    listening_per_minute: int
    teaching_roles: Collection[int]
    approval_channel: int | None
    keep_crops: bool
    language: str | None
    name_order: NameOrder
    card_detail: CardDetail
    naming_confidence: float | None
    quiz: QuizDefaults
