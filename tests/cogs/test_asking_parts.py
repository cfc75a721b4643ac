"""The small parts of asking: pace, line, progress, corrections, kept answers, looks, pages."""

from __future__ import annotations

import asyncio
import datetime

import pytest

from catalog import Catalog
from cogs.identify import texts
from cogs.identify.answer import Failed, Seen, render
from cogs.identify.budget import MAX_EMBED_CHARACTERS, MAX_EMBEDS, embed_characters
from cogs.identify.cards import Detail
from cogs.identify.correction import CorrectionForm, suggestions_of
from cogs.identify.kept import as_kept, mode_of, outcomes_of
from cogs.identify.looks import details, guesses
from cogs.identify.pace import Pace
from cogs.identify.progress import Progress
from cogs.identify.style import GivenFirst
from cogs.shared.line import Line
from cogs.shared.picture_link import PictureLink
from recognition.types import Candidate, EncodedPicture, Match, Mode, Recognition
from store.types import Answer, AnsweredPicture, CharacterSummary, Correction, PictureSource
from tests.cogs.made import (
    ASUKA,
    HINT,
    REI,
    drawn,
    named,
    of_faces,
    of_whole,
    stranger,
)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_channel_gets_so_many_pictures_a_minute() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert [pace.take(1, 3, 5), pace.take(1, 3, 5), pace.take(1, 3, 5)] == [3, 2, 0]
    assert pace.take(2, 1, 5) == 1
    clock.now += 30
    assert pace.take(1, 4, 5) == 0
    clock.now += 30
    assert pace.take(1, 4, 5) == 4


def test_the_pace_forgets_quiet_channels() -> None:
    clock = Clock()
    pace = Pace(clock)
    for channel in range(25_000):
        clock.now += 0.1
        pace.take(channel, 1, 5)
    assert len(pace._taken) <= 10_000


def test_places_in_line_move_up() -> None:
    line = Line()
    with line.stand() as first:
        with line.stand() as second, line.stand() as third:
            assert (first(), second(), third()) == (0, 1, 2)
        with line.stand() as fourth:
            assert fourth() == 1
    with line.stand() as fifth:
        assert fifth() == 0


def test_what_progress_says() -> None:
    assert texts.looking(0, 3, 0) == "Getting the picture …"
    assert texts.looking(1, 1, 0) == "Looking at the picture …"
    assert texts.looking(2, 4, 3) == "Looking at picture 2 of 4 … You are number 4 in line."


async def test_quick_work_tells_nothing_and_slow_work_only_what_changed() -> None:
    said: list[str] = []

    async def tell(text: str) -> None:
        said.append(text)

    progress = Progress()
    async with progress.told(tell, after_s=5.0):
        pass
    assert said == []
    progress.total = 2
    async with progress.told(tell, after_s=0.02, every_s=0.02):
        await asyncio.sleep(0.15)
        progress.number = 1
        await asyncio.sleep(0.15)
    assert said == ["Getting the picture …", "Looking at picture 1 of 2 …"]


async def test_nothing_is_told_after_the_end() -> None:
    said: list[str] = []
    slow = asyncio.Event()

    async def tell(text: str) -> None:
        await slow.wait()
        said.append(text)

    async def work() -> None:
        async with Progress().told(tell, after_s=0.01):
            await asyncio.sleep(0.05)
        said.append("the answer")

    task = asyncio.create_task(work())
    await asyncio.sleep(0.1)
    slow.set()
    await task
    assert said[-1] == "the answer"
    assert len(said) == 2


def answer_of(*recognitions: Recognition, spoiler: bool = False) -> Answer:
    pictures = tuple(AnsweredPicture(PictureSource(), one, spoiler) for one in recognitions)
    now = datetime.datetime.now(datetime.UTC)
    return Answer("a" * 12, 1, 2, 3, 4, now, False, "en-US", 1, pictures)


def test_a_picture_that_failed_keeps_its_number() -> None:
    links = [PictureLink("a", channel_id=6, message_id=7), PictureLink("b", spoiler=True)]
    outcomes = [Failed("gone"), Seen(of_whole(REI, Mode.WHOLE), drawn())]
    kept = as_kept(links, outcomes, Mode.WHOLE, 5)
    assert [one.source.message_id for one in kept] == [7, None]
    assert [one.source.channel_id for one in kept] == [6, 5]
    answer = answer_of(*(one.recognition for one in kept))
    assert [type(one) for one in outcomes_of(answer)] == [Failed, Seen]
    assert mode_of(answer) is Mode.WHOLE


def test_guesses_are_the_best_five_of_every_face() -> None:
    rest = [Candidate(f"c{n}", f"C {n}", 0.01 * n) for n in range(6)]
    (embed,) = guesses(answer_of(of_faces(named(REI, *rest), stranger())))
    assert embed.description is not None
    assert embed.description.startswith("**Face 1**\n93 % · Ayanami Rei\n1 % · C 0")
    assert "C 4" not in embed.description
    assert embed.description.endswith(f"**Face 2**\n{texts.NO_GUESS}")


def test_guesses_and_details_of_a_crowd_fit(catalog: Catalog) -> None:
    everybody = [Candidate(one.id, one.names.romaji, 0.9) for one in catalog][:60]
    crowd = of_faces(*(named(one, *[HINT] * 4) for one in everybody))
    for embeds in (guesses(answer_of(*[crowd] * 4)), details(answer_of(*[crowd] * 4), catalog)):
        assert 0 < len(embeds) <= MAX_EMBEDS
        assert embed_characters(embeds) <= MAX_EMBED_CHARACTERS
        assert all(len(embed.description or "") <= 4096 for embed in embeds)
    assert "more." in (guesses(answer_of(crowd))[0].description or "")


def test_details_tell_of_everybody_once(catalog: Catalog) -> None:
    embeds = details(answer_of(of_faces(named(), named(ASUKA), named(), stranger())), catalog)
    assert [embed.title for embed in embeds] == ["Picture 1", "Ayanami Rei", "Asuka Langley Soryu"]
    assert "綾波レイ" in (embeds[1].description or "")
    assert "Hair: " in (embeds[1].description or "")


def test_nothing_shows_through_a_spoiler(catalog: Catalog) -> None:
    answer = answer_of(of_faces(named(REI, ASUKA), stranger(HINT)), spoiler=True)
    for embed in [*guesses(answer), *details(answer, catalog)]:
        shown = "".join((embed.description or "").split("||")[::2]) + (embed.title or "")
        assert "Rei" not in shown
        assert "Asuka" not in shown
        assert embed.url is None


def test_pages_hold_everybody_once_and_name_the_others(catalog: Catalog) -> None:
    everybody = [Candidate(one.id, one.names.romaji, 0.9) for one in catalog][:33]
    outcomes = [Seen(of_faces(*map(named, everybody)), drawn())]
    first = render(outcomes, catalog, upload_limit_bytes=10**7)
    titles: list[str] = []
    for page in range(first.pages):
        reply = render(outcomes, catalog, upload_limit_bytes=10**7, page=page)
        assert embed_characters(reply.embeds) <= MAX_EMBED_CHARACTERS
        titles += [str(embed.title) for embed in reply.embeds]
        assert len(reply.embeds) + reply.content.count("\n-# ") == 33
    assert len(titles) == len(set(titles)) == 33
    beyond = render(outcomes, catalog, upload_limit_bytes=10**7, page=99)
    assert beyond.embeds == reply.embeds


def test_corrections_are_told_under_the_answer(catalog: Catalog) -> None:
    now = datetime.datetime.now(datetime.UTC)
    notes = [
        Correction(0, 1, "ayanami_rei", "@everyone", None, 4, now),
        Correction(1, None, None, None, None, 4, now),
    ]
    outcomes = [Seen(of_faces(named(), named()), drawn()), Seen(of_whole(REI), drawn())]
    content = render(outcomes, catalog, upload_limit_bytes=0, corrections=notes).content
    assert "-# Corrected. Picture 1, face 2: **@\u200beveryone**" in content
    assert "-# Corrected. Picture 2, whole picture: nobody that I could know" in content


def test_cards_tell_as_much_as_staff_want_and_fit_all_the_same(catalog: Catalog) -> None:
    one = [Seen(of_faces(named()), drawn())]
    said = [
        render(one, catalog, upload_limit_bytes=0, detail=detail).embeds[0].description or ""
        for detail in Detail
    ]
    assert [("Hair: " in text, text.count("\n")) for text in said] == [
        (False, 0),
        (False, 1),
        (True, 3),
    ]
    everybody = [Candidate(who.id, who.names.romaji, 0.9) for who in catalog][:10]
    crowd = [Seen(of_faces(*map(named, everybody)), drawn())]
    reply = render(crowd, catalog, upload_limit_bytes=0, detail=Detail.FULL)
    assert len(reply.embeds) == 10
    assert embed_characters(reply.embeds) <= MAX_EMBED_CHARACTERS


def test_given_names_first(catalog: Catalog) -> None:
    own = Candidate("own:7", "Mika of the Club", 0.9)
    renamed = Candidate(ASUKA.character, "Captain", 0.9)
    found = of_faces(named(REI, ASUKA), named(own), named(renamed), stranger(REI))
    picture = EncodedPicture((1, 1), (), None, "m")
    turned = GivenFirst(lambda *_: found, catalog)(picture)
    names = [face.candidates[0].name for face in turned.faces]
    assert names == ["Rei Ayanami", "Mika of the Club", "Captain", "Rei Ayanami"]
    assert isinstance(turned.faces[0].decision, Match)
    assert turned.faces[0].decision.name == "Rei Ayanami"
    whole = GivenFirst(lambda *_: of_whole(REI), catalog)(picture).whole
    assert whole is not None
    assert whole.candidates[0].name == "Rei Ayanami"


@pytest.mark.parametrize("faces", [1, 3, 64])
@pytest.mark.parametrize("staff_see", [True, False])
async def test_the_form_fits_discords_limits(faces: int, staff_see: bool) -> None:
    rest = [Candidate(f"c{n}", "N" * 200, 0.2) for n in range(4)]
    answer = answer_of(of_faces(*[named(REI, *rest)] * faces))
    taught = [summary_of(n, name="T" * 100) for n in range(30)]

    async def nothing(*_: object) -> None: ...

    form = CorrectionForm(answer, taught, staff_see=staff_see, then=nothing)
    fields = form.to_components()
    assert len(fields) == (2 if faces == 1 else 3)
    menus = [one["component"] for one in fields if one["component"]["type"] == 3]
    assert [len(one["options"]) for one in menus] == ([25] if faces == 1 else [min(25, faces), 25])
    for option in (option for menu in menus for option in menu["options"]):
        assert len(option["label"]) <= 100
        assert len(option.get("description") or "") <= 100
    assert len(fields[-2]["description"]) <= 100


def summary_of(number: int, name: str = "", catalog_id: str | None = None) -> CharacterSummary:
    at = datetime.datetime(2026, 1, 1 + number % 28, tzinfo=datetime.UTC)
    return CharacterSummary(number, name or f"Taught {number}", "A Series", catalog_id, 1, at)


def test_suggestions_are_the_other_guesses_and_whom_the_server_taught() -> None:
    third = Candidate("own:2", "Taught 2", 0.05)
    answer = answer_of(of_faces(named(REI, ASUKA), named(ASUKA, REI, third), stranger(HINT)))
    taught = [summary_of(1), summary_of(2), summary_of(3), summary_of(4, "Rei", REI.character)]
    shown = [(one.label, one.description, one.value) for one in suggestions_of(answer, taught)]
    assert shown == [
        ("Asuka Langley Soryu", "Face 1: 84 %", "catalog:asuka_langley_soryu"),
        ("Ayanami Rei", "Face 2: 93 %", "catalog:ayanami_rei"),
        ("Taught 2", "Face 2: 5 %", "own:2"),
        ("Taught 3", "A Series", "own:3"),
        ("Taught 1", "A Series", "own:1"),
    ]
    alone = suggestions_of(answer_of(of_faces(named(REI, ASUKA))), [])
    assert [(one.label, one.description) for one in alone] == [("Asuka Langley Soryu", "84 %")]


def test_no_guess_about_a_hidden_picture_is_suggested() -> None:
    answer = answer_of(of_faces(named(REI, ASUKA)), spoiler=True)
    assert [one.label for one in suggestions_of(answer, [summary_of(1)])] == ["Taught 1"]
