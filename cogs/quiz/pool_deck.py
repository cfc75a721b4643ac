"""The deck *Our pictures*: what staff have added to the server's own quiz."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from catalog import Catalog
from catalog.matching import fold
from cogs.quiz import texts_pictures
from cogs.quiz.deck import DeckUnavailable, Question, Wanted
from cogs.quiz.painting import known_options, painted, seed_of, somebody
from cogs.quiz.people import is_of_series
from cogs.shared import texts as shared_texts
from recognition.errors import EncoderBusy, RecognitionError
from store.errors import UnknownQuizPicture
from store.types import QuizPictureSummary

if TYPE_CHECKING:
    from quizzing.pool import Pool
    from quizzing.studio import Studio


class PoolDeck:
    """A question a picture. Pictures from channels for adults are asked only in such channels.

    Args:
        pool: where the pictures are.
        studio: makes the steps.
        catalog: who the characters are.
        dice: what is random.
    """

    name = "pictures"
    pictures = True

    def __init__(
        self, pool: Pool, studio: Studio, catalog: Catalog, dice: random.Random | None = None
    ) -> None:
        self._pool = pool
        self._studio = studio
        self._catalog = catalog
        self._dice = dice or random.SystemRandom()

    async def count(self, wanted: Wanted) -> int:
        return len(await self._fitting(wanted))

    async def next(self, wanted: Wanted) -> Question | None:
        fitting = await self._fitting(wanted)
        self._dice.shuffle(fitting)
        for one in fitting:
            if (question := await self._question(wanted, one.id)) is not None:
                return question
        return None

    async def again(self, wanted: Wanted, question_id: str) -> Question | None:
        return await self._question(wanted, int(question_id)) if question_id.isdigit() else None

    async def _fitting(self, wanted: Wanted) -> list[QuizPictureSummary]:
        found = []
        for one in await self._pool.listed(wanted.guild_id):
            if one.adult and not wanted.adult:
                continue
            if wanted.series and not self._is_of(one, wanted.series):
                continue
            if wanted.allows(str(one.id), one.difficulty):
                found.append(one)
        return found

    def _is_of(self, one: QuizPictureSummary, typed: str) -> bool:
        character = self._catalog.get(one.character_id)
        if character is not None:
            return is_of_series(character.series, typed)
        return fold(typed) in fold(one.series)

    async def _question(self, wanted: Wanted, picture_id: int) -> Question | None:
        """None: it was removed meanwhile, or may not be shown in this channel."""
        try:
            kept = await self._pool.get(wanted.guild_id, picture_id)
        except UnknownQuizPicture:
            return None
        about = kept.summary
        if about.adult and not wanted.adult:
            return None
        seed = seed_of(self.name, str(picture_id))
        try:
            made = await self._studio.question(
                wanted.guild_id,
                kept.picture,
                about.character_id,
                about.name,
                seed=seed,
                face=about.face,
                caption=shared_texts.caption(),
            )
        except (EncoderBusy, RecognitionError) as problem:
            raise DeckUnavailable from problem
        person = somebody(self._catalog, about.character_id, about.name, about.series)
        return painted(
            str(picture_id),
            person,
            made,
            known_options(self._catalog, made.confused),
            self._catalog,
            seed=seed,
            spoiler=about.spoiler,
            uploader_id=about.added_by,
            caption=texts_pictures.added_by(about.added_by),
            alt_text=texts_pictures.alt_text(about.name),
        )
