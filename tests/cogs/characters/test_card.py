"""Cards of every character: Discord's limits held, nothing hidden in the open."""

from __future__ import annotations

import dataclasses
import re

import discord
import pytest

from catalog import Alias, Appearance, Birthday, Catalog, Character, Profile
from catalog.lookup import Entry, Reach
from cogs.characters import texts
from cogs.characters.card import embed_of, view_of
from cogs.characters.known import Level
from sandbox.limits import check_message

PROFILE = Profile(
    id=86,
    name="Rei Ayanami",
    native="綾波レイ",
    aliases=(Alias("First Child"), Alias("Somebody's secret", spoiler=True)),
    description="__Height:__ short~! and a secret end!~",
    image_url="https://s4.anilist.co/file/anilistcdn/character/large/86-x.png",
    age="14-15",
    birthday=Birthday(3, 30),
    gender="Female",
    appearances=(Appearance("Shin Seiki Evangelion", "Neon Genesis Evangelion", None, 1995, True),),
)
HUGE = Profile(
    id=2**31 - 1,
    name="|" * 100,
    native="*" * 100,
    aliases=tuple(Alias(f"{number}" + "_" * 98, number % 2 == 0) for number in range(20)),
    description="~!" + "||*_`" * 4000,
    image_url="https://s4.anilist.co/" + "x" * 470,
    age="~" * 100,
    birthday=Birthday(12, 31),
    gender="#" * 100,
    appearances=tuple(
        Appearance("[" * 100 + str(number), "]" * 100, None, 2000, False) for number in range(8)
    ),
)


def _rei(catalog: Catalog) -> Character:
    rei = catalog.get("ayanami_rei")
    assert rei is not None
    return rei


def _everything(embed: discord.Embed) -> str:
    parts = [embed.title or "", embed.description or "", embed.footer.text or ""]
    return "\n".join([*parts, *(f"{field.name}\n{field.value}" for field in embed.fields)])


def _in_the_open(text: str) -> str:
    """What is not behind bars."""
    return "".join(re.split(r"(?<!\\)\|\|", text)[::2])


@pytest.mark.parametrize("profile", [None, PROFILE, HUGE], ids=["alone", "usual", "huge"])
@pytest.mark.parametrize("reach", list(Reach))
def test_every_character_keeps_every_limit(
    catalog: Catalog, profile: Profile | None, reach: Reach
) -> None:
    for character in catalog:
        embed = embed_of(Entry(character, profile, reach), Level.FEW)
        check_message({"embeds": [embed.to_dict()]})
        assert len(embed) <= 6000
        assert embed.title


@pytest.mark.parametrize("profile", [PROFILE, HUGE], ids=["usual", "huge"])
def test_a_character_of_anilists_keeps_every_limit(profile: Profile) -> None:
    embed = embed_of(Entry(None, profile, Reach.ANSWERED), None)
    check_message({"embeds": [embed.to_dict()]})
    assert len(embed) <= 6000


def test_the_longest_card_of_ours_that_the_schema_permits(catalog: Catalog) -> None:
    rei = _rei(catalog)
    long = "|" * 80
    names = dataclasses.replace(
        rei.names,
        romaji=long,
        romaji_western="*" * 80,
        native="_" * 80,
        kana="~" * 80,
        aliases=tuple(Alias(f"{number}" + "`" * 78, number % 3 == 0) for number in range(40)),
    )
    longest = dataclasses.replace(
        rei,
        names=names,
        series=dataclasses.replace(rei.series, title="#" * 80),
        role="<" * 80,
        description="[" * 300,
    )
    embed = embed_of(Entry(longest, HUGE, Reach.OLD), Level.FEW)
    check_message({"embeds": [embed.to_dict()]})


def test_no_hidden_name_stands_in_the_open(catalog: Catalog) -> None:
    for character in catalog:
        said = _in_the_open(_everything(embed_of(Entry(character, None, Reach.SILENT), None)))
        for alias in character.names.aliases:
            if alias.spoiler:
                assert not re.search(rf"\b{re.escape(alias.name)}\b", said), character.id


def test_ours_never_tells_what_anilist_tells_in_the_open(catalog: Catalog) -> None:
    saber = catalog.get("saber")
    assert saber is not None
    telling = dataclasses.replace(PROFILE, name="Artoria Pendragon", description="King Arthur!")
    said = _in_the_open(_everything(embed_of(Entry(saber, telling, Reach.ANSWERED), None)))
    assert "Artoria" not in said
    assert "Arthur" not in said


def test_what_a_card_of_ours_says(catalog: Catalog) -> None:
    embed = embed_of(Entry(_rei(catalog), PROFILE, Reach.ANSWERED), Level.MANY)
    assert embed.title == "Ayanami Rei"
    assert embed.description is not None
    assert embed.description.startswith("綾波レイ · あやなみ れい · Rei Ayanami\n*Neon Genesis")
    values = {field.name: field.value for field in embed.fields}
    assert values["Role"] == "Pilot of Evangelion Unit-00"
    assert values["Age"] == "14"
    assert values["Hair"] == "light blue"
    assert values["In pictures"] == texts.IN_PICTURES[Level.MANY]
    assert values["On AniList"] == "*Neon Genesis Evangelion* (1995)"
    assert embed.image.url == PROFILE.image_url
    assert texts.PICTURE_FROM_ANILIST in embed.description


def test_what_a_card_of_anilists_says() -> None:
    embed = embed_of(Entry(None, PROFILE, Reach.ANSWERED), None)
    assert embed.description is not None
    assert "**Height:** short|| and a secret end||" in embed.description
    values = {field.name: field.value for field in embed.fields}
    assert values["Also known as"] == "First Child · ||Somebody's secret||"
    assert values["Birthday"] == "30 March"
    assert values["In pictures"] == texts.IN_PICTURES[None]


@pytest.mark.parametrize(
    ("reach", "said"),
    [
        (Reach.NOT_ASKED, None),
        (Reach.ANSWERED, None),
        (Reach.OLD, "some time ago"),
        (Reach.SILENT, "what I know myself"),
    ],
)
def test_the_small_print_says_how_anilist_took_part(
    catalog: Catalog, reach: Reach, said: str | None
) -> None:
    description = embed_of(Entry(_rei(catalog), None, reach), None).description or ""
    small = [line for line in description.splitlines() if line.startswith("-# ")]
    assert len(small) == (said is not None)
    assert said is None or said in small[0]


def test_the_link_leads_to_a_page_that_is_certain(catalog: Catalog) -> None:
    def url(entry: Entry) -> str | None:
        view = view_of(entry)
        if view is None:
            return None
        (button,) = view.children
        assert isinstance(button, discord.ui.Button)
        return button.url

    rei, cirno = _rei(catalog), catalog.get("cirno")
    assert cirno is not None
    page = "https://anilist.co/character/86"
    assert url(Entry(rei, PROFILE, Reach.ANSWERED)) == page
    assert url(Entry(rei, None, Reach.SILENT)) == page
    assert url(Entry(rei, None, Reach.NOT_ASKED)) == page
    # AniList has somebody else under our number: then it is no page of hers.
    assert url(Entry(rei, None, Reach.ANSWERED)) is None
    assert url(Entry(cirno, None, Reach.SILENT)) is None
    assert url(Entry(None, PROFILE, Reach.ANSWERED)) == page


def test_nothing_is_no_card() -> None:
    with pytest.raises(ValueError):
        embed_of(Entry(None, None, Reach.SILENT), None)
