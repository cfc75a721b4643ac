"""Putting an answer right: noted at once, then learned, or shown to staff, or neither."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import discord

from cogs.identify import texts
from cogs.identify.answer import Reply, render
from cogs.identify.correction import CorrectionForm, Place
from cogs.identify.kept import outcomes_of, references_in
from cogs.identify.learning import learn, suggest
from cogs.identify.style import style_of
from cogs.shared import texts as shared_texts
from cogs.shared.language import _, speaking
from cogs.shared.safe import NOBODY, ServedInteraction
from cogs.shared.services import Services
from cogs.shared.staff import is_staff
from cogs.shared.who import WhoChoice
from recognition.types import Decision, Match
from store.errors import UnknownAnswer, UnknownCharacter
from store.types import Answer, CharacterSummary, Subject
from teaching.lessons import tidied
from teaching.people import Person, meant, of_key

if TYPE_CHECKING:
    from store.opening import Store

ViewMaker = Callable[[Answer, Reply], discord.ui.View]


class Righting:
    """One correction, from the form to what became of it.

    Args:
        services: store, catalog, teacher.
        answer: what was said.
        view_of: makes the buttons.
    """

    def __init__(self, services: Services, answer: Answer, view_of: ViewMaker) -> None:
        self._services = services
        self._answer = answer
        self._view_of = view_of

    async def form(self, interaction: ServedInteraction) -> CorrectionForm:
        """The form for whoever pressed the button."""
        guild_id, store = self._answer.guild_id, self._store
        taught: tuple[CharacterSummary, ...] = ()
        staff_see = False
        if guild_id is not None:
            taught = await store.gallery.characters(guild_id)
            asked = (await store.settings.get(guild_id)).approval_channel is not None
            staff_see = asked and not await is_staff(interaction, self._services)
        return CorrectionForm(self._answer, taught, staff_see=staff_see, then=self._begin)

    @property
    def _store(self) -> Store:
        if self._services.store is None:
            raise UnknownAnswer(self._answer.guild_id, self._answer.id)
        return self._services.store

    async def _begin(
        self,
        interaction: ServedInteraction,
        place: Place,
        decision: Decision,
        typed: str,
        chosen: str,
    ) -> None:
        """Notes who it is, or first asks who of several is meant."""
        await interaction.response.defer()
        found = await self._meant(typed, chosen)
        if not isinstance(found, tuple):
            text = await self._note(interaction, interaction, place, decision, found)
            await self._tell(interaction, text)
            return

        async def named(second: ServedInteraction, one: Subject) -> None:
            await second.response.defer()
            text = await self._note(interaction, second, place, decision, one)
            await second.edit_original_response(content=text, view=None, allowed_mentions=NOBODY)

        view = WhoChoice(interaction.user.id, found, tidied(Subject(typed)), named)
        await self._tell(interaction, shared_texts.did_you_mean(typed), view)

    async def _meant(self, typed: str, chosen: str) -> Subject | tuple[Person, ...] | None:
        """Who it is: somebody known or new, one of several, or None for nobody.

        Raises:
            ValueRefused: nobody can be called that.
            UnknownCharacter: whoever was chosen has been forgotten.
        """
        catalog, guild_id = self._services.catalog, self._answer.guild_id
        if not typed and not chosen:
            return None
        taught = () if guild_id is None else await self._store.gallery.characters(guild_id)
        if chosen:
            known = of_key(catalog, taught, chosen)
            if known is None:
                raise UnknownCharacter(guild_id or 0, 0)
            return known
        new = tidied(Subject(typed))
        return meant(catalog, taught, typed) or new

    async def _tell(
        self, interaction: ServedInteraction, text: str, view: WhoChoice | None = None
    ) -> None:
        await interaction.followup.send(
            text,
            ephemeral=True,
            allowed_mentions=NOBODY,
            view=view or discord.utils.MISSING,
        )

    async def _note(
        self,
        form: ServedInteraction,
        latest: ServedInteraction,
        place: Place,
        decision: Decision,
        subject: Subject | None,
    ) -> str:
        """Notes it and shows it in the answer; returns what to tell whoever put it right.

        Args:
            form: its message is the answer.
            latest: the interaction by which the right to do so is judged: minutes may have passed
                since the form was opened.

        Raises:
            NotYours, UnknownAnswer: nothing was noted.
        """
        picture, face = place
        staff = await is_staff(latest, self._services)
        answer = await self._store.answers.correct(
            form.guild_id,
            self._answer.id,
            picture=picture,
            face=face,
            said=decision.character if isinstance(decision, Match) else None,
            truth=None if subject is None else subject.name,
            catalog_id=None if subject is None else subject.catalog_id,
            actor_id=latest.user.id,
            staff=staff,
        )
        detail = (await style_of(self._services, answer.guild_id)).detail
        with speaking(answer.locale):
            reply = render(
                outcomes_of(answer),
                self._services.catalog,
                upload_limit_bytes=0,
                corrections=answer.corrections,
                detail=detail,
                posted=references_in(form.message),
            )
            view = self._view_of(answer, reply)
        await form.edit_original_response(
            content=reply.content, embeds=reply.embeds, view=view, allowed_mentions=NOBODY
        )
        if subject is None:
            return _(texts.THANKS)
        noted = next(one for one in answer.corrections if (one.picture, one.face) == place)
        if staff:
            return await learn(latest, self._services, answer, noted, subject)
        said = decision.name if isinstance(decision, Match) else None
        return await suggest(latest, self._services, answer, noted, subject, said)
