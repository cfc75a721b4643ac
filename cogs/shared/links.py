"""Web addresses that members type."""

from __future__ import annotations

import re

from yarl import URL

from cogs.shared.refusals import LinkRefused

MAX_LINK = 2000
_LINK = re.compile(r"https?://[^\s<>|\\\"`]+", re.IGNORECASE)
_TRAILING = ".,;:!?'*_~"


def web_address(text: str) -> URL:
    """`text` as an address that may be asked.

    Raises:
        LinkRefused: it is no address of the web, or one that carries a name and a password.
    """
    if len(text) > MAX_LINK:
        raise LinkRefused("length")
    try:
        url = URL(text)
        fits = url.scheme in ("http", "https") and url.host and url.port
    except ValueError as problem:
        raise LinkRefused("form") from problem
    if not fits:
        raise LinkRefused("scheme")
    if url.user is not None or url.password is not None:
        raise LinkRefused("credentials")
    return url.with_fragment(None)


def typed_link(text: str) -> tuple[str, bool]:
    """An address as people paste it, and whether they hid it: ``||<https://…>||``.

    Raises:
        LinkRefused: see `web_address`.
    """
    text = text.strip()
    hidden = len(text) > 4 and text.startswith("||") and text.endswith("||")
    if hidden:
        text = text[2:-2].strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    web_address(text)
    return text, hidden


def links_in(text: str) -> list[str]:
    """The web addresses in a text, in order, each once."""
    found = (match.rstrip(_TRAILING) for match in _LINK.findall(text))
    return list(dict.fromkeys(one if "(" in one else one.rstrip(")") for one in found))
