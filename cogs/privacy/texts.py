"""Every sentence about privacy, in one place."""

from __future__ import annotations

from store.types import Held, Retention

PRIVACY = "What I keep, where, and for how long."
FORGET = "Let me forget."
FORGET_ME = "Let me forget what you taught me, asked, corrected and scored."
FORGET_SERVER = "Let me forget everything about this server (its owner only)."
TITLE = "What I keep"
HERE, EVERYWHERE, YES, CANCEL = "In this server", "Everywhere", "Forget it all", "Cancel"
CANCELLED = "Nothing was forgotten."
NOTHING = "I keep nothing about you."
SURE_SERVER = (
    "Everything I know about this server would be gone for good: whom it taught me, its settings, "
    "its log, the answers I gave here. This cannot be undone. `/teach export` makes a copy first."
)

_TABLES = {
    "lessons": ("thing you taught or suggested", "things you taught or suggested"),
    "answers": ("answer I gave you", "answers I gave you"),
    "corrections": ("correction of yours", "corrections of yours"),
    "quiz_players": ("quiz that you play in right now", "quizzes that you play in right now"),
    "quiz_pictures": ("picture you added to a quiz", "pictures you added to quizzes"),
    "quiz_scores": ("quiz season of yours", "quiz seasons of yours"),
}


def kept(days: Retention, *, crops: bool | None, kind: str) -> str:
    """The whole story. ``crops``: whether this server keeps them, None outside servers."""
    small = {
        True: "with a small picture (128 pixels) of each face, as this server has switched on",
        False: "without any picture in this server",
        None: "and a small picture of a face only in servers that switch it on",
    }[crops]
    where = "on the machine that runs me" if kind == "sqlite" else "in the database of who runs me"
    return "\n".join(
        (
            "**Pictures**: looked at in memory, then forgotten. They go to nobody else; only what "
            "you suggest to staff is shown to them, as a small picture of the face.",
            f"**What servers teach me**: names and numbers (a face becomes 512 of them), {small}; "
            "who taught it; until it is removed or forgotten. What was undone or removed stays "
            f"{days.undone} days more, so that it can come back; suggestions that nobody decides "
            f"{days.proposals} days.",
            "**Answers**: what I said, who asked, and where the picture was, for the buttons: "
            f"{days.answers} days, or until the message is deleted.",
            f"**The log of a server**: who changed what: {days.log} days.",
            "**Pictures of a server's quiz**: those that staff added, saying that they may, until "
            "they or their server are forgotten or the picture is removed.",
            "**Quiz nights**: what you scored, by season, until the server or you are forgotten.",
            "**Settings of a server**: until it is forgotten, "
            f"or {days.left} days after I left it.",
            f"All of it lies {where}. `/forget me` deletes what is about you.",
        )
    )


def held(found: Held) -> str:
    """What is kept of whoever asks."""
    parts = []
    for table, count in sorted(found.counts.items()):
        one, many = _TABLES.get(table, (f"row in {table}", f"rows in {table}"))
        parts.append(f"{count} {one if count == 1 else many}")
    return f"About you, everywhere: {', '.join(parts)}." if parts else NOTHING


def sure(here: Held | None, everywhere: Held) -> str:
    """Asks before a member is forgotten."""
    lines = [
        "I would delete what you taught me, asked, corrected and scored, and take your name out "
        "of logs. What you taught is not recognised any more. This cannot be undone.",
        held(everywhere),
    ]
    if here is not None:
        lines.append(f"In this server: {here.total} of it.")
    return "\n".join(lines)


def forgotten(gone: Held) -> str:
    things = "1 thing" if gone.total == 1 else f"{gone.total} things"
    return (
        f"Done. I've forgotten {things} about you. Messages that I posted stay until somebody "
        "deletes them in Discord."
    )


SERVER_FORGOTTEN = "Done. I know nothing about this server any more."
