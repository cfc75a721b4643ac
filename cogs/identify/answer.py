"""From what was recognised to one Discord message. Pure: no network, no clock, no state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import discord

from catalog import Catalog
from cogs.identify import texts
from cogs.identify.alt_text import alt_text
from cogs.identify.budget import Fitted, pages_of
from cogs.identify.cards import Card, Detail, cards_of, title_of
from cogs.identify.wording import escaped, length, listed, percent
from cogs.shared.language import _
from recognition.recognizer import AnnotatedPicture
from recognition.types import Match, Recognition
from store.types import Correction, Crop

MAX_CONTENT = 2000
_MAX_NAMES = 6
_SURE = 0.8
_ROOM_FOR_REST = 60
REFERENCE = "known-"
"""How the file name of a kept picture begins; picture and face follow."""
_MAX_REFERENCES = 6
"""A message holds ten files, four of them marked pictures."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture that was looked at. ``spoiler``: it was hidden, and stays so with its names.

    ``annotated`` is None where the marked picture is posted already; ``references`` are kept
    pictures to compare with: a face's number (0: the whole picture) → the nearest one.
    """

    recognition: Recognition
    annotated: AnnotatedPicture | None
    spoiler: bool = False
    references: Mapping[int, Crop] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failed:
    """A picture that could not be looked at, and the sentence that says why."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send. ``alt_text`` has at most 1,024 characters."""

    filename: str
    data: bytes
    alt_text: str
    spoiler: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """One message within Discord's limits: one page of ``pages``."""

    content: str
    embeds: list[discord.Embed]
    uploads: list[Upload]
    pages: int = 1


def render(
    outcomes: Sequence[Seen | Failed],
    catalog: Catalog,
    *,
    upload_limit_bytes: int,
    left_out: int = 0,
    note: str | None = None,
    corrections: Sequence[Correction] = (),
    page: int = 0,
    detail: Detail = Detail.NORMAL,
    posted: Mapping[str, str] | None = None,
) -> Reply:
    """The answer to one request.

    Args:
        outcomes: one a picture, at most four (the caller's limit), in the message's order.
        catalog: what is known about the characters.
        upload_limit_bytes: of one file, as Discord states it for this place.
        left_out: pictures of the message that were not looked at.
        note: a line of small print.
        corrections: what people said since.
        page: which of the pages, from 0; the last one where there are fewer.
        detail: how much a card tells, as long as there is room.
        posted: the kept pictures that the message shows already: file name → address.
    """
    cards: list[Card] = []
    uploads: list[Upload] = []
    lines: list[str] = []
    notes: list[str] = []
    many = len(outcomes) > 1
    for number, outcome in enumerate(outcomes, 1):
        if isinstance(outcome, Failed):
            lines.append(_of_picture(number, many, outcome.sentence))
            continue
        cards += cards_of(
            outcome.recognition, spoiler=outcome.spoiler, picture=number, pictures=len(outcomes)
        )
        said = summary(outcome.recognition, spoiler=outcome.spoiler)
        lines.append(_of_picture(number, many, said))
        if outcome.annotated is None:
            continue
        upload = _upload(outcome, outcome.annotated, number)
        if len(upload.data) <= upload_limit_bytes:
            uploads.append(upload)
        else:
            notes.append(texts.too_big(number if many else None))
    if left_out:
        notes.append(texts.left_out(len(outcomes), left_out))
    if note:
        notes.append(note)
    notes += [_correction(one, outcomes) for one in corrections]
    pages = pages_of(cards, catalog, detail)
    shown = pages[min(page, len(pages) - 1)]
    elsewhere = [card for one in pages if one is not shown for card in one.cards]
    content = _content(lines + notes, [_brief(card) for card in elsewhere])
    # On one of several pages a small picture would lie about loose when the page is turned.
    if len(pages) == 1:
        uploads += _add_references(shown, outcomes, posted or {})
    return Reply(content, shown.embeds, uploads, len(pages))


def summary(recognition: Recognition, *, spoiler: bool = False) -> str:
    """One or two sentences for notifications and for those who read no cards."""
    answers = recognition.faces or ((recognition.whole,) if recognition.whole else ())
    if not answers:
        return _(texts.NO_FACE)
    matches = [one.decision for one in answers if isinstance(one.decision, Match)]
    unknown = len(answers) - len(matches)
    if not matches:
        if recognition.faces:
            return texts.see_strangers(unknown)
        return _(texts.NOBODY_WHOLE)
    names = list(dict.fromkeys(f"**{escaped(match.name)}**" for match in matches))
    if len(names) > _MAX_NAMES:
        names = [*names[:_MAX_NAMES], texts.more_names(len(names) - _MAX_NAMES)]
    who = f"||{listed(names)}||" if spoiler else listed(names)
    if not recognition.faces:
        return texts.see_whole(who)
    sure = all(match.probability >= _SURE for match in matches)
    return texts.see(who, unknown, sure=sure)


def _of_picture(number: int, many: bool, sentence: str) -> str:
    return texts.of_picture(number, sentence) if many else sentence


def _upload(seen: Seen, annotated: AnnotatedPicture, number: int) -> Upload:
    # Our own name, never the sender's: a file name is text that anybody may have written.
    name = f"whois-{number}.{annotated.suffix}"
    return Upload(name, annotated.data, alt_text(seen.recognition), seen.spoiler)


def _add_references(
    page: Fitted, outcomes: Sequence[Seen | Failed], posted: Mapping[str, str]
) -> list[Upload]:
    """Puts kept pictures on the cards; returns those that are not in the message yet."""
    uploads: list[Upload] = []
    for card, embed in zip(page.cards, page.embeds, strict=True):
        if card.name is None or card.spoiler:
            continue
        outcome = outcomes[card.picture - 1]
        numbers = card.numbers or (0,)
        for number in numbers:
            name = f"{REFERENCE}{card.picture}-{number}.jpg"
            crop = outcome.references.get(number) if isinstance(outcome, Seen) else None
            if crop is not None and len(uploads) < _MAX_REFERENCES:
                alt = texts.reference_alt(card.name)[:1024]
                uploads.append(Upload(name, crop.data, alt, spoiler=False))
                embed.set_thumbnail(url=f"attachment://{name}")
                break
            if name in posted:
                embed.set_thumbnail(url=posted[name])
                break
    return uploads


def _correction(correction: Correction, outcomes: Sequence[Seen | Failed]) -> str:
    face = None if correction.face is None else correction.face + 1
    where = texts.place(correction.picture + 1, len(outcomes), face)
    if correction.truth is None:
        return texts.corrected(where, None)
    outcome = outcomes[correction.picture]
    name = f"**{escaped(correction.truth)}**"
    hidden = isinstance(outcome, Seen) and outcome.spoiler
    return texts.corrected(where, f"||{name}||" if hidden else name)


def _brief(card: Card) -> str:
    """A card without a card: one line of the message's text."""
    title = title_of(card)
    if card.spoiler and card.name is not None:
        title = title.removesuffix(_(texts.SPOILER)) + f"||{escaped(card.name)}||"
    if card.name is not None:
        sure = " ".join(percent(one) for one in card.probabilities[:_MAX_NAMES])
        title = texts.guess(title, sure)
    return f"-# {_of_picture(card.picture, card.pictures > 1, title)}"


def _content(lines: Sequence[str], brief: Sequence[str]) -> str:
    """The lines, then as many brief cards as fit, then how many more there would be."""
    text = "\n".join(lines)
    for index, line in enumerate(brief):
        if length(text) + length(line) + 1 > MAX_CONTENT - _ROOM_FOR_REST:
            return f"{text}\n{texts.and_more(len(brief) - index)}"
        text += f"\n{line}"
    return text
