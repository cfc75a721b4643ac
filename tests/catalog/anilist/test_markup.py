"""AniList's markup becomes Discord's; whatever is cut, no spoiler comes into the open."""

import random
import re

import pytest

from catalog.anilist.markup import Run, discord_text, read

_PIECES = (
    *("~!", "!~", "~~~", "**", "__", "*", "_", "***", "\n", "\n\n", " ", "||", "|", "<br>", "<i>"),
    *(
        "</i>",
        "<b",
        "[",
        "](http://a.b/c)",
        "img220(",
        "http://x.y/(z)",
        ")",
        "`",
        "#",
        "@everyone",
    ),
    *("open", "door", "Ōkami", "綾波", "👩‍👩‍👧", "&quot;", "&#33;", "&lt;", "!", "~", "\\", "<@1>"),
)


def _visible(text: str) -> list[str]:
    """Discord's text split at the bars that are no escaped ones: even parts are in the open."""
    return re.split(r"(?<!\\)(?:\\\\)*\|\|", text)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("", ""),
        ("plain", "plain"),
        ("__Age:__ 17~! and a ghost!~", "**Age:** 17|| and a ghost||"),
        ("~!one!~ ~!two!~", "||one|| ||two||"),
        ("~!over\n\ntwo paragraphs!~ done", "||over\n\ntwo paragraphs|| done"),
        ("~!never closed", "||never closed||"),
        ("~!!~nothing hidden", "nothing hidden"),
        ("!~ a stray end", "a stray end"),
        ("~!outer ~!inner!~ open", "||outer inner|| open"),
        ("~!__Bold__ inside!~", "||**Bold** inside||"),
        ("[Gojou](https://anilist.co/character/127691/Satoru-Gojou)'s", "Gojou's"),
        ("[a](http://x.y/b_(c)) b", "a b"),
        ("img220(https://i.imgur.com/a.png)after", "after"),
        ("youtube(https://youtu.be/a) after", "after"),
        ("~~~centred~~~", "centred"),
        ("a<br>b<br />c", "a\nb\nc"),
        ("<i>it</i> &amp; <b>bo</b>", "*it* & **bo**"),
        ("***both*** *one*", "***both*** *one*"),
        ("snake_case_word", r"snake\_case\_word"),
        ("2 * 3 * 4", r"2 \* 3 \* 4"),
        ("** spaced ** out", r"\*\* spaced \*\* out"),
        ("__unclosed\nnext", "**unclosed**\nnext"),
        ("a || b || c", r"a \|\| b \|\| c"),
        ("# head", r"\# head"),
        ("<@1> <#2> @everyone", r"\<@​1\> \<\#2\> @​everyone"),
        ("see http://evil.example", "see http:​//evil.example"),
        ("a\n\n\n\nb", "a\n\nb"),
        # What is thrown away takes no beginning or end of a spoiler with it.
        ("<x ~!y>secret!~", r"\<x ||y\>secret||"),
        ("img(~!a)secret!~", "img(||a)secret||"),
    ],
)
def test_every_sign_of_anilist(markup: str, expected: str) -> None:
    assert discord_text(markup, 1000) == expected


def test_runs_carry_no_marks() -> None:
    assert read("__A__ *b* ~!c!~") == (
        Run("A", bold=True),
        Run(" "),
        Run("b", italic=True),
        Run(" "),
        Run("c", spoiler=True),
    )


def test_a_cut_ends_at_a_word_and_says_so() -> None:
    text = discord_text("one two three four five", 15)
    assert text == "one two three…"


def test_a_cut_inside_a_spoiler_closes_it() -> None:
    assert discord_text("open ~!hidden words follow here!~", 24) == "open ||hidden words…||"


@pytest.mark.parametrize("seed", range(150))
def test_no_cut_opens_a_spoiler_or_breaks_the_limit(seed: int) -> None:
    """Every spoiler of a random text stays behind bars at every length; it has an odd name."""
    dice = random.Random(seed)
    hidden = [f"SECRET{number}" for number in range(3)]
    pieces = dice.choices(_PIECES, k=dice.randint(0, 40))
    for name in hidden:
        # Whatever stands around it, this is opened directly before the name.
        pieces.insert(dice.randint(0, len(pieces)), f"~!{name} it is!~")
    markup = "".join(pieces)
    # An address is dropped with what it contains; that hides the name as well as bars do.
    for longest in (0, 1, 2, 5, 9, 17, 33, 60, 100, 200, 5000):
        text = discord_text(markup, longest)
        assert len(text.encode("utf-16-le")) // 2 <= longest
        parts = _visible(text)
        assert len(parts) % 2 == 1, text
        for part in parts[::2]:
            assert "SECRET" not in part, (markup, text)
            assert "@everyone" not in part
        assert not re.search(r"(?<!\\)<[@#]", text)
