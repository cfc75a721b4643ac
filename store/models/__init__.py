"""The tables. A new module of tables is imported here, so that the metadata is complete."""

from store.models.answers import AnswerRow, AnswerVectorRow, CorrectionRow
from store.models.base import MARK, Base
from store.models.catalog import BudgetRow, CacheRow
from store.models.gallery import CharacterRow, CropRow, ExemplarRow, LessonRow
from store.models.quiz import (
    QuizAskedRow,
    QuizPlayerRow,
    QuizRow,
    QuizScoreRow,
    QuizSeasonRow,
)
from store.models.quiz_pictures import QuizPictureRow, RunningPictureRow
from store.models.servers import (
    AuditRow,
    ListeningChannelRow,
    ServerRow,
    SettingsRow,
    TeachingRoleRow,
)

__all__ = [
    "MARK",
    "AnswerRow",
    "AnswerVectorRow",
    "AuditRow",
    "Base",
    "BudgetRow",
    "CacheRow",
    "CharacterRow",
    "CorrectionRow",
    "CropRow",
    "ExemplarRow",
    "LessonRow",
    "ListeningChannelRow",
    "QuizAskedRow",
    "QuizPictureRow",
    "QuizPlayerRow",
    "QuizRow",
    "QuizScoreRow",
    "QuizSeasonRow",
    "RunningPictureRow",
    "ServerRow",
    "SettingsRow",
    "TeachingRoleRow",
]
