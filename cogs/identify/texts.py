"""Every sentence of this feature, in one place; ``cogs/errors.py`` has those of refusals.

Constants are marked (`N_`) and said (`_`) where they are shown.
"""

from __future__ import annotations

from cogs.shared.language import N_, _, ngettext
from cogs.shared.wording import day_of_year, share

MENU_NAME = N_("Who is this?")
WHOIS = N_("Find out who is in an anime picture.")
OPTION_PICTURE = N_("The picture to look at (nothing: the newest one here)")
OPTION_LINK = N_("A link to a picture")
OPTION_MODE = N_("How to look: face by face, or at the picture as a whole")
OPTION_PRIVATE = N_("Show the answer only to me")
MODE_FACES = "faces"
MODE_WHOLE = "whole"

GUESSES = N_("Other guesses")
WHOLE = N_("Whole picture")
FACES = N_("Faces")
DETAILS = N_("Details")
WRONG = N_("That's wrong")
PREVIOUS = "◀"
NEXT = "▶"

NO_REASON = N_("I can't look at this one.")
NOT_SEEN = N_("I couldn't look at this one.")
HOW_TO_ASK = N_(
    "Reply to a picture and mention me, or right-click one → Apps → Who is this? "
    "`/whois` works too."
)
FETCHING = N_("Getting the picture …")
NO_GUESS = N_("I have no guess for this one.")
UNKNOWN = N_("unknown")

WHICH = N_("Which one?")
WHO = N_("Who is it?")
WHO_HELP = N_("Leave it empty if nobody could know.")
WRONG_TITLE = N_("Put it right")
THANKS = N_("Thank you, I've noted it.")
NOTED_ONLY = N_("Thank you, I've noted it. I could not learn from the picture: it has changed.")
KNOWN_ALREADY = N_("Thank you, I've noted it. I had learned this picture before.")


def page(number: int, pages: int) -> str:
    return f"{number}/{pages}"


def looking(number: int, total: int, ahead: int) -> str:
    """What a slow request is doing; ``ahead`` requests came before it and are not done."""
    if not number:
        text = _(FETCHING)
    elif total > 1:
        text = _("Looking at picture {number} of {total} …").format(number=number, total=total)
    else:
        text = _("Looking at the picture …")
    if not ahead:
        return text
    return _("{progress} You are number {place} in line.").format(progress=text, place=ahead + 1)


def newest(jump_url: str) -> str:
    return _("-# The newest picture here: {link}").format(link=jump_url)


def face(number: int) -> str:
    return _("Face {number}").format(number=number)


def picture(number: int) -> str:
    return _("Picture {number}").format(number=number)


def place(picture_number: int, pictures: int, face_number: int | None) -> str:
    """``"Picture 2, face 1"``; ``face_number`` None is the whole picture."""
    if pictures == 1:
        return _(WHOLE) if face_number is None else face(face_number)
    if face_number is None:
        return _("Picture {picture}, whole picture").format(picture=picture_number)
    return _("Picture {picture}, face {face}").format(picture=picture_number, face=face_number)


def named(where: str, name: str) -> str:
    """A place of an answer, and who is there."""
    return _("{place}: {name}").format(place=where, name=name)


def corrected(where: str, name: str | None) -> str:
    if name is None:
        return _("-# Corrected. {place}: nobody that I could know").format(place=where)
    return _("-# Corrected. {place}: {name}").format(place=where, name=name)


def how_looked(faces: int, size: tuple[int, int]) -> str:
    width, height = size
    if not faces:
        return _("{width} × {height} pixels, no face found").format(width=width, height=height)
    return ngettext(
        "{width} × {height} pixels, {count} face found",
        "{width} × {height} pixels, {count} faces found",
        faces,
    ).format(width=width, height=height, count=faces)


def detected(number: int, score: float) -> str:
    text = _("{number}: the detector is {percent} confident that this is a face")
    return text.format(number=number, percent=share(round(100 * score)))


def left_out(shown: int, more: int) -> str:
    return ngettext(
        "-# I looked at the first {shown} pictures; {count} more is left.",
        "-# I looked at the first {shown} pictures; {count} more are left.",
        more,
    ).format(shown=shown, count=more)


def too_big(picture_number: int | None) -> str:
    """``picture_number`` None: there is but one."""
    if picture_number is None:
        return _("-# the marked picture is too big to be posted here.")
    text = _("-# Picture {number}: the marked picture is too big to be posted here.")
    return text.format(number=picture_number)


def and_more(count: int) -> str:
    return ngettext("-# … and {count} more.", "-# … and {count} more.", count).format(count=count)


HAIR, EYES, BIRTHDAY, AGE = N_("Hair"), N_("Eyes"), N_("Birthday"), N_("Age")


def fact(name: str, value: str) -> str:
    """One of the facts about a character; ``name`` is one of the four."""
    return _("{fact}: {value}").format(fact=_(name), value=value)


def birthday(month: int, day: int) -> str:
    return day_of_year(month, day)


# The answer's first lines.
NO_FACE = N_("I found no face in this picture.")
NOBODY_WHOLE = N_("I found no face, and as a whole the picture doesn't look like anyone I know.")


def see_strangers(count: int) -> str:
    return ngettext(
        "I see someone I don't know.", "I see {count} people I don't know.", count
    ).format(count=count)


def see(who: str, unknown: int, *, sure: bool) -> str:
    if not unknown:
        text = _("I see {who}.") if sure else _("I think I see {who}.")
    elif sure:
        text = ngettext(
            "I see {who}, and someone I don't know.",
            "I see {who}, and {count} people I don't know.",
            unknown,
        )
    else:
        text = ngettext(
            "I think I see {who}, and someone I don't know.",
            "I think I see {who}, and {count} people I don't know.",
            unknown,
        )
    return text.format(who=who, count=unknown)


def see_whole(who: str) -> str:
    text = _("I found no face, but as a whole the picture looks like {who}.")
    return text.format(who=who)


def more_names(count: int) -> str:
    """Stands last in a list of names."""
    return ngettext("{count} more", "{count} more", count).format(count=count)


def of_picture(number: int, sentence: str) -> str:
    """What is said of one picture of several."""
    return _("Picture {number}: {sentence}").format(number=number, sentence=sentence)


# Cards. ``scripts/demo.py`` reads them back.
SPOILER = N_("Spoiler")
HOW_SURE = N_("How sure")
RUNNER_UP = N_("Runner-up")
AS_ASKED = N_("Judged by the picture as a whole, as you asked.")
NO_FACE_WHOLE = N_("I found no face, so I judged the picture as a whole.")


def not_known(count: int) -> str:
    return ngettext("I don't know this one", "I don't know these", max(1, count))


def guess(name: str, percent: str) -> str:
    """Somebody it may be, and how likely."""
    return _("{name}, {percent}").format(name=name, percent=percent)


def nearest(guess: str) -> str:
    return _("Nearest guess: {guess}").format(guess=guess)


def picture_of(number: int, pictures: int) -> str:
    return _("Picture {number} of {total}").format(number=number, total=pictures)


# How sure the bot is, from this probability on; in words that a percentage follows.
CERTAINTIES = (
    (0.95, N_("very sure, {percent}")),
    (0.8, N_("quite sure, {percent}")),
    (0.6, N_("fairly sure, {percent}")),
    (0.4, N_("not very sure, {percent}")),
    (0.0, N_("only a guess, {percent}")),
)


# Alt text: who is where.
ALT_NO_FACE = N_("No face found.")
COLUMNS = N_("left"), N_("middle"), N_("right")
PLACES = (
    (N_("top left"), N_("top middle"), N_("top right")),
    COLUMNS,
    (N_("bottom left"), N_("bottom middle"), N_("bottom right")),
)


def alt_face(number: int, name: str, where: str) -> str:
    text = _("{number}: {name}, {place}")
    return text.format(number=number, name=name, place=where)


def alt_whole(name: str) -> str:
    return _("No single face; the picture as a whole: {name}").format(name=name)


def alt_more(text: str, count: int) -> str:
    return ngettext("{text}; and {count} more", "{text}; and {count} more", count).format(
        text=text, count=count
    )


def learned(name: str) -> str:
    return _(
        "Thank you, I've learned that this is **{name}**, for this server. "
        "`/teach undo` takes it back."
    ).format(name=name)


def not_learned(reason: str) -> str:
    """``reason`` is a sentence, or empty."""
    if not reason:
        return _("Thank you, I've noted it, but could not learn from it.")
    text = _("Thank you, I've noted it, but could not learn from it. {reason}")
    return text.format(reason=reason)


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
    """``reason`` is a sentence, or empty."""
    if not reason:
        return _("Thank you, I've noted it, but could not show it to staff.")
    text = _("Thank you, I've noted it, but could not show it to staff. {reason}")
    return text.format(reason=reason)


def in_line(place: int) -> str:
    return _("You are number {place} in line.").format(place=place)


def reference_alt(name: str) -> str:
    """Of the small picture on a card."""
    return _("A picture from which this server taught me {name}, to compare with.").format(
        name=name
    )


def waiting_already() -> str:
    return _("Thank you, I've noted it. Staff are asked about this one already.")
