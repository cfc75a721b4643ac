"""Learning for one server: at once, in every process, and nowhere else."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from recognition.types import Embedding, Match, Mode, Unknown
from store.bundle import Bundle, write_bundle
from store.errors import BundleBroken, BundleOfOtherModel, ValueRefused
from store.types import LessonState, Sample, Subject
from teaching.lessons import FoundFace
from teaching.looking import crop_of, look
from tests.cogs.made import MODEL
from tests.teaching.conftest import School

HERE, THERE, STAFF = 1, 2, 7


def face(*numbers: float) -> FoundFace:
    vector = np.array(numbers, np.float32)
    crop = crop_of(np.zeros((40, 60, 3), np.uint8), None)
    return FoundFace(Embedding(vector / np.linalg.norm(vector), MODEL), crop)


def rectangles(*boxes: tuple[int, int, int, int]) -> bytes:
    image = Image.new("RGB", (200, 100), "white")
    for box in boxes:
        image.paste((255, 0, 0), box)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


async def who(school: School, guild: int, one: FoundFace) -> str | None:
    """Who a face is in a server."""
    decider = await school.galleries.decider(guild)
    found = decider.gallery.search(one.embedding, 1)[0]
    return found.character.name if found.cosine > 0.99 else None


async def test_it_counts_at_once_and_only_there(school: School) -> None:
    yui = face(-1, 0.2)
    report = await school.teacher.teach(HERE, Subject("Yui"), {0: yui}, actor_id=STAFF)
    assert report.lesson is not None
    assert report.lesson.state is LessonState.LEARNED
    assert (report.used, report.looks) == ((0,), 1)
    assert await who(school, HERE, yui) == "Yui"
    assert await who(school, THERE, yui) is None
    assert school.galleries.base.gallery.search(yui.embedding, 1)[0].character.name != "Yui"


async def test_another_process_knows_in_its_next_answer(school: School, elsewhere: School) -> None:
    yui = face(-1, 0.2)
    assert await who(elsewhere, HERE, yui) is None
    await school.teacher.teach(HERE, Subject("Yui"), {0: yui}, actor_id=STAFF)
    assert await who(elsewhere, HERE, yui) == "Yui"


async def test_two_servers_may_mean_two_people_by_one_name(school: School) -> None:
    mine, yours = face(-1, 0.1), face(0.1, -1)
    await school.teacher.teach(HERE, Subject("Yui", "Mine"), {0: mine}, actor_id=STAFF)
    await school.teacher.teach(THERE, Subject("Yui", "Yours"), {0: yours}, actor_id=STAFF)
    assert [await who(school, guild, mine) for guild in (HERE, THERE)] == ["Yui", None]
    assert [await who(school, guild, yours) for guild in (HERE, THERE)] == [None, "Yui"]


async def test_a_known_character_gets_another_look(school: School) -> None:
    strange = face(-1, 0.3)
    subject = Subject("Ayanami Rei", "Evangelion", "ayanami_rei")
    await school.teacher.teach(HERE, subject, {0: strange}, actor_id=STAFF)
    assert await who(school, HERE, strange) == "Ayanami Rei"
    known = await school.galleries.get(HERE)
    assert len(known.gallery) == 2


async def test_what_is_known_already_makes_no_lesson(school: School) -> None:
    yui = face(-1, 0.2)
    await school.teacher.teach(HERE, Subject("Yui"), {0: yui}, actor_id=STAFF)
    again = await school.teacher.teach(HERE, Subject(" YUI "), {3: yui}, actor_id=STAFF)
    assert again.lesson is None
    assert [one.index for one in again.duplicates] == [3]


async def test_a_picture_of_somebody_else_is_left_out_unless_it_is_wanted(school: School) -> None:
    faces = {0: face(-1, 0.0), 1: face(-1, 0.4), 2: face(-1, -0.4), 5: face(1, 0.05)}
    report = await school.teacher.teach(HERE, Subject("Yui"), faces, actor_id=STAFF)
    assert report.left_out == (5,)
    assert report.outliers[0].nearest.character.name == "Ayanami Rei"
    assert report.used == (0, 1, 2)
    kept = await school.teacher.teach(HERE, Subject("Yui"), {5: faces[5]}, actor_id=STAFF, keep=[5])
    assert kept.used == (5,)


async def test_a_proposal_is_not_learned_and_carries_its_evidence(school: School) -> None:
    rei_like = face(1, 0.2)
    report = await school.teacher.propose(HERE, Subject("Yui"), {0: rei_like}, actor_id=9)
    assert report.lesson is not None
    assert report.lesson.state is LessonState.PENDING
    assert report.samples[0].evidence is not None
    assert report.samples[0].evidence.nearest == "Ayanami Rei"
    assert await who(school, HERE, rei_like) != "Yui"
    await school.store.proposals.approve(HERE, report.lesson.id, actor_id=STAFF)
    known = await school.galleries.get(HERE)
    assert [one.name for one in known.taught.characters] == ["Yui"]


async def test_the_confidence_for_naming_is_the_servers(school: School) -> None:
    picture = rectangles((20, 20, 40, 60))

    async def decision() -> Match | Unknown:
        decider = await school.galleries.decider(HERE)
        encoded = await school.recognizer.encoder.encode(picture, Mode.AUTO)
        return decider(encoded).faces[0].decision

    assert isinstance(await decision(), Match)
    await school.store.settings.change(HERE, STAFF, naming_confidence=0.99)
    assert isinstance(await decision(), Unknown)
    await school.store.settings.change(HERE, STAFF, naming_confidence=None)
    assert isinstance(await decision(), Match)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "bell\x07"])
async def test_names_that_nobody_can_have(school: School, name: str) -> None:
    with pytest.raises(ValueRefused):
        await school.teacher.teach(HERE, Subject(name), {0: face(1, 1)}, actor_id=STAFF)


async def test_looking_numbers_the_faces_and_says_what_cannot_be_read(school: School) -> None:
    pictures = [rectangles((20, 20, 40, 60), (100, 20, 160, 40)), b"no picture", rectangles()]
    two, none, whole = await school.teacher.look(HERE, pictures)
    assert len(two.faces) == 2
    assert two.marked is not None
    assert none.problem is not None
    assert none.faces == ()
    assert len(whole.faces) == 1
    assert whole.marked is None
    assert whole.faces[0].hash is not None
    crop = Image.open(io.BytesIO(two.faces[1].crop.data))
    assert max(crop.size) <= 128
    assert (await look(school.recognizer, school.galleries.base, b"", 4)).index == 4


async def test_a_gallery_goes_to_another_server_as_a_file(school: School) -> None:
    yui = face(-1, 0.2)
    await school.teacher.teach(HERE, Subject("Yui", "A Play"), {0: yui}, actor_id=STAFF)
    data, characters = await school.teacher.export(HERE)
    assert characters == 1
    lesson, taken = await school.teacher.take_in(THERE, data, actor_id=STAFF, request_id=5)
    assert taken == 1
    assert lesson.exemplars == 1
    assert await who(school, THERE, yui) == "Yui"
    again, _ = await school.teacher.take_in(THERE, data, actor_id=STAFF, request_id=5)
    assert again.id == lesson.id


@pytest.mark.parametrize("catalog_id", ["nobody_we_know", ""])
async def test_a_file_with_people_of_another_catalog_is_refused(
    school: School, catalog_id: str
) -> None:
    bundle = Bundle(MODEL, ((Subject("Yui", "", catalog_id), (face(1, 1).embedding,)),))
    with pytest.raises(BundleBroken):
        await school.teacher.take_in(HERE, write_bundle(bundle), actor_id=STAFF)


async def test_files_that_are_refused(school: School) -> None:
    vector = np.array([1, 0, 0], np.float32)
    other = Bundle("another", ((Subject("Yui"), (Embedding(vector, "another"),)),))
    with pytest.raises(BundleOfOtherModel):
        await school.teacher.take_in(HERE, write_bundle(other), actor_id=STAFF)
    longer = Bundle(MODEL, ((Subject("Yui"), (Embedding(vector, MODEL),)),))
    nameless = Bundle(MODEL, ((Subject(""), (face(1, 0).embedding,)),))
    for one in (longer, nameless, Bundle(MODEL, ())):
        with pytest.raises(BundleBroken):
            await school.teacher.take_in(HERE, write_bundle(one), actor_id=STAFF)
    with pytest.raises(BundleBroken):
        await school.teacher.take_in(HERE, b"PK\x03\x04 nothing", actor_id=STAFF)
    assert (await school.galleries.get(HERE)).taught.characters == ()


async def test_a_zip_bomb_is_refused_before_it_is_unpacked(school: School) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("gallery.json", b" " * (33 * 2**20))
        file.writestr("vectors.bin", bytes(33 * 2**20))
    assert len(out.getvalue()) < 2**20
    with pytest.raises(BundleBroken):
        await school.teacher.take_in(HERE, out.getvalue(), actor_id=STAFF)


async def test_undoing_a_lesson_leaves_what_the_others_taught(school: School) -> None:
    first, second = face(-1, 0.0), face(0.1, -1)
    await school.teacher.teach(HERE, Subject("Yui"), {0: first}, actor_id=STAFF)
    await school.teacher.teach(HERE, Subject("Yui"), {0: second}, actor_id=STAFF, keep=[0])
    assert await who(school, HERE, second) == "Yui"
    await school.store.undo.undo(HERE, actor_id=STAFF)
    assert await who(school, HERE, second) is None
    assert await who(school, HERE, first) == "Yui"


async def test_a_gallery_of_another_network_counts_as_nobody(school: School) -> None:
    old = Embedding(np.array([-1, 0], np.float32), "another network")
    await school.store.lessons.teach(HERE, Subject("Yui"), [Sample(old)], actor_id=STAFF)
    known = await school.galleries.get(HERE)
    assert known.taught.outdated == 1
    assert len(known.gallery) == 2
    report = await school.teacher.teach(HERE, Subject("Yui"), {0: face(-1, 0)}, actor_id=STAFF)
    assert report.lesson is not None
    assert await who(school, HERE, face(-1, 0)) == "Yui"
