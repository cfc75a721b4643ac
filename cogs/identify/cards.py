"""One card per character of a picture, and the embed it becomes.

The embed can be read back (``scripts/demo.py`` does): the title is ``"<numbers> · <name>"``, the
field *How sure* holds one percentage a number, in the same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import discord

from catalog import Catalog, Character
from cogs.identify import texts
from cogs.identify.wording import escaped, how_sure, numbers_text, percent
from cogs.shared.language import _
from cogs.shared.wording import capitalised, colour
from recognition.palette import face_colour
from recognition.types import (
    Candidate,
    Match,
    Mode,
    Recognition,
    RecognizedFace,
    RecognizedWhole,
    Unknown,
)

_MIN_RUNNER_UP = 0.01
_MIN_HINT = 0.05
_MAX_LINES, _MAX_TITLE_NAME = 25, 60


class Detail(IntEnum):
    """How much a card tells; less where many cards share one message."""

    SHORT = 0
    NORMAL = 1
    FULL = 2


@dataclass(frozen=True, slots=True)
class Card:
    """What one card says.

    ``picture`` counts from 1 within the message of ``pictures``; ``numbers`` are those on the
    annotated picture, empty for the picture as a whole; ``name`` None is an unknown;
    ``other`` is the runner-up, or of an unknown the nearest guess.
    """

    numbers: tuple[int, ...]
    name: str | None
    character: str | None
    probabilities: tuple[float, ...]
    other: Candidate | None
    mode: Mode
    spoiler: bool = False
    picture: int = 1
    pictures: int = 1

    @property
    def order(self) -> tuple[int, int]:
        return self.picture, min(self.numbers, default=0)


def cards_of(
    recognition: Recognition, *, spoiler: bool = False, picture: int = 1, pictures: int = 1
) -> list[Card]:
    """The cards of one picture by their lowest number.

    A character seen twice has one card, and so have all strangers that there is nothing to say of:
    nobody wants to scroll past five times "I don't know this one".
    """
    blank = Card((), None, None, (), None, recognition.mode, spoiler, picture, pictures)
    if recognition.whole is not None and not recognition.faces:
        return [_filled(blank, recognition.whole)]
    groups: dict[str, list[int]] = {}
    for number, face in enumerate(recognition.faces, 1):
        if isinstance(face.decision, Match):
            key = face.decision.character
        else:
            key = f"unknown {number}" if _hint(face.decision) else "unknown"
        groups.setdefault(key, []).append(number)
    return [_of_group(blank, recognition.faces, numbers) for numbers in groups.values()]


def merged_unknowns(cards: Iterable[Card]) -> list[Card]:
    """The same cards with all unknown faces of a picture on one, without their nearest guesses."""
    merged: dict[tuple[int, int], Card] = {}
    for index, card in enumerate(cards, 1):
        single = card.name is not None or not card.numbers
        key = (card.picture, index if single else 0)
        if (before := merged.get(key)) is None:
            merged[key] = card
        else:
            numbers = before.numbers + card.numbers
            sure = before.probabilities + card.probabilities
            merged[key] = replace(before, numbers=numbers, probabilities=sure, other=None)
    return sorted(merged.values(), key=lambda card: card.order)


def title_of(card: Card) -> str:
    """``"1, 3 · Ayanami Rei"``. What is behind a spoiler does not stand in a title."""
    numbers = numbers_text(card.numbers) or _(texts.WHOLE)
    if card.name is None:
        return f"{numbers} · {texts.not_known(len(card.numbers))}"
    return (
        f"{numbers} · {_(texts.SPOILER) if card.spoiler else escaped(card.name, _MAX_TITLE_NAME)}"
    )


def embed_of(card: Card, catalog: Catalog, detail: Detail) -> discord.Embed:
    """The card as Discord shows it; at most about 1,200 characters in full, 350 in short."""
    number = min(card.numbers, default=1)
    embed = discord.Embed(
        title=title_of(card), colour=face_colour(number, known=card.name is not None)
    )
    lines = _unknown_lines(card) if card.name is None else _known_lines(card, catalog, detail)
    embed.description = _hidden("\n".join(lines), card) if lines else None
    if card.name is not None:
        embed.add_field(name=_(texts.HOW_SURE), value=_sureness(card))
        if card.other is not None:
            other = texts.guess(escaped(card.other.name), percent(card.other.probability))
            embed.add_field(name=_(texts.RUNNER_UP), value=_hidden(other, card))
    if card.pictures > 1:
        embed.set_footer(text=texts.picture_of(card.picture, card.pictures))
    return embed


def facts_line(character: Character) -> str:
    """Hair, eyes, birthday and age, as far as they are known."""
    facts = character.facts
    told = [(texts.HAIR, facts.hair and colour(facts.hair))]
    told.append((texts.EYES, facts.eyes and colour(facts.eyes)))
    if facts.birthday is not None:
        told.append((texts.BIRTHDAY, texts.birthday(facts.birthday.month, facts.birthday.day)))
    if facts.age is not None:
        told.append((texts.AGE, str(facts.age)))
    return " · ".join(texts.fact(name, escaped(value, 60)) for name, value in told if value)


def _hint(decision: Unknown) -> Candidate | None:
    """The nearest guess where it is likely enough to be worth reading."""
    nearest = decision.nearest
    return nearest if nearest is not None and nearest.probability >= _MIN_HINT else None


def _filled(blank: Card, answer: RecognizedFace | RecognizedWhole) -> Card:
    """`blank` with one decision written on it."""
    decision = answer.decision
    card = replace(blank, probabilities=(decision.probability,))
    if isinstance(decision, Unknown):
        return replace(card, other=_hint(decision))
    others = (one for one in answer.candidates if one.character != decision.character)
    runner_up = next(others, None)
    if runner_up is not None and runner_up.probability < _MIN_RUNNER_UP:
        runner_up = None
    return replace(card, name=decision.name, character=decision.character, other=runner_up)


def _of_group(blank: Card, faces: Sequence[RecognizedFace], numbers: Sequence[int]) -> Card:
    group = [faces[number - 1] for number in numbers]
    # The least certain face of a group is the one whose runner-up is worth a look.
    doubtful = min(group, key=lambda face: face.decision.probability)
    card = replace(_filled(blank, doubtful), numbers=tuple(numbers))
    return replace(card, probabilities=tuple(face.decision.probability for face in group))


def _known_lines(card: Card, catalog: Catalog, detail: Detail) -> list[str]:
    lines = [f"**{escaped(card.name or '')}**"] if card.spoiler else []
    character = catalog.get(card.character or "")
    if character is not None:
        lines.append(_origin(character))
        if detail is Detail.FULL:
            lines.append(escaped(character.role, 100))
        if detail is not Detail.SHORT:
            lines.append(escaped(character.description, 300))
        if detail is Detail.FULL:
            lines.append(facts_line(character))
    if not card.numbers:
        lines.append(_small(_why_whole(card.mode), card))
    return lines


def _unknown_lines(card: Card) -> list[str]:
    lines = []
    if not card.numbers:
        lines.append(_why_whole(card.mode))
    if card.other is not None:
        guess = texts.guess(escaped(card.other.name), percent(card.other.probability))
        lines.append(_small(texts.nearest(guess), card))
    return lines


def _why_whole(mode: Mode) -> str:
    if mode is Mode.WHOLE:
        return _(texts.AS_ASKED)
    return _(texts.NO_FACE_WHOLE)


def _origin(character: Character) -> str:
    names = [character.names.native, character.names.romaji_western]
    other_names = [escaped(name) for name in names if name and name != character.names.romaji]
    series = f"*{escaped(character.series.title)}* ({character.series.year})"
    return " · ".join([*other_names, series])


def _sureness(card: Card) -> str:
    sure = [how_sure(probability) for probability in card.probabilities]
    if len(sure) == 1:
        return capitalised(sure[0])
    lines = [f"{n}: {text}" for n, text in zip(card.numbers, sure, strict=True)]
    return "\n".join(lines[:_MAX_LINES])


def _hidden(text: str, card: Card) -> str:
    return f"||{text}||" if card.spoiler else text


def _small(text: str, card: Card) -> str:
    # Behind a spoiler's bars the sign for small print would be shown as it is.
    return text if card.spoiler else f"-# {text}"
