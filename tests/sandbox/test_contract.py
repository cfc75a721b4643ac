"""The contract checker can fail: a broken payload is reported."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import Exchange, Frame, Sandbox, StoredMessage, Transcript
from tests.sandbox import contract

pytestmark = pytest.mark.skipif(contract.missing() is not None, reason=str(contract.missing()))


def exchange(**parts: Any) -> Exchange:
    base: dict[str, Any] = {
        "at": 0.0,
        "method": "POST",
        "path": "/channels/1/messages",
        "query": {},
        "route": "/channels/{channel_id}/messages",
        "request": {"content": "x"},
        "files": (),
        "status": 200,
        "response": None,
        "content_type": "application/json",
    }
    return Exchange(**{**base, **parts})


def message() -> dict[str, Any]:
    made = Sandbox()
    stored = StoredMessage(
        made.world.ids.next(), made.channel, made.application.bot, made.clock.now(), content="x"
    )
    return made.as_json(stored)


def test_a_good_exchange_passes() -> None:
    assert contract.check_exchange(exchange(response=message())) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"response": {"id": "1"}}, "response: (top): 'type' is a required property"),
        (
            {"status": 418, "response": {"oops": 1}},
            "response: (top): 'code' is a required property",
        ),
        ({"status": 302}, "response: status 302 is not described"),
        ({"request": {"content": 5}}, "request: content: 5 is not of type"),
        ({"request": {"embeds": [{"title": "x" * 257}]}}, "request: embeds/0/title"),
        ({"request": None, "content_type": ""}, "request: the body is missing"),
        ({"content_type": "text/plain"}, "request: a body of type 'text/plain' is not described"),
        (
            {"method": "GET", "query": {"limit": "many"}, "response": []},
            "request: query 'limit': (top): 'many' is not of type 'integer'",
        ),
        ({"query": {"colour": "red"}}, "request: query 'colour' is not described"),
        ({"path": "/channels/1/nonsense", "route": None}, "has no such route"),
    ],
)
def test_a_broken_exchange_is_reported(change: Any, complaint: str) -> None:
    found = contract.check_exchange(exchange(**{"response": message(), **change}))
    assert any(complaint in text for text in found), found


def test_known_deviations_hide_nothing_else() -> None:
    body = {"attachments": [{"id": 0, "filename": "a.png", "description": "x" * 1025}]}
    kind = "multipart/form-data"
    found = contract.check_exchange(exchange(request=body, content_type=kind, response=message()))
    assert len(found) == 1
    assert "attachments/0/description" in found[0]
    errors = {"content": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH"}]}}
    answer = {"code": 50035, "message": "Invalid Form Body", "errors": errors}
    assert contract.check_exchange(exchange(status=400, response=answer)) != []
    lone = {**message(), "message_reference": {"type": 1, "channel_id": "2"}}
    assert contract.check_schema("MessageResponse", lone) != [], "a forward has a snapshot"


def test_broken_gateway_payloads_are_reported() -> None:
    broken = {**message(), "author": {"id": "x"}}
    frames = [
        Frame(0.0, "received", 0, broken, "MESSAGE_CREATE", 1),
        Frame(0.0, "received", 0, {"id": "1", "type": 9, "data": {}}, "INTERACTION_CREATE", 2),
    ]
    found = contract.check_transcript(Transcript(frames=frames))
    assert any("MESSAGE_CREATE: message: author" in text for text in found)
    assert "INTERACTION_CREATE: token is missing" in found
    assert any("INTERACTION_CREATE: type" in text for text in found)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"id": str(1 << 64)}, "is not a 'snowflake'"),
        ({"timestamp": "2026-01-02T03:04:05"}, "is not a 'date-time'"),
        ({"flags": 1 << 31}, "flags: 2147483648 is greater than the maximum"),
    ],
)
def test_formats_are_ours_in_the_fast_validator_too(change: Any, complaint: str) -> None:
    found = contract.check_schema("MessageResponse", {**message(), **change})
    assert any(complaint in text for text in found), found
    assert not any("refused by jsonschema-rs" in text for text in found)


def test_without_the_contract_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(contract, "CONTRACT", contract.CONTRACT.with_name("absent.json"))
    contract._say_once.cache_clear()
    assert contract.missing() is not None
    assert contract.check_transcript(Transcript()) == []
    assert contract.check_transcript(Transcript()) == []
    assert capfd.readouterr().err.count("CONTRACT NOT CHECKED") == 1
