"""Whom somebody means."""

from __future__ import annotations

from datetime import UTC, datetime

from catalog import Catalog
from store.types import CharacterSummary, Subject
from teaching.people import MOST, meant, of_key, of_taught, suggest

NOW = datetime(2026, 1, 1, tzinfo=UTC)
YUI = CharacterSummary(3, "Yui the Brave", "Our Own Play", None, 2, NOW)
REI = CharacterSummary(4, "Ayanami Rei", "Evangelion", "ayanami_rei", 2, NOW)


def test_nothing_typed_suggests_whom_the_server_taught(catalog: Catalog) -> None:
    assert [one.subject.name for one in suggest(catalog, [YUI, REI], "")] == [YUI.name, REI.name]


def test_names_of_both_kinds_are_suggested_once(catalog: Catalog) -> None:
    keys = [one.key for one in suggest(catalog, [YUI, REI], "rei")]
    assert keys.count("catalog:ayanami_rei") == 1
    assert len(keys) <= MOST
    assert suggest(catalog, [YUI], "yui the")[0].key == "own:3"


def test_a_name_in_either_order_is_the_character(catalog: Catalog) -> None:
    for typed in ("Rei Ayanami", "ayanami rei", "catalog:ayanami_rei"):
        subject = meant(catalog, [], typed)
        assert isinstance(subject, Subject)
        assert subject.catalog_id == "ayanami_rei"


def test_a_misspelling_asks_and_a_new_name_does_not(catalog: Catalog) -> None:
    near = meant(catalog, [YUI], "Yui the Brav")
    assert isinstance(near, tuple)
    assert near[0].subject.name == YUI.name
    assert meant(catalog, [YUI], "Quxbert Flimmerstein") == ()


def test_keys_of_others_lead_nowhere(catalog: Catalog) -> None:
    for key in ("own:99", "catalog:nobody", "own:", "catalog:", ""):
        assert of_key(catalog, [YUI], key) is None


def test_a_taught_character_by_key_or_name() -> None:
    assert of_taught([YUI, REI], "own:3") is YUI
    assert of_taught([YUI, REI], "catalog:ayanami_rei") is REI
    assert of_taught([YUI, REI], "YUI THE BRAVE") is YUI
    assert of_taught([YUI, REI], "nobody") is None
