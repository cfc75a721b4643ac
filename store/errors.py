"""What can go wrong in the store. Errors carry data; the sentences are the caller's.

::

    StoreError
    ├── DatabaseUnsupported     the address names a database that we do not speak
    ├── StoreUnavailable        the database cannot be reached, or is locked for too long
    ├── SchemaTooNew            the database was made by a later version of this program
    ├── BrokenReferences        a migration of ours is wrong; it was rolled back
    ├── NotEmpty                the target of a restore has rows already
    ├── NotThere                no such row in this server; another server's rows count as none
    │   ├── UnknownCharacter, UnknownLesson, UnknownAnswer, UnknownAction
    │   ├── UnknownQuiz, UnknownQuizPicture
    │   └── NothingToUndo       nobody has changed anything that could be undone
    ├── NotYours                only the asker and staff may change an answer
    ├── Conflict                somebody else was faster
    │   ├── NameTaken           a character of that name is known in this server
    │   ├── AlreadyDecided      the proposal was approved or rejected before
    │   ├── AnswerChanged       the answer is not the one that the change was meant for
    │   ├── PictureThere        the server's quiz has this picture already
    │   ├── ChannelTaken        a quiz is running in the channel
    │   ├── QuizChanged         another process plays the quiz
    │   └── UndoConflict        what is to be undone was changed since, or is gone
    ├── LimitReached            a server or a member has as many of something as is allowed
    ├── ValueRefused            a value is out of range or of the wrong form
    └── BundleBroken            an imported file is not what an export writes
        └── BundleOfOtherModel  its vectors come from another network than ours
"""

from __future__ import annotations


class StoreError(Exception):
    """Root of everything this package raises on purpose."""


class DatabaseUnsupported(StoreError):
    """``scheme`` is neither a SQLite file nor PostgreSQL."""

    def __init__(self, scheme: str) -> None:
        super().__init__(scheme)
        self.scheme = scheme


class StoreUnavailable(StoreError):
    """The database did not answer. ``reason`` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SchemaTooNew(StoreError):
    """The database is at revision ``found``, which this version does not know."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


class BrokenReferences(StoreError):
    """A migration left rows of ``table`` that refer to nothing."""

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table


class NotEmpty(StoreError):
    """``table`` has rows where an empty database is needed."""

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table


class NotThere(StoreError):
    """There is no row ``key`` in this server (None: outside servers)."""

    def __init__(self, guild_id: int | None, key: int | str) -> None:
        super().__init__(guild_id, key)
        self.guild_id = guild_id
        self.key = key


class UnknownCharacter(NotThere):
    """No taught character has this id here."""


class UnknownLesson(NotThere):
    """No lesson or proposal has this id here; it may have expired."""


class UnknownAnswer(NotThere):
    """No answer has this id here; it may have expired."""


class UnknownAction(NotThere):
    """The log of this server has no such entry."""


class UnknownQuiz(NotThere):
    """No quiz with this id is running here; it may have ended."""


class NothingToUndo(NotThere):
    """No entry of the log is left that can be undone."""


class NotYours(StoreError):
    """``actor_id`` is neither the asker of the answer nor staff."""

    def __init__(self, answer_id: str, actor_id: int) -> None:
        super().__init__(answer_id, actor_id)
        self.answer_id = answer_id
        self.actor_id = actor_id


class Conflict(StoreError):
    """The state is not the one that the change was meant for."""


class NameTaken(Conflict):
    """``name`` belongs to ``character_id`` in this server."""

    def __init__(self, name: str, character_id: int) -> None:
        super().__init__(name, character_id)
        self.name = name
        self.character_id = character_id


class AlreadyDecided(Conflict):
    """The proposal is in ``state``, a value of `store.types.LessonState`, by ``decided_by``."""

    def __init__(self, lesson_id: int, state: str, decided_by: int | None) -> None:
        super().__init__(lesson_id, state, decided_by)
        self.lesson_id = lesson_id
        self.state = state
        self.decided_by = decided_by


class AnswerChanged(Conflict):
    """The answer is at version ``actual``; the change was meant for ``expected``."""

    def __init__(self, answer_id: str, *, expected: int, actual: int) -> None:
        super().__init__(answer_id, expected, actual)
        self.answer_id = answer_id
        self.expected = expected
        self.actual = actual


class UnknownQuizPicture(NotThere):
    """This server's quiz has no such picture (any more)."""


class ChannelTaken(Conflict):
    """Quiz ``quiz_id`` is running in channel ``channel_id``."""

    def __init__(self, channel_id: int, quiz_id: str) -> None:
        super().__init__(channel_id, quiz_id)
        self.channel_id = channel_id
        self.quiz_id = quiz_id


class PictureThere(Conflict):
    """The quiz of the server has the picture already, as ``picture_id``."""

    def __init__(self, picture_id: int) -> None:
        super().__init__(picture_id)
        self.picture_id = picture_id


class QuizChanged(Conflict):
    """The quiz is not at version ``expected`` any more."""

    def __init__(self, quiz_id: str, expected: int) -> None:
        super().__init__(quiz_id, expected)
        self.quiz_id = quiz_id
        self.expected = expected


class UndoConflict(Conflict):
    """Action ``action_id`` cannot be undone any more.

    ``reason`` is ``"undone"`` (it was undone before), ``"gone"`` (what it concerned has been
    deleted), ``"name"`` (its old name belongs to another character now), or ``"kind"`` (it is no
    change that can be undone).
    """

    def __init__(self, action_id: int, reason: str) -> None:
        super().__init__(action_id, reason)
        self.action_id = action_id
        self.reason = reason


class LimitReached(StoreError):
    """``what`` is a field name of `store.types.Limits`; ``actual`` would have been the number."""

    def __init__(self, what: str, *, limit: int, actual: int) -> None:
        super().__init__(f"{what}: {actual} > {limit}")
        self.what = what
        self.limit = limit
        self.actual = actual


class ValueRefused(StoreError):
    """``value`` is none that ``name`` can have."""

    def __init__(self, name: str, value: object) -> None:
        super().__init__(name, value)
        self.name = name
        self.value = value


class BundleBroken(StoreError):
    """The file is no gallery export. ``problem`` is a word or two for the log."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class BundleOfOtherModel(BundleBroken):
    """The vectors come from model ``actual``, the bot runs ``expected``."""

    def __init__(self, *, expected: str, actual: str) -> None:
        super().__init__(f"model {actual}, not {expected}")
        self.expected = expected
        self.actual = actual
