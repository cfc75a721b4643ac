"""What the quiz says about pictures: adding, listing, hosting."""

from __future__ import annotations

from collections.abc import Sequence

from cogs.shared.language import N_, _, ngettext
from cogs.shared.wording import escaped, listed, percent
from store.types import QuizPictureSummary

ADD = N_("Add a picture to this server's own quiz.")
MENU_NAME = N_("Add to quiz")
PICTURES = N_("The pictures of this server's own quiz.")
LIST = N_("Which pictures there are.")
REMOVE = N_("Delete a picture from the quiz.")
EXPORT = N_("All pictures in one file.")
HOST = N_("As the host of a quiz: show the next picture.")
OPTION_PICTURE = N_("The picture")
OPTION_CHARACTER = N_("Who it is; nothing: whom I recognise")
OPTION_SPOILER = N_("Show it as a spoiler")
OPTION_NUMBER = N_("The picture's number, from the list")

_MOST_LISTED = 40


def added_by(member_id: int) -> str:
    return _("Added by {member}").format(member=f"<@{member_id}>")


def from_anilist() -> str:
    return _("Picture: AniList")


def alt_text(name: str) -> str:
    return _("It shows {name}.").format(name=name)


def who_is_meant(names: Sequence[str | None]) -> str:
    """What is seen in a picture with several people; None is somebody unknown."""
    known = [f"**{escaped(one)}**" for one in names if one is not None]
    unknown = len(names) - len(known)
    if not known:
        seen = ngettext(
            "I see {n} person I don't know.", "I see {n} people I don't know.", unknown
        ).format(n=unknown)
    elif not unknown:
        seen = _("I see {who}.").format(who=listed(known))
    else:
        seen = ngettext(
            "I see {who} and someone unknown.", "I see {who} and {n} unknown people.", unknown
        ).format(who=listed(known), n=unknown)
    return _("{seen} Whom do you mean?").format(seen=seen)


def choose() -> str:
    return _("Choose by number")


def person(number: int, name: str | None) -> str:
    return _("{number}: {name}").format(number=number, name=name or _("unknown"))


def unknown() -> str:
    return _("I don't know who that is. Please tell me with `character:`.")


def several(names: Sequence[str]) -> str:
    who = listed([f"**{escaped(one)}**" for one in names])
    return _("Do you mean {who}? Please choose one of the suggestions.").format(who=who)


def _kind(*, adult: bool, spoiler: bool) -> str:
    lines = []
    if adult:
        lines.append(_("It comes from an age-restricted channel, so only those will be asked."))
    if spoiler:
        lines.append(_("It will be shown as a spoiler."))
    return " ".join(lines)


def confirm_add(name: str, *, adult: bool, spoiler: bool) -> str:
    text = _(
        "That is **{name}**. Shall I keep the picture for the quiz of this server? With "
        "**Keep it** you say that you may share it; I note that together with your name. "
        "`/forget me` and `/quiz pictures remove` delete it."
    ).format(name=escaped(name))
    return f"{text} {_kind(adult=adult, spoiler=spoiler)}".strip()


def confirm_host(name: str, *, spoiler: bool) -> str:
    text = _("The answer will be **{name}**. Shall I ask it?").format(name=escaped(name))
    return f"{text} {_kind(adult=False, spoiler=spoiler)}".strip()


def keep_it() -> str:
    return _("Keep it")


def ask_it() -> str:
    return _("Ask it")


def leave_it() -> str:
    return _("No")


def left() -> str:
    return _("Nothing was kept.")


def added(kept: QuizPictureSummary) -> str:
    return _(
        "Kept as number {number}: **{name}**. How hard it is: {difficulty}. "
        "Play it with `/quiz start deck:` *Our pictures*."
    ).format(number=kept.id, name=escaped(kept.name), difficulty=percent(kept.difficulty))


def removed(kept: QuizPictureSummary) -> str:
    return _("Number {number} is deleted: **{name}**.").format(
        number=kept.id, name=escaped(kept.name)
    )


def listing(pictures: Sequence[QuizPictureSummary]) -> str:
    if not pictures:
        return _("There are no pictures yet. `/quiz add` adds one.")
    n = len(pictures)
    lines = [ngettext("{n} picture:", "{n} pictures:", n).format(n=n)]
    for one in pictures[:_MOST_LISTED]:
        marks = [_("18+")] if one.adult else []
        marks += [_("spoiler")] if one.spoiler else []
        line = _("`{number}` **{name}** · {difficulty} hard").format(
            number=one.id,
            name=escaped(one.name, 40),
            difficulty=percent(one.difficulty),
        )
        lines.append(" · ".join([line, *marks]))
    if n > _MOST_LISTED:
        more = n - _MOST_LISTED
        lines.append(ngettext("… and {n} more.", "… and {n} more.", more).format(n=more))
    return "\n".join(lines)


def exported(n: int) -> str:
    return ngettext("{n} picture.", "{n} pictures.", n).format(n=n)


def queued() -> str:
    return _("It comes up as the next question.")


def line_full(limit: int) -> str:
    return _("There are {limit} pictures waiting already.").format(limit=limit)


def no_host_quiz() -> str:
    return _("No quiz with the deck *Host* is running here. `/quiz start deck:` begins one.")
