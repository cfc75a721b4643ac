"""A server's own quiz pictures, and the prints of those that are asked just now."""

from __future__ import annotations

import dataclasses

import pytest

from recognition.types import Box
from store.errors import LimitReached, PictureThere, UnknownQuizPicture, ValueRefused
from store.opening import Store
from store.types import Limits
from tests.store.conftest import Clock, Open
from tests.store.made import HERE, MEMBER, OTHER, THERE, quiz_picture


async def test_a_picture_is_kept_as_it_was_given_and_says_who_answers_for_it(
    store: Store, clock: Clock
) -> None:
    added = await store.quiz_pictures.add(HERE, quiz_picture(2), actor_id=MEMBER)
    assert (added.added_by, added.consented_at) == (MEMBER, clock.now)
    assert (added.face, added.size, added.adult) == (Box(10, 20.5, 110, 140), (768, 512), True)
    kept = await store.quiz_pictures.get(HERE, added.id)
    assert (kept.summary, kept.picture) == (added, quiz_picture(2).picture)
    assert added.bytes == len(kept.picture)
    assert await store.quiz_pictures.listed(HERE) == (added,)
    assert await store.quiz_pictures.prints(HERE) == {added.id: quiz_picture(2).print}
    assert await store.quiz_pictures.remove(HERE, added.id) == added
    with pytest.raises(UnknownQuizPicture):
        await store.quiz_pictures.get(HERE, added.id)
    with pytest.raises(UnknownQuizPicture):
        await store.quiz_pictures.remove(HERE, added.id)


async def test_a_server_has_each_picture_once_and_so_many(open_again: Open) -> None:
    async with open_again(limits=Limits(quiz_pictures_per_server=2)) as store:
        first = await store.quiz_pictures.add(HERE, quiz_picture(1), actor_id=MEMBER)
        with pytest.raises(PictureThere) as caught:
            await store.quiz_pictures.add(HERE, quiz_picture(1), actor_id=OTHER)
        assert caught.value.picture_id == first.id
        await store.quiz_pictures.add(HERE, quiz_picture(2), actor_id=OTHER)
        with pytest.raises(LimitReached):
            await store.quiz_pictures.add(HERE, quiz_picture(3), actor_id=OTHER)
        await store.quiz_pictures.add(THERE, quiz_picture(3), actor_id=OTHER)


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": (769, 10)},
        {"picture": b""},
        {"name": ""},
        {"name": "x" * 101},
        {"character_id": "x" * 101},
        {"difficulty": 1.5},
    ],
)
async def test_what_no_picture_can_be_is_refused(store: Store, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueRefused):
        await store.quiz_pictures.add(
            HERE,
            dataclasses.replace(quiz_picture(), **wrong),  # type: ignore[arg-type]
            actor_id=MEMBER,
        )
    assert await store.quiz_pictures.listed(HERE) == ()


async def test_forgetting_a_member_removes_his_pictures_alone(store: Store) -> None:
    await store.quiz_pictures.add(HERE, quiz_picture(1), actor_id=MEMBER)
    other = await store.quiz_pictures.add(HERE, quiz_picture(2), actor_id=OTHER)
    held = await store.privacy.forget_member(HERE, MEMBER)
    assert held.counts["quiz_pictures"] == 1
    assert await store.quiz_pictures.listed(HERE) == (other,)
    await store.privacy.forget_server(HERE)
    assert await store.quiz_pictures.listed(HERE) == ()


async def test_prints_are_up_until_their_round_ends_in_every_process(
    open_again: Open, store: Store
) -> None:
    assert await store.running_pictures.up() == ()
    await store.running_pictures.put_up(HERE, "one", [b"a", b"b"], for_s=60)
    await store.running_pictures.put_up(THERE, "two", [b"c"], for_s=60)
    async with open_again() as other:
        up = await other.running_pictures.up()
        assert list((await other.running_pictures.prints(up)).values()) == [b"a", b"b", b"c"]
        assert await other.running_pictures.take_down(HERE, "one") == 2
    assert len(await store.running_pictures.up()) == 1
    await store.running_pictures.put_up(THERE, "two", [b"d"], for_s=60)
    up = await store.running_pictures.up()
    assert list((await store.running_pictures.prints(up)).values()) == [b"d"]


async def test_prints_that_nobody_took_down_end_by_themselves(store: Store, clock: Clock) -> None:
    await store.running_pictures.put_up(HERE, "crashed", [b"a"], for_s=60)
    up = await store.running_pictures.up()
    clock.forward(seconds=60)
    assert await store.running_pictures.up() == ()
    assert len(await store.running_pictures.prints(up)) == 1
    await store.keeper.purge()
    assert await store.running_pictures.prints(up) == {}


@pytest.mark.parametrize(
    ("key", "prints", "for_s"), [("", 1, 60), ("x" * 65, 1, 60), ("x", 13, 60), ("x", 1, 1e6)]
)
async def test_prints_have_limits(store: Store, key: str, prints: int, for_s: float) -> None:
    with pytest.raises(ValueRefused):
        await store.running_pictures.put_up(HERE, key, [b"a"] * prints, for_s=for_s)
