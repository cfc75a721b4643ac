"""What is known about a character, as an embed. Hidden names stay hidden, limits are kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import discord

from catalog import Alias, Birthday, Character, Profile
from catalog.anilist import discord_text, plain_text
from catalog.lookup import Entry, Reach
from cogs.characters import texts
from cogs.characters.known import Level
from cogs.shared.language import _
from cogs.shared.wording import colour, day_of_year

_COLOUR = discord.Colour(0x5B6EE1)
_LONGEST_TITLE, _LONGEST_TEXT, _LONGEST_VALUE = 200, 1500, 900
_MOST_SERIES, _MOST_ALIASES = 5, 12


def embed_of(entry: Entry, level: Level | None) -> discord.Embed:
    """The card of a character; at most about 4,000 of the 6,000 characters of a message.

    Args:
        entry: with our card, AniList's, or both.
        level: how well the bot knows the face.

    Raises:
        ValueError: the entry is empty.
    """
    character, profile = entry.character, entry.profile
    if character is not None:
        embed = _of_ours(character, profile)
    elif profile is not None:
        embed = _of_anilists(profile)
    else:
        raise ValueError(entry)
    embed.add_field(name=_(texts.FIELD_PICTURES), value=_(texts.IN_PICTURES[level]))
    if profile is not None and profile.image_url is not None:
        embed.set_image(url=profile.image_url)
    small = [texts.reach(entry.reach)]
    if profile is not None:
        ours = character is not None
        small.append(_(texts.PICTURE_FROM_ANILIST) if ours else _(texts.FROM_ANILIST))
    embed.description = "\n".join([embed.description or "", *filter(None, small)]).strip()
    return embed


def view_of(entry: Entry) -> discord.ui.View | None:
    """The button to AniList's page; None where we know of no such page."""
    if (url := _url(entry)) is None:
        return None
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label=_(texts.PAGE_NAME), url=url))
    return view


def _url(entry: Entry) -> str | None:
    if entry.profile is not None:
        return entry.profile.url
    number = entry.character.anilist_id if entry.character is not None else None
    # The number in our own file is good enough for a link only while AniList cannot be asked.
    known = number is not None and entry.reach is not Reach.ANSWERED
    return f"https://anilist.co/character/{number}" if known else None


def _of_ours(character: Character, profile: Profile | None) -> discord.Embed:
    """Our words alone: AniList's may tell in the open what we hide."""
    names, series, facts = character.names, character.series, character.facts
    title = f"*{plain_text(series.title, 100)}* ({series.year})"
    called = _line([names.native, names.kana, names.romaji_western], but=names.romaji)
    text = plain_text(character.description, _LONGEST_TEXT)
    embed = discord.Embed(
        title=plain_text(names.romaji, _LONGEST_TITLE),
        description="\n".join([*called, title, "", text]),
        colour=_COLOUR,
    )
    _add(embed, texts.FIELD_ROLE, plain_text(character.role, 100))
    _add(embed, texts.FIELD_AGE, None if facts.age is None else str(facts.age))
    _add(embed, texts.FIELD_BIRTHDAY, _day(facts.birthday))
    _add(embed, texts.FIELD_HAIR, facts.hair and colour(facts.hair))
    _add(embed, texts.FIELD_EYES, facts.eyes and colour(facts.eyes))
    _add(embed, texts.FIELD_ALIASES, _aliases(names.aliases), inline=False)
    if profile is not None:
        _add(embed, texts.FIELD_ON_ANILIST, _series(profile), inline=False)
    return embed


def _of_anilists(profile: Profile) -> discord.Embed:
    called = _line([profile.native], but=profile.name)
    text = discord_text(profile.description, _LONGEST_TEXT)
    embed = discord.Embed(
        title=plain_text(profile.name, _LONGEST_TITLE),
        description="\n".join([*called, "", text]).strip(),
        colour=_COLOUR,
    )
    _add(embed, texts.FIELD_AGE, profile.age and plain_text(profile.age, 100))
    _add(embed, texts.FIELD_BIRTHDAY, _day(profile.birthday))
    _add(embed, texts.FIELD_GENDER, profile.gender and plain_text(profile.gender, 100))
    _add(embed, texts.FIELD_ALIASES, _aliases(profile.aliases), inline=False)
    _add(embed, texts.FIELD_SERIES, _series(profile), inline=False)
    return embed


def _add(embed: discord.Embed, name: str, value: str | None, *, inline: bool = True) -> None:
    if value:
        embed.add_field(name=_(name), value=value, inline=inline)


def _line(names: Iterable[str | None], but: str) -> list[str]:
    """The other names in one line, each once; no line where there is none."""
    different = dict.fromkeys(name for name in names if name and name != but)
    return [" · ".join(plain_text(name, 100) for name in different)] if different else []


def _aliases(aliases: Sequence[Alias]) -> str | None:
    """Aliases, hidden ones behind bars: those in the open first, and as many as have room."""
    shown: list[str] = []
    left = _LONGEST_VALUE
    for alias in sorted(aliases, key=lambda one: one.spoiler)[:_MOST_ALIASES]:
        name = plain_text(alias.name, 100)
        name = f"||{name}||" if alias.spoiler else name
        left -= len(name.encode("utf-16-le")) // 2 + 3
        if left < 0:
            break
        shown.append(name)
    return " · ".join(shown) or None


def _series(profile: Profile) -> str | None:
    lines = []
    for one in profile.appearances[:_MOST_SERIES]:
        year = f" ({one.year})" if one.year is not None else ""
        lines.append(f"*{plain_text(one.english or one.title, 100)}*{year}")
    return "\n".join(lines) or None


def _day(birthday: Birthday | None) -> str | None:
    if birthday is None:
        return None
    return day_of_year(birthday.month, birthday.day)
