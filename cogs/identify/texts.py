"""Every sentence of this feature, in one place; ``cogs/errors.py`` has those of refusals."""

from __future__ import annotations

from cogs.shared.language import _

MENU_NAME = "Who is this?"
WHOIS = "Find out who is in an anime picture."
OPTION_PICTURE = "The picture to look at (nothing: the newest one here)"
OPTION_LINK = "A link to a picture"
OPTION_MODE = "How to look: face by face, or at the picture as a whole"
OPTION_PRIVATE = "Show the answer only to me"
MODE_FACES = "faces"
MODE_WHOLE = "whole"

GUESSES = "Other guesses"
WHOLE = "Whole picture"
FACES = "Faces"
DETAILS = "Details"
WRONG = "That's wrong"
PREVIOUS = "◀"
NEXT = "▶"

NO_REASON = "I can't look at this one."
NOT_SEEN = "I couldn't look at this one."
HOW_TO_ASK = (
    "Reply to a picture and mention me, or right-click one → Apps → Who is this? "
    "`/whois` works too."
)
FETCHING = "Getting the picture …"
NO_GUESS = "I have no guess for this one."
UNKNOWN = "unknown"

WHICH = "Which one?"
WHO = "Who is it?"
WHO_HELP = "Leave it empty if nobody could know."
WRONG_TITLE = "Put it right"
THANKS = "Thank you, I've noted it."
NOTED_ONLY = "Thank you, I've noted it. I could not learn from the picture: it has changed."
KNOWN_ALREADY = "Thank you, I've noted it. I had learned this picture before."


def page(number: int, pages: int) -> str:
    return f"{number}/{pages}"


def looking(number: int, total: int, ahead: int) -> str:
    """What a slow request is doing; ``ahead`` requests came before it and are not done."""
    if not number:
        text = FETCHING
    elif total > 1:
        text = f"Looking at picture {number} of {total} …"
    else:
        text = "Looking at the picture …"
    return f"{text} You are number {ahead + 1} in line." if ahead else text


def newest(jump_url: str) -> str:
    return f"-# The newest picture here: {jump_url}"


def face(number: int) -> str:
    return f"Face {number}"


def picture(number: int) -> str:
    return f"Picture {number}"


def place(picture_number: int, pictures: int, face_number: int | None) -> str:
    """``"Picture 2, face 1"``; ``face_number`` None is the whole picture."""
    what = WHOLE if face_number is None else face(face_number)
    return what if pictures == 1 else f"{picture(picture_number)}, {what[0].lower()}{what[1:]}"


def corrected(where: str, name: str | None) -> str:
    who = name or "nobody that I could know"
    return f"-# Corrected. {where}: {who}"


def how_looked(faces: int, size: tuple[int, int]) -> str:
    found = "no face" if not faces else f"{faces} face{'s' if faces > 1 else ''}"
    return f"{size[0]} × {size[1]} pixels, {found} found"


def detected(number: int, score: float) -> str:
    return f"{number}: the detector is {round(100 * score)} % confident that this is a face"


def left_out(shown: int, more: int) -> str:
    rest = f"{more} more {'is' if more == 1 else 'are'} left"
    return f"-# I looked at the first {shown} pictures; {rest}."


def too_big(intro: str) -> str:
    return f"-# {intro}the marked picture is too big to be posted here."


def and_more(count: int) -> str:
    return f"-# … and {count} more."


HAIR, EYES, BIRTHDAY, AGE = "Hair", "Eyes", "Birthday", "Age"
_MONTHS = "January February March April May June July August September October November December"


def birthday(month: int, day: int) -> str:
    return f"{day} {_MONTHS.split()[month - 1]}"


# The answer's first lines.
NO_FACE = "I found no face in this picture."
NOBODY_WHOLE = "I found no face, and as a whole the picture doesn't look like anyone I know."


def strangers(count: int) -> str:
    return "someone I don't know" if count == 1 else f"{count} people I don't know"


def see_strangers(count: int) -> str:
    return f"I see {strangers(count)}."


def see(who: str, unknown: int, *, sure: bool) -> str:
    start = f"{'I see' if sure else 'I think I see'} {who}"
    return f"{start}, and {strangers(unknown)}." if unknown else f"{start}."


def see_whole(who: str) -> str:
    return f"I found no face, but as a whole the picture looks like {who}."


def more_names(count: int) -> str:
    return f"{count} more"


def intro(number: int) -> str:
    return f"{picture(number)}: "


# Cards. ``scripts/demo.py`` reads them back.
SPOILER = "Spoiler"
HOW_SURE = "How sure"
RUNNER_UP = "Runner-up"
AS_ASKED = "Judged by the picture as a whole, as you asked."
NO_FACE_WHOLE = "I found no face, so I judged the picture as a whole."


def not_known(count: int) -> str:
    return f"I don't know {'these' if count > 1 else 'this one'}"


def nearest(guess: str) -> str:
    return f"Nearest guess: {guess}"


def picture_of(number: int, pictures: int) -> str:
    return f"{picture(number)} of {pictures}"


def learned(name: str) -> str:
    return (
        f"Thank you, I've learned that this is **{name}**, for this server. "
        "`/teach undo` takes it back."
    )


def not_learned(reason: str) -> str:
    return f"Thank you, I've noted it, but could not learn from it. {reason}".strip()


def staff_see() -> str:
    """Under the field for a name; at most 100 characters."""
    return _("Staff see the face and decide. Leave it empty if nobody could know.")


def or_one_of_these() -> str:
    """Over a menu of names; at most 45 characters."""
    return _("Or one of these")


def guess_at(where: str, sure: str) -> str:
    return _("{where}: {sure}").format(where=where, sure=sure)


def suggested(name: str, channel_id: int) -> str:
    return _(
        "Thank you, I've noted it and shown the face to staff in <#{channel}>. "
        "When they agree, I know **{name}** here."
    ).format(channel=channel_id, name=name)


def not_suggested() -> str:
    return _(
        "Thank you, I've noted it. I learn from it only where staff put it right themselves, or "
        "choose a channel for suggestions in `/settings`."
    )


def not_shown(reason: str) -> str:
    return _("Thank you, I've noted it, but could not show it to staff. {reason}").format(
        reason=reason
    )


def in_line(place: int) -> str:
    return _("You are number {place} in line.").format(place=place)


def reference_alt(name: str) -> str:
    """Of the small picture on a card."""
    return _("A picture from which this server taught me {name}, to compare with.").format(
        name=name
    )


def waiting_already() -> str:
    return _("Thank you, I've noted it. Staff are asked about this one already.")
