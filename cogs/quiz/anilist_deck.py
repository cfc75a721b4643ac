"""The deck *AniList*: pictures of well-known characters, or of one series, fetched when they are
asked. Nothing of it is kept but what the catalog's cache holds, and series for adults are dropped.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from catalog import Catalog
from catalog.anilist import AniList, AniListUnavailable
from catalog.types import Names, Profile
from cogs.quiz import texts_pictures
from cogs.quiz.deck import DeckUnavailable, Option, Person, Question, Wanted
from cogs.quiz.painting import known_options, painted, seed_of
from cogs.quiz.people import person_of
from cogs.shared import texts as shared_texts
from cogs.shared.picture_link import PictureLink
from cogs.shared.refusals import Refusal
from recognition.errors import PictureError, RecognitionError

if TYPE_CHECKING:
    from quizzing.studio import Studio

PAGES = 4
"""Pages of the most popular characters, 25 each, that questions are taken from."""
_TRIES = 6
"""Pictures that are fetched for one question, until one is as hard as it should be."""
Fetch = Callable[[PictureLink], Awaitable[bytes]]


class AniListDeck:
    """A question a character of AniList's who has a picture.

    Args:
        anilist: asked within its budget.
        fetch: the guarded way to pictures: see `Downloader.fetch`.
        studio: makes the steps.
        catalog: those whom we know ourselves are told by our own card.
        dice: what is random.
    """

    name = "anilist"
    pictures = True

    def __init__(
        self,
        anilist: AniList,
        fetch: Fetch,
        studio: Studio,
        catalog: Catalog,
        dice: random.Random | None = None,
    ) -> None:
        self._anilist = anilist
        self._fetch = fetch
        self._studio = studio
        self._catalog = catalog
        self._ours = {one.anilist_id: one for one in catalog if one.anilist_id is not None}
        self._dice = dice or random.SystemRandom()

    async def count(self, wanted: Wanted) -> int | None:
        """None where pages are still to be fetched, or only the pictures will tell."""
        profiles = await self._profiles(wanted)
        if wanted.series and wanted.difficulty == "any":
            return sum(1 for one in profiles if _fits(one, wanted))
        return None if any(_fits(one, wanted) for one in profiles) else 0

    async def next(self, wanted: Wanted) -> Question | None:
        profiles = await self._profiles(wanted)
        fitting = [one for one in profiles if _fits(one, wanted)]
        self._dice.shuffle(fitting)
        failed = 0
        for one in fitting[:_TRIES]:
            try:
                question = await self._question(wanted, one, profiles)
            except (PictureError, Refusal):  # this picture cannot be had; another one may
                failed += 1
                continue
            if wanted.allows(question.id, question.difficulty):
                return question
        if failed > 1 and failed == len(fitting[:_TRIES]):  # it is not the pictures, then
            raise DeckUnavailable
        return None

    async def again(self, wanted: Wanted, question_id: str) -> Question | None:
        if not question_id.isdigit():
            return None
        try:
            profile = (await self._anilist.details(int(question_id))).value
        except AniListUnavailable as problem:
            raise DeckUnavailable from problem
        if profile is None or profile.image_url is None:
            return None
        try:
            return await self._question(wanted, profile, await self._profiles(wanted))
        except (PictureError, Refusal):
            return None

    async def _profiles(self, wanted: Wanted) -> tuple[Profile, ...]:
        """Whom questions can be about: of a series, or of one page of the popular.

        Raises DeckUnavailable.
        """
        try:
            if wanted.series:
                return (await self._anilist.of_series(wanted.series)).value
            # Half of a night's characters come from the first page, whom most people know.
            page = min(self._dice.randint(1, PAGES), self._dice.randint(1, PAGES))
            found = (await self._anilist.popular(page)).value
            if not any(_fits(one, wanted) for one in found):
                for other in range(1, PAGES + 1):
                    found = (await self._anilist.popular(other)).value
                    if any(_fits(one, wanted) for one in found):
                        break
            return found
        except AniListUnavailable as problem:
            raise DeckUnavailable from problem

    async def _question(
        self, wanted: Wanted, profile: Profile, others: tuple[Profile, ...]
    ) -> Question:
        """Raises PictureError, Refusal: the picture cannot be had. DeckUnavailable."""
        assert profile.image_url is not None
        picture = await self._fetch(PictureLink(profile.image_url, outside=True))
        person = self._person(profile)
        question_id = str(profile.id)
        seed = seed_of(self.name, question_id)
        try:
            made = await self._studio.question(
                wanted.guild_id,
                picture,
                person.id,
                profile.name,
                seed=seed,
                caption=shared_texts.caption(),
            )
        except PictureError:
            raise
        except RecognitionError as problem:
            raise DeckUnavailable from problem
        wrong = known_options(self._catalog, made.confused)[:2]
        alike = [one for one in others if one.id != profile.id]
        alike.sort(key=lambda one: one.gender != profile.gender)
        wrong += [self._option(one) for one in alike[:6]]
        return painted(
            question_id,
            person,
            made,
            wrong,
            self._catalog,
            seed=seed,
            caption=texts_pictures.from_anilist(),
            alt_text=texts_pictures.alt_text(profile.name),
        )

    def _person(self, profile: Profile) -> Person:
        ours = self._ours.get(profile.id)
        if ours is not None:
            return person_of(ours)
        series = profile.appearances[0]
        title = series.english or series.title
        return Person(_id_of(profile), _names_of(profile), title, url=profile.url)

    def _option(self, profile: Profile) -> Option:
        ours = self._ours.get(profile.id)
        if ours is not None:
            return Option(ours.id, ours.names)
        return Option(_id_of(profile), _names_of(profile))


def _fits(profile: Profile, wanted: Wanted) -> bool:
    question_id = str(profile.id)
    if question_id in wanted.avoid or (wanted.missed and question_id not in wanted.review):
        return False
    return profile.image_url is not None


def _id_of(profile: Profile) -> str:
    return f"anilist:{profile.id}"


def _names_of(profile: Profile) -> Names:
    """AniList writes given names first; for a name in two parts, the other order counts as well."""
    parts = profile.name.split()
    turned = " ".join(parts[::-1]) if len(parts) == 2 and profile.native else profile.name
    return Names(turned, profile.name, profile.native, aliases=profile.aliases)
