"""What staff set about answers: how much a card tells, and in which order names are written."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from catalog import Catalog
from cogs.identify.cards import Detail
from cogs.shared.services import Services
from recognition.types import (
    Candidate,
    Decision,
    EncodedPicture,
    Match,
    Mode,
    Recognition,
    RecognizedFace,
    RecognizedWhole,
)
from store.errors import StoreUnavailable
from store.types import CardDetail, NameOrder

_DETAILS = {
    CardDetail.SHORT: Detail.SHORT,
    CardDetail.NORMAL: Detail.NORMAL,
    CardDetail.FULL: Detail.FULL,
}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Style:
    """How one place wants its answers."""

    detail: Detail = Detail.NORMAL
    given_first: bool = False


async def style_of(services: Services, guild_id: int | None) -> Style:
    """The style of a server; the usual one outside servers, and while the store is not there."""
    if guild_id is None or services.galleries is None:
        return Style()
    try:
        settings = (await services.galleries.get(guild_id)).settings
    except StoreUnavailable:
        log.exception("answering in the usual style")
        return Style()
    given_first = settings.name_order is NameOrder.GIVEN_FIRST
    return Style(_DETAILS[settings.card_detail], given_first)


class GivenFirst:
    """A decider whose names have the given name first, on the picture as on the cards.

    Args:
        decide: the decider itself.
        catalog: knows both orders; whom it does not know is called as taught.
    """

    def __init__(
        self, decide: Callable[[EncodedPicture, Mode], Recognition], catalog: Catalog
    ) -> None:
        self._decide = decide
        self._catalog = catalog

    def __call__(self, encoded: EncodedPicture, mode: Mode = Mode.AUTO) -> Recognition:
        found = self._decide(encoded, mode)
        faces = tuple(self._turned(face) for face in found.faces)
        return replace(found, faces=faces, whole=self._turned(found.whole) if found.whole else None)

    def _turned(self, answer: Any) -> Any:
        one: RecognizedFace | RecognizedWhole = answer
        candidates = tuple(self._named(candidate) for candidate in one.candidates)
        return replace(one, decision=self._decision(one.decision), candidates=candidates)

    def _decision(self, decision: Decision) -> Decision:
        if isinstance(decision, Match):
            return replace(decision, name=self._name(decision.character, decision.name))
        return replace(decision, nearest=decision.nearest and self._named(decision.nearest))

    def _named(self, candidate: Candidate) -> Candidate:
        return replace(candidate, name=self._name(candidate.character, candidate.name))

    def _name(self, character_id: str, name: str) -> str:
        character = self._catalog.get(character_id)
        # Where staff gave a character of ours another name, that one is meant.
        known = character is not None and name == character.names.romaji
        return character.names.romaji_western if character and known else name
