"""Every sentence of teaching, in one place; ``cogs/errors.py`` has those of refusals."""

from __future__ import annotations

from cogs.shared.wording import escaped
from store.types import Action, ActionKind

GROUP = "Teach me characters, for this server."
ADD = "Teach me a character from 1 to 10 pictures."
UNDO = "Take back the last change to whom I know here."
LOG = "Who taught me what in this server."
REMOVE = "Forget a character that was taught here; it can be undone."
RENAME = "Give a character that was taught here another name."
MERGE = "Make two characters that were taught here into one."
EXPORT = "Everybody who was taught here, as a file."
IMPORT = "Learn everybody in a file of /teach export."
MENU_NAME = "Teach this…"

OPTION_CHARACTER = "Who it is: somebody I know, or a new name"
OPTION_SERIES = "Where a new character is from"
OPTION_PICTURE = "A picture of them"
OPTION_ENTRY = "The number of an entry in /teach log (nothing: the newest)"
OPTION_TAUGHT = "Somebody who was taught here"
OPTION_NAME = "The new name"
OPTION_NEW_SERIES = "The new series"
OPTION_SOURCE = "Who disappears"
OPTION_TARGET = "Who stays, and gets the pictures of the other"
OPTION_FILE = "A file of /teach export"

WHO = "Who is it?"
WHO_HELP = "Their name"
SERIES = "Where are they from?"
SERIES_HELP = "Only for somebody new"
KNOWN = "Or somebody who was taught here"
WHICH = "Which face is it?"
NONE_OF_THEM = "None of these"
KEEP = "Learn it anyway"
OLDER = "Older"
NOTHING_LOGGED = "Nobody has taught me anything here yet."
NOTHING_TO_EXPORT = "Nobody was taught here yet, so there is nothing to put into a file."
NOTHING_LEFT = "That leaves nothing to learn from."
EXPORTED = (
    "Names and numbers, no pictures. Another server can learn from it with `/teach import`, as "
    "long as I run with the same eyes."
)


def choose_face(number: int, name: str) -> str:
    return f"Picture {number} shows several people. Which one is **{escaped(name)}**?"


def face(number: int) -> str:
    return f"Face {number}"


def learned(name: str, used: int, looks: int) -> str:
    # The first centre of several looks is their mean.
    many = max(1, looks - 1)
    return (
        f"I've learned **{escaped(name)}** from {_pictures(used)} ({_looks(many)}). "
        "From now on I know them in this server."
    )


def proposed(name: str, used: int, channel_id: int) -> str:
    return (
        f"Thank you! I've shown {_pictures(used)} of **{escaped(name)}** to staff in "
        f"<#{channel_id}>; when they agree, I know them."
    )


def nothing_new(name: str) -> str:
    return f"There was nothing new about **{escaped(name)}** in it."


def known_already(number: int) -> str:
    return f"-# Picture {number}: I know that one already."


def same_as(number: int, other: int) -> str:
    return f"-# Picture {number} shows the same as picture {other}."


def outlier(number: int, nearest: str, *, left_out: bool) -> str:
    more = "I left it out." if left_out else "I've learned it all the same."
    return f"Picture {number} looks more like **{escaped(nearest)}** than like the others. {more}"


def problem(number: int, sentence: str) -> str:
    return f"Picture {number}: {sentence}"


def resembles(name: str) -> str:
    return f"-# Of all others I know, **{escaped(name)}** is the most alike."


def removed(name: str) -> str:
    return f"I've forgotten what I was taught about **{escaped(name)}**. `/teach undo` undoes it."


def renamed(old: str, name: str) -> str:
    return f"**{escaped(old)}** is now **{escaped(name)}**. `/teach undo` undoes it."


def merged(source: str, target: str) -> str:
    return (
        f"What I was taught about **{escaped(source)}** now counts for **{escaped(target)}**. "
        "`/teach undo` undoes it."
    )


def undone(action: Action) -> str:
    return f"Undone: {entry(action)}"


def imported(characters: int, looks: int, duplicates: int) -> str:
    more = f" {duplicates} I knew already." if duplicates else ""
    who = "1 character" if characters == 1 else f"{characters} characters"
    return (
        f"I've learned {who} from {_pictures(looks)} in that file.{more} `/teach undo` undoes it."
    )


_DONE = {
    ActionKind.TAUGHT: "taught {}",
    ActionKind.IMPORTED: "imported a file {}",
    ActionKind.PROPOSED: "suggested {}",
    ActionKind.APPROVED: "approved {}",
    ActionKind.REJECTED: "rejected {}",
    ActionKind.EXPIRED: "nobody decided about {}",
    ActionKind.RENAMED: "renamed to {}",
    ActionKind.MERGED: "merged into {}",
    ActionKind.REMOVED: "removed {}",
    ActionKind.UNDONE: "undid a change {}",
    ActionKind.MEMBER_FORGOTTEN: "a member asked to be forgotten {}",
}


def entry(action: Action) -> str:
    """One line of the log."""
    subject = f"**{escaped(action.subject, 60)}**" if action.subject else ""
    done = _DONE.get(action.kind, f"{action.kind} {{}}").format(subject).strip()
    who = f"<@{action.actor_id}> " if action.actor_id is not None else ""
    line = f"`{action.id}` <t:{int(action.at.timestamp())}:d> {who}{done}"
    return f"~~{line}~~" if action.undone_by is not None else line


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"


def _looks(count: int) -> str:
    return "1 look" if count == 1 else f"{count} looks"
