"""The way in: `open_store` migrates, connects, listens, and closes it all again."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.engine import URL

from store.address import read_url
from store.backup import size_bytes
from store.changes import ChangeFeed, Changes, feed_of
from store.database import Database, now_utc
from store.migrate import current, migrate, newest
from store.models import Base
from store.repositories.answers import AnswerRepository
from store.repositories.audit import AuditRepository
from store.repositories.budgets import BudgetRepository
from store.repositories.cache import CacheRepository
from store.repositories.editing import EditRepository
from store.repositories.gallery import GalleryRepository
from store.repositories.keeping import Keeper
from store.repositories.lessons import LessonRepository
from store.repositories.privacy import PrivacyRepository
from store.repositories.proposals import ProposalRepository
from store.repositories.quiz_asked import QuizAskedRepository
from store.repositories.quiz_pictures import QuizPictureRepository
from store.repositories.quiz_scores import QuizScoreRepository
from store.repositories.quizzes import QuizRepository
from store.repositories.running_pictures import RunningPictureRepository
from store.repositories.servers import ServerRepository
from store.repositories.settings import SettingsRepository
from store.repositories.undo import UndoRepository
from store.snapshots import Snapshots
from store.types import Limits, Retention, Status

T = TypeVar("T")
POLL_S = 0.25
"""SQLite: seconds between two looks for changes of other processes."""


@dataclass(frozen=True, slots=True)
class Store:
    """The repositories, one a need."""

    settings: SettingsRepository
    gallery: GalleryRepository
    lessons: LessonRepository
    proposals: ProposalRepository
    edits: EditRepository
    undo: UndoRepository
    audit: AuditRepository
    answers: AnswerRepository
    cache: CacheRepository
    budgets: BudgetRepository
    privacy: PrivacyRepository
    servers: ServerRepository
    quizzes: QuizRepository
    quiz_scores: QuizScoreRepository
    quiz_asked: QuizAskedRepository
    quiz_pictures: QuizPictureRepository
    running_pictures: RunningPictureRepository
    keeper: Keeper
    changes: Changes
    limits: Limits
    kind: str
    """``"sqlite"`` or ``"postgresql"``: what ``/privacy`` says about the place."""

    def snapshots(self, load: Callable[[int], Awaitable[T]], *, limit: int = 500) -> Snapshots[T]:
        """Copies of servers, made by `load` and current; see ``store.snapshots``."""
        return Snapshots(self.servers, self.changes, load, limit=limit)


@contextlib.asynccontextmanager
async def open_store(
    url: str,
    *,
    limits: Limits | None = None,
    retention: Retention | None = None,
    clock: Callable[[], datetime] = now_utc,
    poll_s: float = POLL_S,
) -> AsyncIterator[Store]:
    """Opens the database, brought to the newest schema; safe when several processes start at once.

    Args:
        url: as operators write it, see ``store.address``.
        clock: returns aware datetimes.
        poll_s: see `POLL_S`.

    Raises:
        DatabaseUnsupported, StoreUnavailable, SchemaTooNew
        OSError: the folder of the file cannot be made or written.
    """
    address = read_url(url)
    await migrate(address)
    database = Database(address, clock=clock)
    feed = feed_of(database, poll_s)
    try:
        await feed.start()
        yield _store(database, feed, limits or Limits(), retention or Retention())
    finally:
        await feed.aclose()
        await database.aclose()


def _store(database: Database, feed: ChangeFeed, limits: Limits, retention: Retention) -> Store:
    return Store(
        settings=SettingsRepository(database),
        gallery=GalleryRepository(database),
        lessons=LessonRepository(database, limits),
        proposals=ProposalRepository(database),
        edits=EditRepository(database),
        undo=UndoRepository(database),
        audit=AuditRepository(database),
        answers=AnswerRepository(database),
        cache=CacheRepository(database, limits),
        budgets=BudgetRepository(database),
        privacy=PrivacyRepository(database),
        servers=ServerRepository(database),
        quizzes=QuizRepository(database, limits),
        quiz_scores=QuizScoreRepository(database),
        quiz_asked=QuizAskedRepository(database),
        quiz_pictures=QuizPictureRepository(database, limits),
        running_pictures=RunningPictureRepository(database),
        keeper=Keeper(database, retention),
        changes=feed,
        limits=limits,
        kind=database.kind,
    )


async def status(url: URL) -> Status:
    """What lies in a database, without migrating it. Raises StoreUnavailable."""
    database = Database(url)
    try:
        async with database.reading() as connection:
            found = await connection.run_sync(current)
            rows = {}
            if found == newest():
                for table in Base.metadata.sorted_tables:
                    counted = await connection.execute(select(func.count()).select_from(table))
                    rows[table.name] = counted.scalar_one()
            size = await size_bytes(connection, database.kind)
    finally:
        await database.aclose()
    return Status(database.kind, found or None, newest(), size, rows)
