"""No empty box is ever drawn: what the font lacks is folded, or left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.lettering import FONT, font, readable


def ink(sign: str) -> bool:
    return font(24).getmask(sign).getbbox() is not None


def test_the_font_draws_nothing_for_what_it_lacks() -> None:
    assert not ink("ع")
    assert not ink("\U0010ffff")
    assert ink("e")


@given(st.text(max_size=40))
def test_every_sign_that_is_written_is_drawn(name: str) -> None:
    written = readable(name)
    assert all(one == " " or ink(one) for one in written)
    assert readable(written) == written
    assert written == "" or any(one.isalnum() for one in written)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("e\u0301a", "éa"),
        ("か\u3099", "が"),
        ("Tōsaka Rin", "Tōsaka Rin"),
        ("Đặng Thị", "Đặng Thị"),
        ("Ирина Ζωή", "Ирина Ζωη"),
        ("ȟ ł ź", "h l z"),
        ("Rei\u200b\u202e Ayanami", "Rei Ayanami"),
        ("  Rei\n\tAyanami ", "Rei Ayanami"),
        ("***", ""),
    ],
)
def test_accents_and_other_scripts(name: str, written: str) -> None:
    assert readable(name) == written


def test_the_licence_lies_beside_the_font() -> None:
    licence = FONT.with_name("LICENSE.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Copyright" in licence
    assert FONT.stat().st_size < 3 * 2**20
