"""Every sentence of teaching, in one place; ``cogs/errors.py`` has those of refusals.

Constants are marked (`N_`) and said (`_`) where they are shown.
"""

from __future__ import annotations

from cogs.shared.language import N_, _, ngettext
from cogs.shared.wording import escaped
from store.types import Action, ActionKind

GROUP = N_("Teach me characters, for this server.")
ADD = N_("Teach me a character from 1 to 10 pictures.")
UNDO = N_("Take back the last change to whom I know here.")
LOG = N_("Who taught me what in this server.")
REMOVE = N_("Forget a character that was taught here; it can be undone.")
RENAME = N_("Give a character that was taught here another name.")
MERGE = N_("Make two characters that were taught here into one.")
EXPORT = N_("Everybody who was taught here, as a file.")
IMPORT = N_("Learn everybody in a file of /teach export.")
MENU_NAME = N_("Teach this…")

OPTION_CHARACTER = N_("Who it is: somebody I know, or a new name")
OPTION_SERIES = N_("Where a new character is from")
OPTION_PICTURE = N_("A picture of them")
OPTION_ENTRY = N_("The number of an entry in /teach log (nothing: the newest)")
OPTION_TAUGHT = N_("Somebody who was taught here")
OPTION_NAME = N_("The new name")
OPTION_NEW_SERIES = N_("The new series")
OPTION_SOURCE = N_("Who disappears")
OPTION_TARGET = N_("Who stays, and gets the pictures of the other")
OPTION_FILE = N_("A file of /teach export")

WHO = N_("Who is it?")
WHO_HELP = N_("Their name")
SERIES = N_("Where are they from?")
SERIES_HELP = N_("Only for somebody new")
KNOWN = N_("Or somebody who was taught here")
WHICH = N_("Which face is it?")
NONE_OF_THEM = N_("None of these")
KEEP = N_("Learn it anyway")
OLDER = N_("Older")
NOTHING_LOGGED = N_("Nobody has taught me anything here yet.")
NOTHING_TO_EXPORT = N_("Nobody was taught here yet, so there is nothing to put into a file.")
NOTHING_LEFT = N_("That leaves nothing to learn from.")
EXPORTED = N_(
    "Names and numbers, no pictures. Another server can learn from it with `/teach import`, as "
    "long as I run with the same eyes."
)


def choose_face(number: int, name: str) -> str:
    return _("Picture {number} shows several people. Which one is **{name}**?").format(
        number=number, name=escaped(name)
    )


def face(number: int) -> str:
    return _("Face {number}").format(number=number)


def learned(name: str, used: int, looks: int) -> str:
    # The first centre of several looks is their mean.
    many = max(1, looks - 1)
    return _(
        "I've learned **{name}** from {pictures} ({looks}). From now on I know them in this server."
    ).format(name=escaped(name), pictures=_pictures(used), looks=_looks(many))


def proposed(name: str, used: int, channel_id: int) -> str:
    return ngettext(
        "Thank you! I've shown {count} picture of **{name}** to staff in {channel}; "
        "when they agree, I know them.",
        "Thank you! I've shown {count} pictures of **{name}** to staff in {channel}; "
        "when they agree, I know them.",
        used,
    ).format(count=used, name=escaped(name), channel=f"<#{channel_id}>")


def nothing_new(name: str) -> str:
    return _("There was nothing new about **{name}** in it.").format(name=escaped(name))


def known_already(number: int) -> str:
    return _("-# Picture {number}: I know that one already.").format(number=number)


def same_as(number: int, other: int) -> str:
    text = _("-# Picture {number} shows the same as picture {other}.")
    return text.format(number=number, other=other)


def outlier(number: int, nearest: str, *, left_out: bool) -> str:
    if left_out:
        text = _("Picture {number} looks more like **{name}** than like the others. I left it out.")
    else:
        text = _(
            "Picture {number} looks more like **{name}** than like the others. "
            "I've learned it all the same."
        )
    return text.format(number=number, name=escaped(nearest))


def problem(number: int, sentence: str) -> str:
    return _("Picture {number}: {sentence}").format(number=number, sentence=sentence)


def resembles(name: str) -> str:
    return _("-# Of all others I know, **{name}** is the most alike.").format(name=escaped(name))


def removed(name: str) -> str:
    text = _("I've forgotten what I was taught about **{name}**. `/teach undo` undoes it.")
    return text.format(name=escaped(name))


def renamed(old: str, name: str) -> str:
    text = _("**{old}** is now **{name}**. `/teach undo` undoes it.")
    return text.format(old=escaped(old), name=escaped(name))


def merged(source: str, target: str) -> str:
    return _(
        "What I was taught about **{source}** now counts for **{target}**. `/teach undo` undoes it."
    ).format(source=escaped(source), target=escaped(target))


def undone(action: Action) -> str:
    return _("Undone: {entry}").format(entry=entry(action))


def imported(characters: int, looks: int, duplicates: int) -> str:
    text = ngettext(
        "I've learned {count} character from {pictures} in that file. `/teach undo` undoes it.",
        "I've learned {count} characters from {pictures} in that file. `/teach undo` undoes it.",
        characters,
    )
    if duplicates:
        text = ngettext(
            "I've learned {count} character from {pictures} in that file. "
            "{known} I knew already. `/teach undo` undoes it.",
            "I've learned {count} characters from {pictures} in that file. "
            "{known} I knew already. `/teach undo` undoes it.",
            characters,
        )
    return text.format(count=characters, pictures=_pictures(looks), known=duplicates)


_DONE = {
    ActionKind.TAUGHT: N_("{who} taught {character}"),
    ActionKind.IMPORTED: N_("{who} imported a file {character}"),
    ActionKind.PROPOSED: N_("{who} suggested {character}"),
    ActionKind.APPROVED: N_("{who} approved {character}"),
    ActionKind.REJECTED: N_("{who} rejected {character}"),
    ActionKind.EXPIRED: N_("nobody decided about {character}"),
    ActionKind.RENAMED: N_("{who} renamed to {character}"),
    ActionKind.MERGED: N_("{who} merged into {character}"),
    ActionKind.REMOVED: N_("{who} removed {character}"),
    ActionKind.UNDONE: N_("{who} undid a change {character}"),
    ActionKind.MEMBER_FORGOTTEN: N_("a member asked to be forgotten"),
}


def entry(action: Action) -> str:
    """One line of the log. Who asked to be forgotten is somebody from then on."""
    subject = f"**{escaped(action.subject, 60)}**" if action.subject else ""
    who = _("somebody") if action.actor_id is None else f"<@{action.actor_id}>"
    done = _(_DONE[action.kind]).format(who=who, character=subject)
    when = f"`{action.id}` <t:{int(action.at.timestamp())}:d>"
    line = " ".join((when, *done.split()))
    return f"~~{line}~~" if action.undone_by is not None else line


def _pictures(count: int) -> str:
    """Stands inside a sentence, after "from"."""
    return ngettext("{count} picture", "{count} pictures", count).format(count=count)


def _looks(count: int) -> str:
    return ngettext("{count} look", "{count} looks", count).format(count=count)
