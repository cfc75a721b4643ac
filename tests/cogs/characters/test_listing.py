"""The list of everybody: complete, in order, within the limits."""

from __future__ import annotations

import dataclasses
import re

import pytest

from catalog import Catalog
from cogs.characters.known import Known, Level
from cogs.characters.listing import pages_of, series_key
from cogs.characters.pager import PageButton
from recognition.gallery import Gallery
from recognition.training.centres import n_centres
from sandbox.limits import check_message


def _people(catalog: Catalog) -> list[Known]:
    people = [
        Known(one.id, one.names.romaji, one.series.title, one.series.year, Level.SOME)
        for one in catalog
    ]
    return sorted(people, key=lambda one: (one.series.casefold(), one.name.casefold()))


def _made(series: int, cast: int, name: str = "Somebody") -> list[Known]:
    return [
        Known(f"{s}_{c}", f"{name} {c}", f"Series {s:03}", None, Level.FEW)
        for s in range(series)
        for c in range(cast)
    ]


def _names(text: str) -> list[str]:
    found = re.findall(r"[●○]{3}\u00a0([^·\n]+)", text)
    return [name.replace("\u00a0", " ").replace("\\", "").strip() for name in found]


def test_everybody_stands_on_exactly_one_page(catalog: Catalog) -> None:
    people = _people(catalog)
    pages = pages_of(people)
    assert 1 < len(pages) < 9
    names = [name for page in pages for name in _names(page.description.split("\n\n", 1)[1])]
    assert names == [one.name for one in people]
    for number, page in enumerate(pages, 1):
        check_message({"embeds": [page.to_dict()]})
        assert page.footer.text == f"{number} of {len(pages)}"
        assert "94 characters of 42 series" in page.description


@pytest.mark.parametrize(
    "people",
    [_made(1, 1), _made(300, 1), _made(1, 500), _made(30, 30), _made(9, 40, "|" * 100)],
    ids=["one", "many series", "one huge cast", "many", "odd names"],
)
def test_any_list_keeps_the_limits(people: list[Known]) -> None:
    pages = pages_of(people)
    for page in pages:
        check_message({"embeds": [page.to_dict()]})
    assert sum(len(_names(page.description.split("\n\n", 1)[1])) for page in pages) == len(people)


def test_nobody_is_a_page_too() -> None:
    (page,) = pages_of([])
    assert page.description == "I don't know anybody yet."


def test_the_levels_are_what_the_gallery_was_built_by() -> None:
    expected = {1: Level.FEW, 11: Level.FEW, 12: Level.SOME, 35: Level.SOME, 36: Level.MANY}
    assert {n: Level.of_centres(n_centres(n)) for n in (*expected, 500)} == {
        **expected,
        500: Level.MANY,
    }


@pytest.mark.parametrize(
    ("pictures", "level"),
    [(1, Level.FEW), (11, Level.FEW), (12, Level.SOME), (35, Level.SOME), (36, Level.MANY)],
)
def test_taught_pictures_are_counted(pictures: int, level: Level) -> None:
    assert Level.of_pictures(pictures) is level


def test_what_this_server_taught_is_marked() -> None:
    people = [dataclasses.replace(one, taught=True) for one in _made(1, 1)] + _made(1, 2)[1:]
    (page,) = pages_of(people)
    assert "●○○\u00a0Somebody\u00a00\u00a0✎" in page.description
    assert page.description.count("✎") == 2  # and the legend


def test_the_shipped_gallery_has_all_levels(catalog: Catalog, root: object) -> None:
    from pathlib import Path

    gallery = Gallery.load(Path(str(root)) / "weights" / "gallery.safetensors")
    levels = {one.id: Level.of_centres(len(gallery.centres_of(one.id))) for one in gallery}
    assert set(levels.values()) == set(Level)
    assert levels["hatsune_miku"] is Level.MANY
    assert levels["natsumi"] is Level.FEW
    assert set(levels) <= {one.id for one in catalog}


def test_keys_of_series_are_apart_and_fit_a_button(catalog: Catalog) -> None:
    titles = {one.series.title for one in catalog}
    assert len({series_key(title) for title in titles}) == len(titles)
    button = PageButton(2**63, series_key("x"), 999, ">")
    assert len(button.custom_id) <= 100
