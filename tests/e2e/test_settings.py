"""The settings panel: for those who may manage the server, and in force at once."""

from __future__ import annotations

from typing import Any

import pytest

from cogs.settings import texts
from cogs.settings.panel import change_of
from sandbox import CommandUnavailable, StoredMessage, User
from scripts.demo import read_answer
from store.errors import ValueRefused
from store.types import CardDetail, NameOrder, QuizDefaults, ServerSettings
from tests.e2e.conftest import Club


async def opened(club: Club, user: User | None = None) -> StoredMessage:
    sandbox = club.sandbox
    handle = await sandbox.slash(user or sandbox.staff, sandbox.channel, "settings")
    return await handle.wait_answer()


async def kept(club: Club) -> ServerSettings:
    assert club.services.store is not None
    return await club.services.store.settings.get(club.sandbox.guild.id)


def labels(message: StoredMessage) -> list[str]:
    return [one["label"] for one in message.walk_components() if one.get("label")]


def summary(message: StoredMessage) -> str:
    return str(message.embeds[0]["description"])


async def test_who_and_where(club: Club) -> None:
    sandbox = club.sandbox
    panel = await opened(club)
    assert panel.ephemeral
    assert "who may manage the server" in summary(panel)
    for menu, values in (
        (texts.ROLES, [sandbox.staff_role]),
        (texts.APPROVAL, [sandbox.bots]),
        (texts.LISTENING, [sandbox.channel, sandbox.bots]),
    ):
        await (await sandbox.select(sandbox.staff, panel, menu, values)).wait_acked()
    settings = await kept(club)
    assert settings.teaching_roles == {sandbox.staff_role.id}
    assert settings.approval_channel == sandbox.bots.id
    assert settings.listening_channels == {sandbox.channel.id, sandbox.bots.id}
    await sandbox.wait_for(lambda: f"suggestions: <#{sandbox.bots.id}>" in summary(panel))
    assert f"<@&{sandbox.staff_role.id}>" in summary(panel)
    await (await sandbox.select(sandbox.staff, panel, texts.APPROVAL, [])).wait_acked()
    assert (await kept(club)).approval_channel is None


async def test_answers(club: Club) -> None:
    sandbox = club.sandbox
    panel = await opened(club)
    await (await sandbox.click(sandbox.staff, panel, texts.ANSWERS)).wait_acked()
    menu = "settings:{}".format
    for name, value in (("confidence", "90"), ("detail", "full"), ("language", "de")):
        await (await sandbox.select(sandbox.staff, panel, menu(name), [value])).wait_acked()
    for name in ("crops", "order"):
        await (await sandbox.click(sandbox.staff, panel, menu(name))).wait_acked()
    settings = await kept(club)
    assert settings.naming_confidence == 0.9
    assert settings.card_detail is CardDetail.FULL
    assert settings.language == "de"
    assert settings.keep_crops
    assert settings.name_order is NameOrder.GIVEN_FIRST
    await sandbox.wait_for(lambda: "Deutsch" in summary(panel))
    for name in ("confidence", "language"):
        await (await sandbox.select(sandbox.staff, panel, menu(name), ["own"])).wait_acked()
    for name in ("crops", "order", "places"):
        await (await sandbox.click(sandbox.staff, panel, menu(name))).wait_acked()
    settings = await kept(club)
    assert (settings.naming_confidence, settings.language) == (None, None)
    assert (settings.keep_crops, settings.name_order) == (False, NameOrder.FAMILY_FIRST)


async def test_defaults_of_a_quiz(club: Club) -> None:
    sandbox = club.sandbox
    panel = await opened(club)
    await (await sandbox.click(sandbox.staff, panel, texts.ANSWERS)).wait_acked()
    await (await sandbox.click(sandbox.staff, panel, "settings:quiz")).wait_acked()
    for name, value in (
        ("rounds", "20"),
        ("seconds", "40"),
        ("answers", "typed"),
        ("mode", "survival"),
    ):
        menu = f"settings:quiz_{name}"
        await (await sandbox.select(sandbox.staff, panel, menu, [value])).wait_acked()
    button = "settings:quiz_tolerance"
    await (await sandbox.click(sandbox.staff, panel, button)).wait_acked()
    assert (await kept(club)).quiz == QuizDefaults(
        rounds=20, seconds=40, answers="typed", mode="survival", tolerance="lenient"
    )
    await sandbox.wait_for(lambda: "spelling: lenient" in summary(panel))
    assert (
        "Clues: who am I?; 20 rounds of 40 s, typed in the channel, survival with three lives"
        in summary(panel)
    )
    await (await sandbox.click(sandbox.staff, panel, button)).wait_acked()
    assert (await kept(club)).quiz.tolerance == "exact"
    for deck in ("pictures", "anilist", "clues"):
        await (await sandbox.click(sandbox.staff, panel, "settings:quiz_deck")).wait_acked()
        assert (await kept(club)).quiz.deck == deck
    await sandbox.wait_for(lambda: "Deck: Clues: who am I?" in labels(panel))
    await (await sandbox.click(sandbox.staff, panel, "settings:answers")).wait_acked()


async def test_the_confidence_for_naming_holds_at_once(club: Club, portrait: bytes) -> None:
    sandbox, store = club.sandbox, club.services.store
    assert store is not None
    assert read_answer(await club.answer(portrait))[0].name is not None
    panel = await opened(club)
    await (await sandbox.click(sandbox.staff, panel, texts.ANSWERS)).wait_acked()
    await (await sandbox.select(sandbox.staff, panel, "settings:confidence", ["95"])).wait_acked()
    assert read_answer(await club.answer(portrait))[0].name is None


async def test_a_panel_survives_the_one_who_may_use_it(club: Club) -> None:
    """Whoever lost the right in the meantime changes nothing, whatever lies open before him."""
    sandbox = club.sandbox
    panel = await opened(club)
    sandbox.assign(sandbox.guild, sandbox.staff)
    refused = await (
        await sandbox.select(sandbox.staff, panel, texts.ROLES, [sandbox.staff_role])
    ).wait_answer()
    assert refused.ephemeral
    assert "may manage the server" in refused.content
    assert (await kept(club)).teaching_roles == frozenset()


async def test_members_are_not_offered_it(club: Club) -> None:
    with pytest.raises(CommandUnavailable):
        await opened(club, club.sandbox.member)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("roles", {"values": ["1"]}),
        ("listening", {"values": ["1"], "resolved": {"channels": {"2": {}}}}),
        ("approval", {"values": ["x"], "resolved": {}}),
        ("confidence", {"values": ["3"]}),
        ("confidence", {"values": []}),
        ("detail", {"values": ["huge"]}),
        ("language", {"values": ["tlh"]}),
        ("quiz_rounds", {"values": ["1000"]}),
        ("quiz_seconds", {"values": ["x"]}),
        ("quiz_mode", {"values": []}),
        ("quiz_nothing", {"values": ["1"]}),
        ("nothing", {}),
    ],
)
def test_what_no_client_offers_is_refused(name: str, data: dict[str, Any]) -> None:
    with pytest.raises(ValueRefused):
        change_of(name, data, ServerSettings(1))
