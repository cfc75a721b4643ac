"""Sentences that several features say: asking staff or whom somebody means, and on pictures."""

from __future__ import annotations

from cogs.shared.language import _
from cogs.shared.wording import decimal, escaped


def approve() -> str:
    return _("Approve")


def reject() -> str:
    return _("Reject")


def asks(member_id: int, name: str, series: str) -> str:
    who = escaped(name)
    if not series:
        return _("<@{member}> would like me to learn **{who}**.").format(member=member_id, who=who)
    return _("<@{member}> would like me to learn **{who}** ({series}).").format(
        member=member_id, who=who, series=escaped(series)
    )


def corrects(member_id: int, name: str, said: str | None, link: str | None) -> str:
    """``said``: whom the bot had named; ``link``: the answer, where staff may see it."""
    who = escaped(name)
    if said is None:
        text = _("<@{member}> says that this is **{who}**, whom I did not recognise.")
    else:
        text = _("<@{member}> says that this is **{who}**, and not **{said}** as I said.")
    line = text.format(member=member_id, who=who, said=escaped(said or ""))
    return f"{line} {link}" if link else line


def evidence(number: int, nearest: str | None, cosine: float | None, *, outlier: bool) -> str:
    """What staff should know about one suggested picture."""
    if nearest is None or cosine is None:
        return _("Picture {number}: it looks like nobody I know.").format(number=number)
    if outlier:
        text = _(
            "⚠️ Picture {number}: most like **{nearest}** (similarity {similarity}), "
            "more than like the others of that name."
        )
    else:
        text = _("Picture {number}: most like **{nearest}** (similarity {similarity}).")
    return text.format(number=number, nearest=escaped(nearest), similarity=decimal(cosine, 2))


def decided(asked: str, member_id: int, *, approved: bool) -> str:
    text = _("Approved by <@{member}>.") if approved else _("Rejected by <@{member}>.")
    return f"{asked}\n{text.format(member=member_id)}"


def caption() -> str:
    """Written on a picture that was judged as a whole; ``{name}`` is filled in there."""
    return _("whole picture: {name}")


def crop_alt(number: int) -> str:
    return _("The face in picture {number}, small.").format(number=number)


def who() -> str:
    return _("Who is it?")


def new(name: str) -> str:
    return _("New: {name}").format(name=name)


def did_you_mean(typed: str) -> str:
    return _("I don't know **{typed}**. Whom do you mean?").format(typed=escaped(typed))


def question_over() -> str:
    """A menu or a form that nobody waits for: see ``cogs/stale.py``."""
    return _(
        "That question is over: it was answered, it is too old, or I have been restarted since. "
        "Please start again."
    )
