"""**That's wrong**: the form that asks which face is meant, and who it really is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

import discord

from cogs.identify import texts
from cogs.identify.kept import was_seen
from cogs.identify.wording import percent, shortened
from cogs.shared.language import _
from cogs.shared.safe import SafeModal, ServedInteraction, run
from recognition.types import Candidate, Decision, Match, Unknown
from store.errors import ValueRefused
from store.types import Answer, CharacterSummary
from store.types.gallery import gallery_id
from teaching.people import key_of

MAX_NAME = 100
_MAX_OPTIONS = 25
_MAX_HELP = 100
Place = tuple[int, int | None]
"""(picture, face), both from 0; face None is the whole picture."""
Submitted = Callable[[ServedInteraction, Place, Decision, str, str], Awaitable[None]]
"""Called with what was filled in: the name that was typed, the key that was chosen, "" for none."""


class CorrectionForm(SafeModal):
    """Asks which face and who it is.

    Args:
        answer: what was said.
        taught: whom the server taught.
        staff_see: what is said here is shown to staff.
        then: goes on with what was filled in.
    """

    def __init__(
        self,
        answer: Answer,
        taught: Sequence[CharacterSummary],
        *,
        staff_see: bool,
        then: Submitted,
    ) -> None:
        super().__init__(title=_(texts.WRONG_TITLE))
        self._then = then
        self._places = dict(list(places_of(answer))[:_MAX_OPTIONS])
        self._which: discord.ui.Select[Any] | None = None
        if len(self._places) > 1:
            options = [
                discord.SelectOption(
                    label=_label(answer, place, decision), value=str(index), default=index == 0
                )
                for index, (place, (decision, _guesses)) in enumerate(self._places.items())
            ]
            self._which = discord.ui.Select(options=options)
            self.add_item(discord.ui.Label(text=_(texts.WHICH), component=self._which))
        self._who: discord.ui.TextInput[Any] = discord.ui.TextInput(
            max_length=MAX_NAME, required=False
        )
        told = shortened(texts.staff_see() if staff_see else _(texts.WHO_HELP), _MAX_HELP)
        self.add_item(discord.ui.Label(text=_(texts.WHO), description=told, component=self._who))
        self._guesses: discord.ui.Select[Any] | None = None
        if suggested := suggestions_of(answer, taught):
            self._guesses = discord.ui.Select(options=suggested, required=False)
            self.add_item(discord.ui.Label(text=texts.or_one_of_these(), component=self._guesses))

    async def on_submit(self, interaction: ServedInteraction) -> None:  # type: ignore[override]
        await run(interaction, self._go_on)

    async def _go_on(self, interaction: ServedInteraction) -> None:
        values = self._which.values if self._which else ["0"]
        places = {str(index): one for index, one in enumerate(self._places.items())}
        if len(values) != 1 or values[0] not in places:
            raise ValueRefused("place", values)
        place, (decision, _guesses) = places[values[0]]
        chosen = self._guesses.values[0] if self._guesses and self._guesses.values else ""
        typed = " ".join(self._who.value.split())[:MAX_NAME]
        await self._then(interaction, place, decision, typed, "" if typed else chosen)


def places_of(answer: Answer) -> Iterator[tuple[Place, tuple[Decision, Sequence[Candidate]]]]:
    """Everything that a correction can be about, with what was said of it."""
    for number, picture in enumerate(answer.pictures):
        if not was_seen(picture):
            continue
        for face_number, face in enumerate(picture.recognition.faces):
            yield (number, face_number), (face.decision, face.candidates)
        if picture.recognition.faces:
            continue
        # Where no face was found and nothing else was asked for, somebody may know who it is.
        whole = picture.recognition.whole
        said = (Unknown(None, 0.0), ()) if whole is None else (whole.decision, whole.candidates)
        yield (number, None), said


def suggestions_of(
    answer: Answer, taught: Sequence[CharacterSummary]
) -> list[discord.SelectOption]:
    """Who it may be instead: the other guesses, then whom the server taught, the latest first.

    A value is a character's key, see `teaching.people.key_of`. Guesses about a picture behind a
    spoiler are not shown: who fills in the form may not have seen it either.
    """
    found: dict[str, discord.SelectOption] = {}
    places = list(places_of(answer))
    for place, (decision, candidates) in places:
        if answer.pictures[place[0]].spoiler:
            continue
        said = decision.character if isinstance(decision, Match) else None
        for one in candidates:
            if one.character != said:
                sure = percent(one.probability)
                if len(places) > 1:
                    sure = texts.guess_at(_where(answer, place), sure)
                found.setdefault(one.character, _option(one.character, one.name, sure))
    for known in sorted(taught, key=lambda one: one.last_taught_at, reverse=True):
        key = gallery_id(known.id, known.catalog_id)
        found.setdefault(key, _option(key, known.name, known.series))
    return list(found.values())[:_MAX_OPTIONS]


def _option(character: str, name: str, description: str) -> discord.SelectOption:
    return discord.SelectOption(
        label=shortened(name, 100),
        description=shortened(description, 100) or None,
        value=key_of(character),
    )


def _where(answer: Answer, place: Place) -> str:
    picture, face = place
    return texts.place(picture + 1, len(answer.pictures), None if face is None else face + 1)


def _label(answer: Answer, place: Place, decision: Decision) -> str:
    where = _where(answer, place)
    if answer.pictures[place[0]].spoiler:
        return where
    name = decision.name if isinstance(decision, Match) else _(texts.UNKNOWN)
    return shortened(texts.named(where, name), 100)
