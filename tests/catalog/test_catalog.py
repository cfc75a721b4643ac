"""The catalog's promises: lookup, iteration, grouping, immutability, refusals."""

import dataclasses

import pytest

from catalog import Catalog, DuplicateCharacter


def test_get_finds_by_id_and_answers_none_for_strangers(catalog: Catalog) -> None:
    rei = catalog.get("ayanami_rei")
    assert rei is not None
    assert (rei.names.romaji, rei.names.romaji_western) == ("Ayanami Rei", "Rei Ayanami")
    assert rei.names.native == "綾波レイ"
    assert rei.series.title == "Neon Genesis Evangelion"
    assert catalog.get("nobody_at_all") is None
    assert "ayanami_rei" in catalog
    assert "nobody_at_all" not in catalog


def test_iterates_every_character_once_in_id_order(catalog: Catalog) -> None:
    ids = [character.id for character in catalog]
    assert ids == sorted(set(ids))
    assert len(catalog) == len(ids)


def test_by_series_is_a_partition_in_title_order(catalog: Catalog) -> None:
    casts = catalog.by_series()
    titles = [series.title.casefold() for series in casts]
    assert titles == sorted(titles)
    assert sorted(c.id for cast in casts.values() for c in cast) == [c.id for c in catalog]
    for series, cast in casts.items():
        assert {character.series for character in cast} == {series}


def test_nothing_can_be_changed(catalog: Catalog) -> None:
    asuka = catalog.get("asuka_langley_soryu")
    assert asuka is not None
    with pytest.raises(dataclasses.FrozenInstanceError):
        asuka.role = "penguin"  # type: ignore[misc]
    with pytest.raises(TypeError):
        catalog.by_series()[asuka.series] = ()  # type: ignore[index]
    assert hash(asuka) == hash(dataclasses.replace(asuka))


def test_spoiler_aliases_stay_out_of_safe_aliases(catalog: Catalog) -> None:
    saber = catalog.get("saber")
    assert saber is not None
    assert any(alias.spoiler for alias in saber.names.aliases)
    assert "Artoria Pendragon" not in saber.names.safe_aliases


def test_two_characters_with_one_id_are_refused(catalog: Catalog) -> None:
    aqua = catalog.get("aqua")
    assert aqua is not None
    with pytest.raises(DuplicateCharacter) as caught:
        Catalog([aqua, aqua])
    assert caught.value.character_id == "aqua"


def test_an_empty_catalog_is_a_catalog() -> None:
    empty = Catalog([])
    assert len(empty) == 0
    assert empty.search("asuka") == ()
