"""The values that the store takes and gives: frozen, and free of any database.

Snowflakes are ``int``; times are aware ``datetime`` in UTC. ``guild_id`` is the server; where it
may be None, None is a direct message or group, which no server owns.
"""

from store.types.answers import Answer, AnsweredPicture, Correction, Looked, PictureSource
from store.types.audit import Action, ActionKind
from store.types.catalog import CacheEntry
from store.types.gallery import (
    CharacterSummary,
    Crop,
    Evidence,
    Exemplar,
    Lesson,
    LessonSource,
    LessonState,
    Proposal,
    ProposedSample,
    Sample,
    Subject,
    TaughtCharacter,
    TaughtGallery,
)
from store.types.operation import Change, Held, Limits, Purged, Retention, Server, Status
from store.types.quiz import QuizResult, RunningQuiz, Score, Season
from store.types.quiz_pictures import NewQuizPicture, QuizPicture, QuizPictureSummary
from store.types.settings import CardDetail, NameOrder, QuizDefaults, ServerSettings, SettingsChange

__all__ = [
    "Action",
    "ActionKind",
    "Answer",
    "AnsweredPicture",
    "CacheEntry",
    "CardDetail",
    "Change",
    "CharacterSummary",
    "Correction",
    "Crop",
    "Evidence",
    "Exemplar",
    "Held",
    "Lesson",
    "LessonSource",
    "LessonState",
    "Limits",
    "Looked",
    "NameOrder",
    "NewQuizPicture",
    "PictureSource",
    "Proposal",
    "ProposedSample",
    "Purged",
    "QuizDefaults",
    "QuizPicture",
    "QuizPictureSummary",
    "QuizResult",
    "Retention",
    "RunningQuiz",
    "Sample",
    "Score",
    "Season",
    "Server",
    "ServerSettings",
    "SettingsChange",
    "Status",
    "Subject",
    "TaughtCharacter",
    "TaughtGallery",
]
