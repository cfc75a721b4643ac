"""Galleries that learn: looks, duplicates, outliers, and snapshots that nothing changes."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from recognition.errors import (
    CharacterNotAdded,
    CharacterUnknown,
    ModelMismatch,
    TooManyPictures,
)
from recognition.gallery import Gallery
from recognition.references import MOST_LOOKS, MOST_PICTURES, SAME_COSINE, find_looks
from recognition.types import Embedding, KnownCharacter

D = 64
MIO, YUI, AZUSA = (KnownCharacter(n, n.title(), "K-On!") for n in ("mio", "yui", "azusa"))
RNG = np.random.default_rng(7)
DIRECTIONS = np.linalg.qr(RNG.normal(size=(D, D)))[0].astype(np.float32)
"""Orthogonal unit vectors: characters and looks that have nothing in common."""


def near(direction: np.ndarray, cosine: float, seed: int) -> Embedding:
    """A unit vector with exactly this cosine to `direction`."""
    noise = np.random.default_rng(seed).normal(size=D)
    noise -= noise @ direction * direction
    noise /= np.linalg.norm(noise)
    return Embedding((cosine * direction + np.sqrt(1 - cosine**2) * noise).astype(np.float32), "m")


def pictures(direction: np.ndarray, n: int, cosine: float = 0.9, seed: int = 0) -> list[Embedding]:
    return [near(direction, cosine, 1_000 * seed + i) for i in range(n)]


@pytest.fixture
def base() -> Gallery:
    """Mio and Yui, as if they came with the weights."""
    return Gallery("m", [MIO, YUI], DIRECTIONS[:2], np.array([0, 1]))


def test_what_is_learned_is_found_and_the_old_snapshot_stays(base: Gallery) -> None:
    before = base.cosines(DIRECTIONS).copy()
    enrolment = base.add(AZUSA, pictures(DIRECTIONS[2], 5))
    assert enrolment.used == (0, 1, 2, 3, 4)
    assert enrolment.centres == 1
    assert not enrolment.duplicates
    assert not enrolment.outliers
    unseen = near(DIRECTIONS[2], 0.85, 99)
    assert enrolment.gallery.search(unseen)[0].character == AZUSA
    assert len(base) == 2
    assert np.array_equal(base.cosines(DIRECTIONS), before)
    with pytest.raises(CharacterUnknown):
        base.find("azusa")


def test_one_picture_is_enough_and_nobody_to_differ_from(base: Gallery) -> None:
    enrolment = base.add(AZUSA, [near(DIRECTIONS[0], 0.9, 1)])
    assert enrolment.used == (0,)
    assert not enrolment.outliers
    assert enrolment.nearest is not None
    assert enrolment.nearest.character == MIO
    assert enrolment.nearest.cosine == pytest.approx(0.9, abs=1e-3)


def test_none_and_too_many_are_refused(base: Gallery) -> None:
    with pytest.raises(ValueError):
        base.add(AZUSA, [])
    with pytest.raises(TooManyPictures) as caught:
        base.add(AZUSA, pictures(DIRECTIONS[2], MOST_PICTURES + 1))
    assert (caught.value.limit, caught.value.actual) == (20, 21)
    with pytest.raises(ModelMismatch):
        base.add(AZUSA, [Embedding(DIRECTIONS[2], "other")])


def test_a_picture_of_somebody_else_is_reported_and_left_out(base: Gallery) -> None:
    taught = pictures(DIRECTIONS[2], 4)
    taught.insert(2, near(DIRECTIONS[1], 0.8, 5))
    enrolment = base.add(AZUSA, taught)
    assert [o.index for o in enrolment.outliers] == [2]
    outlier = enrolment.outliers[0]
    assert outlier.nearest.character == YUI
    assert outlier.nearest.cosine == pytest.approx(0.8, abs=1e-3)
    assert outlier.own < outlier.nearest.cosine
    assert enrolment.used == (0, 1, 3, 4)
    kept = base.add(AZUSA, taught, keep=[2])
    assert kept.used == (0, 1, 2, 3, 4)
    assert [o.index for o in kept.outliers] == [2]


def test_a_misnamed_picture_can_be_taught(base: Gallery) -> None:
    """It looks like Yui, and somebody who knows says that it is Mio: reported, and learned."""
    misnamed = near(DIRECTIONS[1], 0.8, 5)
    assert base.search(misnamed)[0].character == YUI
    enrolment = base.add(MIO, [misnamed])
    assert [o.index for o in enrolment.outliers] == [0]
    assert enrolment.used == (0,)
    assert enrolment.gallery.search(misnamed)[0].character == MIO


def test_two_pictures_that_have_nothing_in_common_are_both_reported_and_used(
    base: Gallery,
) -> None:
    enrolment = base.add(AZUSA, [near(DIRECTIONS[0], 0.6, 1), near(DIRECTIONS[1], 0.6, 2)])
    assert [o.index for o in enrolment.outliers] == [0, 1]
    assert enrolment.used == (0, 1)


def test_a_look_alike_can_be_taught(base: Gallery) -> None:
    """All pictures resemble Mio, and one another more: nobody is an outlier."""
    twin = 0.7 * DIRECTIONS[0] + np.sqrt(1 - 0.49) * DIRECTIONS[2]
    enrolment = base.add(AZUSA, pictures(twin, 5, cosine=0.9))
    assert not enrolment.outliers
    assert enrolment.nearest is not None
    assert enrolment.nearest.character == MIO


def test_the_same_picture_again_is_ignored(base: Gallery) -> None:
    first = near(DIRECTIONS[2], 0.8, 1)
    again = near(first.vector, SAME_COSINE + 0.005, 2)
    enrolment = base.add(AZUSA, [first, again, near(DIRECTIONS[2], 0.8, 3)])
    assert [(d.index, d.of) for d in enrolment.duplicates] == [(1, 0)]
    assert enrolment.used == (0, 2)
    more = enrolment.gallery.add(AZUSA, [near(enrolment.gallery.centres_of("azusa")[0], 0.99, 4)])
    assert [(d.index, d.of) for d in more.duplicates] == [(0, None)]
    assert more.gallery is enrolment.gallery
    assert more.centres == 0


def test_the_same_hash_is_the_same_picture(base: Gallery) -> None:
    taught = pictures(DIRECTIONS[2], 3)
    hashes = [0xF0F0F0F0F0F0F0F0, 0xF0F0F0F0F0F0F0F3, None]
    enrolment = base.add(AZUSA, taught, hashes=hashes)
    assert [(d.index, d.of) for d in enrolment.duplicates] == [(1, 0)]


def test_several_looks_are_kept(base: Gallery) -> None:
    taught = pictures(DIRECTIONS[2], 4, seed=1) + pictures(DIRECTIONS[3], 3, seed=2)
    enrolment = base.add(AZUSA, taught)
    assert enrolment.centres == 3, "the mean of all, and two looks"
    for look in (2, 3):
        assert enrolment.gallery.search(near(DIRECTIONS[look], 0.8, 50))[0].character == AZUSA
        best = enrolment.gallery.centres_of("azusa") @ DIRECTIONS[look]
        assert best.max() > 0.9


def test_looks_are_unit_vectors_and_few() -> None:
    looks = find_looks(DIRECTIONS[:20])
    assert looks.shape == (1 + MOST_LOOKS, D)
    assert np.allclose(np.linalg.norm(looks, axis=1), 1, atol=1e-5)


def test_the_order_of_pictures_does_not_matter(base: Gallery) -> None:
    taught = pictures(DIRECTIONS[2], 4, seed=1) + pictures(DIRECTIONS[3], 3, seed=2)
    one, other = base.add(AZUSA, taught).gallery, base.add(AZUSA, taught[::-1]).gallery
    assert np.allclose(one.cosines(DIRECTIONS), other.cosines(DIRECTIONS), atol=1e-5)


def test_a_known_character_learns_more_and_keeps_its_name(base: Gallery) -> None:
    enrolment = base.add(KnownCharacter("mio", "Someone", ""), pictures(DIRECTIONS[5], 3))
    assert enrolment.character == MIO
    assert enrolment.used == (0, 1, 2)
    assert len(enrolment.gallery) == 2
    assert enrolment.gallery.search(near(DIRECTIONS[5], 0.9, 9))[0].character == MIO
    assert enrolment.gallery.search(near(DIRECTIONS[0], 0.9, 9))[0].character == MIO


def test_what_was_added_can_be_removed_and_what_came_with_the_weights_cannot(
    base: Gallery,
) -> None:
    grown = base.add(AZUSA, pictures(DIRECTIONS[2], 3)).gallery
    grown = grown.add(MIO, pictures(DIRECTIONS[5], 3)).gallery
    less = grown.remove("azusa")
    assert [c.id for c in less] == ["mio", "yui"]
    assert len(grown) == 3
    original = less.remove("mio")
    assert np.array_equal(original.centres_of("mio"), base.centres_of("mio"))
    with pytest.raises(CharacterNotAdded):
        base.remove("mio")
    with pytest.raises(CharacterUnknown):
        base.remove("nobody")


def test_renaming_keeps_the_id(base: Gallery) -> None:
    grown = base.add(AZUSA, pictures(DIRECTIONS[2], 3)).gallery
    renamed = grown.rename("azusa", "Nakano Azusa")
    assert renamed.find("azusa") == KnownCharacter("azusa", "Nakano Azusa", "K-On!")
    assert grown.find("azusa").name == "Azusa"
    assert renamed.rename("azusa", "A", "B").find("azusa") == KnownCharacter("azusa", "A", "B")
    with pytest.raises(CharacterNotAdded):
        grown.rename("mio", "Akiyama Mio")


def test_two_entries_for_one_character_become_one(base: Gallery) -> None:
    nyan = KnownCharacter("azunyan", "Azu-nyan", "K-On!")
    grown = base.add(AZUSA, pictures(DIRECTIONS[2], 3)).gallery
    grown = grown.add(nyan, pictures(DIRECTIONS[3], 3)).gallery
    merged = grown.merge("azunyan", "azusa")
    assert [c.id for c in merged] == ["mio", "yui", "azusa"]
    assert merged.search(near(DIRECTIONS[3], 0.9, 4))[0].character == AZUSA
    into_base = grown.merge("azusa", "mio")
    assert into_base.search(near(DIRECTIONS[2], 0.9, 4))[0].character == MIO
    assert np.array_equal(into_base.remove("mio").centres_of("mio"), base.centres_of("mio"))
    with pytest.raises(CharacterNotAdded):
        grown.merge("mio", "azusa")
    with pytest.raises(CharacterUnknown):
        grown.merge("azusa", "nobody")
    assert merged.merge("azusa", "azusa").n_centres == merged.n_centres


def test_a_server_s_own_is_kept_apart_and_joined_again(base: Gallery, tmp_path: Path) -> None:
    grown = base.add(AZUSA, pictures(DIRECTIONS[2], 3)).gallery
    grown = grown.add(MIO, pictures(DIRECTIONS[5], 3)).gallery
    own = grown.own()
    assert {c.id for c in own} == {"azusa", "mio"}
    own.save(tmp_path / "own.safetensors")
    again = base.joined(Gallery.load(tmp_path / "own.safetensors"))
    assert {c.id for c in again} == {"azusa", "mio", "yui"}
    assert np.allclose(
        again.cosines(DIRECTIONS)[:, [c.id for c in again].index("azusa")],
        grown.cosines(DIRECTIONS)[:, [c.id for c in grown].index("azusa")],
        atol=2e-3,
    )
    assert {c.id for c in again.own()} == {"azusa", "mio"}
    assert len(base.own()) == 0
    with pytest.raises(ModelMismatch):
        base.joined(Gallery.empty("other", D))


def test_an_empty_gallery_can_be_added_to() -> None:
    empty = Gallery.empty("m", D)
    assert empty.search(Embedding(DIRECTIONS[0], "m")) == []
    assert empty.cosines(DIRECTIONS).shape == (D, 0)
    enrolment = empty.add(AZUSA, pictures(DIRECTIONS[2], 3))
    assert enrolment.nearest is None
    assert enrolment.gallery.search(near(DIRECTIONS[2], 0.9, 1))[0].character == AZUSA


def test_measuring_can_forget_anybody(base: Gallery) -> None:
    assert [c.id for c in base.without({"mio", "nobody"})] == ["yui"]
    assert len(base.without({"mio", "yui"})) == 0


def test_a_gallery_of_100_000_exemplars_answers_in_50_ms() -> None:
    """Of 20,000 characters, five each. Reading 200 MB is most of it: how long that takes is the
    machine's matter, so the target is held against the bare product, and loosely against the clock.
    """
    n, d = 100_000, 512
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((n, d), np.float32)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    characters = [KnownCharacter(f"c{i:05d}", f"C {i}", "") for i in range(n // 5)]
    gallery = Gallery("m", characters, centres, np.repeat(np.arange(n // 5), 5))
    query = Embedding(centres[50_003], "m")
    times, products = [], []
    for _ in range(9):
        started = time.perf_counter()
        found = gallery.search(query, 10)
        times.append(time.perf_counter() - started)
        started = time.perf_counter()
        centres @ query.vector
        products.append(time.perf_counter() - started)
    assert found[0].character.id == "c10000"
    assert len(found) == 10
    # The best of nine is what the code takes; the rest is what else the machine was doing.
    assert min(times) <= max(0.05, 1.5 * min(products) + 0.005)
    assert min(times) <= 0.25
