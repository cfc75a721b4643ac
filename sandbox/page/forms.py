"""What the page sends: a multipart body with a ``payload`` JSON part, and files by option name."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from sandbox.errors import Json, UsageError


@dataclass
class Form:
    """A change somebody asks for."""

    payload: Json
    files: dict[str, list[tuple[str, bytes]]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A value as text, empty if absent."""
        value = self.payload.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        return bool(self.payload.get(name))


async def read_form(request: web.Request) -> Form:
    """The multipart body of a change.

    Raises:
        UsageError: it is something else.
    """
    if request.content_type != "multipart/form-data":
        raise UsageError("send multipart/form-data")
    form = Form({})
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            raise UsageError("nested parts make no sense here")
        if part.filename is not None:
            data = bytes(await part.read(decode=True))
            form.files.setdefault(part.name, []).append((part.filename, data))
        elif part.name == "payload":
            try:
                form.payload = json.loads(await part.text())
            except ValueError:
                raise UsageError("the payload is no JSON") from None
    if not isinstance(form.payload, dict):
        raise UsageError("the payload is no object")
    return form
