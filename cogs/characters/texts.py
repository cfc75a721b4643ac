"""Every sentence that ``/character`` and ``/characters`` say.

Constants are marked (`N_`) and said (`_`) where they are shown.
"""

from __future__ import annotations

from catalog.anilist import plain_text
from catalog.lookup import Reach
from cogs.characters.known import Level
from cogs.shared.language import N_, _, ngettext

CHARACTER = N_("Look up an anime character.")
OPTION_NAME = N_("A name, a nickname or a series, in any script")
CHARACTERS = N_("See whom I know, by series, and how well.")
OPTION_SERIES = N_("Only the characters of this series")

WHICH = N_("Which one do you mean?")
CHOOSE = N_("Choose a character")
NOBODY_KNOWN = N_("I don't know anybody yet.")
UNKNOWN_SERIES = N_("I know nobody of that series. `/characters` alone lists everybody.")
GONE = N_("I can't find that character any more. Please ask me again.")
NOT_YOURS = N_("Only whoever asked can choose here. Use `/character` to look somebody up yourself.")
PAGE_NAME = N_("See on AniList")
FROM_ANILIST = N_("-# Text and picture: AniList")
PICTURE_FROM_ANILIST = N_("-# Picture: AniList")
PREVIOUS, NEXT = N_("Previous"), N_("Next")
WHO_I_KNOW = N_("Who I know")

# Fields of a card.
FIELD_PICTURES = N_("In pictures")
FIELD_ROLE, FIELD_AGE, FIELD_BIRTHDAY = N_("Role"), N_("Age"), N_("Birthday")
FIELD_HAIR, FIELD_EYES, FIELD_GENDER = N_("Hair"), N_("Eyes"), N_("Gender")
FIELD_ALIASES, FIELD_SERIES = N_("Also known as"), N_("Series")
FIELD_ON_ANILIST = N_("On AniList")

MARKS = {Level.MANY: "●●●", Level.SOME: "●●○", Level.FEW: "●○○"}
TAUGHT = "✎"
LEGEND_TAUGHT = N_("-# ✎ taught in this server")
LEGEND = N_("-# Learned from ●●● 36 pictures or more · ●●○ 12 to 35 · ●○○ fewer")
IN_PICTURES = {
    Level.MANY: N_("I know this face well"),
    Level.SOME: N_("I know this face fairly well"),
    Level.FEW: N_("I have seen this face only a few times"),
    None: N_("I can't recognise this face yet"),
}
_REACH = {
    Reach.SILENT: N_("-# AniList can't be reached right now; this is what I know myself."),
    Reach.OLD: N_("-# AniList can't be reached right now; this is what it said some time ago."),
}


def reach(how: Reach) -> str | None:
    """The small print about AniList, where there is something to say."""
    text = _REACH.get(how)
    return None if text is None else _(text)


def nobody(typed: str, how: Reach) -> str:
    """Nobody was found, ours or AniList's."""
    name = plain_text(typed, 100)
    if how is Reach.SILENT:
        return _(
            "I don't know anybody called “{name}”. "
            "AniList can't be reached right now; it may know more in a while."
        ).format(name=name)
    return _("I don't know anybody called “{name}”.").format(name=name)


def silent() -> str:
    """Somebody of AniList's was chosen, and it does not answer."""
    return _("AniList can't be reached right now. Please try again in a while.")


def did_you_mean(typed: str, how: Reach) -> str:
    """Only names that come near were found."""
    text = _("I don't know anybody called “{name}”. Did you mean one of these?")
    text = text.format(name=plain_text(typed, 100))
    return "\n".join(filter(None, (text, reach(how))))


def page(number: int, pages: int) -> str:
    """Where one is, counted from 1."""
    return _("{number} of {total}").format(number=number, total=pages)


def known(characters: int, series: int) -> str:
    """The first line of the list."""
    if series > 1:
        # Of several series there are several characters.
        return ngettext(
            "I know {count} character of {series} series.",
            "I know {count} characters of {series} series.",
            characters,
        ).format(count=characters, series=series)
    return ngettext(
        "I know {count} character of this one.",
        "I know {count} characters of this one.",
        characters,
    ).format(count=characters)
