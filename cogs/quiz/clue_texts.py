"""What characters say of themselves in the deck *Clues*."""

from __future__ import annotations

from cogs.shared.language import _, ngettext
from cogs.shared.wording import colour


def began(year: int, age: int | None) -> str:
    if age is None:
        return _("My story was first told in {year}.").format(year=year)
    return ngettext(
        "I am {n} year old when my story begins, and it was first told in {year}.",
        "I am {n} years old when my story begins, and it was first told in {year}.",
        age,
    ).format(n=age, year=year)


def looks(hair: str | None, eyes: str | None) -> str:
    """Colours in plain words; "" where nothing is known."""
    if hair and eyes:
        return _("The colour of my hair: {hair}. Of my eyes: {eyes}.").format(
            hair=colour(hair), eyes=colour(eyes)
        )
    if hair:
        return _("The colour of my hair: {hair}.").format(hair=colour(hair))
    return _("The colour of my eyes: {eyes}.").format(eyes=colour(eyes)) if eyes else ""


def role(what: str) -> str:
    return _("What I am: {what}.").format(what=what)


def series(title: str) -> str:
    return _("You can meet me in “{title}”.").format(title=title)
