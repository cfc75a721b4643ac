"""What one person sees after pressing a button that changes nothing: guesses and details."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import discord

from catalog import Catalog, Character
from cogs.identify import texts
from cogs.identify.budget import MAX_EMBED_CHARACTERS, MAX_EMBEDS, embed_characters
from cogs.identify.cards import facts_line
from cogs.identify.kept import was_seen
from cogs.identify.wording import escaped, length, percent
from cogs.shared.language import _
from recognition.palette import UNKNOWN_COLOUR, face_colour
from recognition.types import Candidate, Match, Recognition
from store.types import Answer, AnsweredPicture

_MAX_DESCRIPTION = 1400
_MAX_ALIASES = 6


def guesses(answer: Answer) -> list[discord.Embed]:
    """The best five candidates of every face with their probabilities, one embed a picture."""
    embeds = []
    for number, picture in enumerate(answer.pictures, 1):
        if not was_seen(picture):
            continue
        lines = [
            f"**{where}**\n{_candidates(candidates, hidden=picture.spoiler)}"
            for where, candidates in _guessed(picture.recognition)
        ]
        embed = discord.Embed(
            title=_(texts.GUESSES), description=_fitting(lines) or _(texts.NO_GUESS)
        )
        if len(answer.pictures) > 1:
            embed.set_footer(text=texts.picture(number))
        embeds.append(embed)
    return _within_limits(embeds)


def details(answer: Answer, catalog: Catalog) -> list[discord.Embed]:
    """How each picture was looked at, and a full card of everybody who was named."""
    embeds = [_how(number, one) for number, one in enumerate(answer.pictures, 1) if was_seen(one)]
    shown: dict[str, discord.Embed] = {}
    for picture in answer.pictures:
        for number, decision in _named(picture.recognition):
            if decision.character not in shown:
                character = catalog.get(decision.character)
                card = _card(decision, character, number, hidden=picture.spoiler)
                shown[decision.character] = card
    return _within_limits([*embeds, *shown.values()])


def _guessed(recognition: Recognition) -> Iterator[tuple[str, Sequence[Candidate]]]:
    for number, face in enumerate(recognition.faces, 1):
        yield texts.face(number), face.candidates
    if recognition.whole is not None and not recognition.faces:
        yield _(texts.WHOLE), recognition.whole.candidates


def _candidates(candidates: Sequence[Candidate], *, hidden: bool) -> str:
    if not candidates:
        return _(texts.NO_GUESS)
    lines = [f"{percent(one.probability)} · {escaped(one.name, 60)}" for one in candidates[:5]]
    text = "\n".join(lines)
    return f"||{text}||" if hidden else text


def _named(recognition: Recognition) -> Iterator[tuple[int, Match]]:
    for number, face in enumerate(recognition.faces, 1):
        if isinstance(face.decision, Match):
            yield number, face.decision
    whole = recognition.whole
    if whole is not None and isinstance(whole.decision, Match) and not recognition.faces:
        yield 1, whole.decision


def _how(number: int, picture: AnsweredPicture) -> discord.Embed:
    recognition = picture.recognition
    lines = [texts.how_looked(len(recognition.faces), recognition.size)]
    lines += [texts.detected(n, face.score) for n, face in enumerate(recognition.faces[:10], 1)]
    return discord.Embed(
        title=texts.picture(number), description="\n".join(lines), colour=UNKNOWN_COLOUR
    )


def _card(
    decision: Match, character: Character | None, number: int, *, hidden: bool
) -> discord.Embed:
    embed = discord.Embed(colour=face_colour(number, known=True))
    lines = [f"**{escaped(decision.name)}**"]
    if character is not None:
        lines += _facts(character)
        if character.anilist_id is not None and not hidden:
            embed.url = f"https://anilist.co/character/{character.anilist_id}"
    text = "\n".join(lines)
    if hidden:
        embed.description = f"||{text}||"
        return embed
    embed.title = escaped(decision.name, 100)
    embed.description = "\n".join(lines[1:]) or None
    return embed


def _facts(character: Character) -> list[str]:
    names, series = character.names, character.series
    also = [names.native, names.kana, names.romaji_western, *names.safe_aliases]
    others = [escaped(name, 60) for name in dict.fromkeys(also) if name and name != names.romaji]
    native = f" · {escaped(series.native, 80)}" if series.native else ""
    lines = [
        " · ".join(others[:_MAX_ALIASES]),
        f"*{escaped(series.title)}* ({series.year}){native}",
        escaped(character.role, 100),
        escaped(character.description, 300),
    ]
    lines.append(facts_line(character))
    return [line for line in lines if line]


def _fitting(lines: Sequence[str]) -> str:
    text = ""
    for index, line in enumerate(lines):
        if length(text) + length(line) > _MAX_DESCRIPTION:
            return f"{text}\n{texts.and_more(len(lines) - index)}"
        text += f"\n{line}" if text else line
    return text


def _within_limits(embeds: list[discord.Embed]) -> list[discord.Embed]:
    kept = embeds[:MAX_EMBEDS]
    while embed_characters(kept) > MAX_EMBED_CHARACTERS:
        kept.pop()
    return kept
