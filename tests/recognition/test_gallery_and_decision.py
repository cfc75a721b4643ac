"""The light half: search, probability, and saying "I do not know"."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognition.decision import Decider, DecisionRule, decide
from recognition.errors import ModelMismatch, WeightsCorrupt, WeightsMissing
from recognition.gallery import Gallery, KnownCharacter, Similarity
from recognition.types import Box, Embedding, EncodedPicture, FaceEncoding, Match, Mode, Unknown

RULE = DecisionRule(-6.0, 10.0, 4.0, 24.0, 0.7)


def unit(*values: float) -> np.ndarray:
    vector = np.array(values, np.float32)
    return vector / np.linalg.norm(vector)


@pytest.fixture
def gallery() -> Gallery:
    rei, asuka = (KnownCharacter(i, i.title(), "Evangelion") for i in ("rei", "asuka"))
    centres = np.stack([unit(1, 0, 0), unit(0, 1, 0), unit(1, 0, 0.5)])
    return Gallery("m", [rei, asuka], centres, np.array([0, 1, 0]))


def test_search_takes_the_nearest_centre_of_each(gallery: Gallery) -> None:
    found = gallery.search(Embedding(unit(1, 0, 0.5), "m"))
    assert [s.character.id for s in found] == ["rei", "asuka"]
    assert found[0].cosine == pytest.approx(1.0, abs=1e-6)
    assert gallery.n_centres == 3


def test_ties_have_one_order(gallery: Gallery) -> None:
    found = gallery.search(Embedding(unit(0, 0, 1), "m"), k=1)
    assert found[0].character.id == "rei"
    tie = gallery.search(Embedding(unit(1, 1, 0), "m"))
    assert [s.character.id for s in tie] == ["asuka", "rei"]


def test_only_who_was_taught_here_gets_the_bonus(gallery: Gallery) -> None:
    taught = gallery.add(
        KnownCharacter("mari", "Mari", ""), [Embedding(unit(1, 1, 0), "m")]
    ).gallery
    more = taught.add(KnownCharacter("asuka", "", ""), [Embedding(unit(0, 1, 1), "m")]).gallery
    query = Embedding(unit(0.3, 1, 0), "m")
    plain, lifted = (
        {s.character.id: s.cosine for s in more.search(query, taught_bonus=bonus)}
        for bonus in (0.0, 0.1)
    )
    assert plain["asuka"] > plain["mari"]
    assert lifted["mari"] > lifted["asuka"]
    assert lifted["mari"] == pytest.approx(plain["mari"] + 0.1)
    assert {i: lifted[i] for i in ("rei", "asuka")} == {i: plain[i] for i in ("rei", "asuka")}
    rule = DecisionRule(-6.0, 10.0, 4.0, 24.0, 0.5, taught_bonus=0.1)
    face = FaceEncoding(Box(0, 0, 9, 9), 0.9, query)
    asked = EncodedPicture((10, 10), (face,), (), "m", {})
    first = [
        Decider(more, faces=one, whole=one)(asked).faces[0].candidates[0].character
        for one in (RULE, rule)
    ]
    assert first == ["asuka", "mari"]


def test_two_models_never_meet(gallery: Gallery) -> None:
    with pytest.raises(ModelMismatch):
        gallery.search(Embedding(unit(1, 0, 0), "other"))


def test_a_gallery_survives_its_file(gallery: Gallery, tmp_path: Path) -> None:
    gallery.save(tmp_path / "g.safetensors")
    again = Gallery.load(tmp_path / "g.safetensors")
    assert again.characters == gallery.characters
    assert again.model_id == "m"
    query = Embedding(unit(0.3, 0.5, 0.1), "m")
    for a, b in zip(gallery.search(query), again.search(query), strict=True):
        assert a.cosine == pytest.approx(b.cosine, abs=1e-3)


def test_missing_and_damaged_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing):
        Gallery.load(tmp_path / "none")
    (tmp_path / "bad").write_bytes(b"not a tensor in sight")
    with pytest.raises(WeightsCorrupt):
        Gallery.load(tmp_path / "bad")


def test_impossible_galleries_are_refused() -> None:
    c = KnownCharacter("a", "A", "")
    with pytest.raises(ValueError):
        Gallery("m", [c, c], np.eye(2, dtype=np.float32), np.array([0, 1]))
    with pytest.raises(ValueError):
        Gallery("m", [c], np.eye(2, dtype=np.float32), np.array([0, 1]))


def similar(*cosines: float) -> list[Similarity]:
    return [Similarity(KnownCharacter(f"c{i}", f"C{i}", ""), c) for i, c in enumerate(cosines)]


def test_near_is_named_and_far_is_not() -> None:
    decision, candidates = decide(similar(0.95, 0.3), RULE)
    assert isinstance(decision, Match)
    assert decision.character == "c0"
    assert decision.probability >= RULE.threshold
    decision, _ = decide(similar(0.4, 0.3), RULE)
    assert isinstance(decision, Unknown)
    assert decision.nearest is not None
    assert decision.nearest.character == "c0"
    assert sum(c.probability for c in candidates) <= 1


def test_a_rival_makes_us_less_sure() -> None:
    alone = decide(similar(0.7, 0.1), RULE)[0].probability
    rivalled = decide(similar(0.7, 0.69), RULE)[0].probability
    assert rivalled < alone


def test_candidates_are_ordered_at_most_five_and_sum_to_at_most_one() -> None:
    _, candidates = decide(similar(0.9, 0.88, 0.5, 0.4, 0.3, 0.2, 0.1), RULE)
    probabilities = [c.probability for c in candidates]
    assert len(candidates) == 5
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) <= 1.0001


def test_an_empty_gallery_knows_nobody() -> None:
    assert decide([], RULE) == (Unknown(None, 0.0), ())


def test_the_decider_answers_faces_and_whole_by_their_own_rules(gallery: Gallery) -> None:
    shy = DecisionRule(-60.0, 0.0, 0.0, 24.0, 0.5)
    decider = Decider(gallery, faces=RULE, whole=shy)
    face = FaceEncoding(Box(0, 0, 9, 9), 0.9, Embedding(unit(1, 0, 0), "m"))
    whole = (Embedding(unit(0, 0, 1), "m"), Embedding(unit(1, 0, 0), "m"))
    answer = decider(EncodedPicture((10, 10), (face,), whole, "m", {}), Mode.AUTO)
    assert isinstance(answer.faces[0].decision, Match)
    assert answer.whole is not None
    assert isinstance(answer.whole.decision, Unknown)
    assert answer.whole.candidates[0].character == answer.faces[0].decision.character, (
        "of several views the nearest counts"
    )


def test_what_looks_like_a_photograph_is_not_named(gallery: Gallery) -> None:
    rule = DecisionRule(-6.0, 10.0, 4.0, 24.0, 0.7, background_lead=0.1, background_probability=0.2)
    decider = Decider(gallery, rule, rule, background=np.stack([unit(0.2, 1, 1)]))
    drawing = decider.judge(Embedding(unit(1, 0, 0), "m"), rule)[0]
    photograph, guesses = decider.judge(Embedding(unit(0, 1, 0.8), "m"), rule)
    assert isinstance(drawing, Match)
    assert isinstance(photograph, Unknown)
    assert photograph.probability == guesses[0].probability == 0.2
    views = (Embedding(unit(1, 0, 0), "m"), Embedding(unit(0.2, 1, 1), "m"))
    assert isinstance(decider.judge(views, rule)[0], Unknown), "of several views the nearest counts"
    assert isinstance(
        decider.with_gallery(gallery).judge(Embedding(unit(0, 1, 0.8), "m"), rule)[0], Unknown
    )
    assert isinstance(
        Decider(gallery, rule, rule).judge(Embedding(unit(0, 1, 0.8), "m"), rule)[0], Match
    )
