"""What a picture is offered for: to be kept for the server's quiz, or to be asked next."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from catalog import Catalog
from cogs.quiz import texts_pictures
from cogs.quiz.deck import Question
from cogs.quiz.host_deck import MOST_WAITING, HostDeck
from cogs.quiz.offering import Offer
from cogs.quiz.painting import known_options, painted, seed_of, somebody
from cogs.quiz.refusals import CannotTake, NotHost
from cogs.quiz.session import Session
from cogs.quiz.sessions import Sessions
from cogs.shared import texts as shared_texts
from cogs.shared.language import speaking
from cogs.shared.refusals import StaffOnly
from cogs.shared.safe import ServedInteraction
from cogs.shared.services import Services
from cogs.shared.staff import is_staff
from quizzing.wishes import Wish

if TYPE_CHECKING:
    from quizzing.pool import Pool
    from quizzing.studio import Studio


class Keeping:
    """For the pool of the server. Staff only."""

    def __init__(self, services: Services, pool: Pool) -> None:
        self._services = services
        self._pool = pool

    async def require(self, interaction: ServedInteraction) -> None:
        """Raises StaffOnly."""
        if not await is_staff(interaction, self._services):
            raise StaffOnly

    def question(self, offer: Offer) -> str:
        assert offer.subject is not None
        return texts_pictures.confirm_add(
            offer.subject.name, adult=offer.adult, spoiler=offer.spoiler
        )

    @property
    def label(self) -> str:
        return texts_pictures.keep_it()

    async def act(self, interaction: ServedInteraction, offer: Offer) -> str:
        """Keeps it. Raises PictureThere, LimitReached, StoreUnavailable, RecognitionError."""
        assert offer.subject is not None
        assert offer.sitter is not None
        wish = Wish(offer.sitter, offer.character_id, offer.subject, offer.adult, offer.spoiler)
        kept = await self._pool.add(
            offer.guild_id, offer.portrait, wish, actor_id=interaction.user.id
        )
        return texts_pictures.added(kept)


class Hosting:
    """For the quiz that runs in the channel with the deck *Host*. Its host and staff only."""

    def __init__(
        self,
        services: Services,
        studio: Studio,
        catalog: Catalog,
        sessions: Sessions,
        deck: HostDeck,
    ) -> None:
        self._services = services
        self._studio = studio
        self._catalog = catalog
        self._sessions = sessions
        self._deck = deck

    async def require(self, interaction: ServedInteraction) -> None:
        """Raises CannotTake, NotHost."""
        session = self._session(interaction)
        if session.host_id != interaction.user.id and not await is_staff(
            interaction, self._services
        ):
            raise NotHost

    def _session(self, interaction: ServedInteraction) -> Session:
        """The quiz. Raises CannotTake."""
        session = self._sessions.get(interaction.channel_id)
        if session is None or session.game.rules.deck != self._deck.name:
            raise CannotTake(texts_pictures.no_host_quiz())
        return session

    def question(self, offer: Offer) -> str:
        assert offer.subject is not None
        return texts_pictures.confirm_host(offer.subject.name, spoiler=offer.spoiler)

    @property
    def label(self) -> str:
        return texts_pictures.ask_it()

    async def act(self, interaction: ServedInteraction, offer: Offer) -> str:
        """Puts it into the line. Raises CannotTake, RecognitionError."""
        assert offer.subject is not None
        assert offer.sitter is not None
        assert interaction.channel_id is not None
        # What everybody is going to read is in the language of the quiz, not in that of the host.
        with speaking(self._session(interaction).locale):
            question = await self._question(offer, interaction.user.id)
        if not self._deck.offer(interaction.channel_id, question):
            raise CannotTake(texts_pictures.line_full(MOST_WAITING))
        return texts_pictures.queued()

    async def _question(self, offer: Offer, host_id: int) -> Question:
        assert offer.subject is not None
        assert offer.sitter is not None
        question_id = secrets.token_urlsafe(9)
        seed = seed_of(self._deck.name, question_id)
        made = await self._studio.question(
            offer.guild_id,
            offer.portrait.picture,
            offer.character_id,
            offer.subject.name,
            seed=seed,
            face=offer.portrait.sitters[offer.sitter].box,
            caption=shared_texts.caption(),
        )
        person = somebody(
            self._catalog, offer.character_id, offer.subject.name, offer.subject.series
        )
        return painted(
            question_id,
            person,
            made,
            known_options(self._catalog, made.confused),
            self._catalog,
            seed=seed,
            spoiler=offer.spoiler,
            uploader_id=host_id,
            alt_text=texts_pictures.alt_text(offer.subject.name),
        )
