"""What people type, and whom they mean."""

import pytest

from catalog import Catalog
from catalog.matching import fold, similarity


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("asuka", "asuka_langley_soryu"),
        ("Rei Ayanami", "ayanami_rei"),
        ("ayanami rei", "ayanami_rei"),
        ("  REI   AYANAMI!! ", "ayanami_rei"),
        ("ＲＥＩ　ＡＹＡＮＡＭＩ", "ayanami_rei"),
        ("綾波", "ayanami_rei"),
        ("あやなみれい", "ayanami_rei"),
        ("アスカ", "asuka_langley_soryu"),
        ("あすか", "asuka_langley_soryu"),
        ("Kurumi Tokisaky", "tokisaki_kurumi"),
        ("Ayanmi", "ayanami_rei"),
        ("tosaka", "tohsaka_rin"),
        ("ina'nis", "ninomae_ina_nis"),
        ("Monkey Luffy", "monkey_d_luffy"),
        ("らきすた", "izumi_konata"),
        ("02", "zero_two"),
        ("yurippe", "nakamura_yuri"),
        ("case closed", "edogawa_conan"),
        ("kirisaki", "kirisaki_chitoge"),
    ],
)
def test_finds_whom_people_mean(catalog: Catalog, typed: str, meant: str) -> None:
    assert catalog.search(typed, limit=1)[0].character.id == meant


def test_every_character_is_first_under_each_full_name(catalog: Catalog) -> None:
    for character in catalog:
        names = character.names
        for name in filter(None, (names.romaji, names.romaji_western, names.native, names.kana)):
            best = catalog.search(name, limit=1)[0]
            assert (best.character.id, best.score) == (character.id, 1.0), name


def test_a_shared_given_name_lists_everyone_who_has_it(catalog: Catalog) -> None:
    found = {hit.character.id for hit in catalog.search("miku")}
    assert found >= {"hatsune_miku", "izayoi_miku", "nakano_miku"}


@pytest.mark.parametrize("typed", ["evangelion", "eva", "エヴァンゲリオン"])
def test_a_series_brings_its_cast(catalog: Catalog, typed: str) -> None:
    cast = {c.id for c in catalog if c.series.franchise == "Evangelion"}
    assert {hit.character.id for hit in catalog.search(typed, limit=20)} >= cast


def test_a_name_comes_before_a_series(catalog: Catalog) -> None:
    hits = catalog.search("haruhi")
    assert hits[0].character.id == "suzumiya_haruhi"
    assert hits[0].matched != hits[0].character.series.franchise


@pytest.mark.parametrize("typed", ["", "   ", "!?…", "zxqj", "Son Goku", "Naruto", "Frieren"])
def test_nothing_is_found_for_nobody(catalog: Catalog, typed: str) -> None:
    assert catalog.search(typed) == ()


def test_limit_order_and_scores(catalog: Catalog) -> None:
    hits = catalog.search("hi", limit=3)
    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 for hit in hits)
    assert hits == catalog.search("hi", limit=3)
    with pytest.raises(ValueError):
        catalog.search("hi", limit=0)


def test_a_spoiler_answers_only_those_who_know_it(catalog: Catalog) -> None:
    knows = catalog.search("artoria pendragon", limit=1)[0]
    assert (knows.character.id, knows.spoiler) == ("saber", True)
    zero = [hit.character.id for hit in catalog.search("zero", limit=25)]
    assert zero[0] == "zero_two"
    assert "lelouch_lamperouge" not in zero
    assert "saber" not in {hit.character.id for hit in catalog.search("art", limit=25)}
    assert "shana" not in {hit.character.id for hit in catalog.search("hi", limit=25)}


def test_fold_keeps_voiced_kana_and_drops_accents() -> None:
    assert fold("がうる・ぐら") == "ガウル グラ"
    assert fold("Pokémon Ōtaku") == "pokemon otaku"
    assert fold("か") != fold("が")


def test_similarity_is_bounded_and_exact_only_for_equals() -> None:
    assert similarity("rei ayanami", "ayanami rei") == 1.0
    assert similarity("k on", "kon") == 1.0
    assert 0.9 < similarity("ayanami", "ayanami rei") < 1.0
    assert similarity("", "ayanami rei") == 0.0
