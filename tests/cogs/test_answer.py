"""The answer: who is named where, and within every limit of Discord."""

from __future__ import annotations

import re

import discord
import pytest

from catalog import Catalog
from cogs.identify.answer import MAX_CONTENT, Failed, Reply, Seen, render, summary
from cogs.identify.budget import MAX_EMBED_CHARACTERS, MAX_EMBEDS, embed_characters
from cogs.identify.cards import cards_of
from cogs.identify.wording import length
from recognition.types import Candidate, Mode, Recognition
from tests.cogs.made import ASUKA, HINT, REI, drawn, named, of_faces, of_whole, stranger

LIMIT = 10 * 1024 * 1024


def reply_to(catalog: Catalog, *recognitions: Recognition, spoiler: bool = False) -> Reply:
    outcomes = [Seen(one, drawn(), spoiler) for one in recognitions]
    return render(outcomes, catalog, upload_limit_bytes=LIMIT)


def text_of(embed: discord.Embed) -> str:
    texts = [embed.title, embed.description, *(field.value for field in embed.fields)]
    return "\n".join(text for text in texts if text)


def assert_within_limits(reply: Reply) -> None:
    assert 0 < length(reply.content) <= MAX_CONTENT
    assert len(reply.embeds) <= MAX_EMBEDS
    assert embed_characters(reply.embeds) <= MAX_EMBED_CHARACTERS
    for embed in reply.embeds:
        assert length(embed.title or "") <= 256
        assert length(embed.description or "") <= 4096
        assert all(0 < length(field.value or "") <= 1024 for field in embed.fields)
    assert len(reply.uploads) <= 10
    assert all(length(upload.alt_text) <= 1024 for upload in reply.uploads)


def test_a_card_tells_number_name_origin_fact_certainty_and_runner_up(catalog: Catalog) -> None:
    reply = reply_to(catalog, of_faces(named(REI, HINT), stranger(HINT)))
    first, second = reply.embeds
    assert first.title == "1 · Ayanami Rei"
    assert "綾波レイ" in (first.description or "")
    assert "*Neon Genesis Evangelion* (1995)" in (first.description or "")
    assert {field.name: field.value for field in first.fields} == {
        "How sure": "Quite sure, 93 %",
        "Runner-up": "Asuka Langley Soryu, 21 %",
    }
    assert second.title == "2 · I don't know this one"
    assert second.description == "-# Nearest guess: Asuka Langley Soryu, 21 %"
    assert not second.fields
    assert reply.content == "I see **Ayanami Rei**, and someone I don't know."
    assert reply.uploads[0].filename == "whois-1.jpg"
    assert reply.uploads[0].alt_text == "1: Ayanami Rei, left; 2: unknown, right"


def test_a_character_seen_twice_shares_a_card(catalog: Catalog) -> None:
    again = Candidate(REI.character, REI.name, 0.61)
    reply = reply_to(catalog, of_faces(named(REI), named(ASUKA), named(again)))
    assert [embed.title for embed in reply.embeds] == [
        "1, 3 · Ayanami Rei",
        "2 · Asuka Langley Soryu",
    ]
    assert reply.embeds[0].fields[0].value == "1: quite sure, 93 %\n3: fairly sure, 61 %"
    assert reply.content == "I think I see **Ayanami Rei** and **Asuka Langley Soryu**."


def test_strangers_without_a_guess_share_a_card_and_those_with_one_do_not() -> None:
    faces = of_faces(stranger(x=0), stranger(HINT, x=30), stranger(x=60))
    cards = cards_of(faces)
    assert [card.numbers for card in cards] == [(1, 3), (2,)]
    assert cards[0].other is None
    assert cards[1].other == HINT


def test_the_whole_picture_says_that_no_face_was_found(catalog: Catalog) -> None:
    reply = reply_to(catalog, of_whole(REI))
    assert reply.embeds[0].title == "Whole picture · Ayanami Rei"
    assert "I found no face" in (reply.embeds[0].description or "")
    assert "no face" in reply.content
    assert reply.uploads[0].alt_text == "No single face; the picture as a whole: Ayanami Rei"


def test_the_whole_picture_on_request_does_not_speak_of_missing_faces(catalog: Catalog) -> None:
    reply = reply_to(catalog, of_whole(REI, Mode.WHOLE))
    assert "as you asked" in (reply.embeds[0].description or "")


def test_nobody_known_and_no_face_is_said_honestly(catalog: Catalog) -> None:
    reply = reply_to(catalog, of_whole(None))
    assert "doesn't look like anyone I know" in reply.content
    assert reply.embeds[0].title == "Whole picture · I don't know this one"
    assert summary(of_faces()) == "I found no face in this picture."


def test_a_spoiler_stays_one_with_its_names(catalog: Catalog) -> None:
    reply = reply_to(catalog, of_faces(named(REI, ASUKA), stranger(HINT)), spoiler=True)
    assert reply.uploads[0].spoiler
    for text in (reply.content, *map(text_of, reply.embeds)):
        shown = "".join(text.split("||")[::2])
        assert "Rei" not in shown
        assert "Asuka" not in shown
        assert "Evangelion" not in shown


def test_several_pictures_are_told_apart(catalog: Catalog) -> None:
    outcomes = [
        Seen(of_faces(named()), drawn()),
        Failed("It is gone."),
        Seen(of_whole(ASUKA), drawn()),
    ]
    reply = render(outcomes, catalog, upload_limit_bytes=LIMIT, left_out=2)
    assert [embed.footer.text for embed in reply.embeds] == ["Picture 1 of 3", "Picture 3 of 3"]
    assert "Picture 2: It is gone." in reply.content
    assert "2 more are left" in reply.content
    assert [upload.filename for upload in reply.uploads] == ["whois-1.jpg", "whois-3.jpg"]


def test_a_picture_too_big_to_post_is_left_out_and_said(catalog: Catalog) -> None:
    reply = render([Seen(of_faces(named()), drawn(11))], catalog, upload_limit_bytes=10)
    assert not reply.uploads
    assert "too big to be posted" in reply.content
    assert reply.embeds


def everyone(catalog: Catalog, faces: int) -> Recognition:
    people = [Candidate(one.id, one.names.romaji, 0.9) for one in catalog][:faces]
    return of_faces(*(named(who, people[0]) for who in people), size=(1000, 1000))


@pytest.mark.parametrize("faces", [1, 9, 10, 11, 40, 94])
@pytest.mark.parametrize("pictures", [1, 4])
def test_no_crowd_breaks_a_limit(catalog: Catalog, faces: int, pictures: int) -> None:
    reply = reply_to(catalog, *[everyone(catalog, faces)] * pictures)
    assert_within_limits(reply)
    if faces * pictures > MAX_EMBEDS:
        assert len(reply.embeds) == MAX_EMBEDS
        assert "-# " in reply.content


def test_forty_strangers_are_one_card_and_nobody_is_lost(catalog: Catalog) -> None:
    reply = reply_to(catalog, of_faces(*[stranger(HINT) for _ in range(39)], named()))
    assert_within_limits(reply)
    assert [embed.title for embed in reply.embeds] == [
        "1–39 · I don't know these",
        "40 · Ayanami Rei",
    ]


def test_a_hundred_strangers_do_not_overflow_a_title(catalog: Catalog) -> None:
    assert_within_limits(reply_to(catalog, of_faces(*[stranger() for _ in range(300)])))


def test_a_hundred_copies_of_one_character_do_not_overflow(catalog: Catalog) -> None:
    assert_within_limits(reply_to(catalog, of_faces(*[named() for _ in range(300)])))


def test_the_known_come_before_strangers_where_room_is_short(catalog: Catalog) -> None:
    crowd = [*[stranger() for _ in range(3)], *everyone(catalog, 12).faces]
    reply = reply_to(catalog, of_faces(*crowd))
    assert all("don't know" not in (embed.title or "") for embed in reply.embeds)
    assert "1–3 · I don't know these" in reply.content


@pytest.mark.parametrize(
    "name",
    [
        "@everyone",
        "<@123456789012345678>",
        "[click](https://evil.example)",
        "**bold** ||spoiler|| `code` ~~no~~",
        "# heading",
        "line\n> break",
        "x" * 5000,
        "🎭" * 3000,
        "<t:0:R> </whois:1> <#123456789012345678> <id:home>",
        "https://evil.example/a_b_c",
    ],
)
def test_a_hostile_name_neither_formats_nor_pings_nor_overflows(
    catalog: Catalog, name: str
) -> None:
    who = Candidate("made_up", name, 0.9)
    reply = reply_to(catalog, of_faces(*[named(who, who) for _ in range(3)]))
    assert_within_limits(reply)
    active = re.compile(r"(?<!\\)(\[|<|@everyone|https?://|#|`|~~|__)|\n>|\|\|sp|(?<!\\)\*bold")
    for text in (reply.content, *map(text_of, reply.embeds)):
        assert not active.search(text.replace("-# ", "")), text


def test_twenty_long_names_are_shortened_before_cards_are_dropped(catalog: Catalog) -> None:
    people = [Candidate(f"c{i}", f"{i} " + "long name " * 40, 0.9) for i in range(20)]
    reply = reply_to(catalog, of_faces(*(named(who, people[0]) for who in people)))
    assert_within_limits(reply)
    assert len(reply.embeds) == MAX_EMBEDS
