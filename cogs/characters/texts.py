"""Every sentence that ``/character`` and ``/characters`` say."""

from __future__ import annotations

from catalog.anilist import plain_text
from catalog.lookup import Reach
from cogs.characters.known import Level

WHICH = "Which one do you mean?"
CHOOSE = "Choose a character"
NOBODY_KNOWN = "I don't know anybody yet."
UNKNOWN_SERIES = "I know nobody of that series. `/characters` alone lists everybody."
GONE = "I can't find that character any more. Please ask me again."
NOT_YOURS = "Only whoever asked can choose here. Use `/character` to look somebody up yourself."
PAGE_NAME = "See on AniList"
FROM_ANILIST = "-# Text and picture: AniList"
PICTURE_FROM_ANILIST = "-# Picture: AniList"
PREVIOUS, NEXT = "Previous", "Next"

MARKS = {Level.MANY: "●●●", Level.SOME: "●●○", Level.FEW: "●○○"}
TAUGHT = "✎"
LEGEND_TAUGHT = f"-# {TAUGHT} taught in this server"
LEGEND = "-# Learned from ●●● 36 pictures or more · ●●○ 12 to 35 · ●○○ fewer"
IN_PICTURES = {
    Level.MANY: "I know this face well",
    Level.SOME: "I know this face fairly well",
    Level.FEW: "I have seen this face only a few times",
    None: "I can't recognise this face yet",
}
_REACH = {
    Reach.SILENT: "-# AniList can't be reached right now; this is what I know myself.",
    Reach.OLD: "-# AniList can't be reached right now; this is what it said some time ago.",
}


def reach(how: Reach) -> str | None:
    """The small print about AniList, where there is something to say."""
    return _REACH.get(how)


def nobody(typed: str, how: Reach) -> str:
    """Nobody was found, ours or AniList's."""
    text = f"I don't know anybody called “{plain_text(typed, 100)}”."
    if how is Reach.SILENT:
        text += " AniList can't be reached right now; it may know more in a while."
    return text


def silent() -> str:
    """Somebody of AniList's was chosen, and it does not answer."""
    return "AniList can't be reached right now. Please try again in a while."


def did_you_mean(typed: str, how: Reach) -> str:
    """Only names that come near were found."""
    text = f"I don't know anybody called “{plain_text(typed, 100)}”. Did you mean one of these?"
    if (small := reach(how)) is not None:
        text += f"\n{small}"
    return text


def page(number: int, pages: int) -> str:
    """Where one is, counted from 1."""
    return f"{number} of {pages}"


def known(characters: int, series: int) -> str:
    """The first line of the list."""
    people = "1 character" if characters == 1 else f"{characters} characters"
    return f"I know {people} of {series} series." if series > 1 else f"I know {people} of this one."
