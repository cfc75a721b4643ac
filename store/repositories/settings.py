"""What staff set for their server."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import asdict, replace
from enum import StrEnum
from typing import Any, Unpack

from sqlalchemy import delete, insert, select, update

from store.database import Changing, Database
from store.errors import ValueRefused
from store.models import CropRow, ListeningChannelRow, SettingsRow, TeachingRoleRow
from store.repositories.audit import record
from store.types import (
    ActionKind,
    CardDetail,
    NameOrder,
    QuizDefaults,
    ServerSettings,
    SettingsChange,
)

MOST_LISTED = 100
"""Channels or roles in one setting."""
_LISTS: dict[str, tuple[type[Any], str]] = {
    "listening_channels": (ListeningChannelRow, "channel_id"),
    "teaching_roles": (TeachingRoleRow, "role_id"),
}


class SettingsRepository:
    """The settings of servers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int) -> ServerSettings:
        """The settings; the defaults where the server never set any."""
        async with self._database.reading() as connection:
            row = (
                await connection.execute(
                    select(SettingsRow.__table__).where(SettingsRow.guild_id == guild_id)
                )
            ).one_or_none()
            channels = await connection.execute(
                select(ListeningChannelRow.channel_id).where(
                    ListeningChannelRow.guild_id == guild_id
                )
            )
            roles = await connection.execute(
                select(TeachingRoleRow.role_id).where(TeachingRoleRow.guild_id == guild_id)
            )
            settings = ServerSettings(
                guild_id,
                listening_channels=frozenset(channels.scalars()),
                teaching_roles=frozenset(roles.scalars()),
            )
        if row is None:
            return settings
        return replace(
            settings,
            listening_per_minute=row.listening_per_minute,
            approval_channel=row.approval_channel,
            keep_crops=row.keep_crops,
            language=row.language,
            name_order=NameOrder(row.name_order),
            card_detail=CardDetail(row.card_detail),
            naming_confidence=row.naming_confidence,
            quiz=QuizDefaults(**row.quiz),
        )

    async def change(
        self, guild_id: int, actor_id: int | None, **changes: Unpack[SettingsChange]
    ) -> ServerSettings:
        """Sets what is given and leaves the rest alone, so that two members of staff who change
        different things at once both get their way. Returns the settings after it.

        Switching ``keep_crops`` off deletes the crops that are kept.

        Raises:
            ValueRefused: a value is out of range; nothing was changed.
        """
        columns = {
            name: _column(name, value) for name, value in changes.items() if name not in _LISTS
        }
        lists = {name: _ids(name, changes.get(name)) for name in _LISTS if name in changes}
        async with self._database.changing(guild_id) as changing:
            await self._write(changing, columns)
            for name, ids in lists.items():
                await _replace(changing, name, ids)
            if changes.get("keep_crops") is False:
                await changing.connection.execute(
                    delete(CropRow).where(CropRow.guild_id == guild_id)
                )
            shown = {**columns, **{name: sorted(ids) for name, ids in lists.items()}}
            await record(changing, ActionKind.SETTINGS, actor_id, detail=shown)
        return await self.get(guild_id)

    async def _write(self, changing: Changing, columns: dict[str, Any]) -> None:
        if not columns:
            return
        default = ServerSettings(changing.guild_id)
        first = {
            name: _column(name, getattr(default, name))
            for name in SettingsRow.__table__.columns.keys()  # noqa: SIM118 - no dict
            if name != "guild_id"
        }
        statement = self._database.insert(SettingsRow).values(
            guild_id=changing.guild_id, **{**first, **columns}
        )
        await changing.connection.execute(
            statement.on_conflict_do_update(index_elements=[SettingsRow.guild_id], set_=columns)
        )

    async def gone(
        self, guild_id: int, *, channel_id: int | None = None, role_id: int | None = None
    ) -> None:
        """Takes a deleted channel or role out of the settings; does nothing where it is in none."""
        now = await self.get(guild_id)
        listened = channel_id in now.listening_channels
        asked = channel_id is not None and channel_id == now.approval_channel
        if not (listened or asked or role_id in now.teaching_roles):
            return
        # Each row by itself, not the list as it was read: staff may be changing it right now.
        channels, roles = ListeningChannelRow, TeachingRoleRow
        async with self._database.changing(guild_id) as changing:
            for statement in (
                delete(channels).where(
                    channels.guild_id == guild_id, channels.channel_id == channel_id
                ),
                delete(roles).where(roles.guild_id == guild_id, roles.role_id == role_id),
                update(SettingsRow)
                .where(SettingsRow.guild_id == guild_id, SettingsRow.approval_channel == channel_id)
                .values(approval_channel=None),
            ):
                await changing.connection.execute(statement)
            await record(
                changing, ActionKind.SETTINGS, None, detail={"gone": channel_id or role_id}
            )


async def _replace(changing: Changing, name: str, ids: frozenset[int]) -> None:
    table, column = _LISTS[name]
    await changing.connection.execute(delete(table).where(table.guild_id == changing.guild_id))
    if ids:
        await changing.connection.execute(
            insert(table), [{"guild_id": changing.guild_id, column: one} for one in sorted(ids)]
        )


def _ids(name: str, values: object) -> frozenset[int]:
    if not isinstance(values, Collection):
        raise ValueRefused(name, values)
    ids = frozenset(values)
    if len(ids) > MOST_LISTED or not all(isinstance(one, int) and 0 < one < 2**63 for one in ids):
        raise ValueRefused(name, values)
    return ids


def _column(name: str, value: Any) -> Any:
    """The value as its column holds it; raises ValueRefused."""
    fits = True
    match name:
        case "listening_per_minute":
            fits = 1 <= value <= 60
        case "approval_channel":
            fits = value is None or 0 < value < 2**63
        case "keep_crops":
            fits = isinstance(value, bool)
        case "language":
            fits = value is None or re.fullmatch(r"[a-z]{2}(-[A-Z0-9]{2,3})?", value) is not None
        case "naming_confidence":
            fits = value is None or 0 <= value <= 1
        case "name_order":
            fits = value in set(NameOrder)
        case "card_detail":
            fits = value in set(CardDetail)
        case "quiz":
            return asdict(value)
        case _:
            fits = False
    if not fits:
        raise ValueRefused(name, value)
    return str(value) if isinstance(value, StrEnum) else value
