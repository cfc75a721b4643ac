"""Looking at pictures, keeping them, asking them, and declining them meanwhile."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from PIL import Image, ImageOps

from quizzing.measures import confused_with, difficulty
from quizzing.wishes import Wish
from recognition.errors import BrokenPicture, PictureInQuiz, UnsupportedPicture
from recognition.gallery import Similarity
from recognition.types import KnownCharacter, Mode
from store.errors import PictureThere, StoreUnavailable
from store.types import Subject
from tests.quizzing.conftest import Process
from tests.quizzing.made import ASUKA, REI, drawing

GUILD, OTHER_GUILD, STAFF = 11, 12, 500
WHO = Subject("Ayanami Rei", "Evangelion", "ayanami_rei")


def wish(sitter: int = 0, *, adult: bool = False, spoiler: bool = False) -> Wish:
    return Wish(sitter, "ayanami_rei", WHO, adult, spoiler)


async def asked(process: Process, picture: bytes, mode: Mode = Mode.AUTO) -> None:
    """What every way to ask does. Raises PictureInQuiz."""
    await process.recognizer.whois(picture, mode, check=process.watch.check)


async def test_a_portrait_is_small_and_tells_nothing_but_its_pixels(here: Process) -> None:
    picture = drawing(1, REI, ASUKA, size=(1600, 900), name="Ayanami Rei")
    portrait = await here.studio.portray(GUILD, picture)
    kept = Image.open(io.BytesIO(portrait.picture))
    assert (kept.format, kept.size, portrait.size) == ("WEBP", (768, 432), (768, 432))
    assert b"Ayanami" not in portrait.picture
    assert [one.match.name if one.match else None for one in portrait.sitters] == [
        "Ayanami Rei",
        "Asuka Langley Soryu",
    ]
    assert portrait.marked is not None
    assert (await here.studio.portray(GUILD, drawing(1, REI))).marked is None
    box = portrait.sitters[0].box
    assert box is not None
    assert box.x0 == pytest.approx(40 * 768 / 1600, abs=1)


async def test_a_question_is_the_same_again_and_knows_how_hard_it_is(here: Process) -> None:
    picture = drawing(2, REI, ASUKA)
    one = await here.studio.question(GUILD, picture, "ayanami_rei", "Ayanami Rei", seed=7)
    again = await here.studio.question(GUILD, picture, "ayanami_rei", "Ayanami Rei", seed=7)
    assert one.steps == again.steps
    assert len(one.steps) == 3
    assert one.confused == ("asuka_langley_soryu",)
    assert one.names == ("Ayanami Rei", "Asuka Langley Soryu")
    wrong = await here.studio.question(
        GUILD, picture, "ayanami_rei", "Ayanami Rei", seed=7, face=None
    )
    assert wrong.difficulty == one.difficulty
    misnamed = await here.studio.question(GUILD, drawing(2, ASUKA), "ayanami_rei", "R", seed=7)
    assert misnamed.difficulty > one.difficulty  # the bot would say somebody else
    assert misnamed.names == ("R",)  # and the answer says what is true


def test_difficulty_grows_with_doubt_and_with_the_next_one() -> None:
    def seen(right: float, other: float) -> list[Similarity]:
        both = [("a", right), ("b", other)]
        return [
            Similarity(KnownCharacter(i, i, ""), c) for i, c in sorted(both, key=lambda x: -x[1])
        ]

    assert difficulty(seen(0.9, 0.1), "a", 1.0) == 0
    assert difficulty(seen(0.9, 0.85), "a", 1.0) > difficulty(seen(0.9, 0.7), "a", 1.0)
    assert difficulty(seen(0.9, 0.1), "a", 0.4) == 0.3
    assert difficulty(seen(0.2, 0.8), "a", 0.0) == 1
    assert difficulty([], "a", 0.0) == 1
    assert confused_with(seen(0.9, 0.1), "a") == ("b",)


async def test_no_picture_is_refused_with_its_reason(here: Process) -> None:
    with pytest.raises(UnsupportedPicture):
        await here.studio.portray(GUILD, b"no picture")
    with pytest.raises(UnsupportedPicture):
        await here.watch.put_up(GUILD, "quiz", [b"no picture"])
    assert await here.store.running_pictures.up() == ()


async def test_the_pool_keeps_each_drawing_once(here: Process) -> None:
    portrait = await here.studio.portray(GUILD, drawing(3, REI))
    kept = await here.pool.add(GUILD, portrait, wish(), actor_id=STAFF)
    flipped = ImageOps.mirror(Image.open(io.BytesIO(drawing(3, REI))).convert("RGB"))
    out = io.BytesIO()
    flipped.save(out, "JPEG", quality=70)
    copy = await here.studio.portray(GUILD, out.getvalue())
    with pytest.raises(PictureThere) as caught:
        await here.pool.add(GUILD, copy, wish(), actor_id=STAFF)
    assert caught.value.picture_id == kept.id
    await here.pool.add(OTHER_GUILD, copy, wish(), actor_id=STAFF)
    other = await here.studio.portray(GUILD, drawing(4, REI))
    await here.pool.add(GUILD, other, wish(adult=True, spoiler=True), actor_id=STAFF)
    assert [one.adult for one in await here.pool.listed(GUILD)] == [False, True]


async def test_an_export_has_the_pictures_and_who_answers_for_them(here: Process) -> None:
    portrait = await here.studio.portray(GUILD, drawing(5, REI))
    kept = await here.pool.add(GUILD, portrait, wish(spoiler=True), actor_id=STAFF)
    data, n = await here.pool.export(GUILD)
    archive = zipfile.ZipFile(io.BytesIO(data))
    (row,) = json.loads(archive.read("pictures.json"))["pictures"]
    assert n == 1
    assert (row["character"], row["spoiler"], row["added_by"]) == ("Ayanami Rei", True, str(STAFF))
    assert row["consented_at"] == kept.consented_at.isoformat()
    assert archive.read(row["file"]) == portrait.picture


async def test_a_running_picture_is_declined_in_every_process_until_its_round_ends(
    here: Process, there: Process
) -> None:
    picture, other = drawing(6, REI), drawing(7, REI)
    await asked(here, picture)
    await here.watch.put_up(GUILD, "quiz", [picture])
    for process in (here, there):
        for mode in Mode:
            with pytest.raises(PictureInQuiz):
                await asked(process, picture, mode)
        await asked(process, other)
    await there.watch.put_up(OTHER_GUILD, "another", [other])
    with pytest.raises(PictureInQuiz):
        await asked(here, other)
    await here.watch.take_down(GUILD, "quiz")
    await asked(there, picture)
    with pytest.raises(PictureInQuiz):
        await asked(there, other)


async def test_the_next_round_takes_the_place_of_the_one_before(here: Process) -> None:
    await here.watch.put_up(GUILD, "quiz", [drawing(8, REI)])
    await here.watch.put_up(GUILD, "quiz", [drawing(9, REI)])
    await asked(here, drawing(8, REI))
    with pytest.raises(PictureInQuiz):
        await asked(here, drawing(9, REI))


async def test_what_was_up_is_declined_while_the_store_is_away(
    here: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    await here.watch.put_up(GUILD, "quiz", [drawing(10, REI)])
    with pytest.raises(PictureInQuiz):
        await asked(here, drawing(10, REI))

    async def away() -> tuple[int, ...]:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(here.store.running_pictures, "up", away)
    with pytest.raises(PictureInQuiz):
        await asked(here, drawing(10, REI))
    await asked(here, drawing(11, REI))


async def test_a_print_of_another_version_stops_nobody(here: Process) -> None:
    await here.store.running_pictures.put_up(GUILD, "old", [b"AWL0 and so on"], for_s=60)
    await asked(here, drawing(12, REI))


async def test_a_broken_picture_is_still_a_broken_picture(here: Process) -> None:
    await here.watch.put_up(GUILD, "quiz", [drawing(13, REI)])
    with pytest.raises((BrokenPicture, UnsupportedPicture)):
        await asked(here, b"\x89PNG\r\n\x1a\n")
