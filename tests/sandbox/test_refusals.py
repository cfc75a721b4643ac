"""What Discord refuses is refused with its status and code, and noted."""

from __future__ import annotations

import io
from typing import Any

import aiohttp
import discord
import pytest

from sandbox import CommandUnavailable, NoAnswer, Sandbox, UnknownCommand, UsageError, permissions
from sandbox.models import Overwrite
from tests.sandbox.bot import PNG, Club
from tests.sandbox.contract import check_transcript, missing

MIB = 1024 * 1024


async def post(sandbox: Sandbox, path: str, body: Any, method: str = "POST") -> tuple[int, Any]:
    """A raw REST request with the bot's token: what discord.py itself would not let us send."""
    headers = {"Authorization": f"Bot {sandbox.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, sandbox.rest_url + path, json=body) as response,
    ):
        return response.status, await response.json()


def partial(sandbox: Sandbox, bot: Club) -> discord.PartialMessageable:
    return bot.get_partial_messageable(sandbox.channel.id, guild_id=sandbox.guild.id)


async def test_unknown_route_and_method(sandbox: Sandbox) -> None:
    unknown = {"message": "404: Not Found", "code": 0}
    assert await post(sandbox, "/nothing/here", {}) == (404, unknown)
    assert (await post(sandbox, "/users/@me", {}, "DELETE"))[0] == 405
    assert len(sandbox.violations) == 2
    if missing() is None:
        assert "no such route" in check_transcript(sandbox.transcript)[0]
    sandbox.transcript.clear()


async def test_wrong_token(sandbox: Sandbox) -> None:
    async with (
        aiohttp.ClientSession(headers={"Authorization": "Bot nobody"}) as session,
        session.get(sandbox.rest_url + "/users/@me") as response,
    ):
        assert response.status == 401
        assert await response.json() == {"message": "401: Unauthorized", "code": 0}
    assert len(sandbox.violations) == 1


async def test_foreign_host_names_are_turned_away(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession(headers={"Host": "evil.example:80"}) as session:
        for path in ("/", "/api/v10/gateway", "/page/state"):
            async with session.get(sandbox.page_url + path) as response:
                assert response.status == 421


async def test_command_that_was_never_synced(sandbox: Sandbox, bot: Club) -> None:
    with pytest.raises(UnknownCommand, match="never synced"):
        await sandbox.slash(sandbox.member, sandbox.channel, "whoami")
    with pytest.raises(UsageError, match="required"):
        await sandbox.slash(sandbox.member, sandbox.channel, "echo")
    with pytest.raises(UsageError, match="no option"):
        await sandbox.slash(sandbox.member, sandbox.channel, "panel", {"colour": "red"})
    with pytest.raises(CommandUnavailable, match="installed"):
        await sandbox.slash(sandbox.member, sandbox.group(sandbox.member, sandbox.other), "panel")


async def test_second_acknowledgement(sandbox: Sandbox, bot: Club) -> None:
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "twice")
    assert (await handle.wait_answer()).content == "once"
    await sandbox.wait_for(lambda: bool(sandbox.violations))
    assert "400 40060" in sandbox.violations[0]
    await sandbox.wait_for(lambda: bool(bot.errors))
    assert isinstance(bot.errors[0], discord.HTTPException)
    assert bot.errors[0].code == 40060


async def test_late_acknowledgement(sandbox: Sandbox, bot: Club) -> None:
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "slow")
    await sandbox.wait_for(lambda: bool(sandbox.transcript.events("INTERACTION_CREATE")))
    sandbox.clock.advance(3.1)
    bot.gate.set()
    with pytest.raises(NoAnswer, match="did not respond"):
        await handle.wait_answer()
    await sandbox.wait_for(lambda: bool(bot.errors))
    assert isinstance(bot.errors[0], discord.NotFound)
    assert bot.errors[0].code == 10062


async def test_expired_token(sandbox: Sandbox, bot: Club) -> None:
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "slow", {"defer": True})
    await handle.wait_acked()
    sandbox.clock.advance(15 * 60 + 1)
    bot.gate.set()
    await sandbox.wait_for(lambda: bool(bot.errors))
    assert isinstance(bot.errors[0], discord.HTTPException)
    assert (bot.errors[0].status, bot.errors[0].code) == (401, 50027)


async def test_unknown_things(sandbox: Sandbox, bot: Club) -> None:
    channel = partial(sandbox, bot)
    for asked, code in (
        (channel.fetch_message(1), 10008),
        (bot.fetch_channel(1), 10003),
        (bot.fetch_user(1), 10013),
        (bot.fetch_guild(1), 10004),
    ):
        with pytest.raises(discord.NotFound) as refused:
            await asked
        assert refused.value.code == code
    unanswered = await sandbox.slash(sandbox.member, sandbox.channel, "slow")
    path = f"/webhooks/{sandbox.application.id}/{unanswered.interaction.token}"
    assert (await post(sandbox, path, {"content": "early"}))[1]["code"] == 10015
    bot.gate.set()
    await unanswered.wait_answer()


async def test_missing_access_and_permissions(sandbox: Sandbox, bot: Club) -> None:
    everyone = sandbox.guild.id
    deny = sandbox.channel.overwrites
    deny[everyone] = Overwrite(everyone, 0, deny=permissions.SEND_MESSAGES)
    with pytest.raises(discord.Forbidden) as refused:
        await partial(sandbox, bot).send("hi")
    assert refused.value.code == 50013
    deny[everyone] = Overwrite(everyone, 0, deny=permissions.VIEW_CHANNEL)
    with pytest.raises(discord.Forbidden) as refused:
        await partial(sandbox, bot).send("hi")
    assert refused.value.code == 50001
    theirs = await sandbox.post(sandbox.member, sandbox.bots, "mine")
    message = bot.get_partial_messageable(sandbox.bots.id).get_partial_message(theirs.id)
    with pytest.raises(discord.Forbidden) as refused:
        await message.edit(content="yours")
    assert refused.value.code == 50005


def embed(**parts: Any) -> dict[str, Any]:
    return {"embeds": [discord.Embed(**parts).to_dict()]}


def field(name: str, value: str) -> dict[str, Any]:
    return {"embeds": [{"fields": [{"name": name, "value": value}]}]}


def buttons(*counts: int, **parts: Any) -> dict[str, Any]:
    """Rows of so many buttons."""
    rows = []
    for row, count in enumerate(counts):
        made = [
            {"type": 2, "style": 1, "label": "x", "custom_id": f"{row}.{n}"} for n in range(count)
        ]
        rows.append({"type": 1, "components": [{**one, **parts} for one in made]})
    return {"content": "x", "components": rows}


def menu(count: int, **parts: Any) -> dict[str, Any]:
    options = [{"label": str(n), "value": str(n)} for n in range(count)]
    select = {"type": 3, "custom_id": "s", "options": options, **parts}
    return {"content": "x", "components": [{"type": 1, "components": [select]}]}


def texts(count: int) -> dict[str, Any]:
    """Components v2."""
    return {"flags": 1 << 15, "components": [{"type": 10, "content": "x"}] * count}


TOO_LONG, REQUIRED, BAD_LENGTH = (
    "BASE_TYPE_MAX_LENGTH",
    "BASE_TYPE_REQUIRED",
    "BASE_TYPE_BAD_LENGTH",
)
LIMITS: list[tuple[str, Any, Any, str, str]] = [
    ("content", {"content": "x" * 2000}, {"content": "x" * 2001}, "content", TOO_LONG),
    ("title", embed(title="x" * 256), embed(title="x" * 257), "embeds.0.title", TOO_LONG),
    (
        "description",
        embed(description="x" * 4096),
        embed(description="x" * 4097),
        "embeds.0.description",
        TOO_LONG,
    ),
    (
        "embeds",
        {"embeds": [{"title": "x"}] * 10},
        {"embeds": [{"title": "x"}] * 11},
        "embeds",
        TOO_LONG,
    ),
    (
        "sum",
        {"embeds": [{"description": "x" * 3000}] * 2},
        {"embeds": [{"description": "x" * 3000}, {"description": "x" * 3001}]},
        "embeds",
        "MAX_EMBED_SIZE_EXCEEDED",
    ),
    (
        "field name",
        field("x" * 256, "x"),
        field("x" * 257, "x"),
        "embeds.0.fields.0.name",
        TOO_LONG,
    ),
    (
        "field value",
        field("x", "x" * 1024),
        field("x", "x" * 1025),
        "embeds.0.fields.0.value",
        TOO_LONG,
    ),
    ("empty field", field("x", "x"), field("x", ""), "embeds.0.fields.0.value", REQUIRED),
    (
        "fields",
        {"embeds": [{"fields": [{"name": "x", "value": "x"}] * 25}]},
        {"embeds": [{"fields": [{"name": "x", "value": "x"}] * 26}]},
        "embeds.0.fields",
        TOO_LONG,
    ),
    (
        "footer",
        {"embeds": [{"footer": {"text": "x" * 2048}}]},
        {"embeds": [{"footer": {"text": "x" * 2049}}]},
        "embeds.0.footer.text",
        TOO_LONG,
    ),
    (
        "author",
        {"embeds": [{"author": {"name": "x" * 256}}]},
        {"embeds": [{"author": {"name": "x" * 257}}]},
        "embeds.0.author.name",
        TOO_LONG,
    ),
    (
        "url",
        embed(title="x", url="https://example.org/a"),
        embed(title="x", url="example"),
        "embeds.0.url",
        "URL_TYPE_INVALID_URL",
    ),
    (
        "scheme",
        embed(title="x", url="https://example.org/a"),
        embed(title="x", url="ftp://example.org/a"),
        "embeds.0.url",
        "URL_TYPE_INVALID_SCHEME",
    ),
    (
        "attachment://",
        {"embeds": [{"image": {"url": "https://example.org/a.png"}}]},
        {"embeds": [{"image": {"url": "attachment://a.png"}}]},
        "embeds.0.image.url",
        "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
    ),
    ("rows", buttons(1, 1, 1, 1, 1), buttons(1, 1, 1, 1, 1, 1), "components", TOO_LONG),
    ("buttons", buttons(5), buttons(6), "components.0.components", BAD_LENGTH),
    (
        "label",
        buttons(1, label="x" * 80),
        buttons(1, label="x" * 81),
        "components.0.components.0.label",
        TOO_LONG,
    ),
    (
        "custom id",
        buttons(1, custom_id="x" * 100),
        buttons(1, custom_id="x" * 101),
        "components.0.components.0.custom_id",
        BAD_LENGTH,
    ),
    (
        "unique ids",
        buttons(2),
        buttons(2, custom_id="same"),
        "components",
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    ("options", menu(25), menu(26), "components.0.components.0.options", BAD_LENGTH),
    (
        "placeholder",
        menu(1, placeholder="x" * 150),
        menu(1, placeholder="x" * 151),
        "components.0.components.0.placeholder",
        TOO_LONG,
    ),
    ("components v2", texts(40), texts(41), "components", TOO_LONG),
    (
        "v2 content",
        texts(1),
        {**texts(1), "content": "x"},
        "content",
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    ("flag of v2", texts(1), {**texts(1), "flags": 0}, "components.0.type", "UNION_TYPE_CHOICES"),
]


@pytest.mark.parametrize(
    ("allowed", "refused", "path", "code"),
    [pytest.param(*case[1:], id=case[0]) for case in LIMITS],
)
async def test_limits_of_messages(
    sandbox: Sandbox, allowed: Any, refused: Any, path: str, code: str
) -> None:
    route = f"/channels/{sandbox.channel.id}/messages"
    status, answer = await post(sandbox, route, allowed)
    assert status == 200, answer
    status, answer = await post(sandbox, route, refused)
    assert (status, answer["code"], answer["message"]) == (400, 50035, "Invalid Form Body")
    node = answer["errors"]
    for key in path.split("."):
        node = node[key]
    assert [one["code"] for one in node["_errors"]] == [code]
    assert len(sandbox.violations) == 1


async def test_empty_messages(sandbox: Sandbox) -> None:
    route = f"/channels/{sandbox.channel.id}/messages"
    assert await post(sandbox, route, {"content": ""}) == (
        400,
        {"message": "Cannot send an empty message", "code": 50006},
    )


async def test_limits_of_files(sandbox: Sandbox, bot: Club) -> None:
    channel = partial(sandbox, bot)

    def file(size: int = 4, alt: str | None = None) -> discord.File:
        return discord.File(io.BytesIO(bytes(size)), "a.bin", description=alt)

    sent = await channel.send(files=[file(10 * MIB, "x" * 1024)])
    assert sent.attachments[0].size == 10 * MIB
    assert sent.attachments[0].description == "x" * 1024
    assert await sent.attachments[0].read() == bytes(10 * MIB)
    with pytest.raises(discord.HTTPException) as refused:
        await channel.send(files=[file(10 * MIB + 1)])
    assert (refused.value.status, refused.value.code) == (413, 40005)
    with pytest.raises(discord.HTTPException, match="description: Must be 1024 or fewer"):
        await channel.send(files=[file(4, "x" * 1025)])
    with pytest.raises(discord.HTTPException, match="attachments: Must be 10 or fewer"):
        await channel.send(files=[file() for _ in range(11)])


async def test_edits_keep_what_they_list(sandbox: Sandbox, bot: Club) -> None:
    pictures = [discord.File(io.BytesIO(PNG), name) for name in ("a.png", "b.png")]
    sent = await partial(sandbox, bot).send("two", files=pictures)
    kept = await sent.edit(content="one", attachments=[sent.attachments[1]])
    assert [one.filename for one in kept.attachments] == ["b.png"]
    with pytest.raises(discord.HTTPException, match="empty message"):
        await sent.edit(content="", attachments=[])


def _command(**parts: Any) -> dict[str, Any]:
    return {"name": "x", "description": "x", "type": 1, **parts}


def _option(name: str = "o", **parts: Any) -> dict[str, Any]:
    return {"name": name, "description": "x", "type": 3, **parts}


@pytest.mark.parametrize(
    ("bad", "path", "code"),
    [
        (_command(name="Upper"), "0.name", "APPLICATION_COMMAND_INVALID_NAME"),
        (_command(name="x" * 33), "0.name", BAD_LENGTH),
        (_command(description="x" * 101), "0.description", BAD_LENGTH),
        (_command(description=""), "0.description", REQUIRED),
        (_command(options=[_option(str(n)) for n in range(26)]), "0.options", TOO_LONG),
        (
            _command(options=[_option("a"), _option("b", required=True)]),
            "0.options.1",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (
            _command(options=[_option(choices=[{"name": "x" * 101, "value": "x"}])]),
            "0.options.0.choices.0.name",
            BAD_LENGTH,
        ),
        (
            _command(name_localizations={"xx": "x"}),
            "0.name_localizations.xx",
            "BASE_TYPE_CHOICES",
        ),
        (
            _command(description_localizations={"de": "x" * 101}),
            "0.description_localizations.de",
            BAD_LENGTH,
        ),
        (_command(contexts=[3]), "0.contexts.0", "BASE_TYPE_CHOICES"),
        (
            {"type": 3, "name": "Look", "description": "no"},
            "0.description",
            "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID",
        ),
        (
            _command(
                options=[
                    _option(
                        f"o{n}",
                        choices=[
                            {"name": f"{n}{m}" * 25, "value": "v" * 50} for m in range(10, 30)
                        ],
                    )
                    for n in range(10, 15)
                ]
            ),
            "0",
            "APPLICATION_COMMAND_TOO_LARGE",
        ),
    ],
)
async def test_limits_of_commands(sandbox: Sandbox, bad: Any, path: str, code: str) -> None:
    route = f"/applications/{sandbox.application.id}/commands"
    status, answer = await post(sandbox, route, [bad], "PUT")
    assert (status, answer["code"]) == (400, 50035)
    node = answer["errors"]
    for key in path.split("."):
        node = node[key]
    assert code in [one["code"] for one in node["_errors"]]
    assert sandbox.commands() == []


async def test_too_many_commands(sandbox: Sandbox) -> None:
    route = f"/applications/{sandbox.application.id}/commands"
    body = [_command(name=f"c{number}") for number in range(101)]
    assert (await post(sandbox, route, body, "PUT"))[1]["code"] == 30032
    assert (await post(sandbox, route, body[:100], "PUT"))[0] == 200


def _callback(sandbox: Sandbox, handle: Any) -> str:
    return f"/interactions/{handle.interaction.id}/{handle.interaction.token}/callback"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"title": "x" * 46}, "title"),
        ({"custom_id": "x" * 101}, "custom_id"),
        ({"components": []}, "components"),
    ],
)
async def test_limits_of_modals(sandbox: Sandbox, bot: Club, change: Any, path: str) -> None:
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "slow")
    box = {"type": 4, "custom_id": "t", "style": 1, "label": "Text"}
    good = {"custom_id": "m", "title": "x" * 45, "components": [{"type": 1, "components": [box]}]}
    route = _callback(sandbox, handle)
    status, answer = await post(sandbox, route, {"type": 9, "data": {**good, **change}})
    assert (status, answer["code"]) == (400, 50035)
    assert "_errors" in answer["errors"]["data"][path]
    assert not handle.acked, "a refused acknowledgement is none"
    route += "?with_response=true"
    assert (await post(sandbox, route, {"type": 9, "data": good}))[0] == 200
    assert handle.acked


async def test_callback_types_must_fit_the_interaction(sandbox: Sandbox, bot: Club) -> None:
    handle = await sandbox.slash(sandbox.member, sandbox.channel, "slow")
    route = _callback(sandbox, handle)
    for kind in (2, 3, 6, 7, 8):
        assert (await post(sandbox, route, {"type": kind}))[1]["code"] == 50035
    bot.gate.set()
    await handle.wait_answer()


async def test_five_followups_where_only_the_user_installed(sandbox: Sandbox, bot: Club) -> None:
    guest = sandbox.create_user("aoi", user_installed=True)
    place = sandbox.group(guest, sandbox.other)
    handle = await sandbox.slash(guest, place, "echo", {"picture": ("a.png", PNG)})
    await handle.wait_answer()
    path = f"/webhooks/{sandbox.application.id}/{handle.interaction.token}"
    codes = [(await post(sandbox, path, {"content": "x"}))[0] for _ in range(4)]
    sandbox.clock.advance(3)
    codes += [(await post(sandbox, path, {"content": "x"}))[0] for _ in range(2)]
    assert codes == [200, 200, 200, 200, 200, 400]
    assert list(sandbox.transcript.requests("POST"))[-1].response["code"] == 40094
