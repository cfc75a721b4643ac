"""Web addresses as people type them."""

from __future__ import annotations

import pytest

from cogs.shared.links import links_in, typed_link, web_address
from cogs.shared.refusals import LinkRefused


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("https://a.example/b.png", ("https://a.example/b.png", False)),
        ("  <https://a.example/b.png> ", ("https://a.example/b.png", False)),
        ("||https://a.example/b.png||", ("https://a.example/b.png", True)),
        ("|| <https://a.example/b.png> ||", ("https://a.example/b.png", True)),
    ],
)
def test_hidden_and_quiet_links(typed: str, expected: tuple[str, bool]) -> None:
    assert typed_link(typed) == expected


@pytest.mark.parametrize("typed", ["", "||||", "<>", "a.example/b.png", "see https://a.example/"])
def test_what_is_no_link(typed: str) -> None:
    with pytest.raises(LinkRefused):
        typed_link(typed)


def test_a_fragment_is_not_sent() -> None:
    assert str(web_address("https://a.example/b.png?c=d#e")) == "https://a.example/b.png?c=d"


def test_links_in_a_text() -> None:
    text = (
        "see https://a.example/1.png, (https://a.example/2.png) and ||https://a.example/3.png|| "
        "<http://a.example/4.png> https://a.example/1.png [x](https://a.example/5.png) ftp://x/"
    )
    assert [link[-5] for link in links_in(text)] == ["1", "2", "3", "4", "5"]
    assert links_in("https://a.example/b_(c).png") == ["https://a.example/b_(c).png"]
