"""Settings of servers: defaults, changes that do not undo each other, values that are refused."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from store.errors import ValueRefused
from store.opening import Store
from store.types import (
    ActionKind,
    CardDetail,
    NameOrder,
    QuizDefaults,
    ServerSettings,
    SettingsChange,
)
from tests.store.conftest import Open
from tests.store.made import ALICE, CROP, HERE, MODEL, STAFF, THERE, samples


async def test_a_server_that_set_nothing_has_the_defaults(store: Store) -> None:
    assert await store.settings.get(HERE) == ServerSettings(HERE)
    assert await store.servers.known() == ()  # and asking leaves no trace


async def test_everything_that_is_set_comes_back(store: Store, open_again: Open) -> None:
    changes: SettingsChange = {
        "listening_channels": [1, 2**63 - 1],
        "listening_per_minute": 60,
        "teaching_roles": {7},
        "approval_channel": 2**63 - 1,
        "keep_crops": True,
        "language": "pt-BR",
        "name_order": NameOrder.GIVEN_FIRST,
        "card_detail": CardDetail.FULL,
        "naming_confidence": 0.85,
        "quiz": QuizDefaults("our pictures", 20, 40, "typed", "teams", "lenient"),
    }
    after = await store.settings.change(HERE, STAFF, **changes)
    wanted = ServerSettings(
        HERE,
        **{
            **changes,
            "listening_channels": frozenset({1, 2**63 - 1}),
            "teaching_roles": frozenset({7}),
        },
    )
    assert after == wanted
    async with open_again() as other:
        assert await other.settings.get(HERE) == wanted
        assert await other.settings.get(THERE) == ServerSettings(THERE)


async def test_changes_at_the_same_time_both_count(store: Store, open_again: Open) -> None:
    async with open_again() as other:
        await asyncio.gather(
            store.settings.change(HERE, STAFF, language="ja"),
            other.settings.change(HERE, STAFF, naming_confidence=0.5),
            store.settings.change(HERE, STAFF, teaching_roles=[1, 2]),
            other.settings.change(HERE, STAFF, listening_channels=[3]),
        )
        found = await other.settings.get(HERE)
    assert (found.language, found.naming_confidence) == ("ja", 0.5)
    assert (found.teaching_roles, found.listening_channels) == ({1, 2}, {3})


async def test_a_change_is_in_the_log(store: Store) -> None:
    await store.settings.change(HERE, STAFF, keep_crops=True, listening_channels=[5, 4])
    (entry,) = await store.audit.page(HERE)
    assert (entry.kind, entry.actor_id) == (ActionKind.SETTINGS, STAFF)
    assert entry.detail == {"keep_crops": True, "listening_channels": [4, 5]}


async def test_deleted_channels_and_roles_leave_the_settings(store: Store) -> None:
    await store.settings.change(
        HERE, STAFF, listening_channels=[1, 2], approval_channel=2, teaching_roles=[2, 3]
    )
    await store.settings.change(THERE, STAFF, listening_channels=[2])
    await store.settings.gone(HERE, channel_id=2)
    found = await store.settings.get(HERE)
    assert (found.listening_channels, found.approval_channel) == ({1}, None)
    assert found.teaching_roles == {2, 3}
    await store.settings.gone(HERE, role_id=3)
    assert (await store.settings.get(HERE)).teaching_roles == {2}
    assert (await store.settings.get(THERE)).listening_channels == {2}
    revision = await store.servers.revision(HERE)
    await store.settings.gone(HERE, channel_id=99)
    assert await store.servers.revision(HERE) == revision


async def test_switching_crops_off_deletes_them(store: Store) -> None:
    for guild_id in (HERE, THERE):
        await store.settings.change(guild_id, STAFF, keep_crops=True)
        await store.lessons.teach(guild_id, ALICE, samples(1, crop=CROP), actor_id=STAFF)
    await store.settings.change(HERE, STAFF, keep_crops=False)
    for guild_id, kept in ((HERE, None), (THERE, CROP)):
        (alice,) = (await store.gallery.load(guild_id, MODEL)).characters
        assert await store.gallery.crop(guild_id, alice.exemplars[0].id) == kept


WRONG: list[dict[str, Any]] = [
    {"listening_per_minute": 0},
    {"listening_per_minute": 61},
    {"approval_channel": -1},
    {"approval_channel": 2**63},
    {"naming_confidence": 1.01},
    {"naming_confidence": float("nan")},
    {"language": "English"},
    {"name_order": "both"},
    {"keep_crops": 1},
    {"listening_channels": [0]},
    {"teaching_roles": range(1, 102)},
    {"teaching_roles": 5},
    {"colour": "red"},
]


async def test_wrong_values_change_nothing(store: Store) -> None:
    for change in WRONG:
        with pytest.raises(ValueRefused) as caught:
            await store.settings.change(HERE, STAFF, card_detail=CardDetail.SHORT, **change)
        assert caught.value.name == next(iter(change))
    assert await store.settings.get(HERE) == ServerSettings(HERE)
    assert await store.servers.revision(HERE) == 0


@pytest.mark.parametrize("wrong", [{"rounds": 0}, {"seconds": 301}, {"mode": ""}])
def test_wrong_quiz_defaults_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueRefused):
        QuizDefaults(**wrong)
