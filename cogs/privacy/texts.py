"""Every sentence about privacy, in one place.

Constants are marked (`N_`) and said (`_`) where they are shown.
"""

from __future__ import annotations

from cogs.shared.language import N_, _, ngettext
from store.types import Held, Retention

PRIVACY = N_("What I keep, where, and for how long.")
FORGET = N_("Let me forget.")
FORGET_ME = N_("Let me forget what you taught me, asked, corrected and scored.")
FORGET_SERVER = N_("Let me forget everything about this server (its owner only).")
TITLE = N_("What I keep")
HERE, EVERYWHERE = N_("In this server"), N_("Everywhere")
YES, CANCEL = N_("Forget it all"), N_("Cancel")
CANCELLED = N_("Nothing was forgotten.")
NOTHING = N_("I keep nothing about you.")
SURE_SERVER = N_(
    "Everything I know about this server would be gone for good: whom it taught me, its settings, "
    "its log, the answers I gave here. This cannot be undone. `/teach export` makes a copy first."
)
SERVER_FORGOTTEN = N_("Done. I know nothing about this server any more.")
_PICTURES = N_(
    "**Pictures**: looked at in memory, then forgotten. They go to nobody else; only what "
    "you suggest to staff is shown to them, as a small picture of the face."
)
_TAUGHT = {
    True: N_(
        "**What servers teach me**: names and numbers (a face becomes 512 of them), "
        "with a small picture (128 pixels) of each face, as this server has switched on; "
        "who taught it; until it is removed or forgotten."
    ),
    False: N_(
        "**What servers teach me**: names and numbers (a face becomes 512 of them), "
        "without any picture in this server; who taught it; until it is removed or forgotten."
    ),
    None: N_(
        "**What servers teach me**: names and numbers (a face becomes 512 of them), "
        "and a small picture of a face only in servers that switch it on; "
        "who taught it; until it is removed or forgotten."
    ),
}


def kept(days: Retention, *, crops: bool | None, kind: str) -> str:
    """The whole story. ``crops``: whether this server keeps them, None outside servers."""
    undone = _(
        "What was undone or removed stays {undone} days more, so that it can come back; "
        "suggestions that nobody decides {proposals} days."
    ).format(undone=days.undone, proposals=days.proposals)
    answers = _(
        "**Answers**: what I said, who asked, and where the picture was, for the buttons: "
        "{days} days, or until the message is deleted."
    ).format(days=days.answers)
    log = _("**The log of a server**: who changed what: {days} days.").format(days=days.log)
    settings = _(
        "**Settings of a server**: until it is forgotten, or {days} days after I left it."
    ).format(days=days.left)
    quiz = _("**Quiz nights**: what you scored, by season, until you or the server are forgotten.")
    shown = _(
        "**Pictures of a server's own quiz**: those that staff added, saying that they may, until "
        "they are removed, or whoever added them or the server is forgotten."
    )
    taught = f"{_(_TAUGHT[crops])} {undone}"
    lines = (_(_PICTURES), taught, answers, quiz, shown, log, settings, _where(kind))
    return "\n".join(lines)


def _where(kind: str) -> str:
    if kind == "sqlite":
        return _(
            "All of it lies on the machine that runs me. `/forget me` deletes what is about you."
        )
    return _(
        "All of it lies in the database of who runs me. `/forget me` deletes what is about you."
    )


def held(found: Held) -> str:
    """What is kept of whoever asks."""
    parts = [_held(table, count) for table, count in sorted(found.counts.items())]
    if not parts:
        return _(NOTHING)
    return _("About you, everywhere: {list}.").format(list=_(", ").join(parts))


def _held(table: str, n: int) -> str:
    """One item of the list."""
    match table:
        case "lessons":
            text = ngettext(
                "{count} thing you taught or suggested",
                "{count} things you taught or suggested",
                n,
            )
        case "answers":
            text = ngettext("{count} answer I gave you", "{count} answers I gave you", n)
        case "corrections":
            text = ngettext("{count} correction of yours", "{count} corrections of yours", n)
        case "quiz_players":
            text = ngettext(
                "{count} quiz that you are playing", "{count} quizzes that you are playing", n
            )
        case "quiz_pictures":
            text = ngettext(
                "{count} picture you added to a quiz", "{count} pictures you added to quizzes", n
            )
        case "quiz_scores":
            text = ngettext("{count} quiz season of yours", "{count} quiz seasons of yours", n)
        case _:
            text = ngettext("{count} row in {table}", "{count} rows in {table}", n)
    return text.format(count=n, table=table)


def sure(here: Held | None, everywhere: Held) -> str:
    """Asks before a member is forgotten."""
    lines = [
        _(
            "I would delete what you taught me, asked, corrected and scored, and take your name "
            "out of logs. What you taught is not recognised any more. This cannot be undone."
        ),
        held(everywhere),
    ]
    if here is not None:
        lines.append(_("In this server: {count} of it.").format(count=here.total))
    return "\n".join(lines)


def forgotten(gone: Held) -> str:
    return ngettext(
        "Done. I've forgotten {count} thing about you. Messages that I posted stay until somebody "
        "deletes them in Discord.",
        "Done. I've forgotten {count} things about you. Messages that I posted stay until "
        "somebody deletes them in Discord.",
        gone.total,
    ).format(count=gone.total)
