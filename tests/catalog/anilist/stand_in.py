"""A stand-in AniList on loopback, and characters in the shape in which AniList answers.

The shapes are held against AniList's schema in ``test_queries.py``; the words are our own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from catalog.anilist.queries import DETAILS, OF_SERIES, POPULAR, SEARCH

Json = dict[str, Any]
DISABLED = {
    "errors": [{"message": "The API has been temporarily disabled.", "status": 403}],
    "data": None,
}
"""How AniList says that it is switched off, with HTTP status 403."""


def media(
    title: str,
    *,
    english: str | None = None,
    native: str | None = None,
    year: int | None = 2015,
    adult: bool | None = False,
    role: str = "MAIN",
) -> Json:
    """One edge of a character's ``media``."""
    titles = {"romaji": title, "english": english, "native": native}
    node = {"isAdult": adult, "startDate": {"year": year}, "title": titles}
    return {"characterRole": role, "node": node}


def character(number: int, full: str, *edges: Json, **changes: Any) -> Json:
    """One character, with every field that the documents ask for."""
    return {
        "id": number,
        "name": {
            "full": full,
            "native": changes.pop("native", None),
            "alternative": changes.pop("alternative", []),
            "alternativeSpoiler": changes.pop("hidden", []),
        },
        "image": {
            "large": f"https://s4.anilist.co/file/anilistcdn/character/large/b{number}-x.png"
        },
        "description": "A made-up line about somebody.",
        "gender": "Female",
        "age": "17",
        "dateOfBirth": {"month": 3, "day": 30},
        "media": {"edges": list(edges)},
        **changes,
    }


REI = character(86, "Rei Ayanami", media("Shin Seiki Evangelion", year=1995), native="綾波レイ")
SABER = character(
    497,
    "Artoria Pendragon",
    media("Fate/stay night", year=2006),
    native="アルトリア・ペンドラゴン",
    alternative=["Saber"],
)
MIKU = character(126373, "Miku Nakano", media("Gotoubun no Hanayome", year=2019), native="中野三玖")
FRIEREN = character(
    176754,
    "Frieren",
    media("Sousou no Frieren", english="Frieren: Beyond Journey's End", year=2023),
    native="フリーレン",
    alternative=["Frieren the Slayer"],
    hidden=["A hidden name"],
    description="__Race:__ Elf\n\nA mage who travels on.~! She remembers.!~",
)
TWINS = [
    character(901, "Hina Sato", media("Aoi Hana")),
    character(902, "Hina Sato", media("Akai Hana", english="Red Flower", role="SUPPORTING")),
]
ADULT = character(903, "Only Adult", media("Not For Minors", adult=True))
MIXED = character(904, "Half Adult", media("Not For Minors", adult=True), media("For All"))
EVERYBODY = [REI, SABER, MIKU, FRIEREN, *TWINS, ADULT, MIXED]


@dataclass
class StandIn:
    """Answers like AniList; an async context manager.

    ``behave`` replaces the answer: it gets the request's body and returns a response.
    ``gate``: answers wait while it is shut.
    """

    people: list[Json] = field(default_factory=lambda: list(EVERYBODY))
    behave: Callable[[Json], web.Response] | None = None
    asked: list[Json] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    address: str = ""

    def __post_init__(self) -> None:
        self.gate.set()
        self._came = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.address = f"http://{host}:{port}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.gate.set()
        await self._runner.cleanup()

    async def wait_asked(self, times: int) -> None:
        """Waits until so many requests have come in."""
        while len(self.asked) < times:
            self._came.clear()
            await self._came.wait()

    def down(self) -> None:
        """From now on it is switched off."""
        self.behave = lambda _: web.json_response(DISABLED, status=403)

    def up(self) -> None:
        self.behave = None

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked.append(body)
        self._came.set()
        await self.gate.wait()
        if self.behave is not None:
            return self.behave(body)
        variables = body["variables"]
        if body["query"] == DETAILS:
            found = [one for one in self.people if one["id"] == variables["id"]]
            if not found:
                problem = {"message": "Not Found.", "status": 404}
                data = {"Character": None}
                return web.json_response({"errors": [problem], "data": data}, status=404)
            return web.json_response({"data": {"Character": found[0]}})
        if body["query"] == POPULAR:
            start = (variables["page"] - 1) * variables["most"]
            page = self.people[start : start + variables["most"]]
            return web.json_response({"data": {"Page": {"characters": page}}})
        if body["query"] == OF_SERIES:
            of = [one for one in self.people if _is_of(variables["text"], one)]
            media = {"characters": {"nodes": of[: variables["most"]]}} if of else None
            return web.json_response({"data": {"Media": media}})
        assert body["query"] == SEARCH
        words = variables["text"].casefold().split()
        found = [one for one in self.people if _fits(words, one)]
        return web.json_response({"data": {"Page": {"characters": found[: variables["most"]]}}})


def _is_of(text: str, one: Json) -> bool:
    titles = [edge["node"]["title"] for edge in one["media"]["edges"]]
    listed = [title for of in titles for title in of.values() if title]
    return any(text.casefold() in title.casefold() for title in listed)


def _fits(words: list[str], one: Json) -> bool:
    names = one["name"]
    listed = [names["full"], names["native"] or "", *names["alternative"]]
    return all(any(word in name.casefold() for name in listed) for word in words)
