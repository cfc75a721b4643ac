"""How often all processes together may ask somebody else: 30 requests a minute to AniList, say.

The generic cell rate algorithm (ITU-T I.371), which needs one number a budget: the time at which it
would be full again. It lies in the database, because the other side counts our address, not our
processes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import Database
from store.models import BudgetRow


class BudgetRepository:
    """Named budgets; a name is known from its first use on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, name: str, *, per_minute: float, burst: int = 1) -> float:
        """Takes one request out of a budget.

        Args:
            per_minute: the rate, in the long run.
            burst: requests that may go out at once after a pause.

        Returns:
            Seconds to wait before asking again; 0: it was taken, go ahead.
        """
        interval = timedelta(minutes=1) / per_minute
        async with self._database.writing() as connection:
            now = self._database.clock()
            budget = await self._locked(connection, name, now)
            if budget.paused_until is not None and budget.paused_until > now:
                return float((budget.paused_until - now).total_seconds())
            free_at = max(budget.free_at, now)
            early: timedelta = free_at - now - interval * (burst - 1)
            if early > timedelta(0):
                return early.total_seconds()
            await connection.execute(
                update(BudgetRow).where(BudgetRow.name == name).values(free_at=free_at + interval)
            )
        return 0.0

    async def pause(self, name: str, seconds: float) -> None:
        """Nothing more for so long (``Retry-After``); never shortens a longer pause."""
        async with self._database.writing() as connection:
            now = self._database.clock()
            until = now + timedelta(seconds=seconds)
            budget = await self._locked(connection, name, now)
            if budget.paused_until is None or budget.paused_until < until:
                await connection.execute(
                    update(BudgetRow).where(BudgetRow.name == name).values(paused_until=until)
                )

    async def _locked(self, connection: AsyncConnection, name: str, now: datetime) -> Any:
        """The budget's row, made where it is missing, and locked until the transaction ends."""
        statement = self._database.insert(BudgetRow).values(name=name, free_at=now)
        await connection.execute(statement.on_conflict_do_nothing(index_elements=[BudgetRow.name]))
        found = select(BudgetRow.free_at, BudgetRow.paused_until).where(BudgetRow.name == name)
        return (await connection.execute(found.with_for_update())).one()
