"""Refusals, with Discord's HTTP status and JSON error code.

::

    SandboxError                     anything the stand-in raises on purpose
    ├── DiscordError                 a refusal that goes over the wire to the bot
    │   └── InvalidFormBody          50035, with the nested ``errors`` object
    └── UsageError                   a person asked for what their Discord client would not offer
        └── NoAnswer                 the bot did not answer (in time)

Codes and sentences: Discord docs, "Opcodes and Status Codes" → "JSON Error Codes".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]


class SandboxError(Exception):
    """Base of everything the stand-in raises on purpose."""


class UsageError(SandboxError):
    """A person tried something the Discord client would not let them do (unknown command, missing
    option…).
    """


class NoAnswer(UsageError):
    """The bot did not acknowledge or answer; the message says how far it got."""


class DiscordError(SandboxError):
    """A refusal of a REST request: ``status`` (HTTP), ``code`` (JSON error code), ``message``."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> Json:
        """The JSON body Discord sends with this refusal."""
        return {"message": self.message, "code": self.code}


class InvalidFormBody(DiscordError):
    """50035 with one ``_errors`` list per offending field; ``errors`` maps field paths to (code,
    message).
    """

    def __init__(self, errors: dict[Path, list[tuple[str, str]]]) -> None:
        super().__init__(400, 50035, "Invalid Form Body")
        self.errors = errors

    def body(self) -> Json:
        """The JSON body with the nested ``errors`` object ("Error Messages", API reference)."""
        tree: Json = {}
        for path, problems in self.errors.items():
            node = tree
            for key in path:
                node = node.setdefault(str(key), {})
            node["_errors"] = [{"code": code, "message": text} for code, text in problems]
        return {**super().body(), "errors": tree}

    def __str__(self) -> str:
        return "; ".join(f"{'.'.join(map(str, path))}: {text}" for path, text in self._flat())

    def _flat(self) -> Iterator[tuple[Path, str]]:
        for path, problems in self.errors.items():
            for code, text in problems:
                yield path, f"{code} {text}"


class Problems:
    """Collects what is wrong with a form, so that one answer names every field at once, as Discord
    does.
    """

    def __init__(self) -> None:
        self._errors: dict[Path, list[tuple[str, str]]] = {}

    def add(self, path: Path, code: str, message: str) -> None:
        """Note a problem at ``path`` (field names and list indices from the top of the body)."""
        self._errors.setdefault(path, []).append((code, message))

    def __bool__(self) -> bool:
        return bool(self._errors)

    def raise_if_any(self) -> None:
        """Raise InvalidFormBody if anything was noted."""
        if self._errors:
            raise InvalidFormBody(self._errors)


def not_found_route() -> DiscordError:
    return DiscordError(404, 0, "404: Not Found")


def method_not_allowed() -> DiscordError:
    return DiscordError(405, 0, "405: Method Not Allowed")


def unauthorized() -> DiscordError:
    return DiscordError(401, 0, "401: Unauthorized")


def bad_request() -> DiscordError:
    return DiscordError(400, 50109, "The request body contains invalid JSON.")


def unknown_channel() -> DiscordError:
    return DiscordError(404, 10003, "Unknown Channel")


def unknown_guild() -> DiscordError:
    return DiscordError(404, 10004, "Unknown Guild")


def unknown_member() -> DiscordError:
    return DiscordError(404, 10007, "Unknown Member")


def unknown_message() -> DiscordError:
    return DiscordError(404, 10008, "Unknown Message")


def unknown_user() -> DiscordError:
    return DiscordError(404, 10013, "Unknown User")


def unknown_emoji() -> DiscordError:
    return DiscordError(400, 10014, "Unknown Emoji")


def unknown_webhook() -> DiscordError:
    return DiscordError(404, 10015, "Unknown Webhook")


def unknown_application() -> DiscordError:
    return DiscordError(404, 10002, "Unknown Application")


def unknown_interaction() -> DiscordError:
    return DiscordError(404, 10062, "Unknown interaction")


def unknown_sticker() -> DiscordError:
    return DiscordError(404, 10060, "Unknown sticker")


def unknown_command() -> DiscordError:
    return DiscordError(404, 10063, "Unknown application command")


def too_many_commands(limit: int) -> DiscordError:
    return DiscordError(400, 30032, f"Maximum number of application commands reached ({limit}).")


def request_too_large() -> DiscordError:
    return DiscordError(413, 40005, "Request entity too large")


def already_acknowledged() -> DiscordError:
    return DiscordError(400, 40060, "Interaction has already been acknowledged.")


def too_many_followups() -> DiscordError:
    return DiscordError(
        400, 40094, "This interaction has reached the maximum number of follow up messages."
    )


def missing_access() -> DiscordError:
    return DiscordError(403, 50001, "Missing Access")


def cannot_edit_others_message() -> DiscordError:
    return DiscordError(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> DiscordError:
    return DiscordError(400, 50006, "Cannot send an empty message")


def cannot_message_user() -> DiscordError:
    return DiscordError(403, 50007, "Cannot send messages to this user")


def missing_permissions() -> DiscordError:
    return DiscordError(403, 50013, "Missing Permissions")


def invalid_webhook_token() -> DiscordError:
    return DiscordError(401, 50027, "Invalid Webhook Token")
